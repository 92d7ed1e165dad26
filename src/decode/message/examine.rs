//! One message for people to look at: its stamps as written, renamed copies apart, its way.

use super::headers::{Field, Lines};
use super::hops::{delay, hops};
use super::pairs::{LIMIT, pairs};
use super::{
    HeaderList, STAMPS, Scope, Walked, arc, dkim_signature, identities, organization, paste,
    received, received_spf, tags, words,
};
use crate::model::message::{Copies, Examined, Stamps};

/// Endings of renamed copies.
const RENAMED: &[&str] = &["-Untrusted", "-Original"];
/// Most fields kept for showing.
const MOST_FIELDS: usize = 1024;
/// Longest name kept, bytes.
const NAME_SHOWN: usize = 128;
/// Longest value kept, bytes: a page shows no more, and no stamp is longer.
const VALUE_SHOWN: usize = 8 * 1024;
/// Most names of renamed headers kept.
const MOST_RENAMED: usize = 32;

/// Examines a message, or a pasted header block; `size` is the size of the file in bytes. `None`
/// where no header field can be read.
pub fn examine(bytes: &[u8], size: u64) -> Option<Examined> {
    let bytes = paste::cleaned(bytes);
    let walked = Walked::new(&bytes);
    let facts = walked.facts(size)?;
    let list = &walked.list;
    let judged = received::judged(list);
    let border = judged.as_ref().ok().map(|(place, _)| *place);
    let hops = hops(list, border);
    let delay_seconds = delay(&hops);
    let trusted = facts.stamps.trusted;
    let (untrusted, renamed) = untrusted(list);
    let (arc, arc_faults) = arc::chain(list, border);
    Some(Examined {
        written: copies(list, trusted),
        untrusted,
        renamed,
        border: judged.map_or_else(|why| why, |(_, border)| border),
        received_spf: received_spf::all(list, border),
        dkim_signatures: dkim_signature::all(list, facts.received),
        arc,
        arc_faults,
        decoded: decoded(list),
        fields: fields(list),
        identities: identities::senders(list),
        delivered_to: identities::recipients(list),
        field_count: list.len(),
        longest_line: longest_line(list),
        has_nul: list.iter().any(|field| memchr::memchr(0, field.raw).is_some()),
        facts,
        hops,
        delay_seconds,
    })
}

/// All fields as text, for people to look at and for checks that no stamp decoder makes.
fn fields(list: &HeaderList<'_>) -> Vec<(String, String)> {
    let clipped = |text: &str, limit| words::clipped(text, limit).to_owned();
    let pairs = list.iter().take(MOST_FIELDS).map(|field| {
        let name = String::from_utf8_lossy(field.name);
        (clipped(&name, NAME_SHOWN), clipped(&field.text(), VALUE_SHOWN))
    });
    pairs.collect()
}

/// The fields among those that are shown whose values hold encoded words, decoded.
fn decoded(list: &HeaderList<'_>) -> Vec<(usize, String)> {
    let encoded = |field: &Field<'_>| memchr::memmem::find(field.raw, b"=?").is_some();
    let shown = list.iter().take(MOST_FIELDS).filter(encoded);
    shown
        .filter_map(|field| {
            let value = field.unfolded();
            let text = words::decode(&value);
            let changed = text.as_bytes() != value.as_ref();
            changed.then(|| (field.index, words::clipped(&text, VALUE_SHOWN).to_owned()))
        })
        .collect()
}

/// Bytes of the longest line, the field's name included.
fn longest_line(list: &HeaderList<'_>) -> usize {
    let longest = list.iter().filter_map(|field| {
        let mut lines = Lines::new(field.raw);
        let first = lines.next().map_or(0, <[u8]>::len) + field.name.len() + 1;
        lines.map(<[u8]>::len).max().max(Some(first))
    });
    longest.max().unwrap_or(0)
}

