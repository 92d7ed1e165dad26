//! What one message file says of its way and of the filter's rules, for counting over many.

/// Stretches of the way, in the order in which a message passes them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Stretch {
    /// Servers before ours.
    Sender,
    /// Filtering services in front of ours, by the names of their hosts.
    Gateway,
    /// From the last server outside to the border: the hop that took it into the organisation.
    Border,
    /// Servers of the organisation.
    Organisation,
    /// Into the mailbox.
    Mailbox,
}

impl Stretch {
    /// All, in their order.
    pub const ALL: &'static [Self] =
        &[Self::Sender, Self::Gateway, Self::Border, Self::Organisation, Self::Mailbox];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Gateway => "gateway",
            Self::Border => "border",
            Self::Organisation => "organisation",
            Self::Mailbox => "mailbox",
        }
    }
}

/// TLS of one connection, as the taking server names it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum TlsVersion {
    /// The line names none. It may have been there all the same, but for servers that name it.
    Unstated,
    /// SSL, TLS 1.0 or 1.1 (retired by RFC 7568 and RFC 8996).
    Old,
    /// TLS 1.2.
    V12,
    /// TLS 1.3.
    V13,
    /// Another name.
    Other,
}

impl TlsVersion {
    /// All, in display order.
    pub const ALL: &'static [Self] =
        &[Self::V13, Self::V12, Self::Old, Self::Other, Self::Unstated];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unstated => "unstated",
            Self::Old => "older",
            Self::V12 => "1.2",
            Self::V13 => "1.3",
            Self::Other => "other",
        }
    }
}

/// The trail of one message with a genuine border.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Trail {
    /// Seconds by stretch, in the order of [`Stretch::ALL`], of hops whose clocks agree; `None`
    /// where there is no such hop.
    pub seconds: [Option<u32>; Stretch::ALL.len()],
    /// Hops that come before the hop behind them by their clocks: two clocks differ.
    pub backwards: u8,
    /// Connections in header order, newest first, at most 32.
    pub connections: Vec<(Stretch, TlsVersion)>,
    /// Cipher at the border, as written; empty where none is named.
    pub cipher: String,
    /// Registered domain of the host that came to the border, as it calls itself, lower case;
    /// empty where it gives none. Anybody can call himself anything.
    pub remote: String,
    /// Numbers of filter rules: `SFS` of the X-Forefront-Antispam-Report and `ARA` of
    /// X-Microsoft-Antispam, ascending, at most 128.
    pub rules: Vec<u64>,
    /// Numbers of engines: `ENG` of X-Microsoft-Antispam-Mailbox-Delivery, ascending, at most 128.
    pub engines: Vec<u64>,
}
