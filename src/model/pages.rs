//! Memory for tables that are read before they are written.

/// A list of `count` times the same value whose memory is there at once.
///
/// Zeroes that a system hands out are not there until they are written to. Where a page of them is
/// read first, as the pages of a table are, it costs two interruptions, and the second one stops
/// the other threads as well.
pub fn filled<T: Clone>(count: usize, value: T) -> Vec<T> {
    // Seen from here, the memory may be any: it must be written, and cannot be asked for as zeroes.
    let mut list = std::hint::black_box(Vec::with_capacity(count));
    list.resize(count, value);
    list
}
