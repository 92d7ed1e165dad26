//! Panels of web hosts (cPanel, Plesk, DirectAdmin): which account or script sent it.
//!
//! Source: real messages; cPanel's and PHP's documentation (`mail.add_x_header`).

use super::parts::shown;
use super::{Family, Said, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Web hosting",
    stamps: &[
        reads("x-antiabuse", abuse),
        reads("x-get-message-sender-via", |v| {
            plain(format!("how the account was known: {}", shown(v)))
        }),
        reads("x-source", |v| given("program that sent it", v)),
        reads("x-source-args", |v| given("its arguments", v)),
        reads("x-source-dir", |v| given("where it lies", v)),
        reads("x-source-ip", |v| given("address that connected", v)),
        reads("x-source-auth", |v| given("account that signed in", v)),
        reads("x-source-sender", |v| given("who connected", v)),
        reads("x-source-cap", |_| plain("id of the account, encoded")),
        reads("x-source-l", |v| plain(format!("sent from the server itself: {}", shown(v)))),
        reads("x-php-originating-script", |v| {
            plain(format!("sent by a PHP script (user id and file): {}", shown(v)))
        }),
        reads("x-php-script", |v| {
            plain(format!("sent by a PHP script (page and visitor's address): {}", shown(v)))
        }),
        reads("x-ppp-message-id", |_| plain("id of the host's own plug-in")),
        reads("x-ppp-vhost", |v| given("site", v)),
        reads("x-exim-dsn-information", |v| plain(format!("about the bounce: {}", shown(v)))),
        reads("x-acl-warn", |v| plain(format!("a rule of Exim warned: {}", shown(v)))),
        reads("x-bwhitelist", |v| plain(format!("of the host's white list: {}", shown(v)))),
        says("x-email-count", "mails of the account so far"),
        says("x-local-domain", "whether the domain is local"),
        says("x-exim-lists", "of cPanel"),
        reads("x-authentication-warning", |v| {
            plain(format!("sendmail doubts who sent it: {}", shown(v)))
        }),
    ],
    source: "real messages (rf-peixoto/phishing_pot); cPanel documentation",
};

fn given(what: &str, value: &str) -> Said {
    plain(if value.is_empty() {
        format!("{what}: not said")
    } else {
        format!("{what}: {}", shown(value))
    })
}

/// `Primary Hostname - host.example`, `Originator/Caller UID/GID - [47 12] / [47 12]`
fn abuse(value: &str) -> Said {
    let Some((key, said)) = value.split_once(" - ") else {
        return plain("a hosting panel's note for abuse reports");
    };
    let said = shown(said);
    plain(match key.trim().to_lowercase().as_str() {
        "primary hostname" => format!("server that sent it: {said}"),
        "original domain" => format!("domain of the recipient: {said}"),
        "originator/caller uid/gid" => format!("user and group ids of the process: {said}"),
        "sender address domain" => format!("domain of the envelope sender: {said}"),
        _ => format!("note for abuse reports, {}: {said}", shown(key)),
    })
}
