//! Native charts, drawn from the cells of the tables.

use super::Book;
use super::grid::{FIRST_ROW, Place};
use super::look::{AMBER, BLUE, GREEN, GREY, NAVY, RED};
use crate::model::Outcome;
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartRange, ChartSolidFill, ChartType, Color, XlsxError,
};

/// Domains and layers shown as bars at most.
const BARS: u32 = 12;
/// Size of a cell's grid lines in charts.
const LINE: u32 = 0x00D9_DEE5;

/// Colours of outcomes: what arrived is calm, what did not is loud.
const fn colour(outcome: Outcome) -> u32 {
    match outcome {
        Outcome::Delivered => BLUE,
        Outcome::Relayed => 0x008F_B8DE,
        Outcome::Quarantined => AMBER,
        Outcome::Filtered => 0x00F2_C46D,
        Outcome::Failed => RED,
        Outcome::Pending => 0x00D9_8C82,
        Outcome::Dropped => 0x007B_241C,
        Outcome::Redirected => 0x00A7_C4A0,
        Outcome::Expanded => GREEN,
        Outcome::Recalled => 0x008E_7CC3,
        Outcome::Unknown => 0x00B4_BAC2,
    }
}

/// Charts on the sheets of their tables, to the right of them.
pub(super) fn beside_tables(book: &mut Book<'_>) -> Result<(), XlsxError> {
    let charts = [
        ("outcome_by_bucket", outcomes as fn(&Book<'_>) -> Option<Chart>),
        ("domains", domains),
        ("layers", layers),
    ];
    for (table, chart) in charts {
        let Some(place) = book.place(table).cloned() else { continue };
        let Some(mut chart) = chart(book) else { continue };
        chart.set_width(900).set_height(380);
        let sheet = book.workbook.worksheet_from_name(&place.sheet)?;
        sheet.set_column_width(place.behind(), 3)?;
        sheet.insert_chart(FIRST_ROW, place.behind() + 1, &chart)?;
    }
    Ok(())
}

impl Book<'_> {
    /// Where a table with rows lies.
    pub(super) fn place(&self, table: &str) -> Option<&Place> {
        self.places.iter().find(|p| p.table == table && p.rows > 0)
    }
}

/// Deliveries per time bucket, stacked by outcome; outcomes that nothing had are left out.
pub(super) fn outcomes(book: &Book<'_>) -> Option<Chart> {
    let place = book.place("outcome_by_bucket")?;
    let had = |outcome: Outcome| {
        book.answer.report.totals.outcome.iter().any(|(o, n)| *o == outcome && *n > 0)
    };
    let series = Outcome::ALL.iter().filter(|o| had(**o));
    let series = series.map(|o| (super::grid::header(o.as_str()), colour(*o)));
    timeline(place, &series.collect::<Vec<_>>(), "Deliveries by outcome")
}

/// Failing and held deliveries per time bucket.
pub(super) fn trouble(book: &Book<'_>) -> Option<Chart> {
    let place = book.place("outcome_by_bucket")?;
    let series = [("Held".to_owned(), AMBER), ("Failing".to_owned(), RED)];
    timeline(place, &series, "Failing and held deliveries over time (UTC)")
}

fn timeline(place: &Place, series: &[(String, u32)], title: &str) -> Option<Chart> {
    let mut chart = Chart::new(ChartType::ColumnStacked);
    let times = place.column("Bucket (UTC)")?;
    let there = series.iter().filter_map(|(h, colour)| Some((h, place.column(h)?, colour)));
    let there: Vec<_> = there.collect();
    if there.is_empty() {
        return None;
    }
    for (header, column, colour) in there {
        chart
            .add_series()
            .set_name(header.as_str())
            .set_categories(&range(place, times, place.last()))
            .set_values(&range(place, column, place.last()))
            .set_gap(20)
            .set_format(&mut filled(*colour));
    }
    titled(&mut chart, title);
    chart.x_axis().set_text_axis(true).set_num_format("mm-dd hh:mm").set_font(&small());
    // Some ten labels, however many buckets there are.
    let every = u16::try_from(place.rows.div_ceil(10)).unwrap_or(u16::MAX).max(1);
    chart.x_axis().set_label_interval(every).set_tick_interval(every);
    chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_num_format("#,##0").set_font(&small()).set_major_gridlines_line(&thin());
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&small());
    chart.set_alt_text(title);
    Some(chart)
}

/// The domains with most failing and held deliveries: senders, since they stand first.
pub(super) fn domains(book: &Book<'_>) -> Option<Chart> {
    let place = book.place("domains")?;
    let senders = book.answer.report.table("sender_domains").map_or(0, |t| t.rows.len());
    let shown = u32::try_from(senders).unwrap_or(BARS).min(BARS);
    let last = FIRST_ROW + shown.max(1) - 1;
    let title = "Sender domains with most failing and held deliveries";
    bars(place, "Domain", last, &[("Failing", RED), ("Held", AMBER)], title)
}

/// Failing and held deliveries by layer.
pub(super) fn layers(book: &Book<'_>) -> Option<Chart> {
    let place = book.place("layers")?;
    bars(
        place,
        "Layer",
        place.last(),
        &[("Deliveries", NAVY)],
        "Failing and held deliveries by layer",
    )
}

fn bars(
    place: &Place,
    names: &str,
    last: u32,
    series: &[(&str, u32)],
    title: &str,
) -> Option<Chart> {
    let mut chart = Chart::new(ChartType::BarStacked);
    let names = place.column(names)?;
    for (header, colour) in series {
        let column = place.column(header)?;
        chart
            .add_series()
            .set_name(*header)
            .set_categories(&range(place, names, last))
            .set_values(&range(place, column, last))
            .set_gap(40)
            .set_format(&mut filled(*colour));
    }
    titled(&mut chart, title);
    // Of bars the names are on the y axis; the first row stands at the top, the numbers below.
    chart.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max).set_font(&small());
    chart.y_axis().set_major_gridlines(false);
    chart.x_axis().set_num_format("#,##0").set_font(&small());
    chart.x_axis().set_major_gridlines(true).set_major_gridlines_line(&thin());
    if series.len() > 1 {
        chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&small());
    } else {
        chart.legend().set_hidden();
    }
    chart.set_alt_text(title);
    Some(chart)
}

fn range(place: &Place, column: u16, last: u32) -> ChartRange {
    ChartRange::new_from_range(&place.sheet, FIRST_ROW, column, last, column)
}

fn filled(colour: u32) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(colour))).set_no_border();
    format
}

fn titled(chart: &mut Chart, title: &str) {
    let mut font = ChartFont::new();
    font.set_size(12).set_bold().set_color(Color::RGB(NAVY));
    chart.title().set_name(title).set_font(&font);
    let mut format = ChartFormat::new();
    format.set_border(ChartLine::new().set_color(Color::RGB(LINE)));
    chart.chart_area().set_format(&mut format);
}

fn small() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_size(9).set_color(Color::RGB(GREY));
    font
}

fn thin() -> ChartLine {
    let mut line = ChartLine::new();
    line.set_color(Color::RGB(LINE)).set_width(0.5);
    line
}
