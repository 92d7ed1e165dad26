//! What one message file says: headers decoded, stamps typed, a bounce's recipients.

use super::auth::{ArcFault, ArcSet, Border, DkimSignature, ReceivedSpf};
use super::bounce::BounceRecipient;
use super::time::Instant;
use super::trail::Trail;
use std::net::IpAddr;

/// The stamps of one message, as written by the topmost unsuffixed copy. `None` means the message
/// holds no such value; unknown values are kept as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stamps {
    /// Spam confidence level, -1 to 9: X-MS-Exchange-Organization-SCL, else SCL of the
    /// X-Forefront-Antispam-Report.
    pub scl: Option<i8>,
    /// Bulk complaint level, 0 to 9 (X-Microsoft-Antispam BCL).
    pub bcl: Option<u8>,
    /// Spam filtering verdict (`NSPM`, `SPM`, `SKN`, ...).
    pub sfv: Option<String>,
    /// Category of protection policy (`NONE`, `SPM`, `PHSH`, `HSPM`, ...).
    pub cat: Option<String>,
    /// IP filter verdict (`NLI`, `CAL`).
    pub ipv: Option<String>,
    /// Phishing/spoof tip (`9.19`, `9.20`, ...).
    pub sfty: Option<String>,
    /// Direction in the stamp (`INB`, `OUT`, `INT`).
    pub dir: Option<String>,
    /// Country of the connecting address (`CTRY`).
    pub country: Option<String>,
    /// Connecting address (`CIP`).
    pub cip: Option<String>,
    /// SPF result of the topmost Authentication-Results, lower case.
    pub spf: Option<String>,
    /// DKIM results in order: (result, header.d), lower case.
    pub dkim: Vec<(String, String)>,
    /// DMARC result, lower case.
    pub dmarc: Option<String>,
    /// DMARC action (`none`, `quarantine`, `oreject`, ...), lower case.
    pub dmarc_action: Option<String>,
    /// Composite authentication result, lower case.
    pub compauth: Option<String>,
    /// Composite authentication reason (`000`, `109`, ...), as written.
    pub compauth_reason: Option<String>,
    /// smtp.mailfrom of the Authentication-Results, lower case.
    pub mailfrom_domain: Option<String>,
    /// header.from of the Authentication-Results, lower case.
    pub header_from: Option<String>,
    /// X-MS-Exchange-Organization-AuthAs (`Anonymous`, `Internal`, ...).
    pub auth_as: Option<String>,
    /// X-MS-Exchange-Organization-AuthSource.
    pub auth_source: Option<String>,
    /// X-MS-Exchange-Organization-MessageDirectionality (`Incoming`, `Originating`).
    pub directionality: Option<String>,
    /// Placement of X-Microsoft-Antispam-Mailbox-Delivery `dest` (`I` inbox, `J` junk, ...).
    pub dest: Option<String>,
    /// Reason of X-Microsoft-Antispam-Mailbox-Delivery `OFR`.
    pub ofr: Option<String>,
    /// Setting that let it pass the filter (an allow list, a mail flow rule), as an export of
    /// Defender names it; headers say it by `sfv`, `ipv` and `sfty`.
    pub allowed_by: Option<String>,
    /// A genuine border was found: the `Received` line whose by-host's first label is that of
    /// AuthSource, so that unsuffixed Microsoft stamps may be believed.
    pub trusted: bool,
    /// Keys and values no decoder knows, as written (`KEY:VALUE`).
    pub unknown: Vec<String>,
    /// What the way and the rules say, for counting; only with a genuine border, and only where
    /// many messages are counted.
    pub trail: Option<Box<Trail>>,
}

/// Class of a message file.
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
pub enum MessageClass {
    /// Ordinary mail.
    #[default]
    Mail,
    /// A non-delivery report or delay notice.
    Ndr,
    /// An automatic reply.
    AutoReply,
}

/// The message a bounce returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginalMessage {
    /// Network message id, where the returned headers hold one.
    pub network_message_id: Option<u128>,
    /// Message-ID without angle brackets: of the returned headers, else In-Reply-To.
    pub message_id: Option<String>,
    /// Sender address of the returned message (From, lower case).
    pub sender: Option<String>,
    /// Date of the returned message, else Arrival-Date of the report.
    pub date: Option<Instant>,
}

