//! ZIP archives. Only the directory is read here; members are inflated where they stand.

use super::{LIMITS, List, workbook};
use crate::model::Packing;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use zip::{CompressionMethod, ZipArchive};

/// Lists a ZIP archive, or the sheets of a workbook.
pub(super) fn list(list: &mut List<'_>, folder: &Path) -> Result<(), String> {
    let mut file = list.file()?;
    // Before a directory of any size is read: how many entries it announces.
    let announced = announced(&mut file).unwrap_or_default();
    if announced > LIMITS.members as u64 {
        return Err(List::too_many(announced));
    }
    let unreadable = |error: zip::result::ZipError| {
        format!("is no whole ZIP archive ({error}); pack or download it again")
    };
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(unreadable)?;
    if archive.len() > LIMITS.members {
        return Err(List::too_many(archive.len() as u64));
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    let is_workbook = has("xl/workbook.xml");
    for (mark, what) in [
        ("word/document.xml", "a Word document (.docx): give the export itself, as CSV"),
        ("ppt/presentation.xml", "a presentation (.pptx): give the export itself, as CSV"),
        ("xl/workbook.bin", "a binary workbook (.xlsb): save it as \"CSV UTF-8\" in Excel"),
        ("content.xml", "an OpenDocument file: save it as CSV in UTF-8"),
    ] {
        if has(mark) {
            return Err(format!("is {what}"));
        }
    }
    let total = entries(&mut archive, list, is_workbook);
    if total > LIMITS.most(list.input.bytes) {
        list.out.inputs.clear();
        return Err(LIMITS.bomb());
    }
    list.out.format = "zip";
    if is_workbook {
        list.out.inputs.clear();
        list.out.refused.clear();
        list.names.clear();
        list.out.format = "xlsx";
        return workbook::list(list, folder);
    }
    Ok(())
}

/// All entries; returns the bytes they announce.
fn entries(archive: &mut ZipArchive<BufReader<File>>, list: &mut List<'_>, silent: bool) -> u64 {
    let mut total = 0_u64;
    for number in 0..archive.len() {
        let entry = match archive.by_index_raw(number) {
            Ok(entry) => entry,
            Err(error) => {
                list.refuse(&format!("member {}", number + 1), format!("cannot be read: {error}"));
                continue;
            }
        };
        if entry.is_dir() {
            continue;
        }
        let name = entry
            .name()
            .map_or_else(|_| format!("member {}", number + 1), std::borrow::Cow::into_owned);
        total = total.saturating_add(entry.size());
        if silent {
            continue;
        }
        let (packed, length, crc) = (entry.compressed_size(), entry.size(), entry.crc32());
        let Some(offset) = entry.data_start() else {
            list.refuse(&name, "the archive's directory does not lead to it".to_owned());
            continue;
        };
        let slice = Packing::Slice { offset, length: packed };
        let checked = Packing::Checked { length, crc };
        if entry.encrypted() {
            list.refuse(&name, "is encrypted; unpack it with its password".to_owned());
        } else if length > LIMITS.most(packed) {
            list.refuse(&name, LIMITS.bomb());
        } else {
            match entry.compression() {
                CompressionMethod::Stored => list.add(&name, length, vec![slice, checked]),
                CompressionMethod::Deflated => {
                    list.add(&name, length, vec![slice, Packing::Deflate, checked]);
                }
                other => {
                    let why = format!("is packed with {other}, which is not read; unpack it first");
                    list.refuse(&name, why);
                }
            }
        }
    }
    total
}

/// Entries that the end of the directory announces.
fn announced(file: &mut File) -> Option<u64> {
    const TAIL: u64 = (64 << 10) + 22;
    let size = file.seek(SeekFrom::End(0)).ok()?;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL))).ok()?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail).ok()?;
    file.seek(SeekFrom::Start(0)).ok()?;
    let at = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
    let count = tail.get(at + 10..at + 12)?;
    Some(u64::from(u16::from_le_bytes([count[0], count[1]]))).filter(|count| *count < 0xFFFF)
}
