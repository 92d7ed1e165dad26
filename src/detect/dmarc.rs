//! DMARC aggregate reports: XML with `feedback` around it. Sources: RFC 7489 appendix C, RFC 9990.

use super::rule::{Answer, DialectRule, Recognition};
use super::settings;
use crate::model::Form;
use memchr::memmem;

/// Bytes in which the root element must stand.
const HEAD: usize = 4096;

pub(super) const RULE: DialectRule = DialectRule {
    name: "dmarc",
    title: "DMARC aggregate report (XML)",
    form: Form::Xml,
    recognition: Recognition::Text(judge),
    recognised: "XML with a feedback element at its begin; packed (.gz, .zip) or in a mail as well. \
        Broken reports are read as far as they can be made out.",
    sample: "dmarc.xml",
    ..settings::INBOUND_CONNECTOR
};

fn judge(text: &[u8]) -> Answer {
    let text = text.trim_ascii_start();
    let head = text.get(..HEAD).unwrap_or(text);
    let found =
        [&b"<feedback"[..], b":feedback"].iter().any(|tag| memmem::find(head, tag).is_some());
    if text.starts_with(b"<") && found {
        Answer::Yes(900)
    } else {
        Answer::No("no XML with a feedback element".to_owned())
    }
}