/// Everything decoded from one message file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFacts {
    /// Mail, bounce or automatic reply.
    pub class: MessageClass,
    /// X-MS-Exchange-Organization-Network-Message-Id (128 bits).
    pub network_message_id: Option<u128>,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Date header, UTC.
    pub date: Option<Instant>,
    /// Time of the topmost readable Received line, UTC.
    pub received: Option<Instant>,
    /// Address of the From header, lower case.
    pub from: Option<String>,
    /// Return-Path address, lower case; `<>` for the null sender.
    pub return_path: Option<String>,
    /// Addresses of To and Cc, lower case, in order.
    pub to: Vec<String>,
    /// Subject, decoded.
    pub subject: Option<String>,
    /// Size of the file in bytes, as far as it was read.
    pub size: u64,
    /// Stamps.
    pub stamps: Stamps,
    /// Recipients of a bounce; empty for other mail.
    pub bounce: Vec<BounceRecipient>,
    /// The message a bounce returns.
    pub original: Option<OriginalMessage>,
}

/// One Received line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// Host that took the message, as it names itself; `None` where the line does not say.
    pub by: Option<String>,
    /// Host it came from, as it named itself.
    pub from: Option<String>,
    /// When, UTC; `None` where it cannot be read.
    pub time: Option<Instant>,
    /// Seconds since the hop before (the line below); negative where clocks differ; `None` where
    /// one of the two times cannot be read, and for the first hop.
    pub delay_seconds: Option<i64>,
    /// TLS version as written (`TLS1_3`, `TLSv1.2`); `None` where the line names none.
    pub tls: Option<String>,
    /// Address of the host it came from, as the writer of the line saw it.
    pub address: Option<IpAddr>,
    /// Name of that address (reverse DNS) in the comment behind `from`; `None` where the line
    /// gives none, or `unknown`.
    pub resolved: Option<String>,
    /// Protocol behind `with` (`ESMTPS`, `Microsoft SMTP Server`, `HTTPS`, ...), as written.
    pub protocol: Option<String>,
    /// Queue id behind `id`; Exchange writes its build there (`15.20.9000.1`).
    pub id: Option<String>,
    /// Address behind `for`, lower case.
    pub recipient: Option<String>,
    /// At or above a genuine border.
    pub trusted: bool,
}

/// The stamps of one set of copies: the unsuffixed headers, or renamed ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// Values as written, topmost copy, whoever wrote them.
    pub stamps: Stamps,
    /// Phishing confidence level.
    pub pcl: Option<i8>,
    /// Language of the message (`LANG`).
    pub lang: Option<String>,
    /// Reverse DNS name of the connecting address (`PTR`).
    pub ptr: Option<String>,
    /// HELO of the connecting host (`H`).
    pub helo: Option<String>,
}

/// An address that a header names, and what stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name of the header, as written (`From`, `Reply-To`, ...).
    pub header: String,
    /// Display name, encoded words decoded, without its quotes; `None` where there is none.
    pub name: Option<String>,
    /// Address, lower case; `None` where none can be read.
    pub address: Option<String>,
}

/// All that one message's headers say, for people to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// What the message says as evidence: only trusted results count there.
    pub facts: MessageFacts,
    /// The unsuffixed stamps.
    pub written: Copies,
    /// Renamed copies (`-Untrusted`, `-Original`): another organisation's, or a claim.
    pub untrusted: Option<Copies>,
    /// Names of the renamed headers, as written, topmost first, each once.
    pub renamed: Vec<String>,
    /// Why the stamps are believed, or are not.
    pub border: Border,
    /// Received-SPF lines, topmost first, at most 32.
    pub received_spf: Vec<ReceivedSpf>,
    /// DKIM signatures, topmost first, at most 32.
    pub dkim_signatures: Vec<DkimSignature>,
    /// ARC sets, newest (highest instance) first.
    pub arc: Vec<ArcSet>,
    /// What breaks the chain of ARC sets, newest first.
    pub arc_faults: Vec<ArcFault>,
    /// Every header field, topmost first: name as written, value on one line, both clipped; at
    /// most 1,024 fields.
    pub fields: Vec<(String, String)>,
    /// Values of [`Examined::fields`] that hold encoded words: place there, and the text they
    /// stand for, control characters kept, clipped like the value.
    pub decoded: Vec<(usize, String)>,
    /// Who is said to have written, sent or to get the answer, in header order, topmost first: of
    /// each header its first address, at most 64.
    pub identities: Vec<Identity>,
    /// Addresses of Delivered-To, X-Original-To and the like, lower case, topmost first, each
    /// once, at most 16: whose copy this is.
    pub delivered_to: Vec<String>,
    /// Number of header fields, those that are not kept included.
    pub field_count: usize,
    /// Longest line of the header block in bytes, without its end (RFC 5322 allows 998).
    pub longest_line: usize,
    /// A NUL byte stands in the header block.
    pub has_nul: bool,
    /// Received lines, newest first.
    pub hops: Vec<Hop>,
    /// Seconds between the oldest and the newest readable hop.
    pub delay_seconds: Option<i64>,
}
