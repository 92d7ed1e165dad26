//! The dictionary: what a code, a stamp value, an event or a failure text means.

use super::causes::cause;
use super::classify::{Failure, classify};
use super::speaker::Speaker;
use super::tables::{Entry, NdrRow, entries, ndr_rows};
use crate::model::{Direction, Explanation, Layer};

/// Tables of the dictionary: name, family, and the field a table speaks of by itself.
const FAMILIES: &[(&str, &str, &str)] = &[
    ("forefront", "stamp", ""),
    ("microsoft_antispam", "stamp", ""),
    ("scl", "stamp", "SCL"),
    ("bcl", "stamp", "BCL"),
    ("pcl", "stamp", "PCL"),
    ("auth_results", "authentication", ""),
    ("trace_status", "status", ""),
    ("events", "event", ""),
    ("exchange_headers", "header", ""),
    ("other_vendors", "gateway", ""),
];

/// SMTP replies by themselves (RFC 5321, 4.2.3; RFC 4954, 6).
const REPLIES: &[(&str, &str)] = &[
    ("220", "The server is ready"),
    ("250", "Done: the server took the command, or the message"),
    ("354", "The server waits for the message itself"),
    ("421", "The service is not available and closes the connection; the sender tries again later"),
    ("450", "Mailbox unavailable for now (busy, or held back by policy); the sender tries again"),
    ("451", "Local error while processing, or a temporary block; the sender tries again"),
    ("452", "Too little room, or too many recipients for now; the sender tries again"),
    ("454", "TLS or authentication is not available for now"),
    ("500", "Command not recognised"),
    ("501", "Syntax error in an argument, often an address"),
    ("503", "Commands in the wrong order"),
    ("530", "Authentication is required first"),
    ("535", "Authentication failed"),
    ("550", "Refused for good: no such mailbox, no access, or policy"),
    ("551", "The user is not local"),
    ("552", "Refused for good: over quota, or too large"),
    ("553", "Mailbox name not allowed"),
    ("554", "The transaction failed for good; the text says why"),
];

/// Meanings listed of one code at most.
const MOST: usize = 12;

/// What is known of a text: a code, a stamp value, an event, a header, or a failure's words. Empty
/// where nothing is known. The first answer is the likeliest.
pub fn explain(query: &str) -> Vec<Explanation> {
    let query = query.trim();
    let fields = stamp_fields(query);
    if fields.len() > 1 {
        return fields.iter().flat_map(|field| explain(field)).collect();
    }
    let mut found = by_key_and_value(query);
    if found.is_empty() {
        found = by_word(query);
    }
    if found.is_empty() {
        found = by_code(query);
    }
    if found.is_empty() {
        found.extend(by_text(query));
    }
    found.truncate(MOST);
    found
}

/// Words of the dictionary that are spelled almost like the query, best first.
pub fn near(query: &str) -> Vec<String> {
    // Of a pair the value is what tells.
    let word = query.rsplit([':', '=']).next().unwrap_or(query);
    let wanted = folded(word);
    if wanted.len() < 3 || wanted.len() > 40 {
        return Vec::new();
    }
    let mut words: Vec<(usize, String)> = FAMILIES
        .iter()
        .flat_map(|(table, ..)| entries(table))
        .flat_map(|e| [e.value.to_string(), e.subject.to_string()])
        .chain(ndr_rows().iter().map(|row| row.code.to_string()))
        .filter(|word| word.len() > 2 && !word.contains(['*', '<', '(']))
        .filter_map(|word| {
            let distance = distance(&wanted, &folded(&word));
            (distance <= 1 + wanted.len() / 6).then_some((distance, word))
        })
        .collect();
    words.sort();
    words.dedup();
    words.into_iter().map(|(_, word)| word).take(5).collect()
}

/// `KEY:VALUE;KEY:VALUE;` taken apart; a single piece where it is no such list.
fn stamp_fields(query: &str) -> Vec<String> {
    let body = match query.split_once(": ").or_else(|| query.split_once(":\t")) {
        Some((name, body)) if name.to_ascii_lowercase().starts_with("x-") => body,
        _ => query,
    };
    let pieces: Vec<&str> = body.split(';').map(str::trim).filter(|p| !p.is_empty()).collect();
    let keyed = |p: &&str| {
        p.split_once(':').is_some_and(|(key, value)| {
            key.len() <= 12 && !value.is_empty() && !key.contains(char::is_whitespace)
        })
    };
    if pieces.iter().filter(|p| keyed(p)).count() * 2 <= pieces.len() || pieces.len() < 2 {
        return vec![query.to_owned()];
    }
    pieces.into_iter().filter(keyed).map(str::to_owned).collect()
}

