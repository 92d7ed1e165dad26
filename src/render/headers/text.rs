//! The page for people: who, when, what the stamps say, the way, and what is only claimed.

use super::{Seen, auth, trust};
use crate::model::Instant;
use crate::model::message::Hop;
use crate::render::safety;
use std::io::{self, Write};

/// Writes one message as a page. Strangers' text is escaped.
///
/// # Errors
/// Where the writer fails.
pub fn text(seen: &Seen, out: &mut impl Write) -> io::Result<()> {
    let facts = &seen.examined.facts;
    writeln!(out, "{}", safety::terminal(&seen.file))?;
    let mut line = |name: &str, value: &str| -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        writeln!(out, "  {name:<13}{}", safety::terminal(value))
    };
    let or_empty = |value: &Option<String>| value.clone().unwrap_or_default();
    line("subject", &or_empty(&facts.subject))?;
    line("from", &or_empty(&facts.from))?;
    if facts.return_path != facts.from {
        line("return path", &or_empty(&facts.return_path))?;
    }
    line("to", &facts.to.join(", "))?;
    line("date", &facts.date.map(Instant::rfc3339).unwrap_or_default())?;
    line("message id", &or_empty(&facts.message_id))?;
    line("verdict", &verdict(seen))?;
    let stated = trust::lines(&seen.examined).into_iter().chain(auth::lines(&seen.examined));
    for (name, value) in stated {
        line(name, &value)?;
    }
    for (said, means) in facts.bounce.iter().zip(&seen.refusals) {
        let hard = if means.hard { ", do not send there again" } else { "" };
        line(
            "bounce",
            &format!(
                "{}: {} {} ({}, {}{hard})",
                said.recipient,
                said.status,
                said.diagnostic,
                means.cause,
                means.layer.as_str()
            ),
        )?;
    }
    way(seen, out)?;
    writeln!(out)
}

fn verdict(seen: &Seen) -> String {
    let mut text = format!("{}, {}", seen.outcome.as_str(), seen.placement.as_str());
    if let (Some(layer), Some(cause)) = (seen.layer, &seen.cause) {
        text = format!("{text}: {cause} ({})", layer.as_str());
    }
    text
}

/// The hops, oldest first as the message went, the slowest marked.
fn way(seen: &Seen, out: &mut impl Write) -> io::Result<()> {
    let hops = &seen.examined.hops;
    let Some(slowest) = hops.iter().filter_map(|h| h.delay_seconds).max() else {
        return Ok(());
    };
    if let Some(total) = seen.examined.delay_seconds {
        writeln!(out, "  way          {} hops in {total} s, oldest first", hops.len())?;
    }
    for hop in hops.iter().rev() {
        let mark = if hop.delay_seconds == Some(slowest) && slowest > 0 { "  slowest" } else { "" };
        writeln!(out, "    {}{mark}", safety::terminal(&one(hop)))?;
    }
    Ok(())
}

fn one(hop: &Hop) -> String {
    let time = hop.time.map_or_else(|| "time unreadable".to_owned(), Instant::rfc3339);
    let delay = hop.delay_seconds.map_or_else(|| "-".to_owned(), |s| format!("{s:+} s"));
    let host = |host: &Option<String>| host.clone().unwrap_or_else(|| "?".to_owned());
    let tls = hop.tls.as_deref().map(|t| format!(" {t}")).unwrap_or_default();
    let trusted = if hop.trusted { " trusted" } else { "" };
    format!("{time} {delay:>9}  {} -> {}{tls}{trusted}", host(&hop.from), host(&hop.by))
}

#[cfg(test)]
mod tests {
    use super::super::tests::seen;
    use super::*;
    use crate::model::auth::{Border, ReceivedSpf};

    #[test]
    fn strangers_text_is_tamed() {
        let mut out = Vec::new();
        let mut seen = seen();
        let forged = "\u{1b}]0;title\u{7}".to_owned();
        let line = ReceivedSpf { result: Some(forged.clone()), ..ReceivedSpf::default() };
        seen.examined.received_spf.push(line);
        seen.examined.border = Border::NoLine { host: forged };
        text(&seen, &mut out).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(!page.contains('\u{1b}'), "{page}");
        assert!(
            page.contains("gone@fabrikam.example: 5.1.1") && page.contains("recipient_unknown")
        );
        assert!(page.contains("do not send there again"));
        assert!(
            page.contains("claimed      dkim pass\n") && page.contains("AuthSource host \\u{1b}")
        );
    }
}
