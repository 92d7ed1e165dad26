//! The measurements as a page of documentation.

use super::Case;
use super::exports::DIALECTS;
use super::score::{FEW, Score};
use std::fmt::Write;

const HEAD: &str = "# Accuracy

How often the diagnosis is right, and how often it cries wolf. This page is written by

    cargo bench --no-default-features --features cli --bench accuracy -- --write

on windows of invented mail: the same arguments give the same page. `--weeks N` and `--cases N` set the number of quiet
windows and of windows per fault and export; without `--write` the page goes to the screen.

## Method

A window has 5 to 14 days, 40 to 900 mailboxes, 30 to 240 partners, 300 to 2,400 messages on a working day, working hours
in one of six time zones, newsletters and devices that keep no hours, spam of strangers, guessed and dead addresses,
0.5 to 2.5 % ordinary failures; four of ten have a mailing, one of ten a holiday, one of ten lost hours. Nothing of it
is an incident. A fault begins after 30 to 80 % of the window at any hour and lasts to its end or for 6 to 48 hours. The window is
written as an export and analysed as any other input, without a change log.

An incident is the fault's where the layer is right and so is the entity or, within a day, the onset. Every other
incident is a false alarm.
";

const LIMITS: &str = "
## What confidence is

`confidence` is the product of four things (src/diagnose/findings.rs): how directly the reason is known (stated by a
system 0.97, correlated 0.9, a reading of symptoms 0.6), how many deliveries say so (n / (n + 2)), how far they agree, and
how sure the rise itself is. It says how far to believe the *diagnosis*; that something rose at all is surer (false discovery
rate 0.1 % over all series of a run).

## Known limits

- The windows are invented by the authors of the diagnosis. Scores on other people's mail will differ.
- A fault that began with the window is chronic here: without a history there is no onset.
- Exports without reasons (Get-MessageTraceV2, Graph) show that mail fails, since when and for whom, and not why: the
  layer stays `unknown` until bounces lie beside them.
- A list of quarantined messages does not show what is delivered: only that one policy holds more than the others.
- How many deliveries a delay hit is counted from those that were later than mail is on a quiet day; those that were a little late are not
  among them.
- Slow onsets are dated when they can be told from chance: late by as much as that takes.
- A connector is silent only once its own habits make silence unlikely: one that carries a message a day is never told.
";

pub(crate) fn page(quiet: &[Case], faults: &[Case]) -> String {
    let mut text = String::from(HEAD);
    add_quiet(&mut text, quiet);
    add_faults(&mut text, faults);
    add_calibration(&mut text, quiet.iter().chain(faults));
    text.push_str(LIMITS);
    text
}

macro_rules! line {
    ($text:expr, $($part:tt)*) => {
        writeln!($text, $($part)*).unwrap_or_default() // writing to a String cannot fail
    };
}

fn percent(part: usize, all: usize) -> String {
    if all == 0 {
        return "-".into();
    }
    format!("{:.1} %", 100.0 * part as f64 / all as f64)
}

fn add_quiet(text: &mut String, quiet: &[Case]) {
    line!(
        text,
        "\n## Quiet windows\n\n| export | windows | with a false incident | part |\n|---|---|---|---|"
    );
    let mut names: Vec<&str> = quiet.iter().map(|c| c.dialect).collect();
    names.dedup();
    names.sort_unstable();
    names.dedup();
    let row = |text: &mut String, name: &str, all: Vec<&Score>| {
        let loud = all.iter().filter(|s| !s.false_alarms.is_empty()).count();
        line!(text, "| {name} | {} | {loud} | {} |", all.len(), percent(loud, all.len()));
    };
    for name in names {
        let mine = quiet.iter().filter(|c| c.dialect == name).map(|c| &c.score).collect();
        let title = DIALECTS.iter().find(|d| d.name == name).map_or("", |d| d.title);
        row(text, &format!("{name}: {title}"), mine);
    }
    row(text, "all", quiet.iter().map(|c| &c.score).collect());
}

fn add_faults(text: &mut String, faults: &[Case]) {
    line!(text, "\n## Faults\n");
    line!(text, "Windows in which a fault hit fewer than {FEW} deliveries are left out.\n");
    line!(
        text,
        "| fault | export | windows | layer first | found | entity | onset within 1 h | inside its interval | count | twice | false alarms |\n\
         |---|---|---|---|---|---|---|---|---|---|---|"
    );
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for case in faults {
        if !keys.contains(&(case.name, case.dialect)) {
            keys.push((case.name, case.dialect));
        }
    }
    for (name, dialect) in keys {
        let mine = faults.iter().filter(|c| (c.name, c.dialect) == (name, dialect));
        row(text, name, dialect, mine.map(|c| &c.score).collect());
    }
    row(text, "**all**", "", faults.iter().map(|c| &c.score).collect());
    let mut widths: Vec<f64> =
        faults.iter().filter_map(|c| c.score.inside).map(|(_, width)| width).collect();
    widths.sort_by(f64::total_cmp);
    if let Some(middle) = widths.get(widths.len() / 2) {
        line!(
            text,
            "\nMedian width of the onset interval: {middle:.0} minutes (buckets of one hour). Onset: of the faults found. Count: within 10 %, or the truth inside the interval told."
        );
    }
}

fn row(text: &mut String, name: &str, dialect: &str, all: Vec<&Score>) {
    let all: Vec<&Score> = all.into_iter().filter(|s| s.hit >= FEW).collect();
    let part = |yes: fn(&Score) -> bool| percent(all.iter().filter(|s| yes(s)).count(), all.len());
    let found = all.iter().filter(|s| s.found).count();
    let of_found =
        |yes: fn(&Score) -> bool| percent(all.iter().filter(|s| s.found && yes(s)).count(), found);
    line!(
        text,
        "| {name} | {dialect} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        all.len(),
        part(|s| s.top1),
        part(|s| s.found),
        part(|s| s.entity),
        of_found(|s| s.onset.is_some_and(|minutes| minutes <= 60.0)),
        of_found(|s| s.inside.is_some_and(|(inside, _)| inside)),
        of_found(|s| s.count),
        all.iter().map(|s| s.duplicates).sum::<usize>(),
        all.iter().map(|s| s.false_alarms.len()).sum::<usize>(),
    );
}

fn add_calibration<'a>(text: &mut String, all: impl Iterator<Item = &'a Case>) {
    const BINS: [(f64, f64); 5] = [(0.0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)];
    let said: Vec<(f64, bool)> = all.flat_map(|c| c.score.said.iter().copied()).collect();
    line!(text, "\n## Calibration\n\nOf all incidents told, in quiet windows and others:\n");
    line!(text, "| confidence | incidents | right |\n|---|---|---|");
    for (from, to) in BINS {
        let mine: Vec<_> = said.iter().filter(|(c, _)| (from..to).contains(c)).collect();
        let right = mine.iter().filter(|(_, right)| *right).count();
        line!(
            text,
            "| {from} to {} | {} | {} |",
            to.min(1.0),
            mine.len(),
            percent(right, mine.len())
        );
    }
}
