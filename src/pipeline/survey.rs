//! Which inputs there are, what each of them is, and how its dates are to be read. Messages are
//! read on the way.

use super::collect::Collector;
use super::lock::lock;
use super::messages::{Opened, Opener, Place};
use super::unpack::unpack;
use super::{Options, Progress, zones};
use crate::decode::{DateEvidence, DateOrder, Settled, Zone};
use crate::detect::{self, Detected, ZoneRule};
use crate::discover::Found;
use crate::discover::archive::{self, Container, LIMITS};
use crate::model::time::MINUTE;
use crate::model::{
    ColumnRole, Context, Dialect, Encoding, Form, Grain, Input, InputRole, RawRecord, Reject,
};
use crate::read::{ChunkReader, Sink};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// What to do with an input.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Rows of a message trace.
    Trace { dialect: Dialect, order: DateOrder },
    /// One message.
    Message,
    /// A change log.
    Changes { dialect: Dialect, order: DateOrder },
    /// A document beside the mail.
    Document { dialect: Dialect },
    /// An archive: its members are inputs of their own.
    Archive(Container),
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
    /// Names of its columns as written, and whether they are read.
    pub(super) columns: Vec<(String, bool)>,
    /// Its format leaves the zone open: the user has named it, or it is assumed.
    pub(super) local: bool,
}

/// All inputs, in path order.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) inputs: Vec<Surveyed>,
    pub(super) notes: Vec<String>,
    /// What had to be unpacked lies here as long as the survey lives.
    _spool: Option<TempDir>,
}

impl Survey {
    /// True where some input holds mail.
    pub(super) fn holds_mail(&self) -> bool {
        self.inputs.iter().any(|s| matches!(s.kind, Kind::Trace { .. } | Kind::Message))
    }

