//! Messages signed here, whole, altered and cut.

use super::*;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{Canonicalization, DkimSigner};

/// Key of RFC 8463, appendix A.2, whose private part is public.
const SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const PUBLIC_BYTES: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
    0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];
const MAIL: &str = "From: Ann <ann@contoso.com>\r\nTo: bob@fabrikam.com\r\nSubject: Numbers\r\n\r\n\
    Here they are.\r\n\r\nAnn\r\n";

fn signed(canonical: Canonicalization, until: u64) -> String {
    let key = Ed25519Key::from_seed_and_public_key(&SEED, &PUBLIC_BYTES).unwrap();
    let mut signer = DkimSigner::from_key(key)
        .domain("contoso.com")
        .selector("s1")
        .headers(["From", "To", "Subject"])
        .header_canonicalization(canonical)
        .body_canonicalization(canonical);
    if until > 0 {
        signer = signer.expiration(until);
    }
    format!("{}{MAIL}", signer.sign(MAIL.as_bytes()).unwrap().to_header())
}

fn keys(key: &str) -> Snapshot {
    Snapshot::parse(&format!("s1._domainkey.contoso.com. IN TXT \"{key}\"")).unwrap()
}

fn good() -> Snapshot {
    keys(&format!("v=DKIM1; k=ed25519; p={PUBLIC}"))
}

fn result(message: &str, keys: &Snapshot) -> DkimResult {
    let checks = signatures(message.as_bytes(), true, None, keys);
    assert_eq!(checks.len(), 1, "{checks:?}");
    assert_eq!(checks[0].domain.as_deref(), Some("contoso.com"));
    assert_eq!(checks[0].selector.as_deref(), Some("s1"));
    checks[0].result
}

#[test]
fn what_was_signed_verifies() {
    for canonical in [Canonicalization::Relaxed, Canonicalization::Simple] {
        let message = signed(canonical, 0);
        assert_eq!(result(&message, &good()), DkimResult::Pass);
        assert_eq!(result(&message.replace("\r\n", "\n"), &good()), DkimResult::Pass, "LF");
    }
}

#[test]
fn what_was_changed_does_not() {
    let message = signed(Canonicalization::Relaxed, 0);
    let body = message.replace("Here they are", "Pay here");
    assert_eq!(result(&body, &good()), DkimResult::BodyAltered);
    let subject = message.replace("Numbers", "Other numbers");
    assert_eq!(result(&subject, &good()), DkimResult::Broken);
    let folded = message.replace("Subject: Numbers", "Subject:  Numbers ");
    assert_eq!(result(&folded, &good()), DkimResult::Pass, "relaxed");
    let twice = message.replace("\r\nTo:", "\r\nX-Other: 1\r\nTo:");
    assert_eq!(result(&twice, &good()), DkimResult::Pass, "an unsigned field");
}

#[test]
fn keys_decide() {
    let message = signed(Canonicalization::Relaxed, 0);
    let other = Snapshot::parse("s2._domainkey.contoso.com TXT \"v=DKIM1; p=AAAA\"").unwrap();
    assert_eq!(result(&message, &other), DkimResult::NoKey);
    assert_eq!(result(&message, &keys("v=DKIM1; k=ed25519; p=")), DkimResult::KeyUnusable);
    assert_eq!(result(&message, &keys("v=DKIM1; k=made-up; p=AAAA")), DkimResult::KeyUnusable);
    let wrong = keys("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPbpiMlrwIaaPcHURo=");
    assert_ne!(result(&message, &wrong), DkimResult::Pass);
    let testing = keys(&format!("v=DKIM1; k=ed25519; t=y; p={PUBLIC}"));
    let checks = signatures(message.as_bytes(), true, None, &testing);
    assert!(checks[0].detail.contains("testing"), "{}", checks[0].detail);
    // The right one of two counts.
    let both = format!(
        "s1._domainkey.contoso.com TXT \"v=DKIM1; p=\"\n\
         s1._domainkey.contoso.com TXT \"v=DKIM1; k=ed25519; p={PUBLIC}\"\n"
    );
    assert_eq!(result(&message, &Snapshot::parse(&both).unwrap()), DkimResult::Pass);
}

#[test]
fn a_part_of_a_message_proves_nothing() {
    let message = signed(Canonicalization::Relaxed, 0);
    let head = &message[..message.find("\r\n\r\n").unwrap() + 4];
    assert_eq!(result(head, &good()), DkimResult::NotWhole, "no body");
    let cut = &message[..message.len() - 8];
    let checks = signatures(cut.as_bytes(), false, None, &good());
    assert_eq!(checks[0].result, DkimResult::NotWhole);
    let all = signatures(message.as_bytes(), false, None, &good());
    assert_eq!(all[0].result, DkimResult::Pass, "whole in spite of the word");
}

#[test]
fn time_is_that_of_the_message() {
    // The signer's end is a minute from now, whenever that is.
    let message = signed(Canonicalization::Relaxed, 60);
    let at = |seconds: i64| {
        let arrived = Some(Instant(seconds * SECOND));
        signatures(message.as_bytes(), true, arrived, &good())[0].result
    };
    assert_eq!(at(946_684_800), DkimResult::Pass, "the year 2000");
    assert_eq!(at(32_503_680_000), DkimResult::Expired, "the year 3000");
    assert_eq!(result(&message, &good()), DkimResult::Pass, "nobody says when");
}

#[test]
fn what_cannot_be_used_is_said() {
    let message = format!("DKIM-Signature: v=1; a=rot13; d=contoso.com; s=s1\r\n{MAIL}");
    assert_eq!(result(&message, &good()), DkimResult::Invalid);
    let many = format!("{}{MAIL}", "DKIM-Signature: v=1; d=contoso.com\r\n".repeat(17));
    let checks = signatures(many.as_bytes(), true, None, &good());
    assert!(checks.len() == 1 && checks[0].detail.contains("17 signatures"));
    assert!(signatures(MAIL.as_bytes(), true, None, &good()).is_empty());
}

#[test]
fn the_signature_is_taken_out() {
    for (value, expected) in [
        ("b=abc;h=From\r\n", "b=;h=From"),
        ("bh=B64b=;h=From;b=abc\r\n", "bh=B64b=;h=From;b="),
        (" h=From; b = abc\r\n def\r\n; v=1\r\n", " h=From; b =; v=1"),
    ] {
        assert_eq!(without_signature(value.as_bytes()), expected.as_bytes(), "{value}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), at in 0usize..600) {
        let _ = signatures(&bytes, true, None, &good());
        let mut message = signed(Canonicalization::Relaxed, 0).into_bytes();
        let at = at.min(message.len());
        message.splice(at..at, bytes);
        let _ = signatures(&message, true, None, &good());
    }
}
