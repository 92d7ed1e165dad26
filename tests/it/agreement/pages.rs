//! Pages for people, HTML and Markdown: the numbers that a reader sees on them.

use serde_json::Value;
use std::collections::BTreeSet;

/// Output, file, and how its text is got at.
type Page = (&'static str, &'static str, fn(&str) -> String);

/// Pages for people.
pub(super) const PAGES: &[Page] =
    &[("html", "report.html", text_of_html), ("markdown", "report.md", str::to_owned)];

/// What a reader sees: no tags, no scripts, no styles.
fn text_of_html(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, behind)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let hidden = ["script", "style"].iter().find(|tag| behind.starts_with(**tag));
        let end = hidden.map_or_else(|| ">".to_owned(), |tag| format!("</{tag}>"));
        rest = behind.split_once(&end).map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Numbers that a text shows, thousands separators taken off; a per cent sign stays.
fn numbers_in(text: &str) -> BTreeSet<String> {
    let digit = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '%');
    text.split(|c| !digit(c))
        .map(|word| word.replace(',', "").trim_end_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// A share as people see it: one decimal, what is there is never 0.
fn percent(share: f64) -> String {
    match share * 100.0 {
        p if p <= 0.0 => "0%".to_owned(),
        p if p < 0.1 => "0.1%".to_owned(),
        p if p >= 100.0 => "100%".to_owned(),
        p if p > 99.9 => "99.9%".to_owned(),
        p => format!("{p:.1}%"),
    }
}

/// What a page for people must show and does not: totals, layers with deliveries, and of each
/// finding whose title it names the deliveries and the share.
pub(super) fn missing_in(json: &Value, page: &str) -> Vec<String> {
    let shown = numbers_in(page);
    let mut missing = Vec::new();
    let mut want = |what: String, number: String| {
        if !shown.contains(&number) {
            missing.push(format!("{what} {number}"));
        }
    };
    let totals = &json["totals"];
    want("deliveries".into(), json["input"]["deliveries"].to_string());
    for key in ["failing", "held"] {
        want(key.into(), totals[key].to_string());
        let share = totals[format!("{key}_share")].as_f64().unwrap();
        want(format!("{key} share"), percent(share));
    }
    for layer in json["layers"].as_array().unwrap() {
        let name = layer["layer"].as_str().unwrap();
        if layer["deliveries"] != 0 {
            want(name.to_owned(), layer["deliveries"].to_string());
        }
    }
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = flat(page);
    let mut named = 0;
    let findings = json["findings"].as_array().unwrap();
    for finding in findings {
        let title: String = flat(finding["title"].as_str().unwrap()).chars().take(40).collect();
        if page.contains(&title) {
            named += 1;
            want(title.clone(), finding["deliveries"].to_string());
            want(title, percent(finding["share"].as_f64().unwrap()));
        }
    }
    if named == 0 && !findings.is_empty() {
        missing.push("any finding".to_owned());
    }
    missing
}

#[test]
fn what_a_page_does_not_show_is_seen() {
    let json = serde_json::json!({
        "input": {"deliveries": 95_000},
        "totals": {"failing": 1620, "held": 5800, "failing_share": 0.017_156, "held_share": 0.061_421},
        "layers": [{"layer": "dns_auth", "deliveries": 1234}, {"layer": "service", "deliveries": 0}],
        "findings": [{"title": "Mail is refused", "deliveries": 1200, "share": 0.621_234}],
    });
    let page = "<style>p{width:1%}</style><p>95,000 deliveries, <b>1,620</b> failing (1.7%), 5,800 held (6.1%)</p>\
                <td>DNS</td><td>1,234</td><h3>Mail\n is refused</h3> 1,200 deliveries, 62.1%.";
    assert_eq!(missing_in(&json, &text_of_html(page)), Vec::<String>::new());
    let wrong = page.replace("1,620", "1,621").replace("62.1%", "62.2%").replace("1,234", "");
    assert_eq!(missing_in(&json, &text_of_html(&wrong)).len(), 3);
    assert_eq!(missing_in(&json, "").len(), 7, "and not one finding");
}