    /// True where some input is a document beside the mail.
    pub(super) fn holds_documents(&self) -> bool {
        self.inputs.iter().any(|s| matches!(s.kind, Kind::Document { .. }))
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

/// Looks at every input once, on all threads, the answers in path order. Message files are read
/// while they are open, into the collectors, which come back one per thread. An input that takes
/// temporary files past their limits shows in its collector.
pub(super) fn survey<'a>(
    pool: &rayon::ThreadPool,
    found: Found,
    options: &Options,
    collector: impl Fn() -> Collector<'a> + Sync,
    progress: &dyn Progress,
) -> (Survey, Vec<Collector<'a>>) {
    let threads = pool.current_num_threads();
    let collectors = Mutex::new((0..threads).map(|_| collector()).collect());
    let crew = Crew { pool, options, progress, collectors };
    let mut inputs = crew.look(0, &named(found.inputs, found.unreadable));
    let mut spool = None;
    // Archives give new inputs, and these may be archives again, down to the limit.
    let mut first = 0;
    while first < inputs.len() {
        let (next, from) = (inputs.len(), first);
        let mut members = Vec::new();
        for surveyed in &mut inputs[from..] {
            members.extend(unpack(surveyed, options, &mut spool));
        }
        progress.extend(members.iter().map(|(input, _)| input.bytes).sum());
        inputs.extend(crew.look(next, &members));
        first = next;
    }
    let mut notes = found.notes;
    notes.extend(zones::notes(&options.zones, &inputs));
    let collectors = crew.collectors.into_inner().unwrap_or_else(PoisonError::into_inner);
    (Survey { inputs, notes, _spool: spool }, collectors)
}

/// An input, and why it cannot be read, where that is known already.
pub(super) type Named = (Input, Option<String>);

/// All workers of the survey.
struct Crew<'s, 'a> {
    pool: &'s rayon::ThreadPool,
    options: &'s Options,
    progress: &'s dyn Progress,
    collectors: Mutex<Vec<Collector<'a>>>,
}

impl Crew<'_, '_> {
    /// Looks at inputs on all threads; the answers in their order. The number of the first is
    /// `base`.
    fn look(&self, base: usize, inputs: &[Named]) -> Vec<Surveyed> {
        // Small enough that the last batch keeps no thread waiting, large enough for a folder of
        // mail.
        let batch = (inputs.len() / (self.pool.current_num_threads() * 8)).clamp(1, 64);
        let next = AtomicUsize::new(0);
        let seen = self.pool.broadcast(|_| {
            let mut seen = Vec::new();
            let Some(collector) = lock(&self.collectors).pop() else { return seen };
            let Self { options, progress, .. } = *self;
            let mut scout = Scout { options, progress, opener: Opener::default(), collector };
            loop {
                let start = next.fetch_add(batch, Ordering::Relaxed);
                let Some(rest) = inputs.get(start..) else { break };
                if rest.is_empty() || scout.collector.has_failed() {
                    break;
                }
                for (id, (input, why)) in (start..).zip(rest.iter().take(batch)) {
                    let input = input.clone();
                    let surveyed = match why {
                        Some(why) => skipped(input, why.clone(), None),
                        None => scout.look(base + id, input),
                    };
                    seen.push((id, surveyed));
                }
            }
            lock(&self.collectors).push(scout.collector);
            seen
        });
        let mut all: Vec<(usize, Surveyed)> = seen.into_iter().flatten().collect();
        all.sort_unstable_by_key(|(id, _)| *id);
        all.into_iter().map(|(_, surveyed)| surveyed).collect()
    }
}

/// All inputs in path order, unreadable ones with the reason.
fn named(inputs: Vec<Input>, unreadable: Vec<(String, String)>) -> Vec<Named> {
    let mut all: Vec<_> = inputs.into_iter().map(|input| (input, None)).collect();
    for (name, why) in unreadable {
        let input = Input::file(name.clone().into(), name, true, 0);
        all.push((input, Some(why)));
    }
    all.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    all
}

pub(super) fn skipped(input: Input, why: String, encoding: Option<Encoding>) -> Surveyed {
    Surveyed {
        input,
        kind: Kind::Skipped,
        format: None,
        encoding,
        role: InputRole::Mail,
        warnings: vec![why],
        dates: None,
        zone: Zone::Utc,
        columns: Vec::new(),
        local: false,
    }
}

fn a_message(input: Input, encoding: Encoding, warnings: Vec<String>) -> Surveyed {
    Surveyed {
        input,
        kind: Kind::Message,
        format: Some(detect::MESSAGE),
        encoding: Some(encoding),
        role: InputRole::Mail,
        warnings,
        dates: None,
        zone: Zone::Utc,
        columns: Vec::new(),
        local: false,
    }
}

fn an_archive(input: Input, container: Container) -> Surveyed {
    Surveyed {
        kind: Kind::Archive(container),
        format: Some(container.as_str()),
        ..a_message(input, Encoding::Utf8, Vec::new())
    }
}

/// One worker of the survey.
struct Scout<'s, 'a> {
    options: &'s Options,
    progress: &'s dyn Progress,
    opener: Opener,
    collector: Collector<'a>,
}

impl Scout<'_, '_> {
    fn look(&mut self, id: usize, mut input: Input) -> Surveyed {
        let head = loop {
            let head = match self.opener.open(&input) {
                Ok(Opened::Message(file)) => {
                    let Self { opener, collector, progress, .. } = self;
                    let done = opener.message(file, |message| {
                        collector.message(id, Place::of(&input), message, *progress);
                    });
                    self.read(id, &input, done);
                    return a_message(input, Encoding::Utf8, Vec::new());
                }
                Ok(Opened::Other(head)) => head,
                Err(error) => {
                    let why = format!(
                        "cannot be read: {error}; check that it exists and its permissions"
                    );
                    return skipped(input, why, None);
                }
            };
            let Some(packing) = archive::compression(&head.bytes) else { break head };
            if input.depth == LIMITS.depth {
                let why = format!(
                    "a compressed file inside of {} archives is not opened (the limit); unpack the \
                     outer ones",
                    input.depth
                );
                return skipped(input, why, None);
            }
            input.packing.push(packing);
            input.depth += 1;
        };
        if let Some(container) = archive::container(&head.bytes) {
            self.progress.advance(input.bytes);
            return an_archive(input, container);
        }
        let detected = match detect::detect(&head) {
            Ok(detected) => detected,
            Err(miss) => return skipped(input, miss.to_string(), None),
        };
        let (form, encoding) = (detected.dialect.form, detected.dialect.encoding);
        let Self { opener, collector, progress, .. } = self;
        let done = match form {
            Form::Xml => return document(input, detected),
            Form::Csv | Form::Json if detected.dialect.grain == Grain::Document => {
                return document(input, detected);
            }
            Form::Csv | Form::Json => return table(input, detected, self.options),
            Form::Mbox => Opener::mbox(&input, encoding, |message, place| {
                collector.message(id, place, message, *progress);
            }),
            Form::Outlook => {
                let read = Opener::outlook(&input, |message| {
                    collector.message(id, Place::of(&input), message, *progress);
                });
                if let Err(error) = &read {
                    return skipped(input, error.to_string(), None);
                }
                read
            }
            Form::Message => opener.encoded(&input, encoding, |message| {
                collector.message(id, Place::of(&input), message, *progress);
            }),
        };
        self.read(id, &input, done);
        let encoding = (form != Form::Outlook).then_some(encoding);
        Surveyed {
            format: Some(detected.dialect.name),
            encoding,
            ..a_message(input, Encoding::Utf8, detected.notes)
        }
    }

