//! The answer of `compare --verify`, for people and for scripts.

use super::safety;
use crate::model::{Instant, Repair, Verification};
use std::io::{self, Write};

/// Writes it for people.
pub fn text(v: &Verification, out: &mut dyn Write) -> io::Result<()> {
    let verdict = match v.repair {
        Repair::Held => "The repair has held",
        Repair::NotHeld => "The repair has not held",
        Repair::Improved => "Better, but not gone",
        Repair::InsufficientData => "Too little mail since to tell",
        Repair::NotObservable => "This export cannot show it",
    };
    let sure = match v.repair {
        Repair::NotObservable | Repair::InsufficientData => String::new(),
        _ => format!(" (confidence {:.2})", v.confidence),
    };
    let time = |t: Option<Instant>| t.map_or("-".to_owned(), Instant::rfc3339);
    writeln!(out, "{verdict}{sure}")?;
    let mut line = |name: &str, text: &str| writeln!(out, "  {name:<10}{}", safety::terminal(text));
    line("finding", &format!("{} {}", v.finding.key, v.finding.id))?;
    line("what", &v.finding.title)?;
    line("why", &v.why)?;
    let other = match v.other {
        0 => String::new(),
        n => format!("; {n} failing or held for another reason"),
    };
    line("since", &format!("{} deliveries, {} hit as before{other}", v.deliveries, v.bad))?;
    line("last bad", &time(v.last_bad))?;
    line("last good", &time(v.last_good))
}

/// Writes it as one JSON object.
pub fn json(v: &Verification, out: &mut dyn Write) -> io::Result<()> {
    let time = |t: Option<Instant>| t.map(Instant::rfc3339);
    let rounded = |x: f64| (x * 1e6).round() / 1e6;
    let object = serde_json::json!({
        "verdict": v.repair.as_str(),
        "confidence": rounded(v.confidence),
        "why": v.why,
        "finding": {
            "key": v.finding.key,
            "id": v.finding.id,
            "title": v.finding.title,
            "entity": {"type": v.finding.entity.kind.as_str(), "value": v.finding.entity.value},
            "onset": time(v.finding.onset),
        },
        "deliveries": v.deliveries,
        "bad": v.bad,
        "other": v.other,
        "expected": rounded(v.expected),
        "last_bad": time(v.last_bad),
        "last_good": time(v.last_good),
    });
    serde_json::to_writer_pretty(&mut *out, &object).map_err(io::Error::from)?;
    writeln!(out)
}
