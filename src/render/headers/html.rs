//! Messages as one page for a browser: opens anywhere, loads nothing, runs nothing.
//!
//! The policy lets nothing in but the page's own style, by its hash; there is no script. One
//! message is its page; of several each is a line that unfolds to its page. They are written as
//! they come; beyond 2,000 they are only counted.

use super::page::{Shown, sections};
use super::parts::{Block, HopLine, Line, Section};
use super::table::verdict;
use super::verdict::tone;
use crate::model::view::Told;
use crate::model::{Instant, Seen, View};
use crate::render::safety;
use crate::render::terminal::page::Tone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Messages drawn at most: browsers grow slow beyond.
const MOST: u64 = 2000;

const STYLE: &str = include_str!("html.css");

/// A page under way.
pub struct Html {
    all: bool,
    /// The first message, until it is known whether it stays alone.
    first: Option<Box<(Seen, View, Told)>>,
    messages: u64,
    counts: BTreeMap<(usize, &'static str), u64>,
}

impl Html {
    /// An empty page; `all` lists every header and shortens nothing.
    pub fn new(all: bool) -> Self {
        Self { all, first: None, messages: 0, counts: BTreeMap::new() }
    }

    /// The next message is drawn; else it is only counted, and needs no view.
    pub fn draws_more(&self) -> bool {
        self.messages < MOST
    }

    /// Adds a message.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn message(
        &mut self,
        seen: Seen,
        view: View,
        told: Told,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (rank, word, _) = verdict(&told);
        *self.counts.entry((rank, word)).or_default() += 1;
        self.messages += 1;
        match self.messages {
            1 => {
                self.first = Some(Box::new((seen, view, told)));
                return Ok(());
            }
            2 => {
                out.write_all(head("messages").as_bytes())?;
                out.write_all(b"<div class=\"list\">")?;
                if let Some(first) = self.first.take() {
                    self.entry(&first.0, &first.1, &first.2, out)?;
                }
            }
            _ => {}
        }
        if self.messages <= MOST { self.entry(&seen, &view, &told, out) } else { Ok(()) }
    }

    /// Ends the page.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(first) = &self.first {
            let shown = Shown { seen: &first.0, view: &first.1, all: self.all };
            out.write_all(head(&first.0.file).as_bytes())?;
            out.write_all(message(&shown).into_string().as_bytes())?;
        } else if self.messages == 0 {
            out.write_all(head("no message").as_bytes())?;
            out.write_all(html! { p { "No message could be read." } }.into_string().as_bytes())?;
        } else {
            out.write_all(b"</div>")?;
            out.write_all(self.totals().into_string().as_bytes())?;
        }
        let version = env!("CARGO_PKG_VERSION");
        let foot = html! {
            footer { "Made by mailtriage " (version) ". This page loads nothing and sends nothing." }
        };
        out.write_all(b"</main>")?;
        out.write_all(foot.into_string().as_bytes())?;
        out.write_all(b"</body></html>\n")
    }

    fn totals(&self) -> Markup {
        let parts: Vec<String> =
            self.counts.iter().map(|((_, word), n)| format!("{n} {word}")).collect();
        html! {
            section {
                h2 { (self.messages) " messages" }
                p { (parts.join(", ")) }
                @if self.messages > MOST {
                    p.warn {
                        "Only the first " (MOST) " are shown; " (self.messages - MOST)
                        " more are counted here and stand in the output of --format jsonl and csv."
                    }
                }
            }
        }
    }

    fn entry(&self, seen: &Seen, view: &View, told: &Told, out: &mut dyn Write) -> io::Result<()> {
        let shown = Shown { seen, view, all: self.all };
        let (_, word, tone) = verdict(told);
        let facts = &seen.examined.facts;
        let date = facts.date.or(facts.received).map(Instant::rfc3339).unwrap_or_default();
        let mark = if told.claimed { "?" } else { "" };
        let markup = html! {
            details {
                summary {
                    span class=(class(tone)) { (word) (mark) }
                    span { (strange(facts.from.as_deref().unwrap_or_default())) }
                    span { (strange(facts.subject.as_deref().unwrap_or_default())) }
                    span.dim { (date.get(..16).unwrap_or(&date).replace('T', " ")) }
                }
                (message(&shown))
            }
        };
        out.write_all(markup.into_string().as_bytes())
    }
}

/// The page up to its content.
fn head(title: &str) -> String {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(STYLE.as_bytes()))
    );
    let title = safety::terminal(title).chars().take(120).collect::<String>();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { "mailtriage headers: " (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.top { b { "mailtriage" } " headers · times are UTC" }
                main { }
            }
        }
    };
    // What follows is written as it comes; the ends are written at the end.
    let text = markup.into_string();
    text.trim_end_matches("</main></body></html>").to_owned()
}

/// The page of one message.
fn message(shown: &Shown<'_>) -> Markup {
    html! {
        p.dim.mono { (strange(&shown.seen.file)) }
        h1 class=(class(tone(shown))) { (strange(&shown.view.sentence)) }
        @for section in sections(shown) { (drawn(&section)) }
    }
}

fn drawn(section: &Section) -> Markup {
    html! {
        section {
            @if !section.title.is_empty() { h2 { (section.title) } }
            @if !section.note.is_empty() { p.note { (strange(&section.note)) } }
            @for group in groups(&section.blocks) { (several(group, section.title)) }
        }
    }
}

