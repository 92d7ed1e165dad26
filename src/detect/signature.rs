//! Kinds of file that are told by their first bytes and not read.

use super::Miss;
use memchr::memmem;

/// `(first bytes, what it is, what to do)`.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", "unpack it first"),
    (b"Rar!\x1A\x07", "a RAR archive", "unpack it first"),
    (b"BZh", "a bzip2 file", "unpack it first"),
    (b"\xFD7zXZ\0", "an xz file", "unpack it first"),
    (b"%PDF-", "a PDF", "export the data itself as CSV"),
    (b"PAR1", "a Parquet file", "give the export it was made from"),
    (b"SQLite format 3\0", "an SQLite database", "give the export it was made from"),
    (b"!BDN", "an Outlook data file (.pst or .ost)", "save the messages in it as .eml files"),
];

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Archives, workbooks and the like.
pub(super) fn container(bytes: &[u8]) -> Option<Miss> {
    let has = |needle: &[u8]| memmem::find(bytes, needle).is_some();
    let (what, mend) = if bytes.starts_with(ZIP) || bytes.starts_with(b"PK\x05\x06") {
        if has(b"xl/") {
            ("an Excel workbook (.xlsx)", "save it as \"CSV UTF-8\" in Excel")
        } else if has(b"word/") {
            ("a Word document (.docx)", "give the export itself, as CSV")
        } else {
            ("a ZIP archive", "unpack it; if it is a workbook, save it as \"CSV UTF-8\"")
        }
    } else if bytes.starts_with(OLE) {
        // Names of streams stand in the file as UTF-16.
        if has(b"W\0o\0r\0k\0b\0o\0o\0k\0") {
            ("an old Excel workbook (.xls)", "save it as \"CSV UTF-8\" in Excel")
        } else {
            (
                "an Outlook message (.msg) or another OLE file",
                "save the message as .eml, or export the workbook as CSV",
            )
        }
    } else {
        let hit = MAGIC.iter().find(|(magic, ..)| bytes.starts_with(magic))?;
        (hit.1, hit.2)
    };
    Some(Miss::Kind { what, mend })
}

/// HTML and XML.
pub(super) fn markup(text: &[u8]) -> Option<Miss> {
    let text = text.trim_ascii_start();
    let start: Vec<u8> = text.iter().take(2048).map(u8::to_ascii_lowercase).collect();
    let has = |needle: &[u8]| memmem::find(&start, needle).is_some();
    let (what, mend) = match start.as_slice() {
        [b'<', b'!' | b'?' | b'a'..=b'z', ..] if has(b"<html") || has(b"<!doctype html") => (
            "a web page (HTML), often a sign-in page saved in place of the export",
            "sign in and download the export again",
        ),
        [b'<', b'?' | b'!' | b'a'..=b'z', ..] => ("XML", "export the data as CSV"),
        _ => return None,
    };
    Some(Miss::Kind { what, mend })
}

/// JSON that holds no records.
pub(super) fn empty_json(text: &[u8]) -> Option<Miss> {
    let [b'{' | b'[', rest @ ..] = text.trim_ascii_start() else { return None };
    // Not the section name of an INI file.
    let first = rest.trim_ascii_start().first();
    matches!(first, None | Some(b'"' | b'{' | b'[' | b'}' | b']')).then_some(Miss::Kind {
        what: "JSON without records",
        mend: "export again with a wider window; one record needs its names",
    })
}
