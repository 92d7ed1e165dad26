//! The page of one message as sections, for whoever draws it.

use super::parts::{Block, Line, Section, Sources};
use super::{auth, stamps, verdict, way};
use crate::model::view::Group;
use crate::model::{Seen, View};
use crate::render::terminal::page::Tone;

/// What the page is drawn from.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) seen: &'a Seen,
    pub(super) view: &'a View,
    /// Nothing is shortened, and every header is listed.
    pub(super) all: bool,
}

/// The sections that have anything in them, in the order in which they are read.
pub(super) fn sections(shown: &Shown<'_>) -> Vec<Section> {
    let mut sources = Sources::default();
    let mut all = vec![
        verdict::head(shown),
        verdict::remarks(shown),
        verdict::steps(shown),
        auth::section(shown, &mut sources),
        way::section(shown),
        stamps::own(shown, &mut sources),
        stamps::renamed(shown, &mut sources),
        stamps::exchange(shown, &mut sources),
        stamps::gateways(shown, &mut sources),
    ];
    if shown.all {
        all.push(fields(shown, &mut sources));
    }
    all.push(sources.section());
    all.retain(|section| !section.blocks.is_empty());
    all
}

/// Every header field, by group.
fn fields(shown: &Shown<'_>, sources: &mut Sources) -> Section {
    let fields = &shown.seen.examined.fields;
    let mut section = Section::new("Every header", format!("{} fields, by group", fields.len()));
    for group in Group::ALL {
        let lines = || {
            let both = fields.iter().zip(&shown.view.fields);
            both.filter(|(_, line)| line.group == *group)
        };
        if lines().next().is_none() {
            continue;
        }
        section.blocks.push(Block::Under(format!("{} ({})", group.words(), lines().count())));
        for ((name, value), line) in lines() {
            let written = Line::of(Tone::Strong, name.clone())
                .and(Tone::Dim, ": ")
                .more(value.trim().to_owned());
            section.blocks.push(Block::Item(written, sources.cite(&line.reading)));
        }
    }
    section
}
