//! The subject: words that phishing likes, an answer to nothing, a thread of another name.
//!
//! Sources: RFC 5322, 3.6.4 and 3.6.5; MS-OXOMSG (Thread-Topic); the table of words.

use super::case::{Case, quoted};
use super::{Check, Said};
use crate::knowledge::names::subject_words;
use crate::model::Weight;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::OnceLock;

pub(super) const CHECK: Check = Check {
    name: "subject",
    remarks: &["subject_thread_topic", "subject_fake_reply", "subject_words"],
    run,
};

/// How answers and forwarded mail begin, many languages.
const PREFIXES: &[&str] = &[
    "re", "aw", "antw", "sv", "vs", "ref", "rif", "odp", "res", "fw", "fwd", "wg", "tr", "rv",
    "enc", "vb", "doorst", "i", "pd",
];

fn run(case: &Case<'_>, out: &mut Said) {
    let Some(subject) = case.examined.facts.subject.as_deref() else { return };
    if let Some(topic) = case.text("Thread-Topic") {
        let (a, b) = (bare(subject), bare(topic));
        if !b.is_empty() && a != b && !a.contains(&b) && !b.contains(&a) {
            let headline = format!("The subject differs from the thread's: {}", quoted(topic));
            let detail = format!("Subject: {}", quoted(subject));
            out.say("subject_thread_topic", Weight::Notice, headline, detail, "MS-OXOMSG, 2.2.1.5");
        }
    }
    let linked =
        ["In-Reply-To", "References", "Thread-Index"].iter().any(|h| case.field(h).is_some());
    let reply = prefix(subject).is_some_and(|(p, _)| {
        matches!(p.as_str(), "re" | "aw" | "antw" | "sv" | "odp" | "rif" | "res")
    });
    if reply && !linked {
        let headline = "The subject is that of an answer, but it answers no message";
        out.say("subject_fake_reply", Weight::Notice, headline, quoted(subject), "RFC 5322, 3.6.4");
    }
    let found = suspicious(subject);
    if !found.is_empty() {
        let words: Vec<&str> = found.iter().map(|(word, _)| *word).collect();
        let kinds: Vec<&str> = found.iter().map(|(_, kind)| *kind).collect();
        let mut kinds: Vec<&str> = kinds;
        kinds.sort_unstable();
        kinds.dedup();
        let headline =
            format!("The subject has words that phishing and spam like ({})", kinds.join(", "));
        out.say(
            "subject_words",
            Weight::Info,
            headline,
            words.join(", "),
            "inferred (table of words)",
        );
    }
}

/// A short word and a colon at the beginning, in lower case, and what follows.
fn prefix(subject: &str) -> Option<(String, &str)> {
    let (head, rest) = subject.trim_start().split_once(':')?;
    let word = head.split(['[', '(']).next().unwrap_or("").trim().to_lowercase();
    PREFIXES.contains(&word.as_str()).then_some((word, rest))
}

/// The subject without its prefixes, tags of lists and white space, in lower case.
fn bare(subject: &str) -> String {
    let mut rest = subject.trim();
    for _ in 0..16 {
        if let Some((_, behind)) = prefix(rest) {
            rest = behind.trim();
        } else if let Some((_, behind)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
            rest = behind.trim();
        } else {
            break;
        }
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Words of the table that stand in the subject as words, with their kinds.
fn suspicious(subject: &str) -> Vec<(&'static str, &'static str)> {
    static FINDER: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let finder = FINDER.get_or_init(|| {
        let words = subject_words().iter().map(|(word, _)| word);
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
    });
    let lower = subject.to_lowercase();
    let mut found = Vec::new();
    for hit in finder.iter().flat_map(|finder| finder.find_iter(&lower)) {
        let Some((word, kind)) = subject_words().get(hit.pattern().as_usize()) else { continue };
        // Scripts without spaces have no word ends.
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let whole = edge(lower[..hit.start()].chars().next_back())
            && edge(lower[hit.end()..].chars().next());
        if (whole || !word.is_ascii() && word.chars().all(|c| c >= '\u{3000}'))
            && !found.contains(&(word.as_str(), kind.as_str()))
        {
            found.push((word.as_str(), kind.as_str()));
        }
    }
    found
}
