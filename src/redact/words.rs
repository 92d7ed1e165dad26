//! The dictionary: words that say something about mail and nothing about anybody.
//!
//! `words.txt` holds them, one a line, sorted: the words of our own sentences and of the knowledge
//! tables (codes, stamps, events, failure texts), and those in which administrators write down
//! changes. Names of people, places and companies do not belong there, not even where they are words
//! as well; what is missing only makes a text less readable.

use std::sync::OnceLock;

const LIST: &str = include_str!("words.txt");

/// True where the word (lower case) is in the dictionary.
pub(super) fn known(word: &str) -> bool {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| LIST.lines().collect()).binary_search(&word).is_ok()
}

/// The parts of a word that are looked up one by one: letters are parted from digits, from other
/// signs, and where small letters are followed by a capital one (`TransportRule`, `TSS04`).
pub(super) fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
        let mut chars = rest.char_indices().peekable();
        let (_, first) = chars.next()?;
        let mut before = first;
        let mut end = rest.len();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            if parted(before, c, next) {
                end = at;
                break;
            }
            before = c;
        }
        let (part, tail) = rest.split_at(end);
        rest = tail;
        Some(part)
    })
}

/// A part ends between `before` and `c`.
fn parted(before: char, c: char, next: Option<char>) -> bool {
    let sign = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
    if sign(c) || before.is_ascii_digit() != c.is_ascii_digit() {
        return true;
    }
    let small_next = next.is_some_and(|n| n.is_ascii_lowercase());
    c.is_ascii_uppercase()
        && (before.is_ascii_lowercase() || (before.is_ascii_uppercase() && small_next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_plain() {
        let words: Vec<&str> = LIST.lines().collect();
        assert!(words.len() > 1000);
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
        let plain = |w: &&str| w.len() > 1 && w.bytes().all(|b| b.is_ascii_lowercase());
        assert!(words.iter().all(plain));
    }

    #[test]
    fn nobody_is_in_it() {
        for name in [
            "contoso", "fabrikam", "kim", "jane", "doe", "mark", "frank", "max", "jan", "rich",
            "smith", "miller", "berlin", "london",
        ] {
            assert!(!known(name), "{name}");
        }
        for word in ["connector", "rule", "dkim", "renewed", "quarantine", "access", "denied"] {
            assert!(known(word), "{word}");
        }
    }

    #[test]
    fn words_fall_apart() {
        let all = |word: &'static str| parts(word).collect::<Vec<_>>().join(" ");
        assert_eq!(all("Set-TransportRule"), "Set Transport Rule");
        assert_eq!(all("TSS04"), "TSS 04");
        assert_eq!(all("5.7.26"), "5 7 26");
        assert_eq!(all("DKIMSigning"), "DKIM Signing");
        assert_eq!(all("mailbox_rule"), "mailbox rule");
        assert_eq!(all("2026-11-04T11:20:37Z"), "2026 11 04 T 11 20 37 Z");
        assert_eq!(all("Grüße"), "Grüße");
        assert_eq!(all("..."), "");
    }
}
