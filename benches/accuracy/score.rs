//! One window: written, analysed, held against what was put into it.

use super::exports::{Dialect, FIRST_DAY};
use super::faults::{Fault, Setting};
use super::week::{Dice, Tenant, quiet};
use mailtriage::model::time::{DAY, HOUR, MINUTE, SECOND};
use mailtriage::model::{Finding, FindingStatus, Instant};
use mailtriage::pipeline::{self, Options};
use std::path::Path;

/// A fault that hit fewer deliveries asks for nothing.
pub(crate) const FEW: u64 = 15;

/// What came of a window.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // a row of a table of yes and no
pub(crate) struct Score {
    /// Deliveries that the fault hit; 0 in a quiet window.
    pub(crate) hit: u64,
    /// The first incident names a right layer.
    pub(crate) top1: bool,
    /// An incident is the fault's.
    pub(crate) found: bool,
    pub(crate) entity: bool,
    /// Minutes between the true onset (up to the first delivery hit) and the one told.
    pub(crate) onset: Option<f64>,
    /// The first delivery hit lies inside the interval told, and its width in minutes.
    pub(crate) inside: Option<(bool, f64)>,
    /// Count within 10 %, or the truth inside the interval told.
    pub(crate) count: bool,
    /// Incidents of the fault beyond the first.
    pub(crate) duplicates: usize,
    /// Incidents that are none: id and title.
    pub(crate) false_alarms: Vec<String>,
    /// What the incidents said, and what was right, where the entity is not.
    pub(crate) wrong_entity: Option<String>,
    /// Of all incidents: confidence, and whether it was right.
    pub(crate) said: Vec<(f64, bool)>,
}

fn instant(seconds: u32) -> Instant {
    Instant(FIRST_DAY * DAY + i64::from(seconds) * SECOND)
}

fn incidents(folder: &Path, dialect: &Dialect, mail: &[super::week::Mail]) -> Vec<Finding> {
    let path = folder.join("export.csv");
    let text = (dialect.write)(mail);
    let outcome = std::fs::write(&path, text).map_err(|e| e.to_string()).and_then(|()| {
        pipeline::analyze(&[path], &Options::default(), &()).map_err(|e| e.to_string())
    });
    match outcome {
        Ok(outcome) => {
            let mut found = outcome.report.findings;
            found.retain(|f| f.status == FindingStatus::Incident);
            found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
            found
        }
        Err(error) => panic!("a window of mail is not read: {error}"),
    }
}

/// A window in which nothing is wrong.
pub(crate) fn quiet_week(folder: &Path, seed: u64, dialect: &Dialect) -> Score {
    let mut dice = Dice::new(seed);
    let tenant = Tenant::draw(&mut dice);
    let mail = quiet(&tenant, &mut dice);
    let found = incidents(folder, dialect, &mail);
    Score {
        false_alarms: found.iter().map(|f| format!("{} {}", f.id, f.title)).collect(),
        said: found.iter().map(|f| (f.confidence, false)).collect(),
        ..Score::default()
    }
}

/// A window with a fault.
pub(crate) fn faulty_week(folder: &Path, seed: u64, dialect: &Dialect, fault: &Fault) -> Score {
    let mut dice = Dice::new(seed);
    let tenant = Tenant::draw(&mut dice);
    let mut mail = quiet(&tenant, &mut dice);
    let window = tenant.days * 86_400;
    let onset = (f64::from(window) * (0.3 + 0.5 * dice.unit())) as u32;
    let lasting = if dice.chance(0.6) { window } else { (6 + dice.below(42) as u32) * 3600 };
    let mut setting = Setting {
        tenant: &tenant,
        dice: &mut dice,
        mail: &mut mail,
        onset,
        end: window.min(onset + lasting),
        entities: Vec::new(),
        hit: 0,
        first: None,
    };
    (fault.put)(&mut setting);
    let (hit, entities) = (setting.hit, setting.entities);
    let first = instant(setting.first.unwrap_or(onset));
    if hit < FEW {
        return Score { hit, ..Score::default() };
    }
    let found = incidents(folder, dialect, &mail);
    judge(&found, fault, &entities, (instant(onset), first), hit)
}

fn judge(
    found: &[Finding],
    fault: &Fault,
    entities: &[String],
    (onset, first): (Instant, Instant),
    hit: u64,
) -> Score {
    let layer = |f: &Finding| fault.layers.contains(&f.layer.as_str());
    let entity = |f: &Finding| entities.contains(&f.entity.value);
    let error = |f: &Finding| {
        let told = f.onset?;
        let gap = (onset.0 - told.0).max(told.0 - first.0.max(onset.0)).max(0);
        Some(gap as f64 / MINUTE as f64)
    };
    let right = |f: &Finding| {
        let near = error(f).is_some_and(|minutes| minutes <= (24 * HOUR / MINUTE) as f64);
        layer(f) && (entity(f) || near)
    };
    let mine: Vec<&Finding> = found.iter().filter(|f| right(f)).collect();
    let best = mine.iter().copied().find(|f| entity(f)).or(mine.first().copied());
    let within = |f: &Finding| {
        let (least, most) = f.deliveries_interval;
        f.deliveries.abs_diff(hit) * 10 <= hit || (least..=most).contains(&hit)
    };
    Score {
        hit,
        top1: found.first().is_some_and(layer),
        found: best.is_some(),
        entity: best.is_some_and(entity),
        onset: best.and_then(error),
        inside: best.and_then(|f| f.onset_interval).map(|(earliest, latest)| {
            let inside = earliest <= first && onset <= latest;
            (inside, (latest.0 - earliest.0) as f64 / MINUTE as f64)
        }),
        count: best.is_some_and(within),
        wrong_entity: best
            .filter(|f| !entity(f))
            .map(|f| format!("{} at {}, not at {}", f.id, f.entity.value, entities.join(" or "))),
        duplicates: mine.len().saturating_sub(1),
        false_alarms: found
            .iter()
            .filter(|f| !right(f))
            .map(|f| format!("{} {}", f.id, f.title))
            .collect(),
        said: found.iter().map(|f| (f.confidence, right(f))).collect(),
    }
}
