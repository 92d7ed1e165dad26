//! Rows of Get-MessageTraceV2, Get-MessageTrace and the portal: one message to one recipient.
//!
//! The hot path: millions of rows that differ in nothing but their fields. Source of the columns:
//! Get-MessageTraceV2 (Microsoft Learn, 2026) and exports seen in the wild; time is UTC whatever
//! its culture.

use super::super::cells::text::lost_array;
use super::super::dates::DateOrder;
use super::super::status;
use super::super::zone::Zone;
use super::base::{Base, excerpt};
use super::shared::{Shared, address_cell};
use super::{Emit, Notes, note};
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Status};

#[derive(Debug)]
pub(super) struct Recipients {
    shared: Shared,
    recipient: usize,
    status: usize,
    statuses: Statuses,
    /// A cell without its doubled quotes, and one that is not written in lower case.
    scratch: Vec<u8>,
    lower: String,
}

/// The status word of the last row: mostly that of the next one.
#[derive(Debug)]
struct Statuses {
    word: Vec<u8>,
    status: Status,
}

impl Statuses {
    fn read(&mut self, cell: &[u8]) -> Status {
        if cell != self.word {
            self.status = status::parse(cell);
            self.word.clear();
            self.word.extend_from_slice(cell);
        }
        self.status
    }
}

