//! The program that says to have written it.
//!
//! Sources: the programs' own Message-ID and header forms; real messages.

use super::case::{Case, quoted};
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check = Check {
    name: "mailer",
    remarks: &["mailer_script", "mailer_outdated", "mailer_several", "mailer_doubtful"],
    run,
};

/// Libraries and scripts: fine for a shop's receipts, odd for a colleague's mail.
const SCRIPTS: &[&str] = &[
    "phpmailer",
    "swiftmailer",
    "swift mailer",
    "php/",
    "nodemailer",
    "python",
    "perl",
    "mime::lite",
    "curl",
    "powershell",
    "ruby",
    "golang",
    "gomail",
    "system.net.mail",
    "cdo",
    "microsoft cdo",
    "mailkit",
    "jmail",
    "aspmail",
    "sendemail",
    "swaks",
    "smtp.php",
    "symfony",
    "laravel",
    "codeigniter",
    "blat",
    "chilkat",
    "easymail",
    "javamail",
    "msgsend",
];

/// Programs that nobody has any more.
const OUTDATED: &[&str] = &[
    "outlook express",
    "windows live mail",
    "windows mail 6",
    "microsoft outlook, build 10",
    "microsoft outlook, build 11",
    "microsoft office outlook, build 11",
    "microsoft office outlook 11",
    "microsoft office outlook 12",
    "microsoft outlook 14",
    "microsoft outlook imo",
    "the bat! (v1",
    "the bat! (v2",
    "the bat! (v3",
    "foxmail 4",
    "foxmail 5",
    "foxmail 6",
    "eudora",
    "incredimail",
    "lotus notes",
    "x-mailer 5",
];

fn run(case: &Case<'_>, out: &mut Said) {
    let source = "inferred; real messages";
    let mailer = case.field("X-Mailer");
    let agent = case.field("User-Agent");
    let Some(named) = mailer.or(agent) else { return };
    let lower = named.to_lowercase();
    if let (Some(mailer), Some(agent)) = (mailer, agent)
        && !mailer.eq_ignore_ascii_case(agent)
    {
        let headline = "Two programs say to have written it";
        let detail = format!("X-Mailer: {}; User-Agent: {}", quoted(mailer), quoted(agent));
        out.say("mailer_several", Weight::Info, headline, detail, source);
    }
    if SCRIPTS.iter().any(|script| lower.contains(script)) {
        let headline = format!("Written by a script or library: {}", quoted(named));
        out.say("mailer_script", Weight::Info, headline, "", source);
    } else if OUTDATED.iter().any(|old| lower.contains(old)) {
        let headline = format!("Written by a program that is long out of use: {}", quoted(named));
        out.say(
            "mailer_outdated",
            Weight::Notice,
            headline,
            "often the disguise of a bulk mailer",
            source,
        );
    }
    // Outlook writes a thread index and has its own form of Message-ID: 00 01 ... $ ... $ ... @.
    let outlook = lower.starts_with("microsoft outlook ")
        && !lower.contains("express")
        && !lower.contains("mac");
    let id = case.examined.facts.message_id.as_deref().unwrap_or("");
    if outlook
        && !id.is_empty()
        && case.field("Thread-Index").is_none()
        && !id.contains('$')
        && !id.ends_with(".outlook.com")
    {
        let headline = "It says to be written by Outlook, and has neither Outlook's Message-ID nor its Thread-Index";
        out.say(
            "mailer_doubtful",
            Weight::Notice,
            headline,
            format!("X-Mailer: {}; Message-ID: {}", quoted(named), quoted(id)),
            source,
        );
    }
}
