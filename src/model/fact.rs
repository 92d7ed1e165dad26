//! Facts: one row per delivery, for spreadsheets and analysts.

use std::borrow::Cow;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// Text.
    Text,
    /// A point in time: microseconds since 1970 in UTC.
    Time,
    /// A signed whole number.
    Integer,
    /// A list of texts; in CSV joined by `;`.
    List,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue<'a> {
    /// Not stated, or unknown.
    Null,
    /// Text, never empty.
    Text(Cow<'a, str>),
    /// Microseconds since 1970, UTC.
    Time(i64),
    /// A number.
    Integer(i64),
    /// Texts, at least one.
    List(Vec<Cow<'a, str>>),
}

/// One column of the facts.
#[derive(Clone, Copy, Debug)]
pub struct FactColumn {
    /// Name.
    pub name: &'static str,
    /// What it holds.
    pub kind: FactKind,
    /// Unit; empty where there is none.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// When it is null.
    pub missing: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Column of Defender's `EmailEvents` that says the same; empty where there is none.
    pub email_events: &'static str,
    /// Reads it.
    pub get: for<'f> fn(&'f Fact<'_>) -> FactValue<'f>,
}

/// One delivery as a row. Texts are empty where nothing is known; see [`COLUMNS`] for the meanings.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[allow(missing_docs)] // each field is a column, described there
pub struct Fact<'a> {
    pub time: i64,
    pub time_final: i64,
    /// Message key; a network message id only where `key_is_network_id`.
    pub key: u128,
    pub key_is_network_id: bool,
    pub tenant: &'a str,
    pub message_id: &'a str,
    pub message_class: &'a str,
    pub direction: &'a str,
    pub sender: &'a str,
    pub header_from: &'a str,
    pub header_from_domain: &'a str,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub size: Option<u32>,
    pub client_ip: &'a str,
    pub remote_host: &'a str,
    pub tls: &'a str,
    pub connector: &'a str,
    pub rules: Vec<&'a str>,
    pub policy: &'a str,
    pub outcome_first: &'a str,
    pub outcome: &'a str,
    pub post_action: &'a str,
    pub status_raw: &'a str,
    pub placement: &'a str,
    pub scl: Option<i8>,
    pub bcl: Option<u8>,
    pub sfv: &'a str,
    pub cat: &'a str,
    pub ipv: &'a str,
    pub sfty: &'a str,
    pub country: &'a str,
    pub spf: &'a str,
    pub dkim: Vec<&'a str>,
    pub dkim_domain: &'a str,
    pub dmarc: &'a str,
    pub compauth: &'a str,
    pub compauth_reason: &'a str,
    pub auth_as: &'a str,
    pub smtp_code: Option<u16>,
    pub enhanced_code: &'a str,
    pub issuer: &'a str,
    pub signature: &'a str,
    pub layer: &'a str,
    pub cause: &'a str,
    pub side: &'a str,
    pub grade: &'a str,
    /// Microseconds.
    pub latency: Option<u64>,
    pub events: u32,
    pub sources: u32,
    pub input: u32,
    pub source: &'a str,
    pub line: u32,
}

impl Fact<'_> {
    /// What facts are sorted by: time, message, recipient, then the place of the record.
    pub fn order(&self) -> (i64, u128, &str, u32, u32) {
        (self.time, self.key, self.recipient, self.input, self.line)
    }
}

/// Takes facts in order and writes them down.
pub trait FactWriter {
    /// One row.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn row(&mut self, fact: &Fact<'_>) -> std::io::Result<()>;

    /// Called once, behind the last row.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    fn finish(&mut self) -> std::io::Result<()>;
}

fn text(value: &str) -> FactValue<'_> {
    if value.is_empty() { FactValue::Null } else { FactValue::Text(Cow::Borrowed(value)) }
}

fn number(value: Option<impl Into<i64>>) -> FactValue<'static> {
    value.map_or(FactValue::Null, |n| FactValue::Integer(n.into()))
}

