//! The trail of a message: delays and TLS by stretch, numbers of rules. Read for every message of
//! an analysis, hence from raw bytes and without an allocation a line.

use super::headers::{Field, HeaderList};
use super::{date, legs, words};
use crate::model::Instant;
use crate::model::time::SECOND;
use crate::model::trail::{Stretch, TlsVersion, Trail};
use memchr::memmem;

/// Most Received lines read; ordinary mail has less than twelve.
const MOST: usize = 32;
/// Most numbers kept of each kind.
const MOST_RULES: usize = 128;
/// Longest host and cipher kept, bytes.
const LIMIT: usize = 96;

/// Reads the trail; `border` is the place of the border line.
pub(super) fn read(headers: &HeaderList<'_>, border: usize) -> Trail {
    let mut trail = Trail::default();
    let mut newer: Option<(Stretch, Option<Instant>)> = None;
    let mut top = true;
    for field in headers.all("Received").take(MOST) {
        let (clause, time) = parts(&field);
        let stretch = stretch(clause, field.index, border, top);
        top = false;
        if stretch == Stretch::Border {
            trail.cipher = text(after(clause, b"cipher=", b" ),;"));
            let host = text(after(clause, b"from ", b" ([;")).to_ascii_lowercase();
            // An address is nobody's domain.
            let named = !host.ends_with(|c: char| c.is_ascii_digit() || c == ']');
            let domain = psl::domain_str(&host).filter(|_| named);
            domain.unwrap_or("").clone_into(&mut trail.remote);
        }
        trail.connections.push((stretch, version(clause)));
        if let Some((stretch, Some(later))) = newer
            && let Some(time) = time
        {
            let seconds = (later.0 - time.0).div_euclid(SECOND);
            match u32::try_from(seconds) {
                Ok(seconds) => {
                    let slot = trail.seconds.get_mut(stretch as usize);
                    if let Some(slot) = slot {
                        *slot = Some(slot.unwrap_or(0).saturating_add(seconds));
                    }
                }
                Err(_) => trail.backwards = trail.backwards.saturating_add(1),
            }
        }
        newer = Some((stretch, time));
    }
    if let Some(field) = headers.first("X-Forefront-Antispam-Report") {
        numbers(after(field.raw, b"SFS:", b";"), &mut trail.rules);
    }
    if let Some(field) = headers.first("X-Microsoft-Antispam") {
        numbers(after(field.raw, b"ARA:", b";"), &mut trail.rules);
    }
    if let Some(field) = headers.first("X-Microsoft-Antispam-Mailbox-Delivery") {
        numbers(after(field.raw, b"ENG:", b";"), &mut trail.engines);
    }
    trail
}

/// What stands before the date, and the date.
fn parts<'a>(field: &Field<'a>) -> (&'a [u8], Option<Instant>) {
    let Some(at) = memchr::memrchr(b';', field.raw) else { return (field.raw, None) };
    let (clause, when) = field.raw.split_at(at);
    (clause, when.get(1..).and_then(|when| date::parse(&words::plain(when))))
}

fn stretch(clause: &[u8], place: usize, border: usize, top: bool) -> Stretch {
    if place == border {
        return Stretch::Border;
    }
    if place < border {
        // The store takes it by HTTPS or MAPI, and writes the last line.
        let store = top
            && [&b"with HTTPS"[..], b"with MAPI"].iter().any(|w| memmem::find(clause, w).is_some());
        return if store { Stretch::Mailbox } else { Stretch::Organisation };
    }
    let by = after(clause, b"by ", b" (;");
    if legs::gateway(&String::from_utf8_lossy(by)).is_some() {
        Stretch::Gateway
    } else {
        Stretch::Sender
    }
}

/// The bytes behind a mark up to one of the ends; empty where the mark is not there. Folds are
/// blanks.
fn after<'a>(text: &'a [u8], mark: &[u8], ends: &[u8]) -> &'a [u8] {
    let mut from = 0;
    while let Some(at) = memmem::find(text.get(from..).unwrap_or_default(), mark) {
        let at = from + at;
        let bound =
            at == 0 || text.get(at - 1).is_some_and(|b| !b.is_ascii_alphanumeric() && *b != b'-');
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        if bound {
            let end = rest
                .iter()
                .position(|b| ends.contains(b) || ends[0] == b' ' && b.is_ascii_whitespace());
            return rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        }
        from = at + mark.len();
    }
    b""
}

fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    words::clipped(text.trim(), LIMIT).to_owned()
}

