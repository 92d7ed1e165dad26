//! Messages looked at one by one: stamps, trust, way, verdict.

use super::keys::{self, Keys};
use super::mailbox;
use super::messages::{Opened, Opener};
use crate::decode::message::{Walked, examine};
use crate::decode::observe;
use crate::detect::{self, Head};
use crate::discover::{self, DiscoverError};
use crate::fold::{self, Orphans};
use crate::judge::{Judge, Policy, checks, gateways};
use crate::knowledge::{Failure, Speaker, classify};
use crate::model::block::BlockBuilder;
use crate::model::{Direction, Encoding, Form, Input, Origin, Outcome, Placement, Refusal, Seen};
use rayon::prelude::*;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// Files looked at before their answers are handed out: enough for all threads, few enough that
/// memory stays flat.
const BATCH: usize = 256;
/// Bytes read of standard input at most.
const STDIN_CAP: u64 = 16 << 20;

/// What is known beside the messages.
#[derive(Clone, Debug, Default)]
pub struct HeadersOptions {
    /// Worker threads; 0 is one.
    pub jobs: usize,
    /// The organisation's domains, lower case: look-alikes of these are searched for.
    pub own: Vec<String>,
    /// A snapshot of DNS records: signatures are verified anew with the keys in it.
    pub dns: Option<PathBuf>,
}

/// One answer.
#[derive(Clone, Debug)]
pub enum Looked {
    /// A message.
    Message(Box<Seen>),
    /// An input that is no message, or cannot be read, and why.
    Skipped {
        /// Its name.
        file: String,
        /// Why, and the mend.
        why: String,
    },
}

/// Looks at every message the paths lead to, in path order; `emit` gets the answers in that order,
/// whatever the number of threads. `-` is standard input, read from `stdin`.
///
/// # Errors
/// Where no path leads anywhere, threads cannot be started, or `emit` fails.
pub fn headers(
    paths: &[PathBuf],
    options: &HeadersOptions,
    stdin: impl Read,
    mut emit: impl FnMut(Looked) -> io::Result<()>,
) -> Result<(), HeadersError> {
    let (piped, named): (Vec<_>, Vec<_>) =
        paths.iter().cloned().partition(|p| p.as_os_str() == "-");
    let known = Arc::new(Known {
        own: options.own.clone(),
        keys: options.dns.as_deref().map(keys::read).transpose()?,
    });
    if !piped.is_empty() {
        emit(from_stdin(&mut Desk::new(&known), stdin))?;
    }
    if named.is_empty() {
        return Ok(());
    }
    let found = discover::discover(&named)?;
    let pool = super::pool(options.jobs).map_err(|e| HeadersError::Threads(e.to_string()))?;
    for (file, why) in found.unreadable {
        emit(Looked::Skipped { file, why })?;
    }
    for batch in found.inputs.chunks(BATCH) {
        let answers: Vec<Found> = pool.install(|| {
            batch
                .par_iter()
                .map_init(|| (Desk::new(&known), Opener::of_bodies(known.keys.is_some())), look)
                .collect()
        });
        for (answer, input) in answers.into_iter().zip(batch) {
            match answer {
                Found::Looked(looked) => looked.into_iter().try_for_each(&mut emit)?,
                Found::Mailbox(encoding) => {
                    let known = &known;
                    let look =
                        |file: String, bytes: &[u8], whole: bool, size: u64, desk: &mut Desk| {
                            let walked =
                                if whole { Walked::whole(bytes) } else { Walked::new(bytes) };
                            seen(desk, file, &walked, size, none)
                        };
                    mailbox::stream(input, encoding, &pool, || Desk::new(known), look, &mut emit)?;
                }
            }
        }
    }
    Ok(())
}

/// What an input turned out to be.
enum Found {
    /// Its message, or why it was skipped.
    Looked(Vec<Looked>),
    /// Many messages, to be looked at as they are read.
    Mailbox(Encoding),
}

/// Why nothing more could be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeadersError {
    /// No argument led to an input.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// The answer could not be handed out.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Worker threads cannot be started.
    #[error("{0}")]
    Threads(String),
    /// The snapshot of DNS cannot be read.
    #[error("{0}")]
    Keys(String),
    /// Signatures are to be verified, and this build cannot.
    #[error(
        "this build verifies no signatures; install the full build: cargo install --path . \
         (everything else of headers works without --dns)"
    )]
    Lean,
}

/// What is known beside the messages, the same for all threads.
#[derive(Debug)]
struct Known {
    own: Vec<String>,
    keys: Option<Keys>,
}

/// What a thread looks at messages with.
#[derive(Debug)]
struct Desk {
    judge: Judge,
    known: Arc<Known>,
}

impl Desk {
    fn new(known: &Arc<Known>) -> Self {
        Self { judge: a_judge(), known: Arc::clone(known) }
    }
}

