//! Words of strangers on the page: inert, visible, apart from ours, and never endless.

use crate::render::safety;
use crate::render::words::number;
use maud::{Markup, Render, html};

/// Characters shown of a text before the rest is folded away.
pub(super) const SHORT: usize = 180;
/// Characters shown of a line of evidence before the rest is folded away: most are whole.
pub(super) const LINE: usize = 420;
/// Characters shown of a text at all; `report.json` and the tables hold it whole.
pub(super) const MOST: usize = 2000;

/// A stranger's words, isolated in their direction, at most so many characters of them.
pub(super) struct Strange<'a>(pub(super) &'a str, pub(super) usize);

impl Render for Strange<'_> {
    fn render_to(&self, buffer: &mut String) {
        let (head, rest) = clip(self.0, self.1);
        buffer.push_str("<bdi>");
        safety::html(buffer, head);
        if rest > 0 {
            buffer.push('…');
        }
        buffer.push_str("</bdi>");
    }
}

/// A stranger's words for an attribute.
pub(super) fn attribute(text: &str) -> String {
    let (head, rest) = clip(text, MOST);
    let mut safe = safety::terminal(head).into_owned();
    if rest > 0 {
        safe.push('…');
    }
    safe
}

/// A stranger's words for a mark in a chart.
pub(super) fn title(text: &str) -> String {
    let (head, rest) = clip(text, SHORT);
    let safe = safety::terminal(head);
    if rest > 0 { format!("{safe}…") } else { safe.into_owned() }
}

/// A stranger's words; what is long folds, and what is endless is cut and says so.
pub(super) fn folded(text: &str) -> Markup {
    folded_at(text, SHORT)
}

/// The same with so many characters that stand open.
pub(super) fn folded_at(text: &str, short: usize) -> Markup {
    let (_, rest) = clip(text, short);
    if rest == 0 {
        return html! { (Strange(text, short)) };
    }
    let (_, cut) = clip(text, MOST);
    html! {
        details.long {
            summary { span.head { (Strange(text, short)) } }
            div {
                (Strange(text, MOST))
                @if cut > 0 { " " span.dim { "[cut: " (number(cut)) " more characters]" } }
            }
        }
    }
}

/// The first `most` characters, and how many follow.
fn clip(text: &str, most: usize) -> (&str, u64) {
    match text.char_indices().nth(most) {
        Some((end, _)) => {
            let (head, tail) = text.split_at(end);
            (head, tail.chars().count() as u64)
        }
        None => (text, 0),
    }
}

/// A path, its folders set back.
pub(super) fn path(path: &str, line: Option<u64>) -> Markup {
    let (head, cut) = clip(path, SHORT);
    // A path that is too long is known by its end no more than by its begin.
    let split = if cut > 0 { 0 } else { head.rfind(['/', '\\']).map_or(0, |at| at + 1) };
    let (folder, name) = head.split_at(split);
    html! {
        span.path title=[(cut > 0).then(|| attribute(path))] {
            @if !folder.is_empty() { span.dim { (Strange(folder, SHORT)) } }
            (Strange(name, SHORT))
            @if cut > 0 { "…" }
            @if let Some(line) = line { ":" (line) }
        }
    }
}

/// Our own column and vocabulary names without underscores.
pub(super) fn plain(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_stand_as_they_are_and_endless_ones_are_cut() {
        assert_eq!(folded("a<b").into_string(), "<bdi>a&lt;b</bdi>");
        let long = folded(&"x".repeat(MOST + 1000)).into_string();
        assert!(long.contains("<details"), "{long}");
        assert!(long.contains("[cut: 1,000 more characters]"), "{long}");
        assert!(long.len() < MOST + 2 * SHORT + 200);
        assert!(!folded(&"x".repeat(MOST)).into_string().contains("[cut"));
    }

    #[test]
    fn a_path_shows_its_file() {
        let markup = path("exports/a b/trace.csv", Some(7)).into_string();
        assert!(
            markup.contains("<bdi>exports/a b/</bdi></span><bdi>trace.csv</bdi>:7"),
            "{markup}"
        );
        assert!(path(&"é/".repeat(300), None).into_string().contains("title="));
    }

    #[test]
    fn an_attribute_cannot_be_left() {
        let markup = html! { i title=(attribute("\" onload=x \u{202e}<")) {} }.into_string();
        assert_eq!(markup, "<i title=\"&quot; onload=x \\u{202e}&lt;\"></i>");
    }
}
