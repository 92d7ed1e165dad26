//! The whole page: policy, inertness, form, size.

use super::*;
use crate::model::{Cell, Report};
use crate::render::sample;

fn drawn(report: &Report) -> String {
    let rejects = sample::rejects();
    page(Answer { rejects: &rejects, rejects_omitted: 7, ..Answer::new(report) })
}

/// Between two marks, every time.
fn between<'a>(page: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    page.split(from).skip(1).map(|rest| rest.split(to).next().unwrap()).collect()
}

#[test]
fn the_policy_names_the_hash_of_every_style_and_script() {
    let page = drawn(&sample::rich());
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
    let policy = policy[0].replace("&#39;", "'");
    let styles = between(&page, "<style>", "</style>");
    let scripts = between(&page, "<script>", "</script>");
    assert_eq!((styles.len(), scripts.len()), (1, 1));
    for (kind, content) in [("style-src", styles[0]), ("script-src", scripts[0])] {
        let expected = format!("{kind} 'sha256-{}'", base64(&Sha256::digest(content.as_bytes())));
        assert!(policy.contains(&expected), "{expected} is not in {policy}");
    }
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(policy.contains("base-uri 'none'; form-action 'none'"), "{policy}");
    // An end tag within would end them early.
    assert!(!STYLE.contains("</") && !SCRIPT.contains("</"));
}

#[test]
fn base64_is_that_of_the_standard() {
    // RFC 4648, 10.
    for (plain, coded) in
        [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
    {
        assert_eq!(base64(plain.as_bytes()), coded);
    }
    assert_eq!(base64(&[0xff, 0xfe, 0xfd]), "//79");
}

#[test]
fn nothing_comes_from_outside() {
    let page = drawn(&sample::rich());
    let outside =
        ["<link ", "<img", "<iframe", "<object", "<embed", "<base", "<form", "@import", " src="];
    for part in outside {
        let found = page.matches(part).count();
        assert_eq!(found, usize::from(part == "<link "), "{part}");
    }
    assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"));
    for target in between(&page, " href=\"", "\"") {
        assert!(target.starts_with('#') || target == "data:,", "{target}");
    }
    for address in between(STYLE, "url(", ")") {
        assert!(address.starts_with('#'), "{address}");
    }
}

/// Text that every reader of HTML must survive.
const ATTACKS: &[&str] = &[
    "</script><script>alert(1)</script>",
    "</style></title><svg onload=alert(1)>",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onfocus='alert(1)",
    "<!--><img src=x onerror=alert(1)>",
    "=cmd|'/C calc'!A0",
    "javascript:alert(1)",
    "\u{1b}[2J\u{1b}]8;;http://x.test\u{7}",
    "\u{202e}gnp.exe\u{2066} שלום 緊急 👩‍💻 \0",
    "&lt;b&gt; &amp;amp; &#x3c;",
];

/// The sample with an attack in every place that a stranger's words reach.
fn attacked(words: &str) -> Report {
    let mut report = sample::rich();
    report.version = words.into();
    report.knowledge = words.into();
    report.arguments = vec![words.into()];
    report.assumptions = vec![words.into()];
    for source in &mut report.input.sources {
        source.path = words.into();
        source.warnings = vec![words.into()];
        source.filter = Some(words.into());
        source.sha256 = Some(words.into());
    }
    for finding in &mut report.findings {
        finding.id = words.into();
        finding.key = words.into();
        finding.title = words.into();
        finding.entity.value = words.into();
        finding.scope.iter_mut().for_each(|e| e.value = words.into());
        finding.codes = vec![words.into()];
        finding.signatures = vec![words.into()];
        finding.next_steps = vec![words.into(), format!("Get-Thing -Name {words}")];
        finding.change.iter_mut().for_each(|c| c.what = words.into());
        for line in &mut finding.evidence {
            line.network_message_id = words.into();
            line.source = words.into();
            line.text = words.into();
        }
    }
    for table in &mut report.tables {
        for row in &mut table.rows {
            for cell in row {
                if let Cell::Text(text) = cell {
                    *text = words.into();
                }
            }
        }
    }
    report
}

#[test]
fn strangers_write_no_tag_and_no_attribute() {
    let plain = tags(&drawn(&attacked("harmless")));
    for attack in ATTACKS {
        let page = drawn(&attacked(attack));
        // Texts fold by length and names clip, so the tags may differ in number, never in kind.
        let mut kinds: Vec<String> = tags(&page).into_iter().map(|t| t.kind).collect();
        let mut known: Vec<String> = plain.iter().map(|t| t.kind.clone()).collect();
        for list in [&mut kinds, &mut known] {
            list.sort();
            list.dedup();
        }
        assert_eq!(kinds, known, "{attack:?}");
        let unseen = |c: char| c != '\n' && safety::is_unseen(c);
        assert!(!page.contains(unseen), "{attack:?}");
        assert!(!page.contains("<svg onload") && !page.contains("<img"), "{attack:?}");
    }
}

/// A start tag: its name and the names of its attributes.
struct Tag {
    kind: String,
    attributes: Vec<(String, String)>,
}

/// All start tags of the page outside of its style and script. Panics where the form is broken:
/// the parser is strict where browsers forgive.
fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("the doctype");
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a lone > in {:?}", &rest[..at]);
        rest = &rest[at + 1..];
        let end = end_of_tag(rest);
        let (tag, tail) = rest.split_at(end);
        rest = &tail[1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "ends in order");
            continue;
        }
        let name: String = tag.chars().take_while(|c| !c.is_whitespace()).collect();
        let attributes = attributes(&tag[name.len()..]);
        let names: Vec<&str> = attributes.iter().map(|(n, _)| n.as_str()).collect();
        let kind = format!("{name} {}", names.join(" "));
        if matches!(name.as_str(), "style" | "script") {
            let close = format!("</{name}>");
            rest = &rest[rest.find(&close).expect("it ends") + close.len()..];
        } else if !matches!(name.as_str(), "meta" | "link" | "br" | "input") {
            open.push(name);
        }
        tags.push(Tag { kind, attributes });
    }
    assert!(open.is_empty(), "never ended: {open:?}");
    tags
}

