//! The rows of `ndr_codes.csv` as a matcher: a literal prefilter, then the few regexes whose
//! literals occur, each compiled when it is first needed.

use super::issuer::{MICROSOFT_DETAILS, affinity};
use super::literals;
use super::speaker::Speaker;
use super::tables::{Confidence, NdrRow, ndr_rows};
use super::text::Code;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::OnceLock;

/// How a row came to match: lower is better. The order is that of `tables/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The code and the wording.
    Code,
    /// A range that holds the code, and the wording.
    Range,
    /// The digits alone, of an issuer that is known to speak.
    OwnDigits,
    /// The wording alone, of an issuer that is known to speak.
    OwnWording,
    /// The code alone, where only Microsoft uses it and means one thing by it (localised texts).
    CodeAlone,
    /// The wording of any server.
    AnyWording,
    /// The digits alone, as read for who is stated to speak.
    SpokenDigits,
    /// The digits alone, as registered.
    Registered,
}

/// Full order of matches: rank, rows for everybody behind those for the one who speaks, nearness of
/// the issuer, priority, row. Least wins.
type Key = (Rank, bool, u8, u8, usize);

/// A row that matched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    pub rank: Rank,
    pub index: usize,
    pub row: &'static NdrRow,
}

struct Rule {
    row: &'static NdrRow,
    /// Inclusive bounds of each part of the code; `None` for `(none)`.
    code: Option<[(u16, u16); 3]>,
    single: bool,
    /// The pattern only repeats the code.
    digits_only: bool,
    regex: OnceLock<Option<Regex>>,
}

struct Rules {
    list: Vec<Rule>,
    prefilter: Option<AhoCorasick>,
    /// Rule of each literal of the prefilter.
    owners: Vec<u16>,
    /// Rules that no literal announces.
    always: Vec<u16>,
}

/// What is asked: lower-cased text with the code in it, the code, the issuer, the speaker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query<'a> {
    pub lower: &'a str,
    pub code: Option<Code>,
    pub issuer: &'static str,
    pub speaker: Speaker,
}

/// The best row for a query.
pub(super) fn best(query: &Query<'_>) -> Option<Match> {
    let rules = rules();
    let mut hits = vec![false; rules.list.len()];
    for index in &rules.always {
        hits[usize::from(*index)] = true;
    }
    match &rules.prefilter {
        Some(prefilter) => {
            for hit in prefilter.find_overlapping_iter(query.lower) {
                hits[usize::from(rules.owners[hit.pattern().as_usize()])] = true;
            }
        }
        None => hits.fill(true),
    }
    let announced = hits.iter().enumerate().filter_map(|(i, hit)| hit.then_some(i));
    best_of(rules, query, announced)
}

/// [`best`] without the prefilter: the oracle of its test.
#[cfg(test)]
pub(super) fn best_brute_force(query: &Query<'_>) -> Option<Match> {
    best_of(rules(), query, 0..rules().list.len())
}

fn best_of(
    rules: &'static Rules,
    query: &Query<'_>,
    candidates: impl Iterator<Item = usize>,
) -> Option<Match> {
    let mut keys: Vec<Key> =
        candidates.filter_map(|index| rules.list[index].key(query, index)).collect();
    keys.sort_unstable();
    let worded = keys.into_iter().find_map(|(rank, .., index)| {
        let rule = &rules.list[index];
        rule.matches(query.lower).then_some(Match { rank, index, row: rule.row })
    });
    match worded {
        Some(found) if found.rank < Rank::CodeAlone => Some(found),
        _ => code_alone(rules, query).or(worded),
    }
}

/// The row of a code that only Microsoft uses, whatever the words, if all its rows agree.
fn code_alone(rules: &'static Rules, query: &Query<'_>) -> Option<Match> {
    let code = query.code.filter(|c| c[2] >= MICROSOFT_DETAILS)?;
    let rows = |single: bool| {
        rules.list.iter().enumerate().filter(move |(_, rule)| {
            rule.single == single
                && rule.row.speakers.is_empty()
                && &*rule.row.issuer != "iana"
                && affinity(query.issuer, &rule.row.issuer).is_some()
                && rule.holds(code)
        })
    };
    let one = |single: bool| {
        let (index, rule) = rows(single).next()?;
        let same = rows(single).all(|(_, other)| other.row.cause == rule.row.cause);
        same.then_some(Match { rank: Rank::CodeAlone, index, row: rule.row })
    };
    // A range speaks only where no row is about this very code.
    one(rows(true).next().is_some())
}

impl Rule {
    fn new(row: &'static NdrRow) -> Self {
        let code = parse_spec(&row.code);
        Self {
            row,
            code,
            single: code.is_some_and(|c| c.iter().all(|(low, high)| low == high)),
            digits_only: row.pattern.is_empty() || !has_words(&row.pattern),
            regex: OnceLock::new(),
        }
    }

