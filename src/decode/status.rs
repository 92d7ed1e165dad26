//! Status words of message traces.

use crate::model::Status;

/// Spellings, lower case without spaces (Get-MessageTraceV2, Get-MessageTrace, the portal, and the
/// camel case of Graph all reduce to these).
const WORDS: &[(&[u8], Status)] = &[
    (b"delivered", Status::Delivered),
    (b"failed", Status::Failed),
    (b"pending", Status::Pending),
    (b"gettingstatus", Status::GettingStatus),
    (b"none", Status::GettingStatus),
    (b"expanded", Status::Expanded),
    (b"quarantined", Status::Quarantined),
    (b"filteredasspam", Status::FilteredAsSpam),
    (b"resolved", Status::Resolved),
    (b"recalled", Status::Recalled),
    (b"sent", Status::Sent),
    (b"dropped", Status::Dropped),
];

/// Reads a status word, case and spaces aside. An empty cell is `GettingStatus` (no status yet);
/// a word of no known spelling is `Unknown`.
pub fn parse(cell: &[u8]) -> Status {
    let mut word = [0u8; 20];
    let mut length = 0;
    for &byte in cell {
        if byte == b' ' {
            continue;
        }
        let Some(slot) = word.get_mut(length) else {
            return Status::Unknown;
        };
        *slot = byte.to_ascii_lowercase();
        length += 1;
    }
    if length == 0 {
        return Status::GettingStatus;
    }
    let word = &word[..length];
    WORDS.iter().find(|(w, _)| *w == word).map_or(Status::Unknown, |(_, s)| *s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        assert_eq!(parse(b"FilteredAsSpam"), Status::FilteredAsSpam);
        assert_eq!(parse(b"Filtered as spam"), Status::FilteredAsSpam);
        assert_eq!(parse(b"filteredAsSpam"), Status::FilteredAsSpam);
        assert_eq!(parse(b"Getting status"), Status::GettingStatus);
        assert_eq!(parse(b""), Status::GettingStatus);
        assert_eq!(parse(b"unknownFutureValue"), Status::Unknown);
        assert_eq!(parse(b"a word that is far too long to be one"), Status::Unknown);
    }

    #[test]
    fn every_status_reads_its_own_spelling() {
        for status in Status::ALL {
            if !matches!(status, Status::Absent | Status::Unknown) {
                assert_eq!(parse(status.as_str().as_bytes()), *status);
            }
        }
    }
}
