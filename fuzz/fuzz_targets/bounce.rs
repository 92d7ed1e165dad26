//! Bounces: no parts of a report may panic, hang or blow memory.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailtriage::decode::message::decode;

const REPORT: &[u8] = b"From: MAILER-DAEMON@contoso.com\r\nX-MS-Exchange-Message-Is-Ndr:\r\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n";
const STATUS: &[u8] = b"Content-Type: message/delivery-status\r\n\r\n";

fuzz_target!(|data: &[u8]| {
    for message in [[REPORT, data].concat(), [REPORT, STATUS, data].concat()] {
        let facts = decode(&message, 0).expect("its first line is a header");
        assert!(facts.bounce.len() <= 1000);
        for recipient in &facts.bounce {
            assert!(recipient.diagnostic.len() <= 2048);
            assert!(recipient.smtp_code == 0 || (400..600).contains(&recipient.smtp_code));
        }
    }
});
