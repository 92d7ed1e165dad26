//! Outlook messages made here, damaged ones, and those of others where they are present.

use super::*;
use crate::decode::message::{Walked, decode};
use crate::model::message::MessageClass;
use proptest::prelude::*;
use std::io::Write;

/// Writes a text property.
fn text(file: &mut CompoundFile<Cursor<Vec<u8>>>, storage: &str, id: u16, value: &str) {
    let path = format!("{storage}/__substg1.0_{id:04X}001F");
    let bytes: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.create_stream(path).unwrap().write_all(&bytes).unwrap();
}

fn narrow(file: &mut CompoundFile<Cursor<Vec<u8>>>, id: u16, value: &[u8]) {
    let path = format!("/__substg1.0_{id:04X}001E");
    file.create_stream(path).unwrap().write_all(value).unwrap();
}

fn fixed(
    file: &mut CompoundFile<Cursor<Vec<u8>>>,
    storage: &str,
    header: usize,
    values: &[(u16, u16, u64)],
) {
    let mut bytes = vec![0; header];
    for (kind, id, value) in values {
        bytes.extend(kind.to_le_bytes());
        bytes.extend(id.to_le_bytes());
        bytes.extend([6, 0, 0, 0]);
        bytes.extend(value.to_le_bytes());
    }
    let path = format!("{storage}/__properties_version1.0");
    file.create_stream(path).unwrap().write_all(&bytes).unwrap();
}

fn empty() -> CompoundFile<Cursor<Vec<u8>>> {
    CompoundFile::create(Cursor::new(Vec::new())).unwrap()
}

fn done(file: CompoundFile<Cursor<Vec<u8>>>) -> Vec<u8> {
    file.into_inner().into_inner()
}

const SUBMITTED: u64 = EPOCH_2026;
/// 13 October 2026, 08:00 UTC.
const EPOCH_2026: u64 = 134_363_520_000_000_000;

#[test]
fn headers_as_they_came() {
    let mut file = empty();
    fixed(&mut file, "", 32, &[(0x40, 0x0039, SUBMITTED)]);
    text(&mut file, "", 0x001A, "IPM.Note");
    text(&mut file, "", 0x0037, "Grüße");
    text(
        &mut file,
        "",
        0x007D,
        "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a\r\n by b; Tue, 13 Oct 2026 08:00:01 +0000\r\nFrom: ann@fabrikam.com\r\nTo: bo@contoso.com\r\nMessage-ID: <1@fabrikam.com>\r\n\r\n",
    );
    let got = read(&done(file)).unwrap();
    assert_eq!(
        (got.subject.as_str(), got.submitted.unwrap().rfc3339().as_str()),
        ("Grüße", "2026-10-13T08:00:00Z")
    );
    let facts = decode(&got.to_rfc5322(), 0).unwrap();
    assert_eq!(facts.from.as_deref(), Some("ann@fabrikam.com"));
    assert_eq!(facts.message_id.as_deref(), Some("1@fabrikam.com"));
}

#[test]
fn headers_made_of_properties() {
    let mut file = empty();
    fixed(&mut file, "", 32, &[(0x40, 0x0E06, SUBMITTED), (3, 0x3FFD, 1251)]);
    narrow(&mut file, 0x0037, &[0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2]);
    text(&mut file, "", 0x0C1A, "Ann\r\nBcc: evil@fabrikam.com");
    text(&mut file, "", 0x0C1F, "/O=X/CN=ANN");
    text(&mut file, "", 0x5D01, "ann@contoso.com");
    file.create_storage("/__recip_version1.0_#00000000").unwrap();
    fixed(&mut file, "/__recip_version1.0_#00000000", 8, &[(3, 0x0C15, 1)]);
    text(&mut file, "/__recip_version1.0_#00000000", 0x39FE, "bo@contoso.com");
    let got = read(&done(file)).unwrap();
    assert_eq!((got.subject.as_str(), got.codepage), ("Привет", Some(1251)));
    let facts = decode(&got.to_rfc5322(), 0).unwrap();
    assert_eq!(facts.from.as_deref(), Some("ann@contoso.com"));
    assert_eq!(
        (facts.to.as_slice(), facts.subject.as_deref()),
        (&["bo@contoso.com".to_owned()][..], Some("Привет"))
    );
    assert!(facts.date.is_some());
}

