//! Free text, word by word: what is known to be harmless stays, everything else is replaced.

use super::names::{guid_of, is_host, literal};
use super::{Redactor, words};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;

/// Who wrote a text: how long a number may be and stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// We: a number is a count.
    Ours,
    /// A server: codes, ports, limits.
    Machine,
    /// A person: a number may be a phone's, or a customer's.
    Person,
}

impl Writer {
    const fn digits(self) -> usize {
        match self {
            Self::Ours => 20,
            Self::Machine => 5,
            Self::Person => 2,
        }
    }
}

/// Names of a report that look like ordinary words: connectors, rules, policies, servers, files.
#[derive(Debug, Default)]
pub(super) struct Known {
    finder: Option<AhoCorasick>,
    pseudonyms: Vec<String>,
}

impl Known {
    /// These names, and their pseudonyms. A name that is one word of the dictionary is left out:
    /// alone it tells nothing, and would be found in every sentence.
    pub(super) fn new(names: BTreeMap<String, String>) -> Self {
        let telling = |name: &str| {
            !name.is_empty() && (name.contains(' ') || !words::known(&name.to_lowercase()))
        };
        let (names, pseudonyms): (Vec<String>, Vec<String>) =
            names.into_iter().filter(|(name, _)| telling(name)).unzip();
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(&names)
            .ok()
            .filter(|_| !names.is_empty());
        Self { finder, pseudonyms }
    }

    /// The names in a text by where they begin: end and pseudonym.
    fn find(&self, text: &str) -> BTreeMap<usize, (usize, &str)> {
        let Some(finder) = &self.finder else { return BTreeMap::new() };
        let hits = finder.find_iter(text).filter_map(|hit| {
            let pseudonym = self.pseudonyms.get(hit.pattern().as_usize())?;
            ends_word(text, hit.end()).then_some((hit.start(), (hit.end(), pseudonym.as_str())))
        });
        hits.collect()
    }
}

/// Signs between words.
const fn is_delimiter(c: char) -> bool {
    matches!(
        c,
        '[' | ']' | '(' | ')' | '{' | '}' | '<' | '>' | '"' | '\'' | ',' | ';' | '=' | '|' | '`'
    )
}

/// Signs that may stand at the ends of a word without belonging to it.
const EDGE: [char; 10] = ['.', ':', '!', '?', '*', '-', '#', '+', '/', '\\'];

fn parts_words(c: char) -> bool {
    is_delimiter(c) || c.is_ascii_whitespace() || c.is_ascii_control()
}

/// A word may end before byte `at`.
fn ends_word(text: &str, at: usize) -> bool {
    let Some(rest) = text.get(at..) else { return false };
    rest.trim_start_matches(EDGE).chars().next().is_none_or(parts_words)
}

/// Text on its way out.
struct Out<'r> {
    redactor: &'r Redactor,
    text: String,
    /// Words in a row that are to be one pseudonym.
    hidden: String,
    /// White space behind them.
    blank: bool,
}

impl Out<'_> {
    fn put(&mut self, piece: &str) {
        self.settle();
        self.text.push_str(piece);
    }

    fn hide(&mut self, word: &str) {
        if !self.hidden.is_empty() {
            // Letters that stick together are one word.
            self.hidden.push_str(if self.blank { " " } else { "" });
        }
        self.blank = false;
        self.hidden.push_str(&word.to_lowercase());
    }

    fn settle(&mut self) {
        if !self.hidden.is_empty() {
            let word = self.redactor.key.word("text", &self.hidden);
            self.text.push_str("text-");
            self.text.push_str(&word);
            self.hidden.clear();
        }
        if std::mem::take(&mut self.blank) {
            self.text.push(' ');
        }
    }

    fn space(&mut self, c: char) {
        if self.hidden.is_empty() {
            self.text.push(c);
        } else {
            self.blank = true;
        }
    }
}

impl Redactor {
    /// A text without names. Addresses, hosts, network addresses and GUIDs become the pseudonyms they
    /// have everywhere; names of the report that stand in it, too; other words that are not in the
    /// dictionary become `text-` and a word, several in a row one.
    pub(super) fn text(&self, text: &str, writer: Writer, known: &Known) -> String {
        self.text_about(text, writer, known, ("", ""))
    }

    /// A text about a name: there it is replaced (by the second) even where it is a plain word.
    pub(super) fn text_about(
        &self,
        text: &str,
        writer: Writer,
        known: &Known,
        (name, pseudonym): (&str, &str),
    ) -> String {
        let mut out =
            Out { redactor: self, text: String::new(), hidden: String::new(), blank: false };
        let names = known.find(text);
        let mut at = 0;
        let mut before = "";
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            if !name.is_empty()
                && text.get(at..).is_some_and(|rest| rest.starts_with(name))
                && ends_word(text, at + name.len())
            {
                out.put(pseudonym);
                (at, before) = (at + name.len(), "");
                continue;
            }
            if let Some((end, pseudonym)) = names.get(&at) {
                out.put(pseudonym);
                (at, before) = (*end, "");
                continue;
            }
            if c.is_ascii_whitespace() {
                out.space(c);
                at += c.len_utf8();
                continue;
            }
            if parts_words(c) || EDGE.contains(&c) {
                out.put(c.encode_utf8(&mut [0; 4]));
                at += c.len_utf8();
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let end = rest.find(parts_words).unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            // A name further on in the word ends it where a sign parts them.
            let core = word.trim_end_matches(EDGE);
            self.word(core, before, writer, &mut out);
            before = core;
            at += core.len().max(1);
        }
        out.settle();
        out.text
    }