/// `SFV:SKN`, `scl=-1`, `SCL 5`, `compauth=fail reason=001`.
fn by_key_and_value(query: &str) -> Vec<Explanation> {
    let mut found = Vec::new();
    let mut rest = query;
    while let Some((key, value, later)) = pair(rest) {
        found.extend(pair_meanings(key, value));
        rest = later;
    }
    found
}

/// The first `key:value`, and what follows it.
fn pair(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start();
    let cut = text.find([':', '=', ' '])?;
    let (key, value) = (text[..cut].trim(), text[cut + 1..].trim_start_matches([' ', '=', ':']));
    let end = value.find([' ', ';', ',']).unwrap_or(value.len());
    let sound = !key.is_empty() && end > 0 && !key.chars().all(|c| c.is_ascii_digit());
    sound.then(|| (key, &value[..end], value.get(end + 1..).unwrap_or("")))
}

fn pair_meanings(key: &str, value: &str) -> Vec<Explanation> {
    let mut found = Vec::new();
    for &(table, family, own) in FAMILIES {
        for entry in entries(table) {
            let subject = if own.is_empty() { &*entry.subject } else { own };
            // `reason` is written for what the table calls `compauth.reason`.
            let last = subject.rsplit('.').next().unwrap_or(subject);
            let same = subject.eq_ignore_ascii_case(key) || last.eq_ignore_ascii_case(key);
            if same && entry.value.eq_ignore_ascii_case(value) {
                found.push(explanation(format!("{subject}:{}", entry.value), family, entry));
            }
        }
    }
    found
}

/// A value, event, status, header or field by its name alone.
fn by_word(query: &str) -> Vec<Explanation> {
    let wanted = folded(query);
    if wanted.is_empty() || query.split_whitespace().count() > 4 {
        return Vec::new();
    }
    if let Some((code, meaning)) = REPLIES.iter().find(|(code, _)| *code == query) {
        return vec![Explanation {
            code: (*code).to_owned(),
            family: "smtp",
            meaning: (*meaning).to_owned(),
            layer: None,
            side: None,
            next_steps: vec![
                "Look at the enhanced code (such as 5.1.10) and the words behind it: they say why"
                    .to_owned(),
            ],
            source: "RFC 5321, 4.2.3".to_owned(),
            confidence: "documented",
        }];
    }
    let mut found = Vec::new();
    for &(table, family, own) in FAMILIES {
        for entry in entries(table) {
            let subject = if own.is_empty() { &*entry.subject } else { own };
            let by_value = own.is_empty() && folded(&entry.value) == wanted;
            let by_name = entry.value.is_empty() && folded(subject) == wanted;
            if by_value || by_name {
                let plain = matches!(family, "event" | "status") || entry.value.is_empty();
                let name = match (plain, by_name) {
                    (_, true) => subject.to_owned(),
                    (true, false) => entry.value.to_string(),
                    _ => format!("{subject}:{}", entry.value),
                };
                found.push(explanation(name, family, entry));
            }
        }
    }
    found
}

fn explanation(code: String, family: &'static str, entry: &Entry) -> Explanation {
    let action = entry.action.trim();
    let told = !action.is_empty() && !action.eq_ignore_ascii_case("none");
    Explanation {
        code,
        family,
        meaning: entry.meaning.to_string(),
        layer: entry.layer.filter(|l| *l != Layer::Unknown),
        side: None,
        next_steps: if told { vec![action.to_owned()] } else { Vec::new() },
        source: entry.source.to_string(),
        confidence: entry.confidence.as_str(),
    }
}

/// A bare enhanced status code, with or without its SMTP reply: every meaning the tables have.
fn by_code(query: &str) -> Vec<Explanation> {
    let mut words = query.split_whitespace().rev();
    let Some(code) = words.next().filter(|word| is_status(word)) else { return Vec::new() };
    if words.any(|word| !(word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit()))) {
        return Vec::new();
    }
    let mut rows: Vec<&NdrRow> = ndr_rows().iter().filter(|row| &*row.code == code).collect();
    // The vendor's own meaning before the registry's general one.
    rows.sort_by_key(|row| (&*row.issuer == "iana", std::cmp::Reverse(row.priority)));
    if rows.is_empty() {
        return by_text(query).into_iter().collect();
    }
    rows.into_iter().map(of_row).collect()
}

