//! Whole files, the languages inside of cells, and the dictionary.

use mailtriage::decode::cells::{custom_data, data_xml, detail, latency, led, recipient_status};
use mailtriage::decode::documents::{self, Layout};
use mailtriage::decode::rows::RowDecoder;
use mailtriage::decode::{DateEvidence, DateOrder, Zone, message};
use mailtriage::detect::{Head, detect};
use mailtriage::knowledge;
use mailtriage::model::{Detail, Form, Grain, RawRecord, Reject, Row};
use mailtriage::pipeline;
use mailtriage::read::{ChunkReader, Sink};

struct Rows(Option<RowDecoder>, u64);

impl Sink for Rows {
    fn record(&mut self, record: RawRecord<'_>) {
        self.1 += 1;
        if let Some(decoder) = &mut self.0 {
            let mut emit = |row: &Row<'_>, detail: Option<&Detail<'_>>| {
                assert!(
                    row.recipient.len() < 1 << 24 && detail.is_none_or(|d| d.event.len() < 1 << 24)
                );
            };
            let _ = decoder.decode(&record, &mut emit);
        }
    }

    fn reject(&mut self, _: Reject) {
        self.1 += 1;
    }
}

/// Any bytes as a file: the records do not depend on the size of the chunks.
pub(super) fn file(bytes: &[u8]) {
    let head = Head::read(bytes, bytes.len() as u64, "fuzz").expect("memory reads");
    let Ok(found) = detect(&head) else { return };
    if found.dialect.grain == Grain::Document {
        for layout in [Layout::Xml, Layout::Json, Layout::Csv { delimiter: b',' }] {
            documents::read(found.dialect.name, layout, bytes);
        }
        return;
    }
    if !matches!(found.dialect.form, Form::Csv | Form::Json) {
        message::decode(bytes, 0);
        return;
    }
    let mut counts = Vec::new();
    for size in [97, 1 << 20] {
        let decoder = RowDecoder::new(&found.dialect, DateOrder::Mdy, &Zone::Utc);
        let mut rows = Rows(decoder, 0);
        let Ok(reader) = ChunkReader::new(bytes, &found.dialect) else { return };
        let mut reader = reader.with_size(size);
        let splitter = reader.splitter();
        let mut ends = Vec::new();
        while let Ok(Some(chunk)) = reader.next_chunk() {
            splitter.split(&chunk, 0, &mut ends, &mut rows);
        }
        counts.push(rows.1);
    }
    assert_eq!(counts[0], counts[1], "records depend on the chunk size");
}

pub(super) fn cells(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for record in led::all(&text) {
        led::groups(record.reply).for_each(drop);
        led::trailer(record.reply);
    }
    for item in custom_data::items(&text) {
        custom_data::spam(&item);
        custom_data::malware(&item);
        custom_data::rule(&item);
        custom_data::policy(&item);
    }
    recipient_status::entries(&text).for_each(|entry| assert!(entry.last().len() <= text.len()));
    recipient_status::statuses(&text, 3);
    latency::segments(&text).for_each(|s| latency::walk(s.parts).for_each(drop));
    data_xml::meps(&text).for_each(drop);
    detail::parse(&text);
    let mut dates = DateEvidence::default();
    text.split([',', '\n']).take(50).for_each(|cell| dates.observe(cell.as_bytes()));
    dates.settle();
}

pub(super) fn dictionary(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    pipeline::explain(&text);
    knowledge::normalise(&text);
}