fn list<'a>(values: &[&'a str]) -> FactValue<'a> {
    let items: Vec<_> = values.iter().map(|v| Cow::Borrowed(*v)).collect();
    if items.is_empty() { FactValue::Null } else { FactValue::List(items) }
}

fn domain(address: &str) -> FactValue<'_> {
    match address.rsplit_once('@') {
        Some((_, domain)) => text(domain),
        None => FactValue::Null,
    }
}

const NEVER: &str = "never";
const UNSTATED: &str = "no input states it";
const NOTHING: &str = "nothing was done";
const NOT_YET: &str = "always: not filled yet";
const FAULTS: &str = "the delivery is neither failing nor held";
const STAMPS: &str = "no trusted stamp and no event states it";
const TRACE: &str = "trace";
const STAMP: &str = "trusted stamps; without them events";
const VERDICT: &str = "verdict";

macro_rules! columns {
    ($($name:literal $kind:ident $unit:literal $missing:ident $source:ident $ee:literal
       $meaning:literal $get:expr;)*) => {
        /// The columns, in order. CSV, JSON Lines, Parquet and SQL have the same.
        pub const COLUMNS: &[FactColumn] = &[$(FactColumn {
            name: $name,
            kind: FactKind::$kind,
            unit: $unit,
            missing: $missing,
            source: $source,
            email_events: $ee,
            meaning: $meaning,
            get: $get,
        }),*];
    };
}

const PLACE: &str = "the record itself";
const FOLD: &str = "all records of the delivery";

