//! Errors of reading, with their place in the file.

use std::io;

/// The error, with the place where it happened.
pub(super) fn at_byte(error: &io::Error, byte: u64) -> io::Error {
    io::Error::new(error.kind(), format!("reading failed at byte {byte}: {error}"))
}

/// The input is shorter than it was said to be.
pub(super) fn short(got: u64, expected: u64) -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        format!(
            "the input ends at byte {got} of {expected}: it was cut short while it was read; \
             wait until nothing writes to it, then run again"
        ),
    )
}
