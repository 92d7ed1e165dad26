//! SHA-256 of the input files as they lie on disk, so that a report can be held against its evidence
//! (`Get-FileHash`, `sha256sum`).
//!
//! Worked out after the run: no file is read in one piece from begin to end while it is decoded.

use super::survey::Survey;
use crate::model::{Input, Packing, SourceEntry};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

/// Bytes read at a time.
const CHUNK: usize = 256 * 1024;

/// Fills in the hash of every source that is a file of its own. What cannot be read any more, or
/// is no longer as long as it was, has none, and the source says so.
pub(super) fn fill(pool: &rayon::ThreadPool, survey: &Survey, sources: &mut [SourceEntry]) {
    pool.install(|| {
        survey.inputs.par_iter().zip(sources.par_iter_mut()).for_each(|(surveyed, source)| {
            if !is_a_file(&surveyed.input) {
                return;
            }
            match hash(&surveyed.input) {
                Ok(Some(hash)) => source.sha256 = Some(hash),
                Ok(None) => {
                    source.warnings.push("the file changed while it was read".to_owned());
                }
                // An input that could not be read at all has said so already.
                Err(_) if source.format.is_none() => {}
                Err(error) => source.warnings.push(format!("no SHA-256 of it: {error}")),
            }
        });
    });
}

/// Neither a member of an archive nor anything but a file: a pipe would never end.
fn is_a_file(input: &Input) -> bool {
    let part = input.packing.iter().any(|p| matches!(p, Packing::Slice { .. }));
    input.depth == 0 && !part && input.path.metadata().is_ok_and(|m| m.is_file())
}

/// The hash; `None` where the file has another length than when it was found.
fn hash(input: &Input) -> io::Result<Option<String>> {
    let mut file = File::open(&input.path)?;
    let mut sha = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut read = 0u64;
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => {
                read += n as u64;
                sha.update(chunk.get(..n).unwrap_or_default());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if read != input.bytes {
        return Ok(None);
    }
    let mut digits = String::with_capacity(64);
    for byte in sha.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Ok(Some(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &std::path::Path, bytes: u64) -> Input {
        Input::file(path.to_owned(), "name".into(), true, bytes)
    }

    #[test]
    fn the_hash_is_that_of_the_file() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        // FIPS 180-2, appendix B.1.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(&input(&path, 3)).unwrap().as_deref(), Some(known));
        assert_eq!(hash(&input(&path, 4)).unwrap(), None, "it has changed");
        assert!(hash(&input(&temp.path().join("gone"), 3)).is_err());
    }

    #[test]
    fn parts_and_folders_have_none() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        assert!(is_a_file(&input(&path, 3)));
        let mut part = input(&path, 1);
        part.packing = vec![Packing::Slice { offset: 0, length: 1 }];
        assert!(!is_a_file(&part));
        assert!(!is_a_file(&Input { depth: 1, ..input(&path, 3) }));
        assert!(!is_a_file(&input(temp.path(), 0)));
        let mut packed = input(&path, 3);
        packed.packing = vec![Packing::Gzip];
        assert!(is_a_file(&packed), "a compressed file is hashed as it lies there");
    }
}
