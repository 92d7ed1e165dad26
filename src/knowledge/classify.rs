//! Failure text to meaning: layer, cause, side, words, next step.

use super::issuer;
use super::mask::mask;
use super::rules::{self, Match, Query, Rank};
use super::speaker::Speaker;
use super::tables::{Confidence, NdrRow, Way};
use super::text::{self, Code};
use crate::model::{Direction, Layer, Side};

/// What is known of one failure.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// Failure text as written: a trace's Detail, a bounce's diagnostic, an SMTP reply.
    pub text: &'a str,
    /// Enhanced status code as given beside the text; empty where there is none.
    pub code: &'a str,
    /// The host that refused; empty where unknown.
    pub remote_host: &'a str,
    /// Direction of the delivery.
    pub direction: Direction,
    /// Who gave the reply, as the record states it. Chooses between meanings of one code; never
    /// contradicts the marks in the text.
    pub speaker: Speaker,
}

/// What a failure means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Enhanced status code; empty where there is none. The one given, unless it only says
    /// "failed" (`5.0.0`) and the text is more precise. A quoting system's own code, not the one
    /// it quotes.
    pub code: String,
    /// Who speaks (`exchange_online`, `outlook_com`, `gmail`, `yahoo`, ...); empty where unknown.
    pub issuer: &'static str,
    /// Layer; [`Layer::Unknown`] where the words at hand do not name one.
    pub layer: Layer,
    /// Cause, one of [`super::causes::CAUSES`].
    pub cause: &'static str,
    /// On whose side, direction considered.
    pub side: Side,
    /// Plain words.
    pub meaning: &'static str,
    /// What an administrator does.
    pub next_step: &'static str,
    /// How well this is founded.
    pub confidence: Confidence,
    /// Where it is known from; empty where nothing is known.
    pub source: &'static str,
    /// The failure is a deferral that will be tried again.
    pub temporary: bool,
    /// Row that decided, an index of [`ndr_rows`](super::tables::ndr_rows); `None` where none did.
    pub rule_index: Option<usize>,
}

/// Classifies a failure. Total: what nothing is known of is [`Layer::Unknown`], cause `unknown`.
pub fn classify(failure: &Failure<'_>) -> Meaning {
    classify_masked(
        &mask(failure.text),
        failure.code,
        issuer::of_host(failure.remote_host),
        failure.direction,
        failure.speaker,
    )
}

/// [`classify`] of a text that is masked already.
pub(super) fn classify_masked(
    masked: &str,
    given: &str,
    host: &'static str,
    direction: Direction,
    speaker: Speaker,
) -> Meaning {
    decide(masked, given, host, direction, speaker, rules::best)
}

/// One side of a wrapper, ready to be asked about.
struct Voice {
    lower: String,
    code: Option<Code>,
    issuer: &'static str,
    speaker: Speaker,
}

impl Voice {
    fn new(words: &str, code: Option<Code>, host: &'static str, speaker: Speaker) -> Self {
        let mut lower = text::join_reply(words).to_lowercase();
        // Patterns may ask for the code; a code from beside the text belongs to the words.
        if let Some(code) = code {
            let code = text::spell(code);
            if !lower.contains(&code) {
                lower.insert_str(0, &format!("{code} "));
            }
        }
        let issuer = issuer::of_text(&lower, code, host, speaker);
        Self { lower, code, issuer, speaker }
    }

    /// The cause where the words name none: at least who refused may be known.
    const fn refusal(&self, temporary: bool) -> &'static str {
        match self.speaker {
            Speaker::Remote if !temporary => "remote_rejected",
            _ => "unknown",
        }
    }

    fn ask(&self, best: Best) -> Option<Match> {
        best(&Query {
            lower: &self.lower,
            code: self.code,
            issuer: self.issuer,
            speaker: self.speaker,
        })
    }
}