fn end_of_tag(rest: &str) -> usize {
    let mut quoted = false;
    let end = rest.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '>' && !quoted
    });
    end.expect("the tag ends").0
}

fn attributes(mut text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while !text.trim_start().is_empty() {
        text = text.trim_start();
        let name_end = text.find(['=', ' ']).unwrap_or(text.len());
        let (name, rest) = text.split_at(name_end);
        assert!(
            name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b':'),
            "{name:?}"
        );
        let Some(rest) = rest.strip_prefix("=\"") else {
            found.push((name.to_owned(), String::new()));
            text = rest;
            continue;
        };
        let (value, rest) = rest.split_once('"').expect("quoted");
        assert!(!value.contains('<'), "{value:?}");
        found.push((name.to_owned(), value.to_owned()));
        text = rest;
    }
    found
}

#[test]
fn no_element_has_a_style_or_an_event_of_its_own() {
    let page = drawn(&sample::rich());
    let mut ids = std::collections::BTreeSet::new();
    let all = tags(&page);
    for tag in &all {
        let mut names = std::collections::BTreeSet::new();
        for (name, value) in &tag.attributes {
            assert!(name != "style" && !name.starts_with("on"), "{}", tag.kind);
            assert!(names.insert(name), "{name} twice in {}", tag.kind);
            assert!(name != "id" || ids.insert(value.clone()), "id {value} twice");
        }
    }
    for tag in &all {
        for (name, value) in &tag.attributes {
            if matches!(name.as_str(), "href" | "aria-labelledby") && value != "data:," {
                let there = value.split(' ').all(|id| ids.contains(id.trim_start_matches('#')));
                assert!(there, "{name} leads to {value}, which is not there");
            }
        }
    }
}

#[test]
fn headings_go_down_one_step_at_a_time() {
    let page = drawn(&sample::rich());
    let mut last = 0;
    for tag in tags(&page) {
        let name = tag.kind.split(' ').next().unwrap_or_default();
        let level = name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok());
        if let Some(level) = level {
            assert!(level <= last + 1, "h{level} after h{last}");
            assert!(level > 1 || last == 0, "one h1");
            last = level;
        }
    }
    assert!(last > 0);
}

#[test]
fn the_same_report_is_the_same_page() {
    assert_eq!(drawn(&sample::rich()), drawn(&sample::rich()));
}

#[test]
fn empty_and_tiny_reports_are_pages_too() {
    let empty = Report::default();
    let none = page(Answer::new(&empty));
    tags(&none);
    assert!(none.contains("No verdict: not a single delivery could be read."));
    let mut one = Report::default();
    (one.input.messages, one.input.deliveries, one.input.rows) = (1, 1, 1);
    one.window = Some((sample::at(0), sample::at(0)));
    one.bucket_minutes = 60;
    one.tables = vec![sample::buckets()];
    one.tables[0].rows.truncate(1);
    let page = page(Answer::new(&one));
    tags(&page);
    assert!(page.contains("1 delivery"));
}

#[test]
fn a_huge_report_stays_small() {
    let mut report = sample::rich();
    let finding = report.findings[1].clone();
    report.findings.extend((0..3000).map(|_| finding.clone()));
    report.input.sources = (0..5_000)
        .map(|n| {
            let mut source =
                sample::source(&format!("{}/{n}.eml", sample::HOSTILE), Some("eml"), 1);
            source.warnings = vec![sample::HOSTILE.repeat(40); 50];
            source
        })
        .collect();
    report.input.gaps = vec![report.input.gaps[0]; 10_000];
    for table in &mut report.tables {
        let rows = table.rows.clone();
        for row in &rows {
            table.rows.extend(std::iter::repeat_n(row.clone(), 50));
        }
        for row in table.rows.iter_mut().skip(5).take(200) {
            if let Cell::Text(text) = &mut row[0] {
                *text = "x".repeat(32_000);
            }
        }
    }
    let page = drawn(&report);
    tags(&page);
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

/// The words of every heading, caption, fold, label and state of the page, in order.
fn outline(page: &str) -> String {
    let mut lines = String::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        let told = ["h1", "h2", "h3", "h4", "h5", "caption", "summary", "dt", "figcaption"];
        if !told.contains(&name.as_str()) {
            continue;
        }
        let end = rest.find(&format!("</{name}>")).unwrap_or(rest.len());
        let inside = &rest[end_of_tag(rest) + 1..end];
        let mut words = String::new();
        let mut tag = false;
        for c in inside.chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => words.push(c),
                _ => {}
            }
        }
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words: String = words.chars().take(160).collect();
        let _ = writeln!(lines, "{name} {words}");
    }
    lines
}

#[test]
fn the_outline_of_the_awkward_report_is_as_kept() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/render/html/outline.txt");
    let now = outline(&drawn(&sample::rich()));
    if std::env::var_os("MAILTRIAGE_BLESS").is_some_and(|v| v == "1") {
        std::fs::write(path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    let odd: Vec<_> = kept.lines().zip(now.lines()).filter(|(a, b)| a != b).take(3).collect();
    assert!(
        kept == now,
        "outline.txt differs; if the change is wanted, run this test with MAILTRIAGE_BLESS=1: {odd:#?}"
    );
}
