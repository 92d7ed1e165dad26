//! What the page of one message says beyond its headers: the verdict in words, the meaning of each
//! stamp with its source, alignment, the stretch of every hop, what to do next.
//!
//! Texts may quote a stranger: renderers escape them.

use super::vocab::{Outcome, Placement};

/// The view of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// What became of it, who decided, and why, in plain words.
    pub sentence: String,
    /// Who decided; empty where nothing says.
    pub decider: String,
    /// The verdict rests on stamps that are not believed.
    pub by_its_own_word: bool,
    /// Every item of the filter's stamps, in header order.
    pub stamps: Vec<StampLine>,
    /// What the service and Exchange wrote beside the filter, in header order.
    pub exchange: Vec<StampLine>,
    /// Authentication of the sender, in the order SPF, DKIM, DMARC, composite.
    pub auth: Vec<AuthLine>,
    /// By Received line, newest first, as far as the fields were kept.
    pub legs: Vec<Leg>,
    /// What to do, most useful first.
    pub next_steps: Vec<String>,
    /// By field of the message (`Examined::fields`), in its order.
    pub fields: Vec<FieldLine>,
}

/// Whether a stamp is to be believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Written by the organisation that took the message.
    Own,
    /// Anybody may have written it.
    #[default]
    Claim,
    /// Came in with the message and was renamed, or is named so: another organisation's word.
    Renamed,
}

impl Standing {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Claim => "claim",
            Self::Renamed => "renamed",
        }
    }
}

/// What a value means and where that is known from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Plain words; empty where nothing is known.
    pub meaning: String,
    /// Source; empty where nothing is known.
    pub source: String,
    /// How well it is founded: `documented`, `observed-in-corpus`, `community`, `inferred`; empty
    /// where nothing is known.
    pub confidence: &'static str,
}

/// One item of a stamp.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StampLine {
    /// Header, as written.
    pub header: String,
    /// Key within it (`SFV`); empty where the header is a single value.
    pub key: String,
    /// Value as written.
    pub value: String,
    /// What it means.
    pub reading: Reading,
    /// Whether to believe it.
    pub standing: Standing,
    /// No decoder knows the item.
    pub unknown: bool,
    /// It speaks against the message (`Some(true)`) or for it (`Some(false)`); `None` where it does
    /// neither.
    pub bad: Option<bool>,
}

/// One result of authentication.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthLine {
    /// `SPF`, `DKIM`, `DMARC`, `compauth`, `ARC`.
    pub method: &'static str,
    /// Result, as written.
    pub result: String,
    /// Domain that was checked; empty where none is stated.
    pub domain: String,
    /// That domain and the From domain belong together (relaxed: same registered domain); `None`
    /// where one of them is not known or the question does not arise.
    pub aligned: Option<bool>,
    /// Action of DMARC, or reason of composite authentication; empty where there is none.
    pub detail: String,
    /// What the result means, and what its detail does.
    pub readings: Vec<Reading>,
    /// Whether to believe it.
    pub standing: Standing,
}

/// Whose stretch of the way a hop belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Servers of the sender, or anybody's before ours.
    #[default]
    Sender,
    /// A filtering service in front of ours, by the names of its hosts.
    Gateway,
    /// Microsoft 365 of another organisation, or of ours before the border, by the names of its
    /// hosts.
    OtherCloud,
    /// The server that took the message into the organisation: the border.
    Border,
    /// Servers of the organisation, Exchange Online included.
    Own,
    /// Delivery into the mailbox.
    Mailbox,
}

impl Phase {
    /// Words for the page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sender => "sender's side",
            Self::Gateway => "gateway",
            Self::OtherCloud => "Microsoft 365, before the border",
            Self::Border => "into the organisation",
            Self::Own => "within the organisation",
            Self::Mailbox => "into the mailbox",
        }
    }
}

/// How one connection was protected, by the word of the server that took it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shield {
    /// TLS 1.2 or later.
    Good,
    /// TLS 1.1 or earlier, or SSL.
    Old,
    /// TLS of a version that is not named (`ESMTPS`).
    Some,
    /// The line names a protocol without TLS (`ESMTP`, `SMTP`).
    Plain,
    /// The line does not say, or it is no transfer between hosts.
    #[default]
    Unsaid,
}

/// What a Received line says beside hosts and times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leg {
    /// Cipher as written; empty where none is named.
    pub cipher: String,
    /// How the connection was protected.
    pub shield: Shield,
    /// Less protected than the connection before it, both between hosts.
    pub downgrade: bool,
    /// Stretch.
    pub phase: Phase,
    /// Product of the gateway (`Proofpoint`); empty where it is none.
    pub product: &'static str,
}

/// Groups of header fields, in the order of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Who, to whom, when, about what.
    Envelope,
    /// The way: Received, loops, resubmission.
    Routing,
    /// SPF, DKIM, DMARC, ARC.
    Authentication,
    /// Verdicts of Microsoft's filter and of the mailbox.
    Filtering,
    /// Other headers of Exchange and Microsoft 365.
    Exchange,
    /// Other gateways and mail systems.
    Gateways,
    /// Lists and mailings.
    Lists,
    /// Form of the content.
    Content,
    /// Everything else.
    #[default]
    Other,
}

impl Group {
    /// All, in the order of the page.
    pub const ALL: &'static [Self] = &[
        Self::Envelope,
        Self::Routing,
        Self::Authentication,
        Self::Filtering,
        Self::Exchange,
        Self::Gateways,
        Self::Lists,
        Self::Content,
        Self::Other,
    ];

    /// Heading.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Envelope => "Who, to whom, when, about what",
            Self::Routing => "Routing",
            Self::Authentication => "Authentication",
            Self::Filtering => "Microsoft filtering",
            Self::Exchange => "Exchange and Microsoft 365",
            Self::Gateways => "Other gateways and mail systems",
            Self::Lists => "Lists and mailings",
            Self::Content => "Content",
            Self::Other => "Other",
        }
    }
}

/// What one header field is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldLine {
    /// Group.
    pub group: Group,
    /// What the header is, and its value where that is known.
    pub reading: Reading,
}

/// The verdict in short, for a table of many messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Outcome.
    pub outcome: Outcome,
    /// Placement.
    pub placement: Placement,
    /// It rests on stamps that are not believed.
    pub claimed: bool,
    /// Who decided; empty where nothing says.
    pub decider: String,
}

/// Two messages side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Why one was held and the other not, in plain words; else what they have in common.
    pub sentence: String,
    /// Whether they are of the same sender, and what speaks for it.
    pub senders: String,
    /// What is compared, in groups.
    pub rows: Vec<ComparedRow>,
}

/// One thing that is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparedRow {
    /// Group, in words.
    pub group: &'static str,
    /// Stable word, snake_case.
    pub key: &'static str,
    /// What the first message says; empty where it does not.
    pub left: String,
    /// What the second message says.
    pub right: String,
}

impl ComparedRow {
    /// The messages differ here.
    pub fn differs(&self) -> bool {
        self.left != self.right
    }
}
