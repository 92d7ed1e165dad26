//! What a status word of a message trace means.

use super::tables::entries;
use crate::model::{Layer, Status};

/// How final a status is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusClass {
    /// Settled, and well.
    FinalOk,
    /// Settled: refused or given up.
    FinalFail,
    /// Settled for now: in quarantine, or judged spam.
    FinalHeld,
    /// Not settled yet.
    Open,
}

/// Meaning of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusMeaning {
    /// Plain words.
    pub meaning: &'static str,
    /// How final.
    pub class: StatusClass,
    /// Layer a bad status speaks of by itself; [`Layer::Unknown`] where only its reason does.
    pub layer: Layer,
    /// What an administrator does.
    pub next_step: &'static str,
    /// Where it is known from.
    pub source: &'static str,
}

/// The meaning of a status; `None` for absent and unknown words.
pub fn status_meaning(status: Status) -> Option<StatusMeaning> {
    if let Some(meaning) = by_event(status) {
        return Some(meaning);
    }
    let word = status.as_str();
    let entry = entries("trace_status").iter().find(|e| !word.is_empty() && &*e.value == word)?;
    Some(StatusMeaning {
        meaning: &entry.meaning,
        class: match &*entry.kind {
            "final_ok" => StatusClass::FinalOk,
            "final_fail" => StatusClass::FinalFail,
            "final_held" => StatusClass::FinalHeld,
            _ => StatusClass::Open,
        },
        layer: entry.layer.unwrap_or(Layer::Unknown),
        next_step: &entry.action,
        source: &entry.source,
    })
}

/// Statuses that no table of status words holds: they are read from events.
fn by_event(status: Status) -> Option<StatusMeaning> {
    let (meaning, class, next_step, source) = match status {
        Status::Resolved => (
            "An alias or forward was resolved to another address, which has a row of its own",
            StatusClass::FinalOk,
            "Follow the rows of the same Message-ID",
            "community scripts for Get-MessageTrace",
        ),
        Status::Sent => (
            "Handed to a server outside of the organisation's mailboxes, which accepted it",
            StatusClass::FinalOk,
            "If the recipient misses it: ask its administrator, with Message-ID, time and server",
            "MicrosoftDocs/OfficeDocs-Exchange: message-tracking.md (SEND, SENDEXTERNAL)",
        ),
        Status::Dropped => (
            "Removed without a bounce, by a rule or an agent",
            StatusClass::FinalFail,
            "Look for the rule that deletes: its id is in the trace's details",
            "MicrosoftDocs/OfficeDocs-Exchange: message-tracking.md (DROP)",
        ),
        Status::Recalled => (
            "Recalled by its sender",
            StatusClass::FinalOk,
            "None: the sender asked for it",
            "Microsoft Learn: message trace in the modern EAC (2026)",
        ),
        _ => return None,
    };
    Some(StatusMeaning { meaning, class, layer: Layer::Unknown, next_step, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_but_two_has_a_meaning() {
        for status in Status::ALL {
            let silent = matches!(status, Status::Absent | Status::Unknown);
            assert_eq!(status_meaning(*status).is_none(), silent, "{status:?}");
        }
        assert_eq!(status_meaning(Status::Failed).map(|m| m.class), Some(StatusClass::FinalFail));
        assert_eq!(status_meaning(Status::Pending).map(|m| m.class), Some(StatusClass::Open));
        assert_eq!(status_meaning(Status::Quarantined).map(|m| m.layer), Some(Layer::AntiSpam));
    }
}