fn from_stdin(desk: &mut Desk, stdin: impl Read) -> Looked {
    let file = "-".to_owned();
    let mut bytes = Vec::new();
    if let Err(error) = stdin.take(STDIN_CAP).read_to_end(&mut bytes) {
        return Looked::Skipped { file, why: format!("cannot be read: {error}") };
    }
    let head = Head { total: bytes.len() as u64, bytes: bytes.clone(), name: file.clone() };
    let encoding = detect::encoding(&head).unwrap_or(Encoding::Utf8);
    let text = encoding.decode(&bytes);
    let ended = (bytes.len() as u64) < STDIN_CAP;
    let walked = if ended { Walked::whole(&text) } else { Walked::new(&text) };
    seen(desk, file, &walked, text.len() as u64, || "no header field in it".to_owned())
}

pub(super) fn a_judge() -> Judge {
    Judge::new(Arc::new(Policy::default()))
}

fn none() -> String {
    "no header field in it; give a message (.eml) or a pasted header block".to_owned()
}

/// The message of an input, or that it holds many.
fn look((desk, opener): &mut (Desk, Opener), input: &Input) -> Found {
    let skipped =
        |why: String| Found::Looked(vec![Looked::Skipped { file: input.name.clone(), why }]);
    let mut take = |message: &Walked<'_>| {
        Found::Looked(vec![seen(desk, input.name.clone(), message, input.bytes, none)])
    };
    let looked = opener.open(input).and_then(|opened| {
        let head = match opened {
            Opened::Message(file) => return opener.message(file, &mut take),
            Opened::Other(head) => head,
        };
        // What is known to be something else is not taken for headers that were pasted badly.
        let encoding = match detect::detect(&head) {
            Ok(found) if found.dialect.form == Form::Message => found.dialect.encoding,
            Ok(found) if found.dialect.form == Form::Outlook => {
                return Opener::outlook(input, &mut take);
            }
            Ok(found) if found.dialect.form == Form::Mbox => {
                return Ok(Found::Mailbox(found.dialect.encoding));
            }
            Ok(found) => {
                return Ok(skipped(format!("is {} and no message", found.dialect.name)));
            }
            Err(miss) => match detect::encoding(&head) {
                Some(encoding) if miss.may_be_pasted() => encoding,
                _ => return Ok(skipped(miss.to_string())),
            },
        };
        opener.encoded(input, encoding, &mut take)
    });
    looked.unwrap_or_else(|error| skipped(format!("cannot be read: {error}")))
}

fn seen(
    desk: &mut Desk,
    file: String,
    message: &Walked<'_>,
    size: u64,
    why: impl FnOnce() -> String,
) -> Looked {
    let bytes = message.bytes();
    let Some(examined) = examine(bytes, size) else {
        return Looked::Skipped { file, why: why() };
    };
    let mut seen = Seen {
        file,
        refusals: examined.facts.bounce.iter().map(refusal).collect(),
        remarks: Vec::new(),
        gateways: gateways::read(&examined),
        verified: desk
            .known
            .keys
            .as_ref()
            .map(|keys| keys::verify(keys, message, examined.facts.received)),
        examined,
        outcome: Outcome::Unknown,
        placement: Placement::Unknown,
        layer: None,
        cause: None,
        side: None,
    };
    give_verdict(&mut desk.judge, &mut seen, bytes);
    seen.remarks = checks::remarks(&seen, &desk.known.own);
    Looked::Message(Box::new(seen))
}

/// The verdict on the message as the only evidence there is.
pub(super) fn give_verdict(judge: &mut Judge, seen: &mut Seen, bytes: &[u8]) {
    let mut builder = BlockBuilder::default();
    let done = observe::observations(
        seen.examined.facts.clone(),
        bytes,
        Origin::default(),
        |row, extra| {
            if builder.len() < BlockBuilder::MOST_ROWS {
                builder.push(row, Some(extra));
            }
        },
    );
    if done.is_err() {
        return;
    }
    let blocks = [builder.seal()];
    fold::fold(&blocks, &Orphans::default(), |deliveries| {
        let Some(first) = deliveries.first() else { return };
        let verdict = judge.judge(first);
        seen.outcome = verdict.outcome;
        seen.placement = verdict.placement;
        if let Some(signature) = &verdict.signature {
            seen.layer = Some(signature.layer);
            seen.cause = Some(signature.cause.clone());
            seen.side = Some(signature.side);
        }
    });
}

/// Causes that end an address for good.
const GONE: &[&str] = &[
    "recipient_unknown",
    "recipient_moved",
    "mx_unresolvable",
    "null_mx",
    "domain_not_served",
    "address_syntax",
];

/// The mailbox exists, whatever the text says: its status is about the mailbox itself (RFC 3463,
/// X.2.0), or the address was taken and the message refused behind its end.
fn there(bounce: &crate::model::BounceRecipient) -> bool {
    bounce.status.ends_with(".2.0") || bounce.after_data
}

fn refusal(bounce: &crate::model::BounceRecipient) -> Refusal {
    let meaning = classify(&Failure {
        text: &bounce.diagnostic,
        code: &bounce.status,
        remote_host: &bounce.remote_mta,
        direction: Direction::Unknown,
        speaker: Speaker::Unknown,
    });
    Refusal {
        layer: meaning.layer,
        cause: meaning.cause,
        reason: meaning.meaning,
        side: meaning.side,
        hard: !meaning.temporary && GONE.contains(&meaning.cause) && !there(bounce),
    }
}