/// The stamps of a list of headers, topmost copies, wherever they stand.
fn copies(list: &HeaderList<'_>, trusted: bool) -> Copies {
    let scope = Scope { headers: list, border: None };
    let mut out = Copies { stamps: Stamps { trusted, ..Stamps::default() }, ..Copies::default() };
    for stamp in STAMPS {
        (stamp.decode)(&scope, &mut out.stamps);
    }
    let level = |text: &str| text.parse::<i8>().ok().filter(|n| (-1..=9).contains(n));
    out.pcl =
        organization::value(list, "X-MS-Exchange-Organization-PCL").and_then(|text| level(&text));
    if let Some(field) = list.first("X-Forefront-Antispam-Report") {
        let text = field.text();
        for (key, value) in pairs(&text).filter(|(_, value)| !value.is_empty()) {
            let slot = match key.to_ascii_uppercase().as_str() {
                "PCL" => {
                    out.pcl = out.pcl.or_else(|| level(value));
                    continue;
                }
                "LANG" => &mut out.lang,
                "PTR" => &mut out.ptr,
                "H" => &mut out.helo,
                _ => continue,
            };
            slot.get_or_insert_with(|| words::clipped(value, LIMIT).to_owned());
        }
    }
    out
}

/// What renamed copies say, read as if they had their own names (`None` where there are none), and
/// the names they have.
fn untrusted(list: &HeaderList<'_>) -> (Option<Copies>, Vec<String>) {
    let mut block = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for field in list.iter() {
        let name = String::from_utf8_lossy(field.name);
        let plain = RENAMED.iter().find_map(|ending| {
            let at = name.len().checked_sub(ending.len())?;
            let same = name.get(at..)?.eq_ignore_ascii_case(ending);
            same.then(|| name.get(..at)).flatten()
        });
        let Some(plain) = plain else { continue };
        if STAMPS.iter().any(|s| s.headers.iter().any(|h| h.eq_ignore_ascii_case(plain))) {
            block.extend_from_slice(plain.as_bytes());
            block.extend_from_slice(b": ");
            block.extend_from_slice(&field.unfolded());
            block.extend_from_slice(b"\r\n");
            let name = tags::kept(&name).unwrap_or_default();
            if names.len() < MOST_RENAMED && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    ((!block.is_empty()).then(|| copies(&HeaderList::read(&block), false)), names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_told_apart() {
        let text = "From: a@fabrikam.com\r\n\
            X-Forefront-Antispam-Report: CIP:192.0.2.9;LANG:en;SCL:5;H:mx.example.net;PTR:;SFV:SPM;\r\n\
            X-Forefront-Antispam-Report-Untrusted: SCL:-1;SFV:SKA;LANG:de\r\n\
            X-Microsoft-Antispam-Untrusted: BCL:2;\r\n\
            Authentication-Results-Original: mx.example.net; spf=pass smtp.mailfrom=x.example\r\n\r\n";
        let seen = examine(text.as_bytes(), 10).unwrap();
        assert_eq!(seen.written.stamps.sfv.as_deref(), Some("SPM"));
        assert_eq!((seen.written.stamps.scl, seen.written.stamps.bcl), (Some(5), None));
        assert_eq!(seen.written.helo.as_deref(), Some("mx.example.net"));
        assert_eq!((seen.written.lang.as_deref(), seen.written.ptr), (Some("en"), None));
        let other = seen.untrusted.unwrap();
        assert_eq!((other.stamps.scl, other.stamps.bcl), (Some(-1), Some(2)));
        assert_eq!(other.stamps.spf.as_deref(), Some("pass"));
        assert_eq!(other.lang.as_deref(), Some("de"));
        assert!(!seen.facts.stamps.trusted);
        assert_eq!(examine(b"no header here", 14), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = examine(&bytes, 0);
            let mut block = b"> Received: from a by b; Mon, 2 Nov 2026 08:00:00 +0000\n> X: ".to_vec();
            block.extend_from_slice(&bytes);
            proptest::prop_assert!(examine(&block, 0).is_some());
        }
    }
}
