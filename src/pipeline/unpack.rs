//! Archives among the inputs: their members become inputs.

use super::Options;
use super::survey::{Kind, Named, Surveyed, skipped};
use crate::discover::archive;
use std::io;
use std::path::Path;
use tempfile::TempDir;

/// The members of an archive; nothing for any other input.
pub(super) fn unpack(
    surveyed: &mut Surveyed,
    options: &Options,
    spool: &mut Option<TempDir>,
) -> Vec<Named> {
    let Kind::Archive(container) = surveyed.kind else { return Vec::new() };
    let unpacked = folder(options, spool)
        .map_err(|error| format!("cannot be unpacked: {error}; name another folder with --temp"))
        .and_then(|folder| archive::unpack(&surveyed.input, container, folder));
    match unpacked {
        Ok(unpacked) => {
            surveyed.format = Some(unpacked.format);
            surveyed.warnings.extend(unpacked.notes);
            let refused = unpacked.refused.into_iter().map(|(input, why)| (input, Some(why)));
            unpacked.inputs.into_iter().map(|input| (input, None)).chain(refused).collect()
        }
        Err(why) => {
            *surveyed = skipped(surveyed.input.clone(), why, None);
            Vec::new()
        }
    }
}

/// The folder for what must be unpacked, made when it is needed first.
fn folder<'f>(options: &Options, spool: &'f mut Option<TempDir>) -> io::Result<&'f Path> {
    if spool.is_none() {
        let mut builder = tempfile::Builder::new();
        builder.prefix("mailtriage-");
        *spool = Some(match &options.temp {
            Some(temp) => builder.tempdir_in(temp)?,
            None => builder.tempdir()?,
        });
    }
    Ok(spool.as_ref().map_or(Path::new(""), |folder| folder.path()))
}