/// `version=TLS1_3` (Microsoft, Google), `using TLSv1.2` (Postfix).
fn version(clause: &[u8]) -> TlsVersion {
    let stated = after(clause, b"version=", b" ,);");
    let stated = if stated.is_empty() {
        let Some(at) = memmem::find(clause, b"TLSv") else { return TlsVersion::Unstated };
        clause.get(at..clause.len().min(at + 7)).unwrap_or_default()
    } else {
        stated
    };
    let mut digits = stated.iter().filter(|b| b.is_ascii_digit());
    match (stated.first(), digits.next(), digits.next()) {
        (Some(b'T' | b't'), Some(b'1'), Some(b'3')) => TlsVersion::V13,
        (Some(b'T' | b't'), Some(b'1'), Some(b'2')) => TlsVersion::V12,
        (Some(b'T' | b't'), Some(b'1'), _) | (Some(b'S' | b's'), ..) => TlsVersion::Old,
        _ => TlsVersion::Other,
    }
}

/// Adds the numbers in a text, each once, ascending.
fn numbers(text: &[u8], out: &mut Vec<u64>) {
    for run in text.split(|b| !b.is_ascii_digit()).filter(|run| !run.is_empty()) {
        if out.len() >= MOST_RULES {
            break;
        }
        // Numbers of more digits than fit are none of a rule.
        if run.len() <= 18 {
            out.push(run.iter().fold(0, |n, b| n * 10 + u64::from(b - b'0')));
        }
    }
    out.sort_unstable();
    out.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "Received: from A.prod.outlook.com (2001:db8::1) by\r\n B.prod.outlook.com with HTTPS; \
        Mon, 2 Nov 2026 08:00:09 +0000\r\n\
        Received: from C.prod.outlook.com by A.prod.outlook.com with Microsoft SMTP Server \
        (version=TLS1_3, cipher=TLS_B); Mon, 2 Nov 2026 08:00:05 +0000\r\n\
        Received: from mx1.eu.pphosted.com (192.0.2.4) by C.mail.protection.outlook.com with Microsoft\r\n \
        SMTP Server (version=TLS1_2,\r\n cipher=TLS_A) id 15.20; Mon, 2 Nov 2026 08:00:04 +0000\r\n\
        Received: from mail.fabrikam.com by mx1.eu.pphosted.com with ESMTP; Mon, 2 Nov 2026 08:00:00 +0000\r\n\
        Received: by mail.fabrikam.com (Postfix) with ESMTP; Mon, 2 Nov 2026 08:00:30 +0000\r\n\
        Received: from pc (using TLSv1.1 with cipher X) by mail.fabrikam.com; Mon, 2 Nov 2026 07:00:30 +0000\r\n\
        X-Forefront-Antispam-Report: CIP:192.0.2.4;SFS:(13230040)(376014)(13230040);DIR:INB;\r\n\
        X-Microsoft-Antispam: BCL:0;ARA:13230040|4022899009;\r\n\
        X-Microsoft-Antispam-Mailbox-Delivery: dest:I;ENG:(910005)(99999999999999999999);\r\n";

    #[test]
    fn delays_and_tls_by_stretch() {
        let trail = read(&HeaderList::read(LINES.as_bytes()), 2);
        assert_eq!(trail.seconds, [Some(3600), None, Some(4), Some(1), Some(4)]);
        assert_eq!(trail.backwards, 1, "the gateway's clock is before the sender's");
        let versions: Vec<_> =
            trail.connections.iter().map(|(s, v)| (s.as_str(), v.as_str())).collect();
        let expected = [
            ("mailbox", "unstated"),
            ("organisation", "1.3"),
            ("border", "1.2"),
            ("gateway", "unstated"),
            ("sender", "unstated"),
            ("sender", "older"),
        ];
        assert_eq!(versions, expected);
        assert_eq!((trail.cipher.as_str(), trail.remote.as_str()), ("TLS_A", "pphosted.com"));
        assert_eq!(trail.rules, [376_014, 13_230_040, 4_022_899_009]);
        assert_eq!(trail.engines, [910_005]);
    }

    #[test]
    fn an_address_is_no_domain() {
        let line = "Received: from [192.0.2.4] by C.mail.protection.outlook.com; x\r\n";
        assert_eq!(read(&HeaderList::read(line.as_bytes()), 0).remote, "");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), border in 0usize..4) {
            let mut block = b"Received: from a by b version=TLS cipher=; Mon, 2 Nov 2026 08:00:00 +0000\r\nReceived: ".to_vec();
            block.extend_from_slice(&bytes);
            block.extend_from_slice(b"\r\nX-Forefront-Antispam-Report: SFS:");
            block.extend_from_slice(&bytes);
            let trail = read(&HeaderList::read(&block), border);
            proptest::prop_assert!(trail.connections.len() <= MOST && trail.rules.len() <= MOST_RULES);
        }
    }
}
