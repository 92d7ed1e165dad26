//! Colours, fonts and formats: all of them, so that the sheets look alike.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Dark blue of titles and headers.
pub(super) const NAVY: u32 = 0x001F_3A5F;
/// Accent of charts and links.
pub(super) const BLUE: u32 = 0x002F_6DB5;
/// Failing.
pub(super) const RED: u32 = 0x00C0_392B;
/// Held, at risk.
pub(super) const AMBER: u32 = 0x00E0_8E0B;
/// Clear.
pub(super) const GREEN: u32 = 0x002E_8B57;
/// What is not judged, notes.
pub(super) const GREY: u32 = 0x006B_7280;
/// Lines between rows.
const LINE: u32 = 0x00E3_E7EC;
/// Fill of labels.
const PALE: u32 = 0x00F3_F6FA;

/// How a cell sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Bad,
    Warn,
    Good,
    Dim,
}

impl Tone {
    /// (fill, ink): readable on paper without colour as well, since the words say the same.
    pub(super) const fn colours(self) -> (u32, u32) {
        match self {
            Self::Bad => (0x00FB_E3E0, 0x008E_1B10),
            Self::Warn => (0x00FD_F0D5, 0x007A_4B00),
            Self::Good => (0x00DF_F3E6, 0x0014_5A32),
            Self::Dim => (0x00EE_F0F3, 0x004B_525C),
        }
    }

    /// The tone of a word of the closed vocabularies (states, status, fates).
    pub(super) fn of(word: &str) -> Option<Self> {
        WORDS.iter().find(|(w, _)| *w == word).map(|(_, tone)| *tone)
    }
}

/// Words of states with their tones.
pub(super) const WORDS: &[(&str, Tone)] = &[
    ("failing", Tone::Bad),
    ("incident", Tone::Bad),
    ("ongoing", Tone::Bad),
    ("lost", Tone::Bad),
    ("risk", Tone::Warn),
    ("chronic", Tone::Warn),
    ("recovering", Tone::Warn),
    ("held", Tone::Warn),
    ("retrying", Tone::Warn),
    ("let_pass", Tone::Warn),
    ("clear", Tone::Good),
    ("ended", Tone::Good),
    ("not_observable", Tone::Dim),
    ("insufficient_data", Tone::Dim),
    ("info", Tone::Dim),
    ("unknown", Tone::Dim),
];

/// Number format of shares: what is there is never shown as 0.
const SHARE: &str = "[=0]0%;[<0.001]\"<0.1%\";0.0%";
const COUNT: &str = "#,##0";
const TIME: &str = "yyyy-mm-dd hh:mm:ss";

/// The formats.
pub(super) struct Look {
    pub(super) title: Format,
    pub(super) note: Format,
    pub(super) link: Format,
    pub(super) header: Format,
    pub(super) header_right: Format,
    pub(super) text: Format,
    pub(super) wrapped: Format,
    pub(super) id: Format,
    pub(super) count: Format,
    pub(super) share: Format,
    pub(super) time: Format,
    pub(super) heading: Format,
    pub(super) label: Format,
    pub(super) tile_label: Format,
    pub(super) plain: Format,
}

impl Look {
    pub(super) fn new() -> Self {
        let cell = || {
            Format::new()
                .set_align(FormatAlign::Top)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(Color::RGB(LINE))
        };
        let header = || {
            Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(NAVY))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
        };
        let title = Format::new().set_bold().set_font_color(Color::RGB(NAVY));
        Self {
            note: Format::new().set_font_color(Color::RGB(GREY)).set_align(FormatAlign::Top),
            link: Format::new().set_font_color(Color::RGB(BLUE)),
            header: header().set_align(FormatAlign::Left),
            header_right: header().set_align(FormatAlign::Right).set_indent(1),
            text: cell(),
            wrapped: cell().set_text_wrap(),
            id: cell().set_num_format("@"),
            count: cell().set_num_format(COUNT).set_align(FormatAlign::Right).set_indent(1),
            share: cell().set_num_format(SHARE).set_align(FormatAlign::Right).set_indent(1),
            time: cell().set_num_format(TIME).set_align(FormatAlign::Left),
            heading: title
                .clone()
                .set_font_size(13)
                .set_border_bottom(FormatBorder::Medium)
                .set_border_bottom_color(Color::RGB(NAVY)),
            title: title.set_font_size(16).set_align(FormatAlign::VerticalCenter),
            label: cell().set_background_color(Color::RGB(PALE)).set_bold(),
            tile_label: Format::new()
                .set_font_color(Color::RGB(GREY))
                .set_background_color(Color::RGB(PALE))
                .set_align(FormatAlign::Center),
            plain: Format::new().set_align(FormatAlign::Top).set_text_wrap(),
        }
    }

    /// A large number of the summary.
    pub(super) fn tile(tone: Option<Tone>, share: bool) -> Format {
        let ink = tone.map_or(NAVY, |tone| tone.colours().1);
        Format::new()
            .set_bold()
            .set_font_size(18)
            .set_font_color(Color::RGB(ink))
            .set_background_color(Color::RGB(PALE))
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_num_format(if share { SHARE } else { COUNT })
    }

    /// The sentence at the top of the summary.
    pub(super) fn banner(tone: Tone) -> Format {
        let (fill, ink) = tone.colours();
        Format::new()
            .set_bold()
            .set_font_size(14)
            .set_font_color(Color::RGB(ink))
            .set_background_color(Color::RGB(fill))
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap()
            .set_indent(1)
    }

    /// A cell that holds a word of a state.
    pub(super) fn toned(&self, word: &str) -> Format {
        let text = self.text.clone().set_align(FormatAlign::VerticalCenter);
        match Tone::of(word) {
            Some(tone) => {
                let (fill, ink) = tone.colours();
                text.set_bold()
                    .set_background_color(Color::RGB(fill))
                    .set_font_color(Color::RGB(ink))
            }
            None => text,
        }
    }
}