type Best = fn(&Query<'_>) -> Option<Match>;

fn decide(
    masked: &str,
    given: &str,
    host: &'static str,
    direction: Direction,
    speaker: Speaker,
    best: Best,
) -> Meaning {
    let parts = text::unwrap(masked);
    let stated = text::parse_code(given);
    let code = match stated {
        Some(code) if !text::is_generic(code) => Some(code),
        _ => text::find_code(parts.outer).or(stated),
    };
    let quoted =
        parts.inner.map(|words| Voice::new(words, text::find_code(words), host, Speaker::Remote));
    // Who quotes a remote server is not the remote server.
    let quotes = quoted.is_some() && speaker == Speaker::Remote;
    let outer =
        Voice::new(parts.outer, code, host, if quotes { Speaker::Unknown } else { speaker });
    let reply = text::leading_reply(parts.outer);
    let temporary = code.map_or(reply.is_some_and(|r| (400..500).contains(&r)), |c| c[0] == 4);
    let code = code.map(text::spell).unwrap_or_default();

    let outer_match = outer.ask(best);
    let quoted_match = quoted.as_ref().and_then(|voice| voice.ask(best));
    let (voice, found) = match (&quoted, quoted_match) {
        (Some(quoted), Some(found)) if prefers_quoted(&found, outer_match.as_ref()) => {
            (quoted, Some(found))
        }
        (Some(quoted), None) if outer_match.is_none() => (quoted, None),
        _ => (&outer, outer_match),
    };
    let Some(found) = found else {
        return unknown(code, voice, temporary);
    };
    let row = found.row;
    let (layer, cause) = refine(row, voice, direction, temporary);
    Meaning {
        code,
        issuer: consumer(voice.issuer, &found),
        layer,
        cause,
        side: match layer {
            Layer::Service => Side::Microsoft,
            _ => side(row, voice.speaker, direction),
        },
        meaning: &row.meaning,
        next_step: &row.admin_action,
        confidence: match found.rank {
            Rank::CodeAlone | Rank::SpokenDigits => Confidence::Inferred,
            _ => row.confidence,
        },
        source: &row.source,
        temporary,
        rule_index: Some(found.index),
    }
}

/// The remote server's own words decide, unless they say nothing and the wrapper's do.
fn prefers_quoted(quoted: &Match, outer: Option<&Match>) -> bool {
    let tells = |m: &Match| m.row.layer != Layer::Unknown;
    let Some(outer) = outer else {
        return true;
    };
    match (tells(quoted), tells(outer)) {
        (true, true) => quoted.rank < Rank::Registered || outer.rank == Rank::Registered,
        (true, false) => true,
        (false, outer_tells) => !outer_tells && quoted.rank < Rank::Registered,
    }
}

/// A Microsoft text of the consumer service is told by its row where marks do not tell.
fn consumer(issuer: &'static str, found: &Match) -> &'static str {
    let consumer = &*found.row.issuer == "outlook_com" && found.rank <= Rank::Range;
    if issuer == "exchange_online" && consumer { "outlook_com" } else { issuer }
}

/// What the row cannot know: who speaks and which way the message went.
fn refine(
    row: &NdrRow,
    voice: &Voice,
    direction: Direction,
    temporary: bool,
) -> (Layer, &'static str) {
    const TLS: &[&str] =
        &["tls_failed", "tls_required", "certificate_expired", "certificate_mismatch"];
    match row.cause {
        // Trouble of "the server" is trouble of the service where the service says so.
        "remote_server_error" if voice.issuer == "exchange_online" => {
            (Layer::Service, "service_temporary_error")
        }
        // TLS towards a connector's target is the connector's; towards any MX it is the remote's.
        cause
            if TLS.contains(&cause)
                && ["connector", "smart host", "smarthost"]
                    .iter()
                    .any(|w| voice.lower.contains(w)) =>
        {
            (Layer::Connector, cause)
        }
        // Judged spam on the way in: our filter, not our reputation.
        "content_rejected_spam" if direction == Direction::Inbound => (Layer::AntiSpam, row.cause),
        "unknown" => (row.layer, voice.refusal(temporary)),
        cause => (row.layer, cause),
    }
}

/// Causes at home with whoever refuses: its rules, its connectors.
const OF_THE_REFUSER: &[&str] = &["rule_rejected", "dlp_rejected", "connector_attribution"];

/// Resolves the row's role to a side.
fn side(row: &NdrRow, speaker: Speaker, direction: Direction) -> Side {
    let theirs = speaker == Speaker::Remote && direction == Direction::Outbound;
    if row.side == Side::Ours && theirs && OF_THE_REFUSER.contains(&row.cause) {
        return Side::Recipient;
    }
    let direction = match (direction, row.way) {
        (Direction::Unknown, Way::Fixed(way)) => way,
        (Direction::Unknown, Way::Submission) => Direction::Outbound,
        (known, _) => known,
    };
    match (row.side, direction) {
        (Side::Sender, Direction::Outbound | Direction::Internal)
        | (Side::Recipient, Direction::Inbound | Direction::Internal) => Side::Ours,
        (side, _) => side,
    }
}

fn unknown(code: String, voice: &Voice, temporary: bool) -> Meaning {
    Meaning {
        code,
        issuer: voice.issuer,
        layer: Layer::Unknown,
        cause: voice.refusal(temporary),
        side: Side::Unknown,
        meaning: "Nothing is known about this text",
        next_step: "Read the text; look at the message's other events",
        confidence: Confidence::Inferred,
        source: "",
        temporary,
        rule_index: None,
    }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
