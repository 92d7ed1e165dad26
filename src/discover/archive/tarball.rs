//! tar archives. Only the headers are read here; members are read where they stand.

use super::{LIMITS, List};
use crate::model::Packing;
use std::io::BufReader;
use tar::{Archive, EntryType};

/// Lists a tar archive. One that is damaged further on gives what stands before.
pub(super) fn list(list: &mut List<'_>) -> Result<(), String> {
    let mut archive = Archive::new(BufReader::new(list.file()?));
    let entries = archive
        .entries_with_seek()
        .map_err(|error| format!("is no whole tar archive ({error}); pack it again"))?;
    let mut members = 0;
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                list.out.notes.push(format!(
                    "damaged behind member {members} ({error}); what stands behind it is not read"
                ));
                break;
            }
        };
        members += 1;
        if members > LIMITS.members {
            list.out.inputs.clear();
            return Err(List::too_many(members as u64));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        match kind {
            EntryType::Regular | EntryType::Continuous => {
                let (offset, length) = (entry.raw_file_position(), entry.size());
                list.add(&name, length, vec![Packing::Slice { offset, length }]);
            }
            EntryType::Directory | EntryType::XGlobalHeader => {}
            EntryType::Symlink | EntryType::Link => {
                list.refuse(&name, "is a link and holds nothing itself".to_owned());
            }
            EntryType::Fifo | EntryType::Char | EntryType::Block => {
                list.refuse(&name, "is neither a file nor a folder".to_owned());
            }
            _ => list.refuse(&name, "is stored in a form that is not read; unpack it".to_owned()),
        }
    }
    list.out.format = "tar";
    Ok(())
}
