//! Archives and compressed files: what lies in them, read in place.
//!
//! Comes in: an input whose first bytes are those of an archive. Goes out: its members as inputs,
//! each with the steps that lead to its bytes, or the reason why it is not read. No member is ever
//! written under its own name: what has to be sought in (an archive inside another) is spooled to
//! a nameless file of the run's temporary folder. All of it is hostile: see [`LIMITS`].

mod open;
mod tarball;
mod workbook;
mod zipped;

#[cfg(test)]
mod tests;

pub use open::open;

use super::walk::is_leftover;
use crate::model::{Input, Packing};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Component, Path};

/// What an archive may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Members of one archive.
    pub members: usize,
    /// Archives around a member, a compressed file among them; `.tar.gz` is one.
    pub depth: u8,
    /// How many times its packed size a member or an archive may unpack to ...
    pub ratio: u64,
    /// ... beyond this many bytes.
    pub free: u64,
}

/// The limits. Text tables pack to a twentieth or a fortieth; a bomb to a thousandth.
pub const LIMITS: Limits = Limits { members: 50_000, depth: 2, ratio: 250, free: 64 << 20 };

impl Limits {
    /// Bytes that so many packed bytes may unpack to.
    pub(super) fn most(self, packed: u64) -> u64 {
        packed.saturating_mul(self.ratio).max(self.free)
    }

    /// Says that this was exceeded.
    pub(super) fn bomb(self) -> String {
        format!(
            "it unpacks to more than {} times its size and more than {} MiB, the limit for packed \
             inputs; if it is genuine, unpack it and give the folder",
            self.ratio,
            self.free >> 20
        )
    }
}

/// An archive whose members are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// ZIP, or a workbook, which is one.
    Zip,
    /// tar.
    Tar,
}

impl Container {
    /// Name in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
        }
    }
}

/// The archive that begins with these bytes.
pub fn container(head: &[u8]) -> Option<Container> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        Some(Container::Zip)
    } else if head.get(257..262) == Some(b"ustar") {
        Some(Container::Tar)
    } else {
        None
    }
}

/// How a compressed file that begins with these bytes is packed.
pub fn compression(head: &[u8]) -> Option<Packing> {
    if head.starts_with(b"\x1F\x8B\x08") {
        Some(Packing::Gzip)
    } else if head.starts_with(b"\x28\xB5\x2F\xFD") {
        Some(Packing::Zstd)
    } else {
        None
    }
}

/// What lies in an archive.
#[derive(Debug, Default)]
pub struct Unpacked {
    /// What it turned out to be.
    pub format: &'static str,
    /// Members that can be read.
    pub inputs: Vec<Input>,
    /// Members that cannot, with the reason.
    pub refused: Vec<(Input, String)>,
    /// What was passed over, and other things worth knowing.
    pub notes: Vec<String>,
}

/// Lists an archive. `folder` takes what must be spooled.
///
/// # Errors
/// Why nothing in it is read, with the mend.
pub fn unpack(input: &Input, container: Container, folder: &Path) -> Result<Unpacked, String> {
    let compressed = matches!(input.packing.last(), Some(Packing::Gzip | Packing::Zstd));
    // A compressed tar is one archive, not two.
    let around = input.depth + u8::from(!(compressed && container == Container::Tar));
    if around > LIMITS.depth {
        return Err(format!(
            "an archive inside of {} others is not opened (the limit); unpack the outer ones",
            input.depth
        ));
    }
    let seekable = if input.packing.is_empty() { input.clone() } else { spool(input, folder)? };
    let mut list = List {
        input: &seekable,
        depth: around,
        names: BTreeMap::new(),
        leftovers: 0,
        out: Unpacked::default(),
    };
    match container {
        Container::Zip => zipped::list(&mut list, folder)?,
        Container::Tar => tarball::list(&mut list)?,
    }
    let List { mut out, leftovers, .. } = list;
    if leftovers > 0 {
        out.notes.push(format!("{leftovers} hidden or leftover members passed over"));
    }
    if out.inputs.is_empty() && out.refused.is_empty() {
        return Err("holds no files to read".to_owned());
    }
    Ok(out)
}

/// Copies an input that cannot be sought in to a file of its own.
fn spool(input: &Input, folder: &Path) -> Result<Input, String> {
    let failed = |error: io::Error| format!("cannot be unpacked: {error}");
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let bytes = io::copy(&mut open(input).map_err(failed)?, &mut file).map_err(failed)?;
    let (_, path) = file.keep().map_err(|error| failed(error.error))?;
    Ok(Input { path, packing: Vec::new(), bytes, ..input.clone() })
}

/// Collects the members of one archive.
struct List<'a> {
    /// The archive, in a file that can be sought in.
    input: &'a Input,
    depth: u8,
    /// Names that were seen, and how often.
    names: BTreeMap<String, u32>,
    leftovers: usize,
    out: Unpacked,
}

impl List<'_> {
    fn file(&self) -> Result<File, String> {
        File::open(&self.input.path).map_err(|error| format!("cannot be read: {error}"))
    }

    fn too_many(members: u64) -> String {
        format!(
            "holds {members} members, more than the limit of {}; unpack it and give the folder",
            LIMITS.members
        )
    }

    /// A member as an input; `None` where it is passed over. The second and later of equal names
    /// are numbered.
    fn member(&mut self, name: &str, bytes: u64, packing: Vec<Packing>) -> Option<Input> {
        let clean = name.replace('\\', "/");
        let path = Path::new(&clean);
        let parts = || {
            path.components().filter_map(|part| match part {
                Component::Normal(part) => Some(part),
                _ => None,
            })
        };
        if parts().any(is_leftover) {
            self.leftovers += 1;
            return None;
        }
        let copies = self.names.entry(clean.clone()).or_default();
        *copies += 1;
        let again = if *copies > 1 { format!(" ({copies})") } else { String::new() };
        Some(Input {
            path: self.input.path.clone(),
            name: format!("{}/{}{again}", self.input.name, clean.trim_start_matches("./")),
            explicit: false,
            bytes,
            packing,
            depth: self.depth,
        })
    }

    /// Takes a member, or refuses it for a name that leads out of the archive.
    fn add(&mut self, name: &str, bytes: u64, packing: Vec<Packing>) {
        let leads_out = leads_out(name);
        let Some(input) = self.member(name, bytes, packing) else { return };
        if leads_out {
            let why =
                "its name leads out of the archive, as no honest archive's does; it is not read";
            self.out.refused.push((input, why.to_owned()));
        } else {
            self.out.inputs.push(input);
        }
    }

    fn refuse(&mut self, name: &str, why: String) {
        if let Some(input) = self.member(name, 0, Vec::new()) {
            self.out.refused.push((input, why));
        }
    }
}

/// An absolute path, or one with `..` in it.
fn leads_out(name: &str) -> bool {
    let name = name.replace('\\', "/");
    let drive = name.as_bytes().get(1) == Some(&b':');
    drive || name.starts_with('/') || name.split('/').any(|part| part == "..")
}
