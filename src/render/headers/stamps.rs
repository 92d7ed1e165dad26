//! Sections about the stamps: the organisation's own, renamed copies apart, other gateways'.

use super::page::Shown;
use super::parts::{Block, Line, Section, Sources};
use crate::model::remark::GatewayStamp;
use crate::model::view::{StampLine, Standing};
use crate::render::terminal::page::Tone;

/// Longest value shown in a line where not everything is asked for, characters.
const SHORT: usize = 60;

/// The filter's own stamps, or what claims to be that.
pub(super) fn own(shown: &Shown<'_>, sources: &mut Sources) -> Section {
    let trusted = shown.seen.examined.facts.stamps.trusted;
    let note = if trusted {
        "believed: there is a genuine border of trust".to_owned()
    } else {
        "not believed: there is no border of trust".to_owned()
    };
    let mut section = Section::new("What Microsoft's filter wrote", note);
    let of = |standing| move |line: &&StampLine| line.standing == standing;
    let main = if trusted { Standing::Own } else { Standing::Claim };
    items(&mut section, shown.view.stamps.iter().filter(of(main)), shown.all, sources);
    if trusted {
        let mut rest = shown.view.stamps.iter().filter(of(Standing::Claim)).peekable();
        if rest.peek().is_some() {
            section.blocks.push(Block::Words(Line::of(
                Tone::Warn,
                "Further copies of the same headers; the topmost counts:",
            )));
            items(&mut section, rest, shown.all, sources);
        }
    }
    section
}

/// Renamed copies: another organisation's word.
pub(super) fn renamed(shown: &Shown<'_>, sources: &mut Sources) -> Section {
    let note = if shown.seen.examined.facts.stamps.trusted {
        "came in with the message and was renamed: another organisation's word, or a forgery"
    } else {
        "named as if it had come in with the message; anybody may have written it"
    };
    let mut section = Section::new("What the stamps of others say", note);
    let of = |line: &&StampLine| line.standing == Standing::Renamed;
    items(&mut section, shown.view.stamps.iter().filter(of), shown.all, sources);
    section
}

/// Headers of Exchange beside the filter.
pub(super) fn exchange(shown: &Shown<'_>, sources: &mut Sources) -> Section {
    let mut section = Section::new("What Exchange wrote", "");
    for line in &shown.view.exchange {
        let mut written = Line::plain(line.header.clone()).and(Tone::Dim, ": ");
        written = written.and(Tone::Strong, short(&line.value, shown.all));
        if line.standing == Standing::Claim && shown.seen.examined.facts.stamps.trusted {
            written = written.and(Tone::Dim, "  (may come from the sender)");
        }
        section.blocks.push(Block::Item(written, sources.cite(&line.reading)));
    }
    let there = |header: &str| {
        let same = |line: &StampLine| line.header.eq_ignore_ascii_case(header);
        shown.view.exchange.iter().any(same) || shown.view.stamps.iter().any(same)
    };
    let more = shown.seen.gateways.iter().filter(|stamp| stamp.product == EXCHANGE);
    for stamp in more.filter(|stamp| !there(&stamp.header)) {
        section.blocks.push(gateway(stamp, shown.all, sources));
    }
    section
}

/// Product under which headers of the service beside the typed stamps are listed.
const EXCHANGE: &str = "Exchange Online";

fn gateway(stamp: &GatewayStamp, all: bool, sources: &mut Sources) -> Block {
    let tone = match stamp.bad {
        Some(true) => Tone::Bad,
        Some(false) => Tone::Good,
        None => Tone::Strong,
    };
    let written =
        Line::plain(stamp.header.clone()).and(Tone::Dim, ": ").and(tone, short(&stamp.value, all));
    let mark = sources.mark(&stamp.source, "documented");
    Block::Item(written, Line::plain(stamp.meaning.clone()).and(Tone::Dim, mark))
}

/// Stamps of other gateways and mail systems.
pub(super) fn gateways(shown: &Shown<'_>, sources: &mut Sources) -> Section {
    let note = "anybody can write these: clues, never a reason";
    let mut section = Section::new("What other gateways wrote", note);
    let mut product = "";
    for stamp in shown.seen.gateways.iter().filter(|stamp| stamp.product != EXCHANGE) {
        if stamp.product != product {
            section.blocks.push(Block::Under(stamp.product.clone()));
            product = &stamp.product;
        }
        section.blocks.push(gateway(stamp, shown.all, sources));
    }
    section
}

fn items<'a>(
    section: &mut Section,
    lines: impl Iterator<Item = &'a StampLine>,
    all: bool,
    sources: &mut Sources,
) {
    let mut header = "";
    let mut unset: Vec<&str> = Vec::new();
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        if !line.header.eq_ignore_ascii_case(header) {
            header = &line.header;
            section.blocks.push(Block::Under(line.header.clone()));
        }
        // Flags that are not set say nothing one by one.
        let flag = line.value == "0" && line.key.chars().all(|c| c.is_ascii_lowercase());
        if flag && !all && !line.key.is_empty() {
            unset.push(&line.key);
        } else {
            section.blocks.push(item(line, all, sources));
        }
        let last = lines.peek().is_none_or(|next| !next.header.eq_ignore_ascii_case(header));
        if last && !unset.is_empty() {
            let written = Line::plain(format!("not set: {}", unset.join(", ")));
            section.blocks.push(Block::Item(written, Line::default()));
            unset.clear();
        }
    }
}

fn item(line: &StampLine, all: bool, sources: &mut Sources) -> Block {
    let tone = match line.bad {
        Some(true) => Tone::Bad,
        Some(false) => Tone::Good,
        None => Tone::Strong,
    };
    let mut written = Line::default();
    if !line.key.is_empty() {
        written = written.and(Tone::Plain, format!("{}:", line.key));
    }
    written = written.and(tone, short(&line.value, all));
    let meaning = if line.unknown {
        Line::of(Tone::Warn, "not known to mailtriage; kept as written")
    } else {
        sources.cite(&line.reading)
    };
    Block::Item(written, meaning)
}

/// A value as it is shown: long ones are cut, with what is left out counted.
pub(super) fn short(value: &str, all: bool) -> String {
    if all {
        return value.to_owned();
    }
    let Some((end, _)) = value.char_indices().nth(SHORT) else { return value.to_owned() };
    let left = value[end..].chars().count();
    format!("{}... ({left} more characters)", &value[..end])
}
