//! Exit codes, and when which.

use mailtriage::model::{FindingStatus, Report};
use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The report is complete.
    Complete,
    /// The report is written, but part of the input could not be read.
    Partial,
    /// Wrong usage.
    Usage,
    /// No report, or with `--strict` a partial one.
    NoReport,
    /// A `--fail-on` condition was met.
    ConditionMet,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Partial => 1,
            Self::Usage => 2,
            Self::NoReport => 3,
            Self::ConditionMet => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What the exit code of a written report depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Tolerated rejects of an input, parts per million of its records.
    pub(super) max_rejected_ppm: u32,
    /// A partial report counts as none.
    pub(super) strict: bool,
    /// An incident is a met condition.
    pub(super) fail_on_incident: bool,
}

impl Judgement {
    /// The exit of a written report, with the reason where it is not 0. Precedence 3, 4, 1, 0.
    pub(super) fn of(self, report: &Report) -> (Exit, Option<String>) {
        let partial = self.partial(report);
        let incidents =
            report.findings.iter().filter(|f| f.status == FindingStatus::Incident).count();
        match partial {
            Some(why) if self.strict => (Exit::NoReport, Some(format!("{why} (--strict)"))),
            _ if self.fail_on_incident && incidents > 0 => {
                let plural = if incidents == 1 { "" } else { "s" };
                let why = format!("{incidents} incident{plural} found (--fail-on incident)");
                (Exit::ConditionMet, Some(why))
            }
            Some(why) => (Exit::Partial, Some(why)),
            None => (Exit::Complete, None),
        }
    }

    /// Why the report does not speak of the whole input, if so.
    fn partial(self, report: &Report) -> Option<String> {
        let sources = &report.input.sources;
        let skipped: Vec<_> = sources.iter().filter(|s| s.format.is_none()).collect();
        let over = |rejected: u64, rows: u64| {
            u128::from(rejected) * 1_000_000 > u128::from(rows) * u128::from(self.max_rejected_ppm)
        };
        let broken: Vec<_> = sources.iter().filter(|s| over(s.rejected, s.rows)).collect();
        let cut: Vec<_> = sources.iter().filter(|s| s.cut_short).collect();
        let mut reasons = Vec::new();
        if let Some(first) = cut.first() {
            reasons.push(format!("{}: {}", inputs(cut.len(), "not read to the end"), first.path));
        }
        if let Some(first) = skipped.first() {
            let why = first.warnings.first().map_or("", String::as_str);
            reasons.push(format!("{}: {} ({why})", inputs(skipped.len(), "skipped"), first.path));
        }
        if let Some(first) = broken.first() {
            let what = inputs(broken.len(), "with too many unreadable records");
            let (rejected, rows) = (first.rejected, first.rows);
            reasons.push(format!("{what}: {} ({rejected} of {rows})", first.path));
        }
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

fn inputs(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    let first = if n == 1 { "" } else { ", the first" };
    format!("{n} input{plural} {what}{first}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailtriage::model::{
        Entity, EntityType, Finding, FindingState, Grade, InputRole, Layer, Side, SourceEntry,
    };

    fn source(format: Option<&'static str>, rows: u64, rejected: u64) -> SourceEntry {
        SourceEntry {
            path: "a.csv".into(),
            role: InputRole::Mail,
            format,
            encoding: None,
            bytes: 0,
            rows,
            rejected,
            duplicates: 0,
            first: None,
            last: None,
            cap_hit: None,
            filter: None,
            cut_short: false,
            sha256: None,
            warnings: vec!["why".into()],
        }
    }

    fn incident() -> Finding {
        Finding {
            id: String::new(),
            key: String::new(),
            layer: Layer::Unknown,
            cause: String::new(),
            side: Side::Unknown,
            status: FindingStatus::Incident,
            state: FindingState::Ended,
            grade: Grade::Direct,
            confidence: 1.0,
            title: String::new(),
            onset: None,
            onset_interval: None,
            end: None,
            last_bad: None,
            last_good: None,
            entity: Entity { kind: EntityType::Tenant, value: String::new() },
            scope: Vec::new(),
            messages: 0,
            deliveries: 0,
            deliveries_interval: (0, 0),
            share: 0.0,
            codes: Vec::new(),
            signatures: Vec::new(),
            change: None,
            evidence: Vec::new(),
            affected: Vec::new(),
            next_steps: Vec::new(),
        }
    }

    fn exit(sources: Vec<SourceEntry>, bad: bool, strict: bool, fail_on: bool) -> u8 {
        let mut report = Report::default();
        report.input.sources = sources;
        report.findings.extend(bad.then(incident));
        let judgement = Judgement { max_rejected_ppm: 10_000, strict, fail_on_incident: fail_on };
        judgement.of(&report).0.code()
    }

    #[test]
    fn an_input_cut_short_is_no_complete_report() {
        let mut report = Report::default();
        report.input.sources = vec![source(Some("messagetracev2"), 10, 0)];
        let judgement =
            Judgement { max_rejected_ppm: 10_000, strict: false, fail_on_incident: false };
        assert_eq!(judgement.of(&report).0, Exit::Complete);
        report.input.sources[0].cut_short = true;
        let (exit, why) = judgement.of(&report);
        assert_eq!(exit, Exit::Partial);
        assert!(why.is_some_and(|w| w.contains("not read to the end: a.csv")));
    }

    #[test]
    fn codes_and_their_precedence() {
        let whole = || vec![source(Some("eml"), 100, 1)];
        let skipped = || vec![source(Some("eml"), 1, 0), source(None, 0, 0)];
        assert_eq!(exit(whole(), false, true, true), 0, "1 of 100 is not more than 1%");
        assert_eq!(exit(vec![source(Some("eml"), 100, 2)], false, false, false), 1);
        assert_eq!(exit(vec![source(Some("eml"), 0, 0)], false, false, false), 0);
        assert_eq!(exit(skipped(), false, false, false), 1);
        assert_eq!(exit(skipped(), true, false, false), 1);
        assert_eq!(exit(skipped(), true, false, true), 4);
        assert_eq!(exit(skipped(), true, true, true), 3);
        assert_eq!(exit(whole(), true, true, true), 4);
        assert_eq!(exit(whole(), true, true, false), 0);
    }

    #[test]
    fn the_reason_names_the_input() {
        let mut report = Report::default();
        report.input.sources = vec![source(None, 0, 0), source(Some("eml"), 10, 5)];
        let judgement = Judgement { max_rejected_ppm: 0, strict: false, fail_on_incident: false };
        let why = judgement.of(&report).1.unwrap();
        assert_eq!(
            why,
            "1 input skipped: a.csv (why); 1 input with too many unreadable records: a.csv (5 of 10)"
        );
    }
}
