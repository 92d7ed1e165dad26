//! Workbooks that somebody saved an export as: each sheet becomes a table.
//!
//! Cells come as text: numbers without exponent, times in ISO form without zone (a workbook knows
//! none), truth values as PowerShell writes them. A row keeps its number as line.

use super::{LIMITS, List};
use calamine::{DataRef, Reader, Xlsx};
use csv::{QuoteStyle, WriterBuilder};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

/// Takes the sheets that hold something.
pub(super) fn list(list: &mut List<'_>, folder: &Path) -> Result<(), String> {
    let unreadable = |why: String| {
        format!("is no workbook that can be read ({why}); save it as \"CSV UTF-8\" in Excel")
    };
    let mut book: Xlsx<BufReader<File>> =
        Xlsx::new(BufReader::new(list.file()?)).map_err(|error| unreadable(error.to_string()))?;
    let most = LIMITS.most(list.input.bytes);
    for sheet in book.sheet_names() {
        let mut file = tempfile::NamedTempFile::new_in(folder)
            .map_err(|error| format!("cannot be unpacked: {error}"))?;
        let written = write(&mut book, &sheet, &mut file, most);
        let bytes = match written {
            Ok(bytes) => bytes,
            Err(why) => {
                list.refuse(&sheet, unreadable(why));
                continue;
            }
        };
        if bytes == 0 {
            continue;
        }
        let (_, path) = file.keep().map_err(|error| format!("cannot be unpacked: {error}"))?;
        if let Some(mut input) = list.member(&sheet.replace('/', "_"), bytes, Vec::new()) {
            input.path = path;
            list.out.inputs.push(input);
        }
    }
    Ok(())
}

/// Writes a sheet as CSV; returns its bytes.
fn write(
    book: &mut Xlsx<BufReader<File>>,
    sheet: &str,
    file: &mut impl Write,
    most: u64,
) -> Result<u64, String> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| error.to_string())?;
    let out = Counted { out: BufWriter::new(file), left: most, written: 0 };
    let mut table = Table { out, line: 0, width: 0, row: Vec::new(), number: None };
    while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        let Some(text) = text(cell.get_value()) else { continue };
        table.cell(row, column, text).map_err(|error| error.to_string())?;
    }
    table.finish().map_err(|error| error.to_string())
}

/// Rows on their way to the file.
struct Table<W: Write> {
    out: Counted<W>,
    /// Lines written.
    line: u32,
    /// Cells of the first row.
    width: usize,
    row: Vec<String>,
    number: Option<u32>,
}

impl<W: Write> Table<W> {
    fn cell(&mut self, row: u32, column: u32, text: String) -> io::Result<()> {
        if self.number.is_some_and(|number| number != row) {
            self.end_row()?;
        }
        self.number = Some(row);
        let column = column as usize;
        if self.row.len() <= column {
            self.row.resize(column + 1, String::new());
        }
        self.row[column] = text;
        Ok(())
    }

    fn end_row(&mut self) -> io::Result<()> {
        let Some(number) = self.number.take() else { return Ok(()) };
        for _ in self.line..number {
            self.out.write_all(b"\n")?;
        }
        self.width = if self.width == 0 { self.row.len() } else { self.width };
        self.row.resize(self.row.len().max(self.width), String::new());
        let mut line =
            WriterBuilder::new().quote_style(QuoteStyle::Necessary).from_writer(Vec::new());
        line.write_record(&self.row)?;
        let line = line.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        self.out.write_all(&line)?;
        self.line = number + 1;
        self.row.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<u64> {
        self.end_row()?;
        self.out.out.flush()?;
        Ok(self.out.written)
    }
}

/// Counts bytes, and fails above a limit.
struct Counted<W> {
    out: W,
    left: u64,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.written += n as u64;
        match self.left.checked_sub(n as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(LIMITS.bomb())),
        }
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A cell as the text an export would hold; `None` for an empty one.
fn text(cell: &DataRef<'_>) -> Option<String> {
    let one_line = |text: &str| text.replace("\r\n", " ").replace(['\r', '\n'], " ");
    Some(match cell {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        DataRef::Float(n) => n.to_string(),
        DataRef::String(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Bool(true) => "True".to_owned(),
        DataRef::Bool(false) => "False".to_owned(),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
            let whole = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
            if milli == 0 { whole } else { format!("{whole}.{milli:03}") }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => return None,
    })
}
