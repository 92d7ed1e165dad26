//! Turns, measures, medians, ratios.

use std::fmt::Write;
use std::process::{Command, Stdio};

/// One command of a race. It prints its answer as JSON.
pub(crate) struct Entrant {
    name: String,
    command: Vec<String>,
}

impl Entrant {
    pub(crate) fn new(name: &str, command: Vec<String>) -> Self {
        Self { name: name.into(), command }
    }
}

/// One task.
pub(crate) struct Board {
    pub(crate) title: String,
    pub(crate) bytes: u64,
    pub(crate) entrants: Vec<Entrant>,
}

/// What one run took: CPU (user and system) and wall in seconds, peak resident MiB; its answer.
struct Run {
    cpu: f64,
    wall: f64,
    peak: f64,
    answer: serde_json::Value,
}

impl Board {
    /// All entrants in turn: one turn to warm up, then so many that count.
    pub(crate) fn run(&self, turns: usize) -> Result<String, String> {
        let mut runs: Vec<Vec<Run>> = self.entrants.iter().map(|_| Vec::new()).collect();
        let mut absent = Vec::new();
        for turn in 0..=turns {
            for (entrant, runs) in self.entrants.iter().zip(&mut runs) {
                if absent.iter().any(|(name, _)| *name == entrant.name) {
                    continue;
                }
                match measure(&entrant.command) {
                    Ok(run) if turn > 0 => runs.push(run),
                    Ok(_) => {}
                    Err(why) => absent.push((entrant.name.clone(), why)),
                }
            }
        }
        if runs.iter().all(Vec::is_empty) {
            return Err(format!("{}: nobody ran: {absent:?}", self.title));
        }
        Ok(self.page(&runs, turns, &absent))
    }

    fn page(&self, runs: &[Vec<Run>], turns: usize, absent: &[(String, String)]) -> String {
        let first = runs.iter().find(|r| !r.is_empty());
        let base = first.map_or(1.0, |runs| median(runs, |r| r.cpu));
        let mut page = format!(
            "## {}\n\n{:.0} MB, {turns} turns, medians; ratios of CPU time to the first.\n\n\
             | peer | CPU s | ratio | wall s | peak MiB | MB per CPU s | answer |\n\
             |---|---|---|---|---|---|---|\n",
            self.title,
            self.bytes as f64 / 1e6,
        );
        for (entrant, own) in self.entrants.iter().zip(runs).filter(|(_, own)| !own.is_empty()) {
            let cpu = median(own, |r| r.cpu);
            let _ = writeln!(
                page,
                "| {} | {cpu:.2} | {:.2} | {:.2} | {:.0} | {:.0} | {} |",
                entrant.name,
                cpu / base,
                median(own, |r| r.wall),
                median(own, |r| r.peak),
                self.bytes as f64 / 1e6 / cpu.max(0.001),
                agreement(runs, own),
            );
        }
        for (name, why) in absent {
            let _ = writeln!(page, "\n{name} did not run: {why}");
        }
        page
    }
}

/// Whether an answer equals all others in what both state.
fn agreement(runs: &[Vec<Run>], own: &[Run]) -> &'static str {
    let Some(mine) = own.first().map(|r| &r.answer).and_then(|a| a.as_object()) else {
        return "none";
    };
    let others = runs.iter().flatten().chain(own).filter_map(|r| r.answer.as_object());
    let same = others.flatten().all(|(key, value)| mine.get(key).is_none_or(|m| m == value));
    if same { "same" } else { "DIFFERENT" }
}

fn median(runs: &[Run], of: impl Fn(&Run) -> f64) -> f64 {
    let mut all: Vec<f64> = runs.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}

fn measure(command: &[String]) -> Result<Run, String> {
    let note = tempfile::NamedTempFile::new().map_err(|e| e.to_string())?;
    let output = Command::new("/usr/bin/time")
        .args(["-q", "-f", "%U %S %e %M", "-o"])
        .arg(note.path())
        .args(command)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("GNU time: {e}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(text.lines().last().unwrap_or("no message").chars().take(200).collect());
    }
    let cells = std::fs::read_to_string(note.path()).map_err(|e| e.to_string())?;
    let cells: Vec<f64> = cells.split_whitespace().filter_map(|c| c.parse().ok()).collect();
    let [user, system, wall, peak] = cells[..] else { return Err("GNU time said nothing".into()) };
    let answer = answer(&output.stdout);
    Ok(Run { cpu: user + system, wall, peak: peak / 1024.0, answer })
}

/// The answer of a peer; of a report of ours, the same facts by the same names.
fn answer(output: &[u8]) -> serde_json::Value {
    let value: serde_json::Value = serde_json::from_slice(output).unwrap_or_default();
    if value.get("schema_version").is_none() {
        return value;
    }
    if value["input"]["files"] != 1 {
        return serde_json::json!({"files": value["input"]["files"]});
    }
    if value["input"]["sources"][0]["format"] != "messagetracev2" {
        return serde_json::json!({"rows": value["input"]["rows"]});
    }
    serde_json::json!({
        "rows": value["input"]["rows"],
        "failed": value["totals"]["outcome"]["failed"],
        "messages": value["input"]["messages"],
    })
}

/// What it ran on: the figures hold for that.
pub(crate) fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|l| l.strip_prefix("model name")).unwrap_or("");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = read("/proc/loadavg");
    format!(
        "# Race\n\n{} cores,{}; load at the end {}. mailtriage {}, lean build.\n",
        cores,
        model
            .trim_start_matches([' ', '\t', ':'])
            .split('@')
            .next()
            .map_or(String::new(), |m| format!(" {m}")),
        load.split(' ').next().unwrap_or("?"),
        env!("CARGO_PKG_VERSION"),
    )
}
