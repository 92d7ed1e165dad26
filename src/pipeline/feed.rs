//! What to read next: one turn at the lock hands a worker a megabyte of rows.

use super::survey::{Kind, Survey};
use crate::discover::archive;
use crate::read::{Chunk, ChunkReader, Splitter};
use std::io::Read;

/// A piece of work.
pub(super) enum Work {
    /// Rows of one input.
    Chunk { input: usize, chunk: Chunk, splitter: Splitter },
    /// An input that could not be read to its end, and why.
    Broken { input: usize, why: String },
}

/// Hands out work in input order.
pub(super) struct Feed<'a> {
    survey: &'a Survey,
    next: usize,
    current: Option<(usize, ChunkReader<Box<dyn Read + Send>>)>,
}

impl<'a> Feed<'a> {
    pub(super) fn new(survey: &'a Survey) -> Self {
        Self { survey, next: 0, current: None }
    }

    /// The next piece of work; `used` is a chunk whose buffers are to be used again.
    pub(super) fn next(&mut self, used: Option<Chunk>) -> Option<Work> {
        if let (Some((_, reader)), Some(chunk)) = (&mut self.current, used) {
            reader.recycle(chunk);
        }
        loop {
            if let Some((input, reader)) = &mut self.current {
                let input = *input;
                match reader.next_chunk() {
                    Ok(Some(chunk)) => {
                        let splitter = reader.splitter();
                        return Some(Work::Chunk { input, chunk, splitter });
                    }
                    Ok(None) => self.current = None,
                    Err(error) => {
                        self.current = None;
                        return Some(Work::Broken { input, why: error.to_string() });
                    }
                }
            }
            let input = self.next;
            let surveyed = self.survey.inputs.get(input)?;
            self.next += 1;
            match &surveyed.kind {
                Kind::Trace { dialect, .. } => {
                    let opened = archive::open(&surveyed.input)
                        .and_then(|file| ChunkReader::new(file, dialect));
                    match opened {
                        Ok(reader) => {
                            let reader = match surveyed.input.size() {
                                Some(bytes) => reader.expect_bytes(bytes),
                                None => reader,
                            };
                            self.current = Some((input, reader));
                        }
                        Err(error) => return Some(Work::Broken { input, why: error.to_string() }),
                    }
                }
                Kind::Message
                | Kind::Changes { .. }
                | Kind::Document { .. }
                | Kind::Archive(_)
                | Kind::Skipped => {}
            }
        }
    }
}
