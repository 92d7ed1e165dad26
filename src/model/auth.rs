//! What the signed and dated headers of one message say: Received-SPF, DKIM-Signature, ARC.
//!
//! All text is a stranger's, without control characters, white space runs made one blank, cut at
//! 256 bytes unless told otherwise. `None` means that the header does not say.

use super::time::Instant;

/// One Received-SPF line (RFC 7208, 9.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedSpf {
    /// Result (`pass`, `fail`, `softfail`, ...), lower case, unknown ones as they stand.
    pub result: Option<String>,
    /// Comment behind the result, without its brackets.
    pub comment: Option<String>,
    /// Address of the sending host: `client-ip`.
    pub client_ip: Option<String>,
    /// MAIL FROM as the receiver saw it: `envelope-from`, without angle brackets.
    pub envelope_from: Option<String>,
    /// HELO or EHLO name: `helo`.
    pub helo: Option<String>,
    /// Host that checked: `receiver`; where it is missing, the name that begins the comment.
    pub receiver: Option<String>,
    /// What was checked: `identity` (`mailfrom`, `helo`, ...), lower case.
    pub identity: Option<String>,
    /// Domain that was checked, lower case: of `envelope-from`, else as the comment names it.
    pub domain: Option<String>,
    /// At or above a genuine border: written by the organisation that took the message.
    pub trusted: bool,
}

/// One DKIM-Signature (RFC 6376, 3.5). Whether it verifies is not known without its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DkimSignature {
    /// `v`, the version; `1` is the only one.
    pub version: Option<String>,
    /// `a`, the algorithm (`rsa-sha256`, `ed25519-sha256`, ...), lower case.
    pub algorithm: Option<String>,
    /// Length of `b`, the signature, in base64 characters; 0 where it is missing.
    pub signature_length: usize,
    /// `bh`, hash of the body, base64 without white space.
    pub body_hash: Option<String>,
    /// `c`, canonicalisation of header and body (`relaxed/simple`), lower case; missing is
    /// `simple/simple`.
    pub canonicalization: Option<String>,
    /// `d`, the signing domain, lower case.
    pub domain: Option<String>,
    /// `h`, names of the signed fields in order, lower case, at most 128.
    pub signed: Vec<String>,
    /// `i`, the signing user or agent (`user@domain`, `@domain`), as written.
    pub identity: Option<String>,
    /// `l`, bytes of the body that are signed; what follows them may be anybody's.
    pub body_length: Option<u64>,
    /// `q`, how the key is found (`dns/txt`), lower case.
    pub query: Option<String>,
    /// `s`, the selector of the key.
    pub selector: Option<String>,
    /// `t`, when it was signed, UTC.
    pub signed_at: Option<Instant>,
    /// `x`, until when it holds, UTC.
    pub expires: Option<Instant>,
    /// What is wrong with it or weakens it, each once, in the order of [`DkimFault`].
    pub faults: Vec<DkimFault>,
}

/// What is wrong with a signature, or weakens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DkimFault {
    /// A tag without which no verifier accepts it is missing (`v a b bh d h s`).
    TagMissing(&'static str),
    /// A tag stands twice: verifiers must refuse the signature (RFC 6376, 3.2). The first counts
    /// here.
    TagRepeated,
    /// `v` is not 1.
    UnknownVersion,
    /// `From` is not among the signed fields: verifiers must refuse the signature (6.1.1).
    FromNotSigned,
    /// `i` is neither of the domain `d` nor of one below it (6.1.1).
    IdentityElsewhere,
    /// `l` is there: text can be added without breaking the signature (8.2).
    LengthLimited,
    /// `a` is rsa-sha1, which verifiers must refuse (RFC 8301, 3.1).
    Sha1,
    /// `x` is not later than `t`.
    ExpiresBeforeSigned,
    /// `x` was over when the newest readable Received line was written.
    Expired,
}

/// What came of verifying one DKIM-Signature anew, with keys of a snapshot of DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimCheck {
    /// `d`, the signing domain, lower case; `None` where the signature has none.
    pub domain: Option<String>,
    /// `s`, the selector of the key; `None` where the signature has none.
    pub selector: Option<String>,
    /// Result.
    pub result: DkimResult,
    /// What it rests on, one sentence.
    pub detail: String,
}

/// Result of a signature that was verified anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DkimResult {
    /// It verifies: signed fields and body are as the signer sent them.
    Pass,
    /// The body is not the one that was signed.
    BodyAltered,
    /// The signed fields are not those that were signed, or the key is another.
    Broken,
    /// The signature holds no longer (`x`).
    Expired,
    /// The key is withdrawn, of an unknown kind, or does not allow this signature.
    KeyUnusable,
    /// The signature cannot be read, or uses what no verifier accepts.
    Invalid,
    /// The snapshot holds no key of this selector.
    NoKey,
    /// The file does not hold the whole message: nothing can be said.
    NotWhole,
}