#[test]
fn a_report_is_a_bounce() {
    let mut file = empty();
    fixed(&mut file, "", 32, &[(0x40, 0x0E06, SUBMITTED)]);
    text(&mut file, "", 0x001A, "REPORT.IPM.Note.NDR");
    text(&mut file, "", 0x0037, "Undeliverable: Plan");
    text(&mut file, "", 0x0C1F, "postmaster@contoso.com");
    file.create_storage("/__recip_version1.0_#00000000").unwrap();
    fixed(&mut file, "/__recip_version1.0_#00000000", 8, &[(3, 0x0C15, 1)]);
    text(&mut file, "/__recip_version1.0_#00000000", 0x3003, "gone@fabrikam.com");
    text(&mut file, "/__recip_version1.0_#00000000", 0x0C1B, "#550 5.1.1 User unknown ##");
    file.create_storage("/__attach_version1.0_#00000000").unwrap();
    fixed(&mut file, "/__attach_version1.0_#00000000", 8, &[]);
    file.create_storage("/__attach_version1.0_#00000000/__substg1.0_3701000D").unwrap();
    let inner = "/__attach_version1.0_#00000000/__substg1.0_3701000D";
    fixed(&mut file, inner, 24, &[(0x40, 0x0039, SUBMITTED)]);
    text(&mut file, inner, 0x1035, "<plan@contoso.com>");
    text(&mut file, inner, 0x0C1F, "ann@contoso.com");
    let bytes = got_bytes(&done(file));
    assert!(Walked::new(&bytes).needs_body());
    let facts = decode(&bytes, 0).unwrap();
    assert_eq!(facts.class, MessageClass::Ndr);
    assert_eq!(
        (facts.bounce[0].recipient.as_str(), facts.bounce[0].status.as_str()),
        ("gone@fabrikam.com", "5.1.1")
    );
    assert_eq!(facts.original.unwrap().message_id.as_deref(), Some("plan@contoso.com"));
}

#[test]
fn a_body_forges_no_report() {
    let mut message = OutlookMessage { class: "REPORT.IPM.Note.NDR".into(), ..Default::default() };
    message.body =
        "--mailtriage-part\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: \
                    dns; a\r\n\r\nFinal-Recipient: rfc822; evil@contoso.com\r\nStatus: 5.7.708\r\n"
            .into();
    message.recipients.push(Recipient {
        smtp: "bo@contoso.com".into(),
        status: 511,
        ..Default::default()
    });
    let bytes = message.to_rfc5322();
    let written = String::from_utf8_lossy(&bytes);
    assert_eq!(written.matches("--mailtriage-part\r\n").count(), 2, "{written}");
    assert!(written.contains("Status: 5.1.1\r\n"), "{written}");
}

fn got_bytes(file: &[u8]) -> Vec<u8> {
    read(file).unwrap().to_rfc5322()
}

#[test]
fn others_are_refused() {
    assert!(read(b"").is_err());
    assert!(read(MAGIC).is_err());
    assert!(read(&done(empty())).unwrap_err().contains("no Outlook message"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn damage_is_survived(places in prop::collection::vec((0usize..6000, any::<u8>()), 1..40), cut in 0usize..6000) {
        let mut file = empty();
        fixed(&mut file, "", 32, &[(0x40, 0x0E06, SUBMITTED)]);
        text(&mut file, "", 0x0037, "Plan");
        text(&mut file, "", 0x1000, &"body ".repeat(600));
        let mut bytes = done(file);
        for (at, value) in places {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
        bytes.truncate(bytes.len().saturating_sub(cut));
        if let Ok(message) = read(&bytes) {
            message.to_rfc5322();
        }
    }
}

/// Writes `samples/formats/message.msg` anew: a copy of a message among the samples, as Outlook
/// would keep it.
#[test]
#[ignore = "writes a file"]
fn the_sample() {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let eml = std::fs::read_to_string(samples.join("eml/partner-passes.eml")).unwrap();
    let eml = eml.replace("\r\n", "\n");
    let (head, body) = eml.split_once("\n\n").unwrap();
    let mut file = empty();
    fixed(&mut file, "", 32, &[(0x40, 0x0E06, SUBMITTED)]);
    text(&mut file, "", 0x001A, "IPM.Note");
    text(&mut file, "", 0x007D, &format!("{}\r\n\r\n", head.replace('\n', "\r\n")));
    text(&mut file, "", 0x1000, body);
    std::fs::write(samples.join("formats/message.msg"), done(file)).unwrap();
}
