//! What a record says beyond sender, recipient, time and status: events, connectors, verdicts.

/// Who stated the direction, as exports spell it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum Stated {
    /// The export does not say.
    #[default]
    Nothing,
    /// `Incoming`, or 1 in the documentation of the enhanced summary.
    Incoming,
    /// `Originating`, or 2.
    Originating,
}

/// The service's spam verdict as the `S:SFA=SUM` group of `custom_data` or the `Data` of a trace
/// detail states it (Microsoft, "Message trace in the modern EAC"). Empty where not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SpamFilter<'a> {
    /// Spam filtering verdict.
    pub sfv: &'a str,
    /// Spam confidence level.
    pub scl: Option<i8>,
    /// Disposition: SB, SQ, SD, SJ, SN, SO.
    pub di: &'a str,
    /// IP list result.
    pub ipv: &'a str,
    /// Country of the connecting address.
    pub country: &'a str,
}

impl SpamFilter<'_> {
    /// Nothing is stated.
    pub fn is_empty(&self) -> bool {
        self.sfv.is_empty() && self.scl.is_none() && self.di.is_empty()
    }
}

/// Time spent per segment of the way, microseconds; `None` where not stated (`message_info`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Segments {
    /// Submission from the sender's mailbox (SUB).
    pub submission: Option<u64>,
    /// Front end, the edge (FE).
    pub front_end: Option<u64>,
    /// Hub transport, its queues included (HUB).
    pub hub: Option<u64>,
    /// Mailbox delivery (DEL).
    pub delivery: Option<u64>,
}

/// What one record says beyond the common fields. Texts are as written unless said otherwise, empty
/// where the record does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Detail<'a> {
    /// Event word, upper case; empty for a record that is no event.
    #[serde(borrow)]
    pub event: &'a str,
    /// Component that wrote the event (SMTP, STOREDRIVER, AGENT ...).
    pub source: &'a str,
    /// Organisation: tenant id or its `onmicrosoft.com` name, lower case.
    pub tenant: &'a str,
    /// Connector name.
    pub connector: &'a str,
    /// Address of the client that submitted the message.
    pub client_ip: &'a str,
    /// The other address of a notice, an expansion or a redirection, lower case.
    pub related: &'a str,
    /// The last reply of a failure or deferral (`LED`), with its enhanced code.
    pub reply: &'a str,
    /// The host that gave it.
    pub remote_host: &'a str,
    /// Folder the store delivered to, as named.
    pub folder: &'a str,
    /// Spam verdict.
    pub spam: SpamFilter<'a>,
    /// Bulk complaint level.
    pub bcl: Option<u8>,
    /// Malware was found.
    pub malware: bool,
    /// Id (or name) of the mail flow rule that acted, lower case.
    pub rule: &'a str,
    /// What it did (`RejectMessage`, `Quarantine`, `SetScl` ...).
    pub rule_action: &'a str,
    /// Policy that acted, as named.
    pub policy: &'a str,
    /// What was done after delivery: `released`, `zapped`, `moved`, `recalled`.
    pub post_action: &'a str,
    /// TLS version of the hop.
    pub tls: &'a str,
    /// End-to-end latency, microseconds.
    pub latency: Option<u64>,
    /// Time per segment.
    pub segments: Segments,
    /// The reply came from a server outside the service; `None` where not stated.
    pub external_reply: Option<bool>,
}

/// What the details of all records of one delivery say together. Of several statements the last in
/// time counts, except where noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path<'a> {
    /// Direction as stated by the first record that states one.
    pub stated: Stated,
    /// Tenant.
    pub tenant: &'a str,
    /// Connector, the first one named that is not a server's own default.
    pub connector: &'a str,
    /// Client address, the first named.
    pub client_ip: &'a str,
    /// Folder.
    pub folder: &'a str,
    /// The last failure's reply, and the component and host that gave it.
    pub failure: Option<Reply<'a>>,
    /// The last deferral's reply.
    pub deferral: Option<Reply<'a>>,
    /// Deferrals seen.
    pub deferrals: u32,
    /// Spam verdict, of the last record that holds one.
    pub spam: SpamFilter<'a>,
    /// Bulk complaint level.
    pub bcl: Option<u8>,
    /// Malware was found.
    pub malware: bool,
    /// Mail flow rule that acted, and how; the last one.
    pub rule: &'a str,
    /// Its action.
    pub rule_action: &'a str,
    /// Policy that acted; the last one named.
    pub policy: &'a str,
    /// What was done after delivery; the last action.
    pub post_action: &'a str,
    /// TLS version of the first hop that states one.
    pub tls: &'a str,
    /// End-to-end latency in microseconds: as stated by the final event, else the time between the
    /// first record and the final event.
    pub latency: Option<u64>,
    /// Time per segment.
    pub segments: Segments,
    /// Events merged.
    pub events: u32,
    /// Only the enhanced summary speaks of the delivery: its `Fail` may be quarantine.
    pub summary_only: bool,
}

/// A reply of a failure or a deferral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reply<'a> {
    /// Its text, with the enhanced code.
    pub text: &'a str,
    /// Host that gave it; empty for the service itself.
    pub remote_host: &'a str,
    /// Component that wrote the event.
    pub source: &'a str,
    /// The reply came from a server outside the service; `None` where not stated.
    pub external: Option<bool>,
    /// Mail flow rule that the same record names; empty where it names none.
    pub rule: &'a str,
    /// What that rule did.
    pub rule_action: &'a str,
}
