//! The properties of one storage.

use super::File;
use crate::model::Instant;
use std::collections::BTreeMap;
use std::io::Read;

/// Longest text that is kept, bytes as stored. Internet headers stay far below.
const LONGEST: usize = 4 << 20;

/// 100 nanoseconds between 1601 and 1970.
const EPOCH: u64 = 116_444_736_000_000_000;

/// A compound file, and how much of it may still be read.
pub(super) struct Storage<'f, 'b> {
    pub(super) file: &'f mut File<'b>,
    pub(super) left: usize,
}

impl Storage<'_, '_> {
    /// Paths of the storages below `path` whose name begins so, in order.
    pub(super) fn children(&self, path: &str, begin: &str) -> Vec<String> {
        let Ok(entries) = self.file.read_storage(path) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .filter(|entry| entry.is_storage() && entry.name().starts_with(begin))
            .map(|entry| format!("{}/{}", path.trim_end_matches('/'), entry.name()))
            .collect();
        names.sort();
        names
    }

    fn stream(&mut self, path: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Ok(stream) = self.file.open_stream(path) {
            let most = self.left.min(LONGEST) as u64;
            // What breaks off gives what stands before.
            let _ = stream.take(most).read_to_end(&mut bytes);
            self.left -= bytes.len();
        }
        bytes
    }
}

/// The properties that matter, by id.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) texts: BTreeMap<u16, String>,
    pub(super) ints: BTreeMap<u16, i32>,
    pub(super) times: BTreeMap<u16, Instant>,
}

/// Texts that are read: see [MS-OXPROPS].
const TEXTS: &[u16] = &[
    0x001A, 0x0037, 0x0042, 0x0065, 0x007D, 0x0C1A, 0x0C1B, 0x0C1E, 0x0C1F, 0x0E03, 0x0E04, 0x1000,
    0x1001, 0x1035, 0x1042, 0x3001, 0x3003, 0x3704, 0x3707, 0x39FE, 0x5D01, 0x5D02,
];

/// Reads the storage at `path`; no texts without a code page.
pub(super) fn bag(
    storage: &mut Storage<'_, '_>,
    path: &str,
    header: usize,
    codepage: Option<u16>,
) -> Kept {
    let mut kept = Kept::default();
    let base = path.trim_end_matches('/');
    let Some(codepage) = codepage else {
        let fixed = storage.stream(&format!("{base}/__properties_version1.0"));
        read_fixed(&fixed, header, &mut kept);
        return kept;
    };
    let fixed = storage.stream(&format!("{base}/__properties_version1.0"));
    read_fixed(&fixed, header, &mut kept);
    for id in TEXTS {
        let wide = format!("{base}/__substg1.0_{id:04X}001F");
        let narrow = format!("{base}/__substg1.0_{id:04X}001E");
        let text = if storage.file.is_stream(&wide) {
            let bytes = storage.stream(&wide);
            let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        } else if storage.file.is_stream(&narrow) {
            narrow_text(&storage.stream(&narrow), codepage)
        } else {
            continue;
        };
        let text: String = text;
        kept.texts.insert(*id, text.trim_end_matches('\0').to_owned());
    }
    kept
}

/// 8-bit strings in the code page of the message; valid UTF-8 beyond ASCII is that.
fn narrow_text(bytes: &[u8], page: u16) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    // What says UTF-8 and is none was written by a Western program.
    let named = codepage::to_encoding(page).filter(|e| *e != encoding_rs::UTF_8);
    let encoding = named.unwrap_or(encoding_rs::WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Properties of fixed size: 16 bytes each behind the header.
fn read_fixed(bytes: &[u8], header: usize, kept: &mut Kept) {
    for entry in bytes.get(header..).unwrap_or_default().as_chunks::<16>().0 {
        let number = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
        let (kind, id) = (number(0), number(2));
        let value: [u8; 8] = [8, 9, 10, 11, 12, 13, 14, 15].map(|at| entry[at]);
        match kind {
            0x0003 => {
                let value = i32::from_le_bytes([value[0], value[1], value[2], value[3]]);
                kept.ints.insert(id, value);
            }
            0x0040 => {
                let ticks = u64::from_le_bytes(value);
                if let Some(time) = ticks.checked_sub(EPOCH).filter(|t| *t < 1 << 57) {
                    kept.times.insert(id, Instant((time / 10) as i64));
                }
            }
            _ => {}
        }
    }
}

/// Code page of 8-bit strings: PidTagMessageCodepage, else that of the locale, else
/// PidTagInternetCodepage.
pub(super) fn codepage(kept: &Kept) -> Option<u16> {
    let int = |id: u16| kept.ints.get(&id).and_then(|n| u16::try_from(*n).ok());
    let known = |page: &u16| codepage::to_encoding(*page).is_some();
    int(0x3FFD)
        .filter(known)
        .or_else(|| int(0x3FF1).and_then(of_locale))
        .or_else(|| int(0x3FDE).filter(known))
}

/// Windows code pages of locales that are not Western European.
fn of_locale(locale: u16) -> Option<u16> {
    Some(match locale & 0x3FF {
        0x01 | 0x20 | 0x29 => 1256,
        0x02 | 0x19 | 0x22 | 0x23 | 0x2F => 1251,
        0x05 | 0x0E | 0x15 | 0x18 | 0x1A | 0x1B | 0x1C | 0x24 => 1250,
        0x08 => 1253,
        0x0D => 1255,
        0x11 => 932,
        0x12 => 949,
        0x1E => 874,
        0x1F => 1254,
        0x25..=0x27 => 1257,
        0x2A => 1258,
        0x04 if matches!(locale, 0x0404 | 0x0C04 | 0x1404) => 950,
        0x04 => 936,
        _ => return None,
    })
}