    /// A message was read, or not to its end.
    fn read(&mut self, id: usize, input: &Input, done: std::io::Result<()>) {
        if let Err(error) = done {
            self.collector.ledger(id).broken = Some(error.to_string());
        }
        self.progress.advance(input.bytes);
    }
}

/// A document beside the mail: it is read whole, later.
fn document(input: Input, detected: Detected) -> Surveyed {
    Surveyed {
        format: Some(detected.dialect.name),
        encoding: Some(detected.dialect.encoding),
        role: detected.role,
        kind: Kind::Document { dialect: detected.dialect },
        ..a_message(input, Encoding::Utf8, detected.notes)
    }
}

/// A table: how its dates and times are to be read.
fn table(input: Input, detected: Detected, options: &Options) -> Surveyed {
    let dialect = detected.dialect;
    let local = detected.zone == ZoneRule::Local;
    let zone = if local { zones::of(&options.zones, &input.name) } else { Zone::Utc };
    let settled = match options.date_order {
        DateOrder::Auto => settle_dates(&input, &dialect),
        order => Ok(Settled::given(order)),
    };
    let settled = match settled {
        Ok(settled) => settled,
        Err(error) => {
            return skipped(input, format!("cannot be read: {error}"), Some(dialect.encoding));
        }
    };
    let order = settled.order;
    Surveyed {
        input,
        format: Some(dialect.name),
        encoding: Some(dialect.encoding),
        role: detected.role,
        warnings: detected.notes,
        dates: Some(settled),
        zone,
        columns: detected.columns,
        local,
        kind: match detected.role {
            InputRole::Mail => Kind::Trace { dialect, order },
            InputRole::Evidence => Kind::Changes { dialect, order },
        },
    }
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
    let mut reader = ChunkReader::new(archive::open(input)?, dialect)?;
    let splitter = reader.splitter();
    let mut ends = Vec::new();
    // Where reading fails on the way, what was read decides: the rest will fail again and be said.
    while let Ok(Some(chunk)) = reader.next_chunk() {
        splitter.split(&chunk, 0, &mut ends, &mut dates);
        if dates.evidence.decided() {
            break;
        }
        reader.recycle(chunk);
    }
    Ok(dates.evidence.settle())
}
