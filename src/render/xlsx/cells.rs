//! One cell: what is written, how wide and how high it is.

use super::Look;
use super::grid::{Shape, Value};
use crate::model::time::DAY;
use crate::model::{Clock, Instant};
use crate::render::safety;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

/// Day number of 1970-01-01 in a workbook, and of the first day that all programs agree on
/// (1900-03-01; Excel believes in 29 February 1900).
const EPOCH: i64 = 25_569;
const FIRST_DAY: i64 = 61 - EPOCH;
/// 9999-12-31.
const LAST_DAY: i64 = 2_958_465 - EPOCH;

/// Writes a value; its width in characters, and the lines it takes.
pub(super) fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value<'_>,
    shape: Shape,
    local: Option<&dyn Clock>,
    look: &Look,
) -> Result<(usize, usize), XlsxError> {
    match value {
        Value::Empty => {
            sheet.write_blank(row, column, format_of(shape, look))?;
            Ok((0, 1))
        }
        Value::Text(text) => {
            let text = safety::workbook_cell(text);
            let (width, lines) = extent(&text, shape);
            sheet.write_string_with_format(row, column, &*text, format_of(shape, look))?;
            Ok((width, lines))
        }
        Value::Count(n) => {
            sheet.write_number_with_format(row, column, *n as f64, &look.count)?;
            let digits = n.checked_ilog10().unwrap_or(0) as usize + 1;
            Ok((digits + digits / 3 + 2, 1))
        }
        Value::Share(share) if share.is_finite() => {
            sheet.write_number_with_format(row, column, *share, &look.share)?;
            Ok((8, 1))
        }
        // A share that is no number is as unknown as no share.
        Value::Share(_) => {
            sheet.write_blank(row, column, &look.share)?;
            Ok((0, 1))
        }
        Value::Time(at) => {
            let shown = local.map_or(*at, |clock| Instant(clock.shows(*at)));
            if let Some(day) = serial(shown) {
                sheet.write_number_with_format(row, column, day, &look.time)?;
            } else {
                // Beyond what a workbook can count: the same as text.
                let text = shown.rfc3339();
                let text = if local.is_some() { text.trim_end_matches('Z') } else { &text };
                sheet.write_string_with_format(row, column, text, &look.text)?;
            }
            Ok((20, 1))
        }
    }
}

fn format_of(shape: Shape, look: &Look) -> &Format {
    match shape {
        Shape::Text | Shape::State => &look.text,
        Shape::Wrapped(_) => &look.wrapped,
        Shape::Id => &look.id,
        Shape::Count | Shape::BadCount => &look.count,
        Shape::Share | Shape::BadShare => &look.share,
        Shape::Time => &look.time,
    }
}

/// Width of a text in characters, and the lines it takes where it is wrapped.
fn extent(text: &str, shape: Shape) -> (usize, usize) {
    // No column is wider, so that a long text need not be measured to its end.
    let wide = |t: &str| if t.is_ascii() || t.len() > 4000 { t.len() } else { t.width() };
    let Shape::Wrapped(room) = shape else { return (wide(text), 1) };
    let room = usize::from(room.max(1));
    let lines = text.split('\n').map(|line| wide(line).div_ceil(room).max(1)).sum();
    (text.split('\n').map(wide).max().unwrap_or(0), lines)
}

pub(super) fn column_width(shape: Shape, widest: usize) -> f64 {
    let (least, most) = match shape {
        Shape::Wrapped(most) => (14, usize::from(most)),
        Shape::Time => (20, 34),
        Shape::Id => (10, 68),
        Shape::State => (14, 22),
        Shape::Count | Shape::BadCount | Shape::Share | Shape::BadShare => (10, 26),
        Shape::Text => (10, 46),
    };
    (widest + 1).clamp(least, most) as f64
}

/// Day number of a workbook; `None` where it has none.
pub(super) fn serial(at: Instant) -> Option<f64> {
    let day = at.day();
    // Milliseconds are what a workbook can hold of a second.
    let millis = at.0.rem_euclid(DAY) / 1000;
    (FIRST_DAY..=LAST_DAY)
        .contains(&day)
        .then(|| (day + EPOCH) as f64 + millis as f64 / 86_400_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_a_workbook() {
        let at = |y, m, d, h| Instant::from_civil(y, m, d, h, 0, 0, 0).unwrap();
        assert_eq!(serial(at(1970, 1, 1, 0)), Some(25_569.0));
        assert_eq!(serial(at(2026, 11, 16, 12)), Some(46_342.5));
        assert_eq!(serial(at(1900, 3, 1, 0)), Some(61.0));
        assert_eq!(serial(at(1900, 2, 28, 23)), None);
        assert_eq!(serial(at(9999, 12, 31, 0)), Some(2_958_465.0));
        assert_eq!(serial(Instant(i64::MAX)), None);
        assert_eq!(serial(Instant(i64::MIN)), None);
    }

    #[test]
    fn wrapped_cells_are_measured() {
        assert_eq!(extent("abc", Shape::Text), (3, 1));
        assert_eq!(extent("会議", Shape::Text), (4, 1));
        assert_eq!(extent("ab\ncdefg", Shape::Wrapped(2)), (5, 4));
        assert_eq!(extent("", Shape::Wrapped(0)), (0, 1));
    }
}
