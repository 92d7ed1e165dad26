//! The `KEY:VALUE;KEY:VALUE;` grammar that Microsoft's stamps share.

use super::words;
use crate::model::message::Stamps;

/// Most unknown items kept of one message.
const MOST_UNKNOWN: usize = 64;
/// Longest value kept of a stamp, bytes.
pub(super) const LIMIT: usize = 256;

/// Items in order. Each is cut at its first colon only (IPv6 addresses hold more); items without
/// a colon have an empty value. Empty items and `(null)` are passed over.
pub(super) fn pairs(value: &str) -> impl Iterator<Item = (&str, &str)> {
    value.split(';').filter_map(|item| {
        let item = item.trim();
        if item.is_empty() || item == "(null)" {
            return None;
        }
        let (key, value) = item.split_once(':').unwrap_or((item, ""));
        let value = value.trim();
        Some((key.trim(), if value == "(null)" { "" } else { value }))
    })
}

/// Keeps the first value of a key: an empty value is none, a later different one goes to
/// `unknown`, so that nothing is lost.
pub(super) fn keep(slot: &mut Option<String>, key: &str, value: &str, unknown: &mut Vec<String>) {
    match slot {
        _ if value.is_empty() => {}
        None => *slot = Some(words::clipped(value, LIMIT).to_owned()),
        Some(first) if first == words::clipped(value, LIMIT) => {}
        Some(_) => remember(unknown, key, value),
    }
}

/// Keeps an item that no decoder knows, as written.
pub(super) fn remember(unknown: &mut Vec<String>, key: &str, value: &str) {
    if unknown.len() >= MOST_UNKNOWN {
        return;
    }
    let item = format!("{}:{}", words::clipped(key, LIMIT), words::clipped(value, LIMIT));
    if !unknown.contains(&item) {
        unknown.push(item);
    }
}

/// True where `keys` holds `key`, in whatever case.
pub(super) fn known(keys: &[&str], key: &str) -> bool {
    keys.iter().any(|k| k.eq_ignore_ascii_case(key))
}

/// A spam confidence level, -1 to 9.
pub(super) fn scl(value: &str) -> Option<i8> {
    value.parse().ok().filter(|level| (-1..=9).contains(level))
}

/// Keeps an SCL; what is none goes to `unknown`.
pub(super) fn keep_scl(key: &str, value: &str, out: &mut Stamps) {
    match scl(value) {
        Some(level) => out.scl = out.scl.or(Some(level)),
        None if value.is_empty() => {}
        None => remember(&mut out.unknown, key, value),
    }
}

/// Longest key that [`upper`] turns.
pub(super) const KEY: usize = 16;

/// A key in upper case; one that is longer than any known key, as it stands.
pub(super) fn upper<'a>(key: &'a str, letters: &'a mut [u8; KEY]) -> &'a str {
    let Some(room) = letters.get_mut(..key.len()) else { return key };
    room.copy_from_slice(key.as_bytes());
    room.make_ascii_uppercase();
    std::str::from_utf8(room).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items() {
        let items: Vec<_> = pairs(" CIP:2001:db8::1 ;;SFV:; UIP:(null);(null);BARE;X: 1").collect();
        let expected = [("CIP", "2001:db8::1"), ("SFV", ""), ("UIP", ""), ("BARE", ""), ("X", "1")];
        assert_eq!(items, expected);
    }

    #[test]
    fn levels() {
        assert_eq!(scl("-1"), Some(-1));
        assert_eq!(scl("9"), Some(9));
        assert_eq!(scl("10"), None);
        assert_eq!(scl("a"), None);
    }
}
