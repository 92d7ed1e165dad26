//! What is worth saying about one message beyond its stamps.

/// How much a remark weighs for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Looks like an attack or a fault: read it first.
    Alarm,
    /// Explains a verdict or deserves a look.
    Notice,
    /// Worth knowing.
    Info,
}

impl Weight {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Notice => "notice",
            Self::Info => "info",
        }
    }
}

/// One thing worth saying about a message. Texts may quote a stranger: escape them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Stable id, snake_case: `display_name_spoof`, `lookalike_domain`, ...
    pub id: &'static str,
    /// Weight.
    pub weight: Weight,
    /// One sentence.
    pub headline: String,
    /// What it rests on: header names and values; empty where the headline says it all.
    pub detail: String,
    /// Where the reading is known from: a standard, a vendor's page, or `inferred`.
    pub source: &'static str,
}

/// What another gateway or mail system wrote into the headers. Anybody can write it: shown, never
/// a reason for a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayStamp {
    /// Product: `Proofpoint`, `SpamAssassin`, ...
    pub product: String,
    /// Name of the header, as written.
    pub header: String,
    /// Its value, on one line, clipped.
    pub value: String,
    /// What it says in plain words, as far as it is known: score, verdict, rule names.
    pub meaning: String,
    /// The product holds the message for spam, malware or bulk; `None` where it does not say.
    pub bad: Option<bool>,
    /// Where the reading is known from.
    pub source: String,
}
