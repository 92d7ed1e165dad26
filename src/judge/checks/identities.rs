//! Who sent it: answers that go elsewhere, envelopes and accounts of others, everybody named.
//!
//! Sources: RFC 5322, 3.6.2; RFC 5321, 4.4; RFC 7489, 3.2 (organisational domains).

use super::case::{Case, quoted};
use super::domain::{organization, same};
use super::{Check, Said};
use crate::model::Weight;
use crate::model::delivery::domain_of;
use crate::model::message::Identity;

pub(super) const CHECK: Check = Check {
    name: "identities",
    remarks: &[
        "reply_to_elsewhere",
        "reply_to_freemail",
        "sender_elsewhere",
        "account_elsewhere",
        "return_path_elsewhere",
        "identities",
    ],
    run,
};

/// Providers of mailboxes for everybody.
const FREEMAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "ymail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "web.de",
    "t-online.de",
    "icloud.com",
    "me.com",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "proton.me",
    "protonmail.com",
    "zohomail.com",
    "mail.com",
    "qq.com",
    "163.com",
    "126.com",
    "tutanota.com",
    "naver.com",
    "libero.it",
    "orange.fr",
    "free.fr",
    "uol.com.br",
    "bol.com.br",
];

/// Headers by which a server says which account sent it.
const ACCOUNTS: &[&str] = &[
    "X-Authenticated-Sender",
    "X-Authenticated-User",
    "X-Authenticated-Id",
    "X-Auth-Id",
    "X-SMTP-Auth-User",
    "X-Get-Message-Sender-Via",
    "X-Source-Sender",
    "X-Sender-Id",
    "X-Sender",
    "X-Google-Original-From",
    "X-Gm-Original-From",
];

fn run(case: &Case<'_>, out: &mut Said) {
    let Some(from) = case.author_domain() else { return };
    let from_address = case.from.and_then(|f| f.address.as_deref()).unwrap_or("");
    let named = |header: &str| {
        case.examined.identities.iter().find(|i| i.header.eq_ignore_ascii_case(header))
    };
    let listed = case.field("List-Id").is_some() || case.field("List-Post").is_some();
    if let Some(reply) = case.domain_in("Reply-To").filter(|reply| !same(reply, from) && !listed) {
        let free = |domain: &str| FREEMAIL.contains(&organization(domain));
        let detail = format!("From: {from}; Reply-To: {reply}");
        if free(reply) && !free(from) {
            let headline =
                format!("Answers go to a mailbox for everybody at {reply}, not to {from}");
            out.say("reply_to_freemail", Weight::Alarm, headline, detail, "RFC 5322, 3.6.2");
        } else {
            let headline = format!("Answers go to {reply}, not to {from}");
            out.say("reply_to_elsewhere", Weight::Notice, headline, detail, "RFC 5322, 3.6.2");
        }
    }
    if let Some(sender) = case.domain_in("Sender").filter(|s| !same(s, from) && !listed) {
        let headline = format!("Sent by {sender} on behalf of {from}");
        out.say(
            "sender_elsewhere",
            Weight::Info,
            headline,
            format!("Sender: {sender}"),
            "RFC 5322, 3.6.2",
        );
    }
    let account = ACCOUNTS.iter().filter_map(|header| named(header)).find(|account| {
        account.address.as_deref().is_some_and(|address| !same(domain_of(address), from))
    });
    if let Some(Identity { header, address: Some(address), .. }) = account {
        let headline =
            format!("The account that sent it is {address}, the mail says {from_address}");
        let detail = format!("{header}: {}", quoted(case.field(header).unwrap_or(address)));
        out.say(
            "account_elsewhere",
            Weight::Notice,
            headline,
            detail,
            "headers of the sending server",
        );
    }
    let path = case.domain_in("Return-Path").filter(|path| path.contains('.') && !same(path, from));
    if let Some(path) = path {
        let headline =
            format!("Bounces go to {path}, not to {from}: a mailer, a list or a forged sender");
        out.say(
            "return_path_elsewhere",
            Weight::Info,
            headline,
            format!("Return-Path: {path}"),
            "RFC 5321, 4.4",
        );
    }
    everybody(case, out);
}

/// All addresses on the sender's side, where there are more organisations than two.
fn everybody(case: &Case<'_>, out: &mut Said) {
    let mut organizations: Vec<&str> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for identity in &case.examined.identities {
        let Some(address) = identity.address.as_deref().filter(|a| a.contains('@')) else {
            continue;
        };
        let org = organization(domain_of(address));
        if !organizations.contains(&org) {
            organizations.push(org);
        }
        let line = format!("{}: {address}", identity.header);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if organizations.len() > 2 {
        let headline = format!("{} organisations stand behind the sender", organizations.len());
        out.say("identities", Weight::Info, headline, lines.join("; "), "RFC 5322, 3.6.2");
    }
}
