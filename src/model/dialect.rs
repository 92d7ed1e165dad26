//! What an export looks like: encoding, form, and what its columns mean.

use std::borrow::Cow;

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
    /// The code page of Western Europe, which Excel's "CSV" is written in there.
    Windows1252,
}

impl Encoding {
    /// Spelling in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8Bom => "utf-8-bom",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Bytes as UTF-8: what a text in this encoding means. Unpaired surrogates and an odd last
    /// byte of UTF-16 become U+FFFD, a byte order mark becomes U+FEFF; UTF-8 comes back as it is,
    /// damage included. For short pieces: whole inputs are turned as a stream, to the same text.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        let utf16 = |unit: fn([u8; 2]) -> u16| {
            let (pairs, rest) = bytes.as_chunks::<2>();
            let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .chain(rest.first().map(|_| char::REPLACEMENT_CHARACTER));
            Cow::Owned(text.collect::<String>().into_bytes())
        };
        match self {
            Self::Utf8 | Self::Utf8Bom => Cow::Borrowed(bytes),
            Self::Utf16Le => utf16(u16::from_le_bytes),
            Self::Utf16Be => utf16(u16::from_be_bytes),
            Self::Windows1252 => {
                let text = bytes.iter().map(|&byte| windows_1252(byte));
                Cow::Owned(text.collect::<String>().into_bytes())
            }
        }
    }

    /// Bytes that `text`, a piece of decoded text, takes in the file. A piece may be cut inside a
    /// character: the lengths of its parts add up. The one inexactness: the odd last byte of a
    /// damaged UTF-16 file counts as two.
    pub fn source_bytes(self, text: &[u8]) -> u64 {
        let unit = self.unit();
        if matches!(self, Self::Utf8 | Self::Utf8Bom) || text.is_ascii() {
            return text.len() as u64 * unit;
        }
        // A character is one unit, and two where UTF-16 writes it as a surrogate pair. Short
        // pieces keep the sums in bytes, which the compiler turns into vector code.
        let astral = if unit == 2 { 0xF0 } else { u8::MAX };
        let weight = |&byte: &u8| u8::from(byte & 0xC0 != 0x80) + u8::from(byte >= astral);
        let units = text.chunks(96).map(|piece| piece.iter().map(weight).sum::<u8>());
        units.map(u64::from).sum::<u64>() * unit
    }

    /// Bytes of an ASCII character in the file.
    pub const fn unit(self) -> u64 {
        match self {
            Self::Utf8 | Self::Utf8Bom | Self::Windows1252 => 1,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }
}

/// What 0x80 to 0x9F mean in Windows-1252; the five bytes without a meaning are the control
/// characters of ISO 8859-1 (WHATWG Encoding Standard, index windows-1252).
const WINDOWS_1252: [char; 32] = [
    '\u{20AC}', '\u{81}', '\u{201A}', '\u{192}', '\u{201E}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2C6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8D}', '\u{17D}', '\u{8F}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201C}', '\u{201D}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2DC}', '\u{2122}', '\u{161}', '\u{203A}', '\u{153}', '\u{9D}', '\u{17E}', '\u{178}',
];

/// The character that a byte of Windows-1252 stands for.
pub fn windows_1252(byte: u8) -> char {
    let special = byte.checked_sub(0x80).and_then(|index| WINDOWS_1252.get(usize::from(index)));
    special.copied().unwrap_or(char::from(byte))
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
    /// Organisation: tenant id or name.
    Tenant,
    /// Packed list of recipients with their events, or SMTP texts of an event's recipients.
    RecipientStatus,
    /// Stated direction.
    Directionality,
    /// Connector name.
    Connector,
    /// Event word.
    Event,
    /// Component that wrote an event.
    Source,
    /// Free text of that component.
    SourceContext,
    /// The other address of an event.
    Related,
    /// Envelope sender, where the export has it beside the sender.
    ReturnPath,
    /// Start time and latency tree.
    MessageInfo,
    /// The `S:` records of an event.
    CustomData,
    /// What an event refers to.
    Reference,
    /// Number of the message in one server's queue.
    InternalId,
    /// Server that wrote an event.
    Server,
    /// Server's address.
    ServerIp,
    /// Host that submitted on this hop.
    ClientHost,
    /// Its address.
    ClientIp,
    /// Trace detail: action.
    Action,
    /// Trace detail: text.
    DetailText,
    /// Trace detail: XML.
    DetailData,
    /// Delivery priority.
    Priority,
    /// Address of the From header (P2), where the sender is the envelope's.
    HeaderFrom,
    /// Where the message was delivered at first.
    Location,
    /// Where it lies now.
    LatestLocation,
    /// What was done after delivery, in words: kind of action.
    ActionType,
    /// Whether that succeeded.
    ActionResult,
    /// Kind of threat that was found.
    Threat,
    /// Policy that acted.
    Policy,
    /// Its kind.
    PolicyType,
    /// Bulk complaint level.
    Bulk,
    /// Results of authentication as a JSON text.
    Authentication,
    /// SPF result.
    Spf,
    /// DKIM result.
    Dkim,
    /// DMARC result.
    Dmarc,
    /// Mail flow rule that acted.
    Rule,
    /// What the organisation's settings did beside the filter's verdict (allow, block).
    OrgAction,
    /// Which of these settings.
    OrgPolicy,
    /// What the recipient's settings did.
    UserAction,
    /// Which of these settings.
    UserPolicy,
    /// A whole header block.
    Headers,
    /// True where the message was released from quarantine.
    Released,
    /// Export artefact (Index, StartDate, EndDate, RunspaceId, ...): never compared, never shown.
    Artefact,
}

