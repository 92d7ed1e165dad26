//! Ways of writing an export.

use super::export::{Cell, Export};
use mailtriage::model::Encoding;
use proptest::prelude::*;
use proptest::sample::select;

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Culture {
    Iso,
    /// Seven digits behind the second, as reports have them.
    Fine,
    American,
    /// With the narrow blank that newer libraries put before AM and PM.
    Narrow,
    German,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spelling {
    AsIs,
    Upper,
    Lower,
    Hyphens,
    Blanks,
}

/// How an export is written.
#[expect(clippy::struct_excessive_bools, reason = "each is a way of writing of its own")]
#[derive(Clone, Debug)]
pub(super) struct Clothes {
    /// Places by which the columns are sorted, and those of columns that nobody knows.
    pub(super) turn: Vec<u32>,
    pub(super) more: usize,
    pub(super) quoted: bool,
    pub(super) crlf: bool,
    pub(super) marked: bool,
    pub(super) encoding: Encoding,
    pub(super) delimiter: char,
    pub(super) preamble: &'static str,
    pub(super) spelling: Spelling,
    pub(super) culture: Culture,
    /// Empty cells as `""`.
    pub(super) null_quoted: bool,
}

pub(super) const PLAIN: Clothes = Clothes {
    turn: Vec::new(),
    more: 0,
    quoted: false,
    crlf: false,
    marked: false,
    encoding: Encoding::Utf8,
    delimiter: ',',
    preamble: "",
    spelling: Spelling::AsIs,
    culture: Culture::Iso,
    null_quoted: false,
};

pub(super) fn clothes() -> impl Strategy<Value = Clothes> {
    use Spelling::{AsIs, Blanks, Hyphens, Lower, Upper};
    (
        proptest::collection::vec(any::<u32>(), 32),
        0usize..3,
        any::<[bool; 4]>(),
        select(vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252]),
        select(vec![',', ';', '\t']),
        select(vec!["", "#TYPE Selected.Object", "\"#TYPE A.B, C\"", "sep="]),
        select(vec![AsIs, Upper, Lower, Hyphens, Blanks]),
        select(vec![Culture::Iso, Culture::American, Culture::Narrow, Culture::German]),
    )
        .prop_map(|(turn, more, flags, encoding, delimiter, preamble, spelling, culture)| {
            let [quoted, crlf, marked, null_quoted] = flags;
            let narrow = culture == Culture::Narrow && encoding == Encoding::Windows1252;
            Clothes {
                turn,
                more,
                quoted,
                crlf,
                marked: marked && encoding != Encoding::Windows1252,
                encoding,
                delimiter,
                preamble,
                spelling,
                culture: if narrow { Culture::American } else { culture },
                null_quoted,
            }
        })
}

fn time(micros: u64, culture: Culture) -> String {
    let (day, seconds) = (13 + micros / 86_400_000_000, micros / 1_000_000 % 86_400);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    let half = if hour < 12 { "AM" } else { "PM" };
    let twelve = format!("10/{day}/2026 {}:{minute:02}:{second:02}", (hour + 11) % 12 + 1);
    match culture {
        Culture::Iso => format!("2026-10-{day}T{clock}Z"),
        Culture::Fine => format!("2026-10-{day}T{clock}.{:06}0Z", micros % 1_000_000),
        Culture::American => format!("{twelve} {half}"),
        Culture::Narrow => format!("{twelve}\u{202f}{half}"),
        Culture::German => format!("{day}.10.2026 {clock}"),
    }
}

fn spelled(name: &str, spelling: Spelling) -> String {
    match spelling {
        Spelling::AsIs => name.to_owned(),
        Spelling::Upper => name.to_uppercase(),
        Spelling::Lower => name.to_lowercase(),
        Spelling::Hyphens => name.replace(['_', ' '], "-"),
        Spelling::Blanks => {
            let mut out = String::new();
            for c in name.replace('_', " ").chars() {
                if c.is_uppercase() && !out.is_empty() {
                    out.push(' ');
                }
                out.push(c);
            }
            out
        }
    }
}

/// Letters that Windows-1252 lacks, or that could be taken for UTF-8, made ones that it has.
pub(super) fn latin(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() || "éßÜö".contains(c) { c } else { 'ü' }).collect()
}

pub(super) fn write(export: &Export, clothes: &Clothes) -> Vec<u8> {
    let known = export.columns();
    let mut order: Vec<usize> = (0..known.len() + clothes.more).collect();
    order.sort_by_key(|at| clothes.turn.get(*at).copied().unwrap_or(0));
    let end = if clothes.crlf { "\r\n" } else { "\n" };
    let mut text = String::from(clothes.preamble);
    if clothes.preamble == "sep=" {
        text.push(clothes.delimiter);
    }
    if !text.is_empty() {
        text.push_str(end);
    }
    let mut line = |cells: Vec<Option<String>>| {
        let cells: Vec<String> = cells.into_iter().map(|c| written(c, clothes)).collect();
        text.push_str(&cells.join(&clothes.delimiter.to_string()));
        text.push_str(end);
    };
    let name = |at: usize| match known.get(at) {
        Some((name, _)) => spelled(name, clothes.spelling),
        None => format!("Ticket {at}"),
    };
    line(order.iter().map(|at| Some(name(*at))).collect());
    for record in &export.records {
        let value = |at: usize| match record.get(at) {
            Some(Cell::Text(text)) => Some(text.clone()),
            Some(Cell::Time(micros)) => Some(time(*micros, clothes.culture)),
            Some(Cell::Null) => None,
            None => Some("x, \"y\"; z".to_owned()),
        };
        line(order.iter().map(|at| value(*at)).collect());
    }
    if clothes.marked {
        text.insert(0, '\u{feff}');
    }
    match clothes.encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => text.into_bytes(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Windows1252 => text.chars().map(|c| u8::try_from(c).unwrap()).collect(),
    }
}

fn written(cell: Option<String>, clothes: &Clothes) -> String {
    let Some(cell) = cell else {
        return if clothes.null_quoted { "\"\"".into() } else { String::new() };
    };
    let special = |c: char| matches!(c, '"' | '\r' | '\n') || c == clothes.delimiter;
    if clothes.quoted || cell.contains(special) || cell.trim() != cell {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}
