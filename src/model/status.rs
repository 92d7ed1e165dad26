//! Status of a record, as a closed list.

/// Status word of a trace row, as a closed list; the raw word is decoded once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Status {
    /// The record has no status (a message file).
    Absent,
    /// Delivered.
    Delivered,
    /// Failed.
    Failed,
    /// Pending.
    Pending,
    /// No status yet (GettingStatus, None).
    GettingStatus,
    /// Group expanded.
    Expanded,
    /// In quarantine.
    Quarantined,
    /// Filtered as spam.
    FilteredAsSpam,
    /// Alias or forward resolved to another address.
    Resolved,
    /// Handed to the next hop outside of the organisation's mailboxes.
    Sent,
    /// Dropped without a bounce.
    Dropped,
    /// Recalled by its sender.
    Recalled,
    /// A word this tool does not know.
    Unknown,
}

impl Status {
    /// Every value, in code order.
    pub const ALL: &'static [Self] = &[
        Self::Absent,
        Self::Delivered,
        Self::Failed,
        Self::Pending,
        Self::GettingStatus,
        Self::Expanded,
        Self::Quarantined,
        Self::FilteredAsSpam,
        Self::Resolved,
        Self::Sent,
        Self::Dropped,
        Self::Recalled,
        Self::Unknown,
    ];

    /// The status with this code.
    pub fn from_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or(Self::Unknown)
    }

    /// The word as Get-MessageTraceV2 spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "",
            Self::Delivered => "Delivered",
            Self::Failed => "Failed",
            Self::Pending => "Pending",
            Self::GettingStatus => "GettingStatus",
            Self::Expanded => "Expanded",
            Self::Quarantined => "Quarantined",
            Self::FilteredAsSpam => "FilteredAsSpam",
            Self::Resolved => "Resolved",
            Self::Sent => "Sent",
            Self::Dropped => "Dropped",
            Self::Recalled => "Recalled",
            Self::Unknown => "Unknown",
        }
    }

    /// Superseded by any later final state.
    pub const fn provisional(self) -> bool {
        matches!(self, Self::Absent | Self::Pending | Self::GettingStatus | Self::Unknown)
    }
}
