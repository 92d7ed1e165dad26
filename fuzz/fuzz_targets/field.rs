//! What the targets of single headers share: bytes as the value of a header, in a message that
//! otherwise is sound, with a genuine border above it and without one.

use mailtriage::decode::message::{decode, examine};

/// A line of the organisation, above everything.
const ABOVE: &[u8] =
    b"Received: from FR1.prod.outlook.com by DB1PR01MB1234.eurprd01.prod.outlook.com\r\n \
    with HTTPS; Mon, 2 Nov 2026 08:00:03 +0000\r\n";
/// The border, and the name of the server that judged.
const BORDER: &[u8] =
    b"Received: from mail.fabrikam.com by EX01.mail.protection.outlook.com with\r\n \
    Microsoft SMTP Server; Mon, 2 Nov 2026 08:00:01 +0000\r\n\
    X-MS-Exchange-Organization-AuthSource: EX01.contoso.com\r\n";
const BELOW: &[u8] = b"From: a@fabrikam.com\r\n";

/// Both readings of a message agree, and keep to the limits.
pub fn check(name: &str, value: &[u8]) {
    let field = [name.as_bytes(), b": ", value, b"\r\n"].concat();
    for block in [[&field, BELOW].concat(), [ABOVE, &field, BORDER, BELOW].concat()] {
        let seen = examine(&block, 0).expect("its first line is a header");
        assert_eq!(Some(&seen.facts), decode(&block, 0).as_ref());
        assert!(seen.written.stamps.unknown.len() <= 64);
        assert!(seen.received_spf.len() <= 32 && seen.dkim_signatures.len() <= 32);
        assert!(seen.arc.is_sorted_by(|newer, older| newer.instance > older.instance));
    }
}