columns! {
    "time" Time "UTC" NEVER TRACE "Timestamp" "Receipt of the message: the first time a record states."
        |f| FactValue::Time(f.time);
    "time_final" Time "UTC" NEVER FOLD "" "Last time a record states."
        |f| FactValue::Time(f.time_final);
    "tenant" Text "" UNSTATED TRACE "" "Organisation: tenant id or its onmicrosoft.com name, lower case."
        |f| text(f.tenant);
    "network_message_id" Text "" UNSTATED TRACE "NetworkMessageId" "Network message id, dashed, lower case. The records of one message share it; with the recipient it names the delivery."
        |f| if f.key_is_network_id { FactValue::Text(Cow::Owned(super::delivery::dashed(f.key))) } else { FactValue::Null };
    "message_id" Text "" UNSTATED TRACE "InternetMessageId" "Message-ID without angle brackets."
        |f| text(f.message_id);
    "message_class" Text "" NEVER FOLD "" "`ndr` for mail of the null sender or of Exchange's own system address, else `mail`. (`auto_reply`, `journal` and `system` cannot be told from a trace yet.)"
        |f| text(f.message_class);
    "direction" Text "" NEVER VERDICT "EmailDirection" "inbound, outbound, internal or unknown."
        |f| text(f.direction);
    "sender" Text "" UNSTATED TRACE "SenderMailFromAddress" "Envelope sender (P1), lower case; `<>` for the null sender."
        |f| text(f.sender);
    "sender_domain" Text "" UNSTATED TRACE "SenderMailFromDomain" "Its domain."
        |f| domain(f.sender);
    "header_from" Text "" UNSTATED STAMP "SenderFromAddress" "Address of the From header (P2) of the message file, lower case."
        |f| text(f.header_from);
    "header_from_domain" Text "" UNSTATED STAMP "SenderFromDomain" "Its domain; without a message file what trusted Authentication-Results name."
        |f| text(f.header_from_domain);
    "recipient" Text "" UNSTATED TRACE "RecipientEmailAddress" "Recipient address, lower case."
        |f| text(f.recipient);
    "recipient_domain" Text "" UNSTATED TRACE "" "Its domain."
        |f| domain(f.recipient);
    "subject" Text "" UNSTATED TRACE "Subject" "Subject as exported (exports cut long ones)."
        |f| text(f.subject);
    "size_bytes" Integer "bytes" UNSTATED TRACE "" "Size of the message."
        |f| number(f.size);
    "client_ip" Text "" UNSTATED TRACE "SenderIPv4 / SenderIPv6" "Address of the host that handed the message in."
        |f| text(f.client_ip);
    "remote_host" Text "" UNSTATED TRACE "" "Host, or its address, that the message went to, or that refused it (the latter wins)."
        |f| text(f.remote_host);
    "tls" Text "" UNSTATED TRACE "" "TLS version of the first hop that states one."
        |f| text(f.tls);
    "connector" Text "" UNSTATED TRACE "Connectors" "Connector, the first that is not a server's own default."
        |f| text(f.connector);
    "rules" List "" UNSTATED TRACE "ExchangeTransportRule" "Mail flow rule that decided what became of the message: its id, lower case; the last one where there are several."
        |f| list(&f.rules);
    "policy" Text "" UNSTATED TRACE "EmailActionPolicy" "Policy that acted, as quarantine lists and Defender name it."
        |f| text(f.policy);
    "outcome_first" Text "" NEVER VERDICT "DeliveryAction" "First outcome: delivered, relayed, quarantined, filtered, failed, pending, dropped, redirected, expanded, recalled or unknown."
        |f| text(f.outcome_first);
    "outcome" Text "" NEVER VERDICT "LatestDeliveryAction" "Last outcome, of the same words."
        |f| text(f.outcome);
    "post_action" Text "" NOTHING VERDICT "" "What was done after the first outcome: released, zapped, moved or recalled."
        |f| text(f.post_action);
    "status_raw" Text "" UNSTATED TRACE "" "Status (or event) as the first record that states one words it."
        |f| text(f.status_raw);
    "placement" Text "" NEVER VERDICT "DeliveryLocation" "inbox, junk, folder, quarantine, external, none or unknown."
        |f| text(f.placement);
    "scl" Integer "" STAMPS STAMP "" "Spam confidence level, -1 to 9."
        |f| number(f.scl);
    "bcl" Integer "" STAMPS STAMP "BulkComplaintLevel" "Bulk complaint level, 0 to 9."
        |f| number(f.bcl);
    "sfv" Text "" STAMPS STAMP "" "Spam filtering verdict."
        |f| text(f.sfv);
    "cat" Text "" STAMPS STAMP "ThreatTypes" "Category of the protection policy."
        |f| text(f.cat);
    "ipv" Text "" STAMPS STAMP "" "IP list result."
        |f| text(f.ipv);
    "sfty" Text "" STAMPS STAMP "" "Safety tip."
        |f| text(f.sfty);
    "country" Text "" STAMPS STAMP "" "Country of the connecting address."
        |f| text(f.country);
    "spf" Text "" STAMPS STAMP "AuthenticationDetails" "SPF result."
        |f| text(f.spf);
    "dkim" List "" STAMPS STAMP "AuthenticationDetails" "DKIM results, in order."
        |f| list(&f.dkim);
    "dkim_domain" Text "" STAMPS STAMP "" "Signing domain of the first DKIM result."
        |f| text(f.dkim_domain);
    "dkim_selector" Text "" NOT_YET STAMP "" "Its selector."
        |_| FactValue::Null;
    "dmarc" Text "" STAMPS STAMP "AuthenticationDetails" "DMARC result."
        |f| text(f.dmarc);
    "compauth" Text "" STAMPS STAMP "AuthenticationDetails" "Composite authentication result."
        |f| text(f.compauth);
    "compauth_reason" Text "" STAMPS STAMP "" "Its reason code, three digits."
        |f| text(f.compauth_reason);
    "auth_as" Text "" STAMPS STAMP "" "How the sender was authenticated (Anonymous, Internal ...)."
        |f| text(f.auth_as);
    "smtp_code" Integer "" FAULTS VERDICT "" "SMTP reply code of the failure."
        |f| number(f.smtp_code);
    "enhanced_code" Text "" FAULTS VERDICT "" "Enhanced status code of the failure."
        |f| text(f.enhanced_code);
    "issuer" Text "" FAULTS VERDICT "" "Who speaks in the failure text."
        |f| text(f.issuer);
    "signature" Text "" FAULTS VERDICT "" "Failure text with its variable parts removed."
        |f| text(f.signature);
    "layer" Text "" FAULTS VERDICT "" "Layer at fault."
        |f| text(f.layer);
    "cause" Text "" FAULTS VERDICT "" "Cause."
        |f| text(f.cause);
    "side" Text "" FAULTS VERDICT "" "On whose side."
        |f| text(f.side);
    "grade" Text "" FAULTS VERDICT "" "How directly it is known: direct, correlated or heuristic."
        |f| text(f.grade);
    "latency_ms" Integer "ms" UNSTATED FOLD "" "Time from receipt to the end of delivery."
        |f| number(f.latency.map(|us| i64::try_from(us / 1000).unwrap_or(i64::MAX)));
    "events" Integer "" NEVER FOLD "" "Events merged; 0 where no export of events speaks of it."
        |f| number(Some(f.events));
    "sources" Integer "" NEVER FOLD "" "Records that speak of the delivery, duplicates left out."
        |f| number(Some(f.sources));
    "source" Text "" NEVER PLACE "" "Input that owns the row: the first record of the delivery by path and line."
        |f| text(f.source);
    "line" Integer "" NEVER PLACE "" "Line of that record."
        |f| number(Some(f.line));
}

