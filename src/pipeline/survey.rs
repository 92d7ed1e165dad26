//! Which inputs there are, what each of them is, and how its dates are to be read.

use super::{Options, zones};
use crate::decode::{DateEvidence, DateOrder, Settled, Zone};
use crate::detect::{self, Head, ZoneRule};
use crate::discover::Found;
use crate::model::time::MINUTE;
use crate::model::{
    ColumnRole, Context, Dialect, Encoding, Form, Input, InputRole, RawRecord, Reject,
};
use crate::read::{ChunkReader, Sink};
use rayon::prelude::*;
use std::fs::File;

/// What to do with an input.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Rows of a message trace.
    Trace { dialect: Dialect, order: DateOrder },
    /// One message.
    Message,
    /// A change log.
    Changes { dialect: Dialect, order: DateOrder },
    /// Nothing: the reason is in the warnings.
    Skipped,
}

/// One input with all that was settled about it.
#[derive(Clone, Debug)]
pub(super) struct Surveyed {
    pub(super) input: Input,
    pub(super) kind: Kind,
    /// Name of the dialect; `None` where the input is skipped.
    pub(super) format: Option<&'static str>,
    pub(super) encoding: Option<Encoding>,
    pub(super) role: InputRole,
    pub(super) warnings: Vec<String>,
    /// What was assumed about its dates.
    pub(super) dates: Option<Settled>,
    /// Zone of times that state none.
    pub(super) zone: Zone,
    /// Its format leaves the zone open: the user has named it, or it is assumed.
    pub(super) local: bool,
}

/// All inputs, in path order.
#[derive(Clone, Debug)]
pub(super) struct Survey {
    pub(super) inputs: Vec<Surveyed>,
    pub(super) notes: Vec<String>,
}

impl Survey {
    /// True where some input holds mail.
    pub(super) fn holds_mail(&self) -> bool {
        self.inputs.iter().any(|s| matches!(s.kind, Kind::Trace { .. } | Kind::Message))
    }

    /// Inputs that were recognised and hold no mail, with what they are.
    pub(super) fn evidence(&self) -> Vec<String> {
        let evidence = self.inputs.iter().filter(|s| s.role == InputRole::Evidence);
        evidence.map(|s| format!("{} ({})", s.input.name, s.format.unwrap_or("?"))).collect()
    }

    /// Skipped inputs with the reason.
    pub(super) fn skipped(&self) -> Vec<(String, String)> {
        let skipped = self.inputs.iter().filter(|s| matches!(s.kind, Kind::Skipped));
        skipped.map(|s| (s.input.name.clone(), s.warnings.join("; "))).collect()
    }

    /// By input: rows later than this may still change (the dialect's newest time less its lag).
    pub(super) fn settled_until(&self, context: &Context) -> Vec<i64> {
        self.inputs
            .iter()
            .map(|s| {
                let rule = s.format.and_then(detect::rule);
                let newest = s.format.and_then(|f| context.newest.get(f)).copied();
                let lag = rule.map_or(0, |r| i64::from(r.lag_minutes)) * MINUTE;
                newest.map_or(i64::MIN, |t| t - lag)
            })
            .collect()
    }
}

/// Looks at every input once; heads in parallel, results in path order.
pub(super) fn survey(found: Found, options: &Options) -> Survey {
    let mut inputs: Vec<Surveyed> =
        found.inputs.into_par_iter().map(|input| look(input, options)).collect();
    for (name, why) in found.unreadable {
        let input = Input { path: name.clone().into(), name, explicit: true, bytes: 0 };
        inputs.push(skipped(input, why, None));
    }
    inputs.sort_by(|a, b| a.input.name.cmp(&b.input.name));
    let mut notes = found.notes;
    notes.extend(zones::notes(&options.zones, &inputs));
    Survey { inputs, notes }
}

fn skipped(input: Input, why: String, encoding: Option<Encoding>) -> Surveyed {
    Surveyed {
        input,
        kind: Kind::Skipped,
        format: None,
        encoding,
        role: InputRole::Mail,
        warnings: vec![why],
        dates: None,
        zone: Zone::Utc,
        local: false,
    }
}

fn look(input: Input, options: &Options) -> Surveyed {
    let head = File::open(&input.path)
        .and_then(|mut file| Head::glance(&mut file, input.bytes, &input.name));
    let head = match head {
        Ok(head) => head,
        Err(error) => {
            let why = format!("cannot be read: {error}; check that it exists and its permissions");
            return skipped(input, why, None);
        }
    };
    let detected = match detect::detect(&head) {
        Ok(detected) => detected,
        Err(miss) => return skipped(input, miss.to_string(), None),
    };
    let dialect = detected.dialect;
    let mut surveyed = Surveyed {
        input,
        kind: Kind::Message,
        format: Some(dialect.name),
        encoding: Some(dialect.encoding),
        role: detected.role,
        warnings: detected.notes,
        dates: None,
        zone: Zone::Utc,
        local: detected.zone == ZoneRule::Local,
    };
    if surveyed.local {
        surveyed.zone = zones::of(&options.zones, &surveyed.input.name);
    }
    if dialect.form == Form::Csv {
        let settled = match options.date_order {
            DateOrder::Auto => settle_dates(&surveyed.input, &dialect),
            order => Ok(Settled::given(order)),
        };
        match settled {
            Ok(settled) => {
                let order = settled.order;
                surveyed.dates = Some(settled);
                surveyed.kind = match detected.role {
                    InputRole::Mail => Kind::Trace { dialect, order },
                    InputRole::Evidence => Kind::Changes { dialect, order },
                };
            }
            Err(error) => {
                let why = format!("cannot be read: {error}");
                return skipped(surveyed.input, why, surveyed.encoding);
            }
        }
    }
    surveyed
}

/// Settles the order of day and month: from the first chunk where that decides, else from the
/// whole time column.
fn settle_dates(input: &Input, dialect: &Dialect) -> std::io::Result<Settled> {
    struct Dates {
        column: usize,
        evidence: DateEvidence,
        scratch: Vec<u8>,
    }
    impl Sink for Dates {
        fn record(&mut self, record: RawRecord<'_>) {
            self.evidence.observe(record.field(self.column, &mut self.scratch));
        }
        fn reject(&mut self, _: Reject) {}
    }
    let Some(column) = dialect.column(ColumnRole::Time) else {
        return Ok(DateEvidence::default().settle());
    };
    let mut dates = Dates { column, evidence: DateEvidence::default(), scratch: Vec::new() };
    let mut reader = ChunkReader::new(File::open(&input.path)?, dialect)?;
    let splitter = reader.splitter();
    let mut ends = Vec::new();
    while let Some(chunk) = reader.next_chunk()? {
        splitter.split(&chunk, 0, &mut ends, &mut dates);
        if dates.evidence.decided() {
            break;
        }
        reader.recycle(chunk);
    }
    Ok(dates.evidence.settle())
}
