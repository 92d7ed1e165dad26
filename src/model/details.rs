//! The details of a block: encoded, one behind the other.

use super::event::Detail;

/// Details of rows, each encoded in about as many bytes as its texts have. A detail that equals
/// the one before it is stored once: rows of one export often differ in nothing but their fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    bytes: Vec<u8>,
    /// End offset of each detail in `bytes`.
    ends: Vec<u32>,
}

impl Details {
    /// Appends a detail; its number counts from 0.
    pub fn push(&mut self, detail: &Detail<'_>) -> usize {
        let start = self.bytes.len();
        // Writing to a vector cannot fail.
        if let Ok(bytes) = postcard::to_extend(detail, std::mem::take(&mut self.bytes)) {
            self.bytes = bytes;
        }
        if let Some(last) = self.ends.len().checked_sub(1)
            && self.bytes[self.start(last)..start] == self.bytes[start..]
        {
            self.bytes.truncate(start);
            return last;
        }
        self.ends.push(self.bytes.len() as u32);
        self.ends.len() - 1
    }

    /// The detail with this number.
    pub fn get(&self, number: usize) -> Option<Detail<'_>> {
        let end = *self.ends.get(number)? as usize;
        postcard::from_bytes(self.bytes.get(self.start(number)..end)?).ok()
    }

    fn start(&self, number: usize) -> usize {
        number.checked_sub(1).map_or(0, |i| self.ends[i] as usize)
    }

    /// Bytes of all details.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Heap bytes in use.
    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// The details without room to spare; what stays behind is empty and keeps its room.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let taken =
            Self { bytes: self.bytes.as_slice().to_vec(), ends: self.ends.as_slice().to_vec() };
        self.bytes.clear();
        self.ends.clear();
        taken
    }

    /// Both parts as bytes, for spill files.
    pub(super) fn as_bytes(&self) -> (&[u8], &[u8]) {
        (&self.bytes, bytemuck::cast_slice(&self.ends))
    }

    /// From the parts that [`Details::as_bytes`] gave.
    pub(super) fn from_parts(bytes: Vec<u8>, ends: Vec<u32>) -> Self {
        Self { bytes, ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_read_back_and_equal_neighbours_are_one() {
        let a = Detail { event: "DELIVER", latency: Some(5), ..Detail::default() };
        let b = Detail { event: "FAIL", reply: "550 5.1.1 gone", ..Detail::default() };
        let mut details = Details::default();
        let numbers: Vec<usize> = [a, a, b, a].iter().map(|d| details.push(d)).collect();
        assert_eq!(numbers, [0, 0, 1, 2]);
        let sealed = details.take();
        assert_eq!(sealed.get(1), Some(b));
        assert_eq!(sealed.get(2), Some(a));
        assert_eq!(sealed.get(3), None);
        assert_eq!(details.push(&b), 0);
    }
}