    /// True where this rule is for this code.
    fn holds(&self, code: Code) -> bool {
        self.code.is_some_and(|bounds| {
            bounds.iter().zip(code).all(|((low, high), part)| (*low..=*high).contains(&part))
        })
    }

    /// Where this rule would rank if its pattern matched; `None` where it does not apply.
    fn key(&self, query: &Query<'_>, index: usize) -> Option<Key> {
        let issuer = &*self.row.issuer;
        let spoken = !self.row.speakers.is_empty();
        if spoken && !self.row.speakers.contains(&query.speaker) {
            return None;
        }
        let (rank, near) = match (issuer, self.code) {
            ("any" | "other", None) => (Rank::AnyWording, 0),
            (_, None) => {
                let near = affinity(query.issuer, issuer)?;
                if query.issuer.is_empty() {
                    return None;
                }
                (Rank::OwnWording, near)
            }
            (_, Some(_)) => {
                if !self.holds(query.code?) {
                    return None;
                }
                if issuer == "iana" {
                    // A row for one first digit before the row for any.
                    (Rank::Registered, u8::from(!self.single))
                } else {
                    // Whose words they are says the speaker, where the row asks for one.
                    let near = match issuer {
                        "any" if spoken => u8::MAX,
                        _ => affinity(query.issuer, issuer)?,
                    };
                    let guessed = spoken && self.row.confidence == Confidence::Inferred;
                    match (self.digits_only, self.single) {
                        (true, _) if guessed => (Rank::SpokenDigits, near),
                        (true, _) if query.issuer.is_empty() => return None,
                        (true, _) => (Rank::OwnDigits, near),
                        (false, true) => (Rank::Code, near),
                        (false, false) => (Rank::Range, near),
                    }
                }
            }
        };
        Some((rank, !spoken, near, self.row.priority, index))
    }

    fn matches(&self, lower: &str) -> bool {
        self.row.pattern.is_empty()
            || self
                .regex
                .get_or_init(|| Regex::new(&self.row.pattern).ok())
                .as_ref()
                .is_some_and(|regex| regex.is_match(lower))
    }
}

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let rules: Vec<Rule> = ndr_rows().iter().map(Rule::new).collect();
        let (mut texts, mut owners, mut always) = (Vec::new(), Vec::new(), Vec::new());
        for (index, rule) in rules.iter().enumerate() {
            match literals::required(&rule.row.pattern) {
                Some(list) => {
                    owners.extend(list.iter().map(|_| index as u16));
                    texts.extend(list);
                }
                None => always.push(index as u16),
            }
        }
        Rules { list: rules, prefilter: AhoCorasick::new(texts).ok(), owners, always }
    })
}

/// Bounds of `5.7.26`, `5.7.606-5.7.649`, `5.?.350-5.?.399`, `x.7.1`; `None` for `(none)`.
fn parse_spec(spec: &str) -> Option<[(u16, u16); 3]> {
    let (low, high) = spec.split_once('-').unwrap_or((spec, spec));
    let part = |text: &str, index: usize, open: u16| -> Option<u16> {
        match text.split('.').nth(index)? {
            "x" | "?" => Some(open),
            digits => digits.parse().ok(),
        }
    };
    let bounds = |index| Some((part(low, index, 0)?, part(high, index, u16::MAX)?));
    Some([bounds(0)?, bounds(1)?, bounds(2)?])
}

/// True where a pattern asks for letters, not only for a code's digits.
fn has_words(pattern: &str) -> bool {
    let mut previous = ' ';
    pattern.chars().any(|c| {
        let word = c.is_ascii_alphabetic() && previous != '\\';
        previous = c;
        word
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs() {
        assert_eq!(parse_spec("5.7.26"), Some([(5, 5), (7, 7), (26, 26)]));
        assert_eq!(parse_spec("5.7.606-5.7.649"), Some([(5, 5), (7, 7), (606, 649)]));
        assert_eq!(parse_spec("5.?.350-5.?.399"), Some([(5, 5), (0, u16::MAX), (350, 399)]));
        assert_eq!(parse_spec("x.7.1"), Some([(0, u16::MAX), (7, 7), (1, 1)]));
        assert_eq!(parse_spec("(none)"), None);
        for row in ndr_rows() {
            assert!(parse_spec(&row.code).is_some() || &*row.code == "(none)", "{}", row.code);
        }
    }

    #[test]
    fn digits_only_patterns_are_known() {
        assert!(!has_words(r"5\.7\.9\d\d"));
        assert!(has_words(r"\bspf\b"));
    }

    #[test]
    fn nearly_every_pattern_has_a_literal() {
        let rules = rules();
        let wordy =
            rules.always.iter().filter(|i| !rules.list[usize::from(**i)].row.pattern.is_empty());
        let list: Vec<&str> = wordy.map(|i| &*rules.list[usize::from(*i)].row.pattern).collect();
        assert!(list.len() <= 12, "{} patterns are always tried: {list:?}", list.len());
        assert!(rules.prefilter.is_some());
    }
}