fn is_status(word: &str) -> bool {
    let mut parts = word.split('.');
    let class = parts.next().is_some_and(|p| matches!(p, "2" | "4" | "5"));
    let number = |p: Option<&str>| {
        p.is_some_and(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    class && number(parts.next()) && number(parts.next()) && parts.next().is_none()
}

fn of_row(row: &NdrRow) -> Explanation {
    let speakers: Vec<&str> = row.speakers.iter().map(|s| s.as_str()).collect();
    let who = match (&*row.issuer, speakers.join(" or ")) {
        ("", _) => String::new(),
        (issuer, by) if by.is_empty() => format!(" ({issuer})"),
        // The record must state who replied; the issuer adds nothing to that.
        (_, by) => format!(" (replied by: {by})"),
    };
    Explanation {
        code: row.code.to_string(),
        family: "enhanced_status",
        meaning: format!("{}{who}", row.meaning),
        layer: (row.layer != Layer::Unknown).then_some(row.layer),
        side: Some(row.side),
        next_steps: steps(&row.admin_action, row.cause),
        source: row.source.to_string(),
        confidence: row.confidence.as_str(),
    }
}

/// A failure's own words.
fn by_text(query: &str) -> Option<Explanation> {
    let failure = Failure {
        text: query,
        code: "",
        remote_host: "",
        direction: Direction::Unknown,
        speaker: Speaker::Unknown,
    };
    let meaning = classify(&failure);
    if meaning.source.is_empty() {
        return None;
    }
    Some(Explanation {
        code: if meaning.code.is_empty() { meaning.cause.to_owned() } else { meaning.code },
        family: "failure_text",
        meaning: meaning.meaning.to_owned(),
        layer: (meaning.layer != Layer::Unknown).then_some(meaning.layer),
        side: Some(meaning.side),
        next_steps: steps(meaning.next_step, meaning.cause),
        source: meaning.source.to_owned(),
        confidence: meaning.confidence.as_str(),
    })
}

fn steps(first: &str, of_cause: &str) -> Vec<String> {
    let mut steps = vec![first.to_owned()];
    for step in cause(of_cause).map_or(&[][..], |c| c.next_steps) {
        if *step != first {
            steps.push((*step).to_owned());
        }
    }
    steps.retain(|s| !s.is_empty());
    steps
}

/// Lower case without blanks, hyphens and underscores: as the words of exports are compared.
fn folded(text: &str) -> String {
    let kept = text.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).collect()
}

/// Edits (insert, delete, replace) between two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(query: &str) -> Vec<String> {
        explain(query).into_iter().map(|e| e.code).collect()
    }

    #[test]
    fn stamps_by_pair_and_by_value() {
        for query in ["SFV:SKN", "sfv=skn", "SFV SKN", "SKN"] {
            assert_eq!(codes(query), ["SFV:SKN"], "{query}");
        }
        assert_eq!(codes("scl=-1")[0], "SCL:-1");
        assert_eq!(codes("reason=001"), ["compauth.reason:001"]);
        assert_eq!(codes("compauth=fail reason=001").len(), 2);
        let report = "X-Forefront-Antispam-Report: CIP:192.0.2.9;SCL:5;SFV:SPM;CAT:HPHISH;SFS:(1);";
        let found = codes(report);
        assert!(
            found.contains(&"SCL:5".into()) && found.contains(&"CAT:HPHISH".into()),
            "{found:?}"
        );
    }

    #[test]
    fn codes_and_texts() {
        let found = explain("550 5.7.708");
        assert_eq!((found[0].code.as_str(), found[0].family), ("5.7.708", "enhanced_status"));
        assert_eq!(found[0].layer, Some(Layer::SenderReputation));
        assert!(!found[0].next_steps.is_empty() && found[0].side.is_some());
        assert_eq!(codes("421"), ["421"]);
        let text = explain("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by lookup");
        assert_eq!((text[0].family, text[0].layer), ("failure_text", Some(Layer::Recipient)));
        assert!(explain("").is_empty() && explain("zebra crossing in the rain").is_empty());
    }

    #[test]
    fn events_states_and_headers() {
        assert!(explain("AGENTINFO").iter().any(|e| e.family == "event"));
        assert!(explain("FilteredAsSpam").iter().any(|e| e.family == "status"));
        assert!(explain("x-ms-exchange-organization-authas").iter().any(|e| e.family == "header"));
    }

    #[test]
    fn near_misses() {
        assert!(near("HPHISHH").contains(&"HPHISH".to_owned()));
        assert!(near("FilterdAsSpam").contains(&"FilteredAsSpam".to_owned()));
        assert!(near("zebra crossing").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in "\\PC{0,80}") {
            explain(&text);
            near(&text);
        }
    }
}