/// Neighbours of one kind, which share a list.
fn groups(blocks: &[Block]) -> impl Iterator<Item = &[Block]> {
    blocks.chunk_by(|a, b| std::mem::discriminant(a) == std::mem::discriminant(b))
}

fn several(blocks: &[Block], title: &str) -> Markup {
    match blocks.first() {
        Some(Block::Field(..)) => html! {
            dl.facts { @for block in blocks { (one(block)) } }
        },
        Some(Block::Item(..)) => html! {
            ul.items { @for block in blocks { (one(block)) } }
        },
        Some(Block::Point(..)) => html! {
            ol.points.sources[title == "Sources"] { @for block in blocks { (one(block)) } }
        },
        Some(Block::Hop(_)) => html! {
            ol.hops { @for block in blocks { (one(block)) } }
        },
        _ => html! { @for block in blocks { (one(block)) } },
    }
}

fn one(block: &Block) -> Markup {
    match block {
        Block::Words(line) => html! { p { (words(line)) } },
        Block::Under(name) => html! { h3 { (strange(name)) } },
        Block::Field(name, line) => html! { dt { (strange(name)) } dd { (words(line)) } },
        Block::Item(written, meaning) => {
            let long = written.0.iter().map(|(_, text)| text.len()).sum::<usize>() > 34;
            html! {
                li.long[long || meaning.is_empty()] {
                    span.written { (words(written)) }
                    span { (words(meaning)) }
                }
            }
        }
        Block::Point(mark, tone, line) => html! {
            li { span class=(class(*tone)) { (mark) } span { (words(line)) } }
        },
        Block::Hop(hop) => hop_line(hop),
        Block::Across(text) => html! { p.across { (text) } },
    }
}

fn hop_line(hop: &HopLine) -> Markup {
    html! {
        li {
            span.n { (hop.number) }
            span { (hop.time) }
            span { (words(&hop.delay)) }
            span.hosts { (words(&hop.hosts)) }
            @if !hop.detail.is_empty() { span.detail { (words(&hop.detail)) } }
        }
    }
}

fn words(line: &Line) -> Markup {
    html! {
        @for (tone, text) in &line.0 {
            @if *tone == Tone::Plain { (strange(text)) }
            @else { bdi class=(class(*tone)) { (safety::terminal(text)) } }
        }
    }
}

/// A stranger's words: steering characters visible, their direction kept to themselves.
fn strange(text: &str) -> Markup {
    html! { bdi { (safety::terminal(text)) } }
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Dim | Tone::Link(_) => "dim",
        Tone::Strong => "strong",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    }
}

/// Base64 with padding (RFC 4648, 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4usize {
            let letter = LETTERS.get((bits >> (18 - 6 * place)) as usize & 63);
            let letter = letter.filter(|_| place <= group.len());
            text.push(letter.map_or('=', |l| char::from(*l)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::seen;
    use super::*;
    use crate::model::{Outcome, Placement};

    fn told() -> Told {
        Told {
            outcome: Outcome::Failed,
            placement: Placement::None,
            claimed: false,
            decider: String::new(),
        }
    }

    fn drawn(count: usize) -> String {
        let mut page = Html::new(true);
        let mut out = Vec::new();
        for number in 0..count {
            let mut seen = seen();
            seen.file = format!("{number}</script><img src=x onerror=alert(1)>\u{202e}");
            seen.examined.fields = vec![("X-Evil".into(), "\"><script>alert(1)</script>".into())];
            let view = View {
                sentence: "A <b>bold</b> claim.".into(),
                fields: vec![crate::model::view::FieldLine::default()],
                ..View::default()
            };
            page.message(seen, view, told(), &mut out).unwrap();
        }
        page.finish(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn strangers_write_text_and_nothing_else() {
        for count in [0, 1, 3] {
            let page = drawn(count);
            assert!(
                !page.contains("<script") && !page.contains("<img") && !page.contains("<b>bold")
            );
            assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'), "{count}");
            for tag in ["html", "body", "main", "head", "style"] {
                let of = |text: &str| page.matches(text).count();
                assert_eq!(of(&format!("<{tag}>")) + of(&format!("<{tag} ")), 1, "{count} {tag}");
                assert_eq!(of(&format!("</{tag}>")), 1, "{count} {tag}");
            }
            assert_eq!(page.matches("<details>").count(), if count > 1 { count } else { 0 });
        }
        assert!(drawn(3).contains("3 messages"));
    }

    #[test]
    fn the_policy_holds_the_hash_of_the_style() {
        let page = drawn(1);
        let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        let hash = base64(&Sha256::digest(style.as_bytes()));
        assert!(
            page.contains(&format!("style-src &#39;sha256-{hash}&#39;"))
                || page.contains(&format!("style-src 'sha256-{hash}'"))
        );
        assert!(!page.contains("style=\"") && !page.contains("http://"));
    }

    #[test]
    fn beyond_the_most_messages_are_counted() {
        let mut page = Html::new(false);
        let mut out = Vec::new();
        for _ in 0..MOST + 5 {
            page.message(seen(), View::default(), told(), &mut out).unwrap();
        }
        assert!(!page.draws_more());
        page.finish(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.matches("<details>").count() as u64, MOST);
        assert!(text.contains("2005 messages") && text.contains("; 5 more are counted"));
    }
}
