//! Headers against the rules: two of what there is only one, missing, too long, broken.
//!
//! Source: RFC 5322, 2.1.1 and 3.6.

use super::case::{Case, quoted};
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check = Check {
    name: "anomalies",
    remarks: &[
        "header_twice",
        "from_missing",
        "from_several",
        "message_id_missing",
        "message_id_broken",
        "line_too_long",
        "header_nul",
        "header_bomb",
    ],
    run,
};

/// Fields of which there is at most one.
const SINGLE: &[&str] = &[
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
];
/// Longest line, bytes, without its end.
const LINE: usize = 998;
/// Fields from which on a message has too many.
const MANY: usize = 500;

fn run(case: &Case<'_>, out: &mut Said) {
    let source = "RFC 5322, 3.6";
    for name in SINGLE {
        let copies: Vec<&str> = case.all(name).take(5).collect();
        let (Some(first), true) = (copies.first(), copies.len() > 1) else { continue };
        let differ = copies.iter().any(|copy| copy != first);
        let weight = if differ { Weight::Alarm } else { Weight::Notice };
        let headline = if differ {
            format!(
                "{name} stands {} times and says different things: programs show one or another",
                copies.len()
            )
        } else {
            format!("{name} stands {} times", copies.len())
        };
        let shown: Vec<String> = copies.iter().map(|copy| quoted(copy)).collect();
        out.say("header_twice", weight, headline, shown.join("; "), source);
    }
    // A block that was pasted in part lacks more than one field.
    let whole = case.field("Received").is_some() && case.field("To").is_some();
    if case.field("From").is_none() && whole {
        out.say("from_missing", Weight::Alarm, "No From: nobody wrote it", "", source);
    }
    if let Some(from) = case.field("From") {
        let several = outside(from).matches('@').count() > 1 && outside(from).contains(',');
        if several && case.field("Sender").is_none() {
            let headline = "From names several authors and no Sender says which one sent it";
            out.say("from_several", Weight::Notice, headline, quoted(from), source);
        }
    }
    match case.field("Message-ID") {
        None if whole && case.field("From").is_some() => {
            let headline = "No Message-ID: every mail program and server writes one";
            out.say("message_id_missing", Weight::Notice, headline, "", source);
        }
        Some(id) if !sound(id) => {
            let headline = "Its Message-ID is not written as one";
            out.say("message_id_broken", Weight::Info, headline, quoted(id), "RFC 5322, 3.6.4");
        }
        _ => {}
    }
    let examined = case.examined;
    if examined.longest_line > LINE {
        let headline = format!(
            "A line of the headers has {} bytes, {LINE} are allowed",
            examined.longest_line
        );
        out.say("line_too_long", Weight::Info, headline, "", "RFC 5322, 2.1.1");
    }
    if examined.has_nul {
        out.say(
            "header_nul",
            Weight::Alarm,
            "NUL bytes stand in the headers: programs read them in different ways",
            "",
            "RFC 5322, 4",
        );
    }
    if examined.field_count > MANY {
        let headline = format!("It has {} header fields", examined.field_count);
        out.say("header_bomb", Weight::Notice, headline, "", "inferred");
    }
}

/// A value without its quoted strings.
fn outside(value: &str) -> String {
    let mut quoted = false;
    value
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted && *c != '"'
        })
        .collect()
}

/// `<left@right>`, without white space.
fn sound(id: &str) -> bool {
    let inner = id.trim().strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    inner.is_some_and(|inner| {
        inner.split_once('@').is_some_and(|(l, r)| !l.is_empty() && !r.is_empty())
            && !inner.contains(char::is_whitespace)
    })
}
