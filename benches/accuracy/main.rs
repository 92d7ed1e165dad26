//! How often is the diagnosis right, and how often does it cry wolf? Writes docs/accuracy.md:
//! `cargo bench --no-default-features --features cli --bench accuracy -- --write`.

#![allow(clippy::print_stdout, clippy::print_stderr)] // what a bench is for

mod exports;
mod faults;
mod page;
mod score;
mod week;

use exports::{DIALECTS, Dialect};
use faults::{FAULTS, Fault};
use score::Score;
use std::path::Path;

/// What to run.
pub(crate) struct Plan {
    /// Quiet windows.
    weeks: usize,
    /// Windows per fault and export.
    cases: usize,
    write: bool,
    /// Name every false alarm and every miss on stderr.
    verbose: bool,
}

/// One window.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) dialect: &'static str,
    pub(crate) score: Score,
}

/// A window to come: its seed and what is put into it.
type Job = (u64, &'static Dialect, Option<&'static Fault>);

fn main() {
    let plan = plan(std::env::args().skip(1));
    let quiet: Vec<Job> =
        (0..plan.weeks).map(|n| (n as u64 + 1, &DIALECTS[n % DIALECTS.len()], None)).collect();
    let mut faulty: Vec<Job> = Vec::new();
    for (place, fault) in FAULTS.iter().enumerate() {
        for dialect in DIALECTS.iter().filter(|d| fault.dialects.contains(&d.name)) {
            let seeds = (0..plan.cases).map(|n| 1_000_000 + (place * 10_000 + n) as u64);
            faulty.extend(seeds.map(|seed| (seed, dialect, Some(fault))));
        }
    }
    let (quiet, faulty) = (run(&quiet), run(&faulty));
    if plan.verbose {
        tell(quiet.iter().chain(&faulty));
    }
    let page = page::page(&quiet, &faulty);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/accuracy.md");
    match plan.write.then(|| std::fs::write(&path, &page)) {
        Some(Err(error)) => panic!("{}: {error}", path.display()),
        Some(Ok(())) => println!("{} is written", path.display()),
        None => println!("{page}"),
    }
}

fn plan(arguments: impl Iterator<Item = String>) -> Plan {
    let mut plan = Plan { weeks: 2000, cases: 20, write: false, verbose: false };
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|n| n.parse().ok());
        match argument.as_str() {
            "--weeks" => plan.weeks = number().unwrap_or(plan.weeks),
            "--cases" => plan.cases = number().unwrap_or(plan.cases),
            "--write" => plan.write = true,
            "--verbose" => plan.verbose = true,
            "--bench" => {} // cargo says so
            other => panic!("unknown argument {other}: --weeks N, --cases N, --write, --verbose"),
        }
    }
    plan
}

/// All windows, on all processors, in their order.
fn run(jobs: &[Job]) -> Vec<Case> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let mut scores: Vec<Option<Score>> = vec![None; jobs.len()];
    std::thread::scope(|scope| {
        let handles: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || part(jobs, worker, workers))).collect();
        for handle in handles {
            match handle.join() {
                Ok(part) => part.into_iter().for_each(|(at, score)| scores[at] = Some(score)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    let case = |((_, dialect, fault), score): (&Job, Option<Score>)| Case {
        name: fault.map_or("quiet", |f| f.name),
        dialect: dialect.name,
        score: score.unwrap_or_default(),
    };
    jobs.iter().zip(scores).map(case).collect()
}

fn part(jobs: &[Job], worker: usize, workers: usize) -> Vec<(usize, Score)> {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("no temporary folder: {error}"),
    };
    let mine = jobs.iter().enumerate().skip(worker).step_by(workers);
    mine.map(|(at, (seed, dialect, fault))| {
        let score = match fault {
            Some(fault) => score::faulty_week(folder.path(), *seed, dialect, fault),
            None => score::quiet_week(folder.path(), *seed, dialect),
        };
        (at, score)
    })
    .collect()
}

fn tell<'a>(cases: impl Iterator<Item = &'a Case>) {
    for case in cases {
        let s = &case.score;
        if s.hit >= score::FEW && !s.found {
            eprintln!("missed: {} ({}), {} hit", case.name, case.dialect, s.hit);
        }
        if let Some(wrong) = &s.wrong_entity {
            eprintln!("entity: {} ({}): {wrong}", case.name, case.dialect);
        }
        for alarm in &s.false_alarms {
            eprintln!("false: {} ({}): {alarm}", case.name, case.dialect);
        }
    }
}
