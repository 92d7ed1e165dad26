//! What an export looks like: encoding, form, and what its columns mean.

/// Text encoding of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8 without a byte order mark (plain ASCII included).
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16 little endian, with or without a byte order mark.
    Utf16Le,
    /// UTF-16 big endian, with or without a byte order mark.
    Utf16Be,
}

impl Encoding {
    /// Spelling in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }
}

/// What a column holds, whatever its name in one export or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Network message id (128 bits), the message key.
    NetworkMessageId,
    /// RFC 5322 Message-ID.
    MessageId,
    /// Time of receipt, or of the event.
    Time,
    /// Envelope sender.
    Sender,
    /// Recipient.
    Recipient,
    /// Address of the submitting host.
    FromIp,
    /// Address of the host the message went to.
    ToIp,
    /// Subject.
    Subject,
    /// Status word.
    Status,
    /// Size in bytes.
    Size,
    /// Change log: what was changed.
    What,
    /// Change log: who changed it.
    Who,
    /// Export artefact (Index, StartDate, EndDate, RunspaceId, ...): never compared, never shown.
    Artefact,
}

impl Role {
    /// Number of roles; the length of a column map.
    pub const COUNT: usize = 13;
}

/// How the records of an input are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Delimited rows below a header line.
    Csv,
    /// One RFC 5322 message per file.
    Message,
}

/// What detection settled about one input; everything `read` and `decode` need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Name in the report: `messagetracev2`, `eml`, `changes`.
    pub name: &'static str,
    /// Layout.
    pub form: Form,
    /// Encoding.
    pub encoding: Encoding,
    /// Field delimiter (`Csv` only).
    pub delimiter: u8,
    /// Bytes before the first data record: mark, preamble (`#TYPE`, `sep=`) and header line.
    pub data_start: u64,
    /// Physical lines before the first data record.
    pub data_line: u64,
    /// Column index of each role, in [`Role`] order; `None` where the export has no such column.
    pub columns: [Option<u16>; Role::COUNT],
    /// Fields in the header line.
    pub width: u16,
}

impl Dialect {
    /// Column index of a role.
    pub fn column(&self, role: Role) -> Option<usize> {
        self.columns[role as usize].map(usize::from)
    }
}
