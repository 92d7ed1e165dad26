//! What a bounce says of one recipient.

/// One recipient of a bounce (RFC 3464 delivery status, or read from the bounce's text).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BounceRecipient {
    /// Recipient address, lower case; empty where the bounce names none.
    pub recipient: String,
    /// `failed`, `delayed`, `delivered`, `relayed`, `expanded`; lower case, as written.
    pub action: String,
    /// Enhanced status code (`5.7.26`), from the Status field, else from the diagnostic text.
    pub status: String,
    /// SMTP reply code (550), 0 where none is named.
    pub smtp_code: u16,
    /// The refusing side's words, unfolded, at most 2 KiB.
    pub diagnostic: String,
    /// The host that refused, where the bounce names one. Its presence suggests that the other
    /// side refused.
    pub remote_mta: String,
    /// Refused behind the end of the message, not at its address: the address was taken.
    pub after_data: bool,
}
