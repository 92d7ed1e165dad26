//! Mail that users report: the original lies in an attachment, and is what matters.
//!
//! Forms: the report button of Outlook and the add-ins before it (to Microsoft's submission
//! addresses, or with a subject `3|network message id|...`), the buttons of KnowBe4, Proofpoint,
//! Cofense and others by what they put before the subject. Sources: Microsoft Learn, "User reported
//! settings" (format of messages in the reporting mailbox); vendors' pages.

use super::super::msg;
use super::headers::HeaderList;
use mail_parser::{Encoding, MessageParser, PartType};
use std::panic::catch_unwind;

/// Where reports go to.
const ADDRESSES: &[&str] = &[
    "phish@office365.microsoft.com",
    "junk@office365.microsoft.com",
    "not_junk@office365.microsoft.com",
    "abuse@messaging.microsoft.com",
    "reportphishing@apwg.org",
];

/// What buttons put before the subject, lower case.
const SUBJECTS: &[&str] = &[
    "[phish alert]",
    "[phishing report",
    "[user reported",
    "[suspicious email",
    "phishing report:",
    "phish report:",
    "potential phish:",
    "reported phish:",
    "suspicious email:",
    "suspicious email report",
    "user reported:",
    "phishalarm:",
    "message reported as",
];

/// Bytes of an attached original that are kept.
const CAP: usize = 1 << 20;

/// The headers are those of a report by a user.
pub(super) fn is_one(list: &HeaderList<'_>) -> bool {
    let kind = list.first("Content-Type").map(|f| f.text().to_ascii_lowercase());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/")) {
        return false;
    }
    let subject = list.first("Subject").map(|f| f.text().trim().to_lowercase()).unwrap_or_default();
    // `3|5d2a7e10-0000-4000-8000-000000000001|192.0.2.1|a@b.example|(Invoice)`
    let mut numbered = subject.split('|');
    let counted = numbered.next().is_some_and(|n| matches!(n, "1" | "2" | "3"))
        && numbered.next().is_some_and(|id| super::super::guid::parse(id.as_bytes()).is_some());
    let sent = list.all("To").any(|to| {
        let to = to.text().to_ascii_lowercase();
        ADDRESSES.iter().any(|address| to.contains(address))
    });
    counted || sent || SUBJECTS.iter().any(|begin| subject.starts_with(begin))
}

/// The original in a report: as message/rfc822, or as an attached `.eml` or `.msg`.
pub(super) fn original(message: &[u8]) -> Option<Vec<u8>> {
    let parsed = catch_unwind(|| {
        let parsed = MessageParser::default().parse(message)?;
        parsed.parts.iter().skip(1).find_map(|part| match &part.body {
            // An unencoded inner message keeps the whole outer one: only its offsets are its own.
            PartType::Message(_) if part.encoding == Encoding::None => {
                message.get(part.offset_body as usize..part.offset_end as usize).map(<[u8]>::to_vec)
            }
            PartType::Message(inner) => Some(inner.raw_message().to_vec()),
            _ => attached(part.contents()),
        })
    });
    let mut bytes = parsed.ok().flatten()?;
    bytes.truncate(CAP);
    Some(bytes)
}

/// An attachment that is a message.
fn attached(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(msg::MAGIC) {
        return msg::read(bytes).ok().map(|message| message.to_rfc5322());
    }
    let list = HeaderList::read(bytes);
    let known = ["Received", "From", "Date", "Message-ID"];
    let there = known.iter().filter(|name| list.first(name).is_some()).count();
    (there >= 3).then(|| bytes.to_vec())
}

#[cfg(test)]
mod tests {
    use super::super::Walked;

    const INNER: &str = "Received: from mx.example.net by b.example; Tue, 13 Oct 2026 08:00:00 +0000\r\nFrom: it@fabrikam.com\r\nTo: bo@contoso.com\r\nDate: Tue, 13 Oct 2026 08:00:00 +0000\r\nMessage-ID: <bad@fabrikam.com>\r\nSubject: Password\r\n\r\nClick\r\n";

    fn report(subject: &str, kind: &str, encoding: &str, inner: &str) -> String {
        format!(
            "From: bo@contoso.com\r\nTo: security@contoso.com\r\nDate: Tue, 13 Oct 2026 09:00:00 +0000\r\nSubject: {subject}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nplease look\r\n--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{inner}\r\n--b--\r\n"
        )
    }

    #[test]
    fn the_original_is_found() {
        let number = "3|5d2a7e10-0000-4000-8000-000000000001|192.0.2.1|it@fabrikam.com|(Password)";
        let quoted: String = INNER.replace('=', "=3D");
        for text in [
            report("[Phish Alert] Password", "message/rfc822", "7bit", INNER),
            report(number, "application/octet-stream; name=a.eml", "quoted-printable", &quoted),
        ] {
            let walked = Walked::new(text.as_bytes());
            assert!(walked.is_submission() && walked.needs_body());
            let inner = walked.submitted().unwrap();
            let facts = Walked::new(&inner).facts(0).unwrap();
            assert_eq!(facts.message_id.as_deref(), Some("bad@fabrikam.com"), "{text}");
        }
        let plain = report("Meeting", "message/rfc822", "7bit", INNER);
        assert!(!Walked::new(plain.as_bytes()).is_submission());
        assert!(!Walked::new(b"Subject: [Phish Alert] x\r\n\r\n").is_submission());
    }
}