    /// A word without signs at its ends.
    fn word(&self, word: &str, before: &str, writer: Writer, out: &mut Out<'_>) {
        if word.contains('@') {
            out.put(&self.address(word));
        } else if let Some(tail) = tail_of_url(word) {
            let scheme = word.len() - tail.len();
            out.put(word.get(..scheme).unwrap_or_default());
            self.pieces(tail, before, writer, out);
        } else {
            self.pieces(word, before, writer, out);
        }
    }

    /// The pieces of a word between slashes, backslashes and runs of dots, then between colons.
    fn pieces(&self, word: &str, before: &str, writer: Writer, out: &mut Out<'_>) {
        let slash = |c: char| matches!(c, '/' | '\\' | '?' | '&' | '%' | '~');
        split(word, slash, out, |piece, out| {
            if self.whole(piece, out) {
                return;
            }
            // What is left of an IPv6 address or of a card's.
            if piece.contains("::") || piece.matches(':').count() > 4 {
                out.hide(piece);
                return;
            }
            split(
                piece,
                |c| c == ':',
                out,
                |piece, out| {
                    if self.whole(piece, out) {
                    } else if harmless(piece, before, writer) {
                        out.put(piece);
                    } else {
                        out.hide(piece);
                    }
                },
            );
        });
    }

    /// Writes the pseudonym of a piece that is one name as a whole; false where it is none.
    fn whole(&self, piece: &str, out: &mut Out<'_>) -> bool {
        if let Some(ip) = literal(piece) {
            out.put(&self.ip(ip));
        } else if let Some(guid) = guid_of(piece) {
            out.put(&crate::model::delivery::dashed(self.guid(guid)));
        } else if is_host(piece) && !OURS.contains(&piece) {
            out.put(&self.domain(piece));
        } else {
            return false;
        }
        true
    }
}

/// Hands out what stands between the signs; the signs stay.
fn split<'r>(
    text: &str,
    sign: impl Fn(char) -> bool,
    out: &mut Out<'r>,
    mut take: impl FnMut(&str, &mut Out<'r>),
) {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(&sign).unwrap_or(rest.len());
        let end = rest.find("...").map_or(end, |dots| dots.min(end));
        let (piece, tail) = rest.split_at(end);
        if !piece.is_empty() {
            take(piece, out);
        }
        let signs =
            if tail.starts_with("...") { 3 } else { tail.chars().next().map_or(0, char::len_utf8) };
        let (signs, tail) = tail.split_at(signs);
        if !signs.is_empty() {
            out.put(signs);
        }
        rest = tail;
    }
}

/// Names of our files that end like a domain.
const OURS: [&str; 1] = ["report.md"];

/// What stands behind the scheme of a link.
fn tail_of_url(word: &str) -> Option<&str> {
    let scheme = ["https://", "http://"]
        .iter()
        .find(|s| word.get(..s.len()).is_some_and(|head| head.eq_ignore_ascii_case(s)))?;
    word.get(scheme.len()..)
}

/// Every part is a word of the dictionary, one letter, or a short number.
fn harmless(piece: &str, before: &str, writer: Writer) -> bool {
    if is_code(piece, before) {
        return true;
    }
    if holds_four_numbers(piece) {
        return false;
    }
    // Codes and versions (`5.7.26`) are no counts: each of their numbers may be short only.
    let fits = |part: &str| {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            return part.len() <= writer.digits().max(if dotted(piece) { 3 } else { 0 });
        }
        part.len() == 1 && part.is_ascii() || words::known(&part.to_lowercase())
    };
    words::parts(piece).all(fits)
}

/// Four numbers below 256 in a row: an address in some guise (`ip-192-0-2-7`, `192.0.2.7-9`).
fn holds_four_numbers(piece: &str) -> bool {
    let mut row = 0;
    for part in words::parts(piece) {
        row = if part.parse::<u8>().is_ok() { row + 1 } else { 0 };
        if row == 4 {
            return true;
        }
    }
    false
}

/// `5.7.26`: numbers and dots.
fn dotted(piece: &str) -> bool {
    piece.contains('.') && piece.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Numbers that are longer and still name no person: `AS(16012609)`, `AS42004`, `0x8004010F`, and
/// issues of the service (`EX123456`).
fn is_code(piece: &str, before: &str) -> bool {
    let digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())
    };
    let hex = |text: &str| text.len() <= 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
    (before.ends_with("AS") && digits(piece, 9))
        || piece.strip_prefix("AS").is_some_and(|n| digits(n, 9))
        || piece.strip_prefix("EX").is_some_and(|n| digits(n, 7))
        || piece.strip_prefix("0x").is_some_and(hex)
}

#[cfg(test)]
mod tests;