impl DkimResult {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::BodyAltered => "body_altered",
            Self::Broken => "broken",
            Self::Expired => "expired",
            Self::KeyUnusable => "key_unusable",
            Self::Invalid => "invalid",
            Self::NoKey => "no_key",
            Self::NotWhole => "not_whole",
        }
    }
}

/// One set of ARC headers (RFC 8617): what one intermediary found and sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArcSet {
    /// Instance, 1 to 50; the highest is the newest.
    pub instance: u8,
    /// ARC-Authentication-Results: what the intermediary found.
    pub results: Option<ArcResults>,
    /// ARC-Message-Signature: the message as it left the intermediary.
    pub signature: Option<ArcSignature>,
    /// ARC-Seal: the chain up to here.
    pub seal: Option<ArcSeal>,
    /// All of its headers stand at or above a genuine border.
    pub trusted: bool,
}

/// ARC-Authentication-Results of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArcResults {
    /// Who found it: the authserv-id.
    pub authority: Option<String>,
    /// SPF result, lower case.
    pub spf: Option<String>,
    /// smtp.mailfrom, lower case.
    pub mailfrom: Option<String>,
    /// DKIM results in order: (result, header.d), lower case, at most 32.
    pub dkim: Vec<(String, String)>,
    /// DMARC result, lower case.
    pub dmarc: Option<String>,
    /// header.from, lower case.
    pub header_from: Option<String>,
    /// Result of the chain that came in, lower case.
    pub arc: Option<String>,
}

/// ARC-Message-Signature of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArcSignature {
    /// `d`, the signing domain, lower case.
    pub domain: Option<String>,
    /// `s`, the selector of the key.
    pub selector: Option<String>,
    /// `a`, the algorithm, lower case.
    pub algorithm: Option<String>,
}

/// ARC-Seal of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArcSeal {
    /// `cv`, state of the chain that came in (`none`, `pass`, `fail`), lower case.
    pub validation: Option<String>,
    /// `d`, the sealing domain, lower case.
    pub domain: Option<String>,
    /// `s`, the selector of the key.
    pub selector: Option<String>,
    /// `a`, the algorithm, lower case.
    pub algorithm: Option<String>,
    /// `t`, when it was sealed, UTC.
    pub sealed_at: Option<Instant>,
}

/// A header of an ARC set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArcMember {
    /// ARC-Authentication-Results.
    Results,
    /// ARC-Message-Signature.
    Signature,
    /// ARC-Seal.
    Seal,
}

impl ArcMember {
    /// Name of the header.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Results => "ARC-Authentication-Results",
            Self::Signature => "ARC-Message-Signature",
            Self::Seal => "ARC-Seal",
        }
    }
}

/// What breaks a chain of ARC sets (RFC 8617, 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArcFault {
    /// A header of the set is not there.
    Missing {
        /// The set.
        instance: u8,
        /// Its header.
        member: ArcMember,
    },
    /// Sets below the highest one are not there at all.
    Gap {
        /// First missing instance.
        from: u8,
        /// Last missing instance.
        to: u8,
    },
    /// A header stands more than once with the same instance; the topmost counts here.
    Repeated {
        /// The set.
        instance: u8,
        /// Its header.
        member: ArcMember,
    },
    /// The seal says `cv=fail`: an intermediary found the chain broken.
    Failed {
        /// The set.
        instance: u8,
    },
    /// The seal's `cv` cannot be: the first set says `none`, every other `pass` or `fail`.
    Impossible {
        /// The set.
        instance: u8,
    },
    /// A header has no instance, or one outside of 1 to 50.
    NoInstance {
        /// The header.
        member: ArcMember,
    },
}

/// Where the organisation's own part of the headers begins, or why that cannot be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Border {
    /// The Received line of the server that judged the sender is there, with the organisation's
    /// hops above it.
    Genuine {
        /// Host that wrote the line, as AuthSource names it.
        host: String,
    },
    /// No header names the server that judged the sender (AuthSource): the message did not come
    /// in through Exchange, was taken before it was judged, or lost its headers.
    #[default]
    NobodyJudged,
    /// A header of which there is only one stands twice with different values.
    Conflict {
        /// The header.
        header: &'static str,
    },
    /// No Received line is by the server that AuthSource names.
    NoLine {
        /// AuthSource.
        host: String,
    },
    /// A Received line above that of AuthSource is by a host that is neither Microsoft's nor an
    /// Exchange server of the same domain: the message left the organisation afterwards.
    Stranger {
        /// The host.
        host: String,
        /// AuthSource.
        judge: String,
    },
    /// A Received line above that of AuthSource does not say who wrote it.
    Unreadable {
        /// AuthSource.
        judge: String,
    },
}
