//! What can be read, and how it is recognised: for `mailtriage formats` and `docs/formats.md`.

use crate::model::FormatLine;
use std::io::{self, Write};

/// Writes the list for people.
pub fn text(formats: &[FormatLine], out: &mut dyn Write) -> io::Result<()> {
    for format in formats {
        writeln!(out, "{} ({}): {}", format.name, format.role, format.title)?;
        for line in wrapped(format.recognised, 92) {
            writeln!(out, "    {line}")?;
        }
        if !format.shows.is_empty() {
            writeln!(out, "    shows: {}", format.shows.join(", "))?;
        }
    }
    for (name, what) in PACKED {
        writeln!(out, "{name}: {what}")?;
    }
    Ok(())
}

/// Writes the list as JSON.
pub fn json(formats: &[FormatLine], out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, formats)?;
    out.write_all(b"\n")
}

/// Writes `docs/formats.md`.
pub fn markdown(formats: &[FormatLine], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Formats: what can be read, and how it is recognised\n")?;
    writeln!(
        out,
        "Made by `mailtriage formats --format md`. Content decides, never the name of a file. Case,\n\
         quotes, blanks, hyphens and underscores in the names of columns do not matter; columns may\n\
         stand in any order and among others; comma, semicolon or tab; UTF-8, UTF-16 or\n\
         Windows-1252. Whatever is told by its columns may come as JSON with the same names.\n"
    )?;
    writeln!(out, "| format | what it is | recognised by | layers it shows |\n|---|---|---|---|")?;
    for format in formats {
        let shows =
            if format.role == "evidence" { "-".to_owned() } else { format.shows.join(", ") };
        let FormatLine { name, title, recognised, .. } = format;
        writeln!(out, "| `{name}` | {title} | {} | {shows} |", recognised.replace('|', "\\|"))?;
    }
    writeln!(out, "\n## Packed\n")?;
    for (name, what) in PACKED {
        writeln!(out, "- `{name}`: {what}")?;
    }
    Ok(())
}

/// Archives and the like.
const PACKED: &[(&str, &str)] = &[
    (".gz, .zst", "a compressed file, read in place"),
    (
        ".zip, .tar, .tar.gz",
        "an archive: each member is an input of its own (ARCHIVE/member); nested one level; at most \
         50,000 members, at most 250 times its size",
    ),
    (".xlsx", "a workbook: each sheet is a table"),
];

/// Lines of at most `width` characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
