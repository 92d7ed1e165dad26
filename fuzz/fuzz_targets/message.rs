//! Message files: no bytes may panic, hang or blow memory, and a few laws hold for all of them.
//!
//! Run with `cargo +nightly fuzz run message -- -max_len=65536` in the project's folder. Any
//! folder of messages makes a good seed corpus: give it as a further argument.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailtriage::decode::message::{Walked, decode};
use mailtriage::model::message::MessageFacts;

/// What mail is made of. Random bytes are mapped onto these pieces, so that they reach the grammar
/// behind the first line.
const ALPHABET: &[&str] = &[
    "\n",
    "\r\n",
    "\n\n",
    "\n ",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "=",
    "?",
    "(",
    ")",
    "<",
    ">",
    "@",
    "\"",
    "\\",
    "-",
    "--b",
    ".",
    "a",
    "B",
    "0",
    "5",
    "550 ",
    "5.1.1",
    "550-",
    " -> ",
    "'",
    "#",
    "\u{fc}",
    "=?utf-8?Q?",
    "=?iso-2022-jp?B?",
    "?=",
    "=C3=BC",
    "Subject: ",
    "From: ",
    "To: ",
    "Date: ",
    "Return-Path: <>",
    "Message-ID: ",
    "Received: ",
    " by ",
    "Mon, 2 Nov 2026 08:00:00 +0100",
    "Authentication-Results: ",
    "spf=pass",
    "dkim=fail",
    "header.d=",
    "compauth=",
    "reason=",
    "X-Forefront-Antispam-Report: ",
    "SCL:",
    "SFV:",
    "CIP:",
    "X-Microsoft-Antispam: BCL:",
    "X-Microsoft-Antispam-Mailbox-Delivery: dest:",
    "X-MS-Exchange-Organization-AuthSource: ",
    "X-MS-Exchange-Organization-Network-Message-Id: ",
    "X-MS-Exchange-Message-Is-Ndr:",
    "MAILER-DAEMON",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    "Content-Type: message/delivery-status",
    "Content-Type: message/rfc822",
    "Content-Type: text/plain",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "Final-Recipient: rfc822; ",
    "Action: failed",
    "Status: ",
    "Diagnostic-Code: smtp; ",
    "Remote-MTA: dns; ",
    "bob@fabrikam.example",
    "Remote Server returned '",
    "Server at ",
    "Reported error:",
    "Recipient Address:",
];

fuzz_target!(|data: &[u8]| {
    check(data);
    let mut mapped = Vec::with_capacity(data.len() * 8);
    for byte in data {
        let piece = ALPHABET[usize::from(*byte) % ALPHABET.len()];
        mapped.extend_from_slice(piece.as_bytes());
    }
    check(&mapped);
});

fn check(bytes: &[u8]) {
    let candidate = Walked::new(bytes).needs_body();
    let Some(facts) = decode(bytes, bytes.len() as u64) else {
        return;
    };
    assert_eq!(facts.size, bytes.len() as u64);
    assert!(candidate || (facts.bounce.is_empty() && facts.original.is_none()));
    bounded(&facts);
}

/// Nothing kept is longer than it may be.
fn bounded(facts: &MessageFacts) {
    assert!(facts.subject.as_ref().is_none_or(|s| s.len() <= 2048));
    assert!(facts.stamps.unknown.len() <= 64);
    assert!(facts.stamps.dkim.len() <= 32);
    for recipient in &facts.bounce {
        assert!(recipient.diagnostic.len() <= 2048);
        assert!(recipient.smtp_code == 0 || (400..600).contains(&recipient.smtp_code));
    }
}
