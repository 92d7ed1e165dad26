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
    if status == Status::Resolved {
        // Seen in exports of the old cmdlet, in no documentation.
        return Some(StatusMeaning {
            meaning: "An alias or forward was resolved to another address, which has a row of its own",
            class: StatusClass::FinalOk,
            layer: Layer::Unknown,
            next_step: "Follow the rows of the same Message-ID",
            source: "community scripts for Get-MessageTrace",
        });
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