impl Role {
    /// Number of roles; the length of a column map.
    pub const COUNT: usize = Self::Artefact as usize + 1;
}

/// What one record of an input speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// One message to one recipient.
    Recipient,
    /// One message, its recipients packed in a cell.
    Packed,
    /// One event on the way of a message, with the recipients it concerns.
    Event,
    /// One event of a message and mostly one recipient, in words.
    Trace,
    /// One change of a change log.
    Change,
    /// A whole message.
    Message,
    /// One message in quarantine, with its recipients.
    Quarantine,
    /// One message to one recipient as Defender saw it, its verdict and authentication included.
    Hunting,
    /// One action on a message after its delivery.
    PostDelivery,
    /// One message as its header block.
    Headers,
    /// A document beside the mail, read whole.
    Document,
}

/// How the records of an input are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Delimited rows below a header line.
    Csv,
    /// One RFC 5322 message per file.
    Message,
    /// RFC 5322 messages one after another, with separator lines.
    Mbox,
    /// One Outlook message per file.
    Outlook,
    /// One XML document per file.
    Xml,
    /// JSON objects with the same names, in a list or one per line.
    Json,
}

/// What detection settled about one input; everything `read` and `decode` need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Name in the report: `messagetracev2`, `eml`, `changes`.
    pub name: &'static str,
    /// Layout.
    pub form: Form,
    /// What one record speaks of.
    pub grain: Grain,
    /// Encoding.
    pub encoding: Encoding,
    /// Field delimiter (`Csv` only).
    pub delimiter: u8,
    /// Bytes of the file, as they stand there, before the first data record: mark, preamble
    /// (`#TYPE`, `sep=`) and header line.
    pub data_start: u64,
    /// Physical lines before the first data record.
    pub data_line: u64,
    /// Column index of each role, in [`Role`] order; `None` where the export has no such column.
    pub columns: [Option<u16>; Role::COUNT],
    /// Fields in the header line.
    pub width: u16,
    /// Name of each column (`Json` only).
    pub keys: Vec<String>,
}

impl Dialect {
    /// Makes the columns those that hold something, in the order in which they stand, and keeps
    /// their names: records by name have no other columns.
    pub fn keep_keys(&mut self, names: &[String]) {
        let mut used: Vec<u16> = self.columns.iter().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        for column in self.columns.iter_mut().flatten() {
            *column = used.partition_point(|at| at < column) as u16;
        }
        let name = |at: &u16| names.get(usize::from(*at)).cloned().unwrap_or_default();
        self.keys = used.iter().map(name).collect();
        self.width = used.len() as u16;
    }

    /// Column index of a role.
    pub fn column(&self, role: Role) -> Option<usize> {
        self.columns[role as usize].map(usize::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn code_page() {
        assert_eq!(Encoding::Windows1252.decode(b"gr\xFCn \x80 \x81"), "grün € \u{81}".as_bytes());
        assert_eq!((windows_1252(0x7F), windows_1252(0x9F)), ('\u{7F}', 'Ÿ'));
        assert_eq!((windows_1252(0xA0), windows_1252(0xFF)), ('\u{A0}', 'ÿ'));
    }

    #[test]
    fn damage_becomes_a_replacement() {
        let decoded = Encoding::Utf16Le.decode(b"a\0\x00\xD8b\0\x00\xDC\x3D\xD8\x00\xDEc");
        assert_eq!(decoded, "a\u{FFFD}b\u{FFFD}\u{1F600}\u{FFFD}".as_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn lengths_are_those_of_the_file(
            bytes in prop::collection::vec(any::<u8>(), 0..300), cut: prop::sample::Index,
        ) {
            for encoding in [Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252] {
                let bytes = &bytes[..bytes.len() - bytes.len() % encoding.unit() as usize];
                let text = encoding.decode(bytes);
                prop_assert_eq!(encoding.source_bytes(&text), bytes.len() as u64);
                let (before, behind) = text.split_at(cut.index(text.len() + 1));
                let sum = encoding.source_bytes(before) + encoding.source_bytes(behind);
                prop_assert_eq!(sum, bytes.len() as u64);
            }
        }
    }
}