impl Recipients {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        Some(Self {
            shared: Shared::new(dialect, Base::new(dialect, order, zone)?)?,
            recipient: dialect.column(ColumnRole::Recipient)?,
            status: dialect.column(ColumnRole::Status)?,
            statuses: Statuses { word: Vec::new(), status: status::parse(b"") },
            scratch: Vec::new(),
            lower: String::new(),
        })
    }

    pub(super) fn decode(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
        emit: &mut impl Emit,
    ) -> Result<(), RejectReason> {
        let said = self.shared.read(record, notes)?;
        let mut recipient =
            address_cell(record, self.recipient, &mut self.scratch, &mut self.lower);
        if lost_array(recipient.as_bytes()) {
            notes.lost_arrays += 1;
            recipient = "";
        }
        let mut digest = said.digest;
        digest.text(recipient.as_bytes());
        let word = record.bare(self.status);
        let status = self.statuses.read(word);
        digest.number(1 + status as u64);
        if status == Status::Unknown {
            let word = excerpt(word);
            digest.text(word.as_bytes());
            note(&mut notes.unknown_statuses, word);
        }
        let row = Row {
            key: said.key,
            time: said.time,
            message_id: said.message_id,
            content: digest.finish(),
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size: said.size,
            status: status as u8,
            flags: said.flags,
            sender: &said.sender,
            recipient,
        };
        let detail = said.tenant.as_deref().map(|tenant| Detail { tenant, ..Detail::default() });
        emit.row(&row, detail.as_ref());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, Form, Grain, Origin};

    fn dialect() -> Dialect {
        let mut columns = [None; ColumnRole::COUNT];
        for (at, role) in [
            ColumnRole::NetworkMessageId,
            ColumnRole::MessageId,
            ColumnRole::Time,
            ColumnRole::Sender,
            ColumnRole::Recipient,
            ColumnRole::FromIp,
            ColumnRole::ToIp,
            ColumnRole::Subject,
            ColumnRole::Status,
            ColumnRole::Size,
        ]
        .into_iter()
        .enumerate()
        {
            columns[role as usize] = Some(at as u16);
        }
        Dialect {
            name: "messagetracev2",
            form: Form::Csv,
            grain: Grain::Recipient,
            encoding: Encoding::Utf8,
            delimiter: b',',
            data_start: 0,
            data_line: 0,
            columns,
            width: 10,
            keys: Vec::new(),
        }
    }

    /// All that a row says, and its tenant.
    type Seen = (u128, i64, [u64; 2], u32, u8, u16, String, String, Option<String>);

    /// What one line says, read by itself or after others.
    fn read(
        decoder: &mut Recipients,
        line: &[u8],
        notes: &mut Notes,
    ) -> Result<Vec<Seen>, RejectReason> {
        let commas = (0..line.len()).filter(|at| line[*at] == b',');
        let ends: Vec<u32> = commas.chain([line.len()]).map(|at| at as u32).collect();
        let origin = Origin::default();
        let whole = std::str::from_utf8(line).ok();
        let record = RawRecord { bytes: line, ends: &ends, origin, escaped: true, whole };
        let mut out = Vec::new();
        let mut emit = |row: &Row<'_>, detail: Option<&Detail<'_>>| {
            let (sender, recipient) = (row.sender.to_owned(), row.recipient.to_owned());
            let tenant = detail.map(|detail| detail.tenant.to_owned());
            let hashes = [row.message_id, row.content];
            let (time, size, status) = (row.time, row.size, row.status);
            out.push((row.key, time, hashes, size, status, row.flags, sender, recipient, tenant));
        };
        decoder.decode(&record, notes, &mut emit)?;
        Ok(out)
    }

    fn decode(line: &str) -> Result<(u128, String, u64, u8), RejectReason> {
        let mut decoder = Recipients::new(&dialect(), DateOrder::Mdy, &Zone::Utc).unwrap();
        let mut rows = read(&mut decoder, line.as_bytes(), &mut Notes::default())?;
        let (key, _, [_, content], _, status, _, _, recipient, _) = rows.pop().unwrap();
        Ok((key, recipient, content, status))
    }

    const LINE: &str = "5a3e90c4-1d27-4f68-b0a9-08de1c440003,<a@b>,2026-10-05T06:40:17Z,orders@fabrikam.com,Nora.Lind@contoso.com,192.0.2.19,,Invoice,Delivered,9120";

    #[test]
    fn a_row() {
        let (key, recipient, _, status) = decode(LINE).unwrap();
        assert_eq!(key, 0x5a3e_90c4_1d27_4f68_b0a9_08de_1c44_0003);
        assert_eq!(recipient, "nora.lind@contoso.com");
        assert_eq!(status, Status::Delivered as u8);
    }

    #[test]
    fn quotes_do_not_change_what_a_row_says() {
        let quoted: Vec<String> = LINE.split(',').map(|c| format!("\"{c}\"")).collect();
        assert_eq!(decode(&quoted.join(",")), decode(LINE));
        assert_ne!(decode(&LINE.replace("Invoice", "invoice")), decode(LINE));
    }

    #[test]
    fn unreadable_time_or_id_refuse_the_row() {
        let bad = LINE.replace("2026-10-05T06:40:17Z", "soon");
        assert_eq!(decode(&bad), Err(RejectReason::Time("soon".into())));
        let bad = LINE.replace("5a3e90c4-1d27", "5a3e90c4_1d27");
        assert!(matches!(decode(&bad), Err(RejectReason::MessageId(_))));
    }

    /// Cells to choose from, by column; the first is the usual one.
    const CELLS: [&[&[u8]]; 11] = [
        &[b"5a3e90c4-1d27-4f68-b0a9-08de1c440003", b"5a3e90c4-1d27-4f68-b0a9-08de1c440004", b"?"],
        &[b"<a@b>", b"\"<a@\"\"b>\"", b"<\xE9@b>", b""],
        // The second one is twice on the clocks of Berlin.
        &[b"2026-10-05T06:40:17Z", b"2026-10-25T02:30:00", b"soon", b"2026-10-05T06:40:17.5Z"],
        &[b"orders@fabrikam.com", b"Orders@fabrikam.com", b"\"orders@fabrikam.com\"", b"\xE9@b"],
        &[b"ann@contoso.com", b"Bob@contoso.com", b"System.String[]", b"\xFC@contoso.com", b""],
        &[b"192.0.2.19", b"\xFF", b""],
        &[b"", b"192.0.2.20"],
        &[b"Invoice", b"invoice", b"\"an \"\"invoice\"\"\"", b"Gr\xFC\xDFe"],
        &[b"Delivered", b"Failed", b"Odd", b"Odder", b""],
        &[b"9120", b"9121", b"much", b"\"9120\""],
        &[b"Contoso", b"contoso", b"\xDC"],
    ];

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(1000))]
        /// What the record above said changes nothing.
        #[test]
        fn remembering_changes_nothing(
            changes in proptest::collection::vec((0..CELLS.len(), 0usize..5), 1..20),
            stated: bool,
            turned: bool,
        ) {
            let mut dialect = dialect();
            dialect.columns[ColumnRole::Tenant as usize] = Some(10);
            if turned {
                for column in dialect.columns.iter_mut().flatten() {
                    *column = 10 - *column;
                }
            }
            if !stated {
                dialect.columns[ColumnRole::NetworkMessageId as usize] = None;
            }
            let zone = Zone::parse("Europe/Berlin").unwrap();
            let fresh = || Recipients::new(&dialect, DateOrder::Mdy, &zone).unwrap();
            let (mut decoder, mut notes, mut plain) = (fresh(), Notes::default(), Notes::default());
            let mut chosen = [0; CELLS.len()];
            for (column, choice) in changes {
                chosen[column] = choice % CELLS[column].len();
                let mut cells: Vec<&[u8]> =
                    (0..CELLS.len()).map(|column| CELLS[column][chosen[column]]).collect();
                if turned {
                    cells.reverse();
                }
                let line = cells.join(&b',');
                let after_others = read(&mut decoder, &line, &mut notes);
                proptest::prop_assert_eq!(after_others, read(&mut fresh(), &line, &mut plain));
                proptest::prop_assert_eq!(&notes, &plain);
            }
        }
    }
}