/// What a record says that no count needs and only facts show. Texts are as written, without angle
/// brackets or outer white space; empty where the record does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Told<'a> {
    /// Message-ID.
    pub message_id: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Status or event word.
    pub status: &'a str,
    /// Address of the host that handed the message in.
    pub client_ip: &'a str,
    /// Address of the host it went to.
    pub remote_ip: &'a str,
    /// Address of the From header, lower case.
    pub header_from: &'a str,
}

impl<'a> Told<'a> {
    /// Takes what `other` says where this says nothing.
    pub fn or(&mut self, other: Self) {
        let slots: [(&mut &'a str, &'a str); 6] = [
            (&mut self.message_id, other.message_id),
            (&mut self.subject, other.subject),
            (&mut self.status, other.status),
            (&mut self.client_ip, other.client_ip),
            (&mut self.remote_ip, other.remote_ip),
            (&mut self.header_from, other.header_from),
        ];
        for (slot, value) in slots {
            if slot.is_empty() {
                *slot = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_the_contract() {
        let names: Vec<&str> = COLUMNS.iter().map(|c| c.name).collect();
        let contract = "time time_final tenant network_message_id message_id message_class direction \
            sender sender_domain header_from header_from_domain recipient recipient_domain subject \
            size_bytes client_ip remote_host tls connector rules policy outcome_first outcome \
            post_action status_raw placement scl bcl sfv cat ipv sfty country spf dkim dkim_domain \
            dkim_selector dmarc compauth compauth_reason auth_as smtp_code enhanced_code issuer \
            signature layer cause side grade latency_ms events sources source line";
        assert_eq!(names.join(" "), contract);
    }

    #[test]
    fn values_fit_their_columns() {
        let full = Fact {
            sender: "a@contoso.com",
            rules: vec!["r1", "r2"],
            dkim: vec!["pass"],
            scl: Some(-1),
            key: 1,
            key_is_network_id: true,
            latency: Some(1_500),
            ..Fact::default()
        };
        for fact in [&full, &Fact::default()] {
            for column in COLUMNS {
                let fits = match (column.get)(fact) {
                    FactValue::Null => column.missing != NEVER || fact.source.is_empty(),
                    FactValue::Text(text) => column.kind == FactKind::Text && !text.is_empty(),
                    FactValue::Time(_) => column.kind == FactKind::Time,
                    FactValue::Integer(_) => column.kind == FactKind::Integer,
                    FactValue::List(l) => column.kind == FactKind::List && !l.is_empty(),
                };
                assert!(fits, "{}", column.name);
            }
        }
        let coded = postcard::to_stdvec(&full).unwrap();
        assert_eq!(postcard::from_bytes::<Fact<'_>>(&coded).unwrap(), full);
    }
}
