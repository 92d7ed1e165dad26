//! Colours and bars of columns, frozen headers, pages.

use super::grid::{FIRST_ROW, HEADER, Shape};
use super::look::{AMBER, BLUE, RED, Tone, WORDS};
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar,
    ConditionalFormatType, Format, Worksheet, XlsxError,
};

/// Colours and bars.
pub(super) fn conditions(
    sheet: &mut Worksheet,
    shape: Shape,
    first: u32,
    last: u32,
    column: u16,
) -> Result<(), XlsxError> {
    let bar = |colour: u32| {
        ConditionalFormatDataBar::new()
            .set_fill_color(Color::RGB(colour))
            .set_solid_fill(true)
            .set_border_off(true)
    };
    let share = |colour| {
        bar(colour)
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, 1)
    };
    match shape {
        Shape::State => {
            for (word, tone) in WORDS {
                sheet.add_conditional_format(first, column, last, column, &state(word, *tone))?;
            }
        }
        Shape::Share => {
            sheet.add_conditional_format(first, column, last, column, &share(light(BLUE)))?;
        }
        Shape::BadShare => {
            sheet.add_conditional_format(first, column, last, column, &share(light(RED)))?;
        }
        Shape::BadCount => {
            sheet.add_conditional_format(first, column, last, column, &bar(light(AMBER)))?;
        }
        _ => {}
    }
    Ok(())
}

fn state(word: &str, tone: Tone) -> ConditionalFormatCell {
    let (fill, ink) = tone.colours();
    let format = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(fill))
        .set_font_color(Color::RGB(ink));
    ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::EqualTo(word))
        .set_format(format)
}

/// A lighter shade, so that the number on a bar can be read.
fn light(colour: u32) -> u32 {
    let paler = |shift: u32| ((((colour >> shift) & 0xFF) + 0xFF * 2) / 3) << shift;
    paler(16) | paler(8) | paler(0)
}

/// Frozen header, print set-up; of `(printed, last)` column the first is the last on paper.
pub(super) fn around(
    sheet: &mut Worksheet,
    last_row: u32,
    (printed, last): (u16, u16),
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(FIRST_ROW, 1)?;
    sheet.set_screen_gridlines(false);
    page(sheet);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEADER, HEADER)?;
    sheet.set_print_area(0, 0, last_row, printed)?;
    if printed < last {
        let some = format!(" (the first {} of {} columns)", printed + 1, last + 1);
        sheet.set_footer(footer(&some));
    }
    Ok(())
}

/// Page set-up that all sheets share: A4 landscape, numbered.
pub(super) fn page(sheet: &mut Worksheet) {
    sheet.set_paper_size(9).set_landscape();
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3);
    sheet.set_footer(footer(""));
}

fn footer(behind_the_name: &str) -> String {
    format!("&L&8mailtriage&C&8&A{behind_the_name}&R&8&P / &N")
}
