//! Words in times: months, halves of the day, and what stands there for politeness.
//!
//! Sources: the cultures of .NET and ICU (short date, short and long time), as Export-Csv and
//! scripts write them.

/// First letters of months, lower case: English, German, French, Spanish, Italian, Portuguese,
/// Dutch. None of them means two months.
const MONTHS: &[(&str, u32)] = &[
    ("jan", 1),
    ("jän", 1),
    ("ene", 1),
    ("gen", 1),
    ("feb", 2),
    ("fev", 2),
    ("fév", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("mrt", 3),
    ("maa", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("mei", 5),
    ("mag", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("aug", 8),
    ("ago", 8),
    ("aou", 8),
    ("aoû", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
];

/// Longest name of a month, in bytes.
const LONGEST_MONTH: usize = 12;

/// Halves of the day beside AM and PM; `true` is the second. A word before its own beginning.
const HALVES: &[(&str, bool)] = &[
    ("vorm.", false),
    ("vorm", false),
    ("nachm.", true),
    ("nachm", true),
    ("vm.", false),
    ("nm.", true),
    ("πμ", false),
    ("μμ", true),
    ("ΠΜ", false),
    ("ΜΜ", true),
    ("π.μ.", false),
    ("μ.μ.", true),
    ("上午", false),
    ("下午", true),
    ("午前", false),
    ("午後", true),
    ("오전", false),
    ("오후", true),
    ("de.", false),
    ("du.", true),
    ("dop.", false),
    ("odp.", true),
    ("ÖÖ", false),
    ("ÖS", true),
    ("SA", false),
    ("CH", true),
    ("fm", false),
    ("em", true),
    ("ap.", false),
    ("ip.", true),
    ("ق.ظ", false),
    ("ب.ظ", true),
    ("ص", false),
    ("م", true),
    ("पूर्वाह्न", false),
    ("अपराह्न", true),
    ("ก่อนเที่ยง", false),
    ("หลังเที่ยง", true),
];

/// Words that say nothing: `г.` behind a Bulgarian date, `ч.` behind its clock, `at`, `um`, `kl.`
/// before a clock.
const FILLERS: &[&str] = &["г.", "ч.", "at ", "um ", "kl. ", "Uhr"];

/// The month of a word.
pub(super) fn month(word: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(word).ok().filter(|t| t.len() <= LONGEST_MONTH)?;
    let text = text.to_lowercase();
    MONTHS.iter().find(|(name, _)| text.starts_with(name)).map(|(_, month)| *month)
}

/// True for English names of days, short or long.
pub(super) fn is_weekday(word: &[u8]) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    word.len() >= 3
        && DAYS.iter().any(|day| {
            day.as_bytes().get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
        })
}

/// `AM`, `a.m.`, `p. m.` at the start of a text: whether it is the second half, and what follows.
pub(super) fn latin_half(text: &[u8]) -> Option<(bool, &[u8])> {
    let (first, rest) = text.split_first()?;
    let afternoon = match first {
        b'A' | b'a' => false,
        b'P' | b'p' => true,
        _ => return None,
    };
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    let mut rest = rest;
    while let [b' ', tail @ ..] | [0xC2, 0xA0, tail @ ..] | [0xE2, 0x80, 0xAF, tail @ ..] = rest {
        rest = tail;
    }
    let [b'M' | b'm', rest @ ..] = rest else { return None };
    Some((afternoon, rest.strip_prefix(b".").unwrap_or(rest)))
}

/// A half of the day in another language at the start of a text, and what follows.
pub(super) fn half(text: &[u8]) -> Option<(bool, &[u8])> {
    HALVES.iter().find_map(|(word, afternoon)| {
        let (head, rest) = text.split_at_checked(word.len())?;
        let whole = !rest.first().is_some_and(u8::is_ascii_alphabetic);
        (whole && head.eq_ignore_ascii_case(word.as_bytes())).then_some((*afternoon, rest))
    })
}

/// What follows a word that says nothing; the text itself where there is none.
pub(super) fn skip_filler(text: &[u8]) -> &[u8] {
    let bare = text.strip_prefix(b" ").unwrap_or(text);
    let after = FILLERS.iter().find_map(|filler| bare.strip_prefix(filler.as_bytes()));
    after.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_hides_another() {
        for (at, (word, _)) in HALVES.iter().enumerate() {
            for (longer, _) in HALVES.iter().skip(at + 1) {
                assert!(!longer.starts_with(word), "{word} hides {longer}");
            }
        }
        for (at, (name, month)) in MONTHS.iter().enumerate() {
            let same = MONTHS.iter().skip(at + 1).filter(|(other, _)| other.starts_with(name));
            assert!(same.clone().all(|(_, m)| m == month), "{name}");
        }
    }

    #[test]
    fn months_and_days() {
        for (word, expected) in [
            ("November", Some(11)),
            ("AOÛT", Some(8)),
            ("März", Some(3)),
            ("juillet", Some(7)),
            ("settembre", Some(9)),
            ("noon", None),
            ("", None),
        ] {
            assert_eq!(month(word.as_bytes()), expected, "{word}");
        }
        assert!(is_weekday(b"Mon") && is_weekday(b"thursday") && !is_weekday(b"mo"));
        assert!(!is_weekday(b"mondays"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..20)) {
            let _ = (month(&bytes), is_weekday(&bytes), latin_half(&bytes), half(&bytes));
            skip_filler(&bytes);
        }
    }
}
