//! Meanings: JSON for programs, a page for people.

use super::safety;
use crate::model::{Explanation, Layer, Side};
use serde_json::{Value, json};
use std::io::{self, Write};

/// A meaning as a JSON object.
pub fn object(e: &Explanation) -> Value {
    json!({
        "code": e.code,
        "family": e.family,
        "meaning": e.meaning,
        "layer": e.layer.map(Layer::as_str),
        "side": e.side.map(Side::as_str),
        "next_steps": e.next_steps,
        "source": e.source,
        "confidence": e.confidence,
    })
}

/// Writes the meanings of one query as a page. The query is a stranger's text and is escaped.
///
/// # Errors
/// Where the writer fails.
pub fn text(query: &str, meanings: &[Explanation], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", safety::terminal(query))?;
    for (at, e) in meanings.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "  {}  {}", safety::terminal(&e.code), e.meaning)?;
        let layer = e.layer.map_or("", Layer::as_str);
        let side = e.side.map_or("", Side::as_str);
        for (name, value) in [("layer", layer), ("side", side)] {
            if !value.is_empty() {
                writeln!(out, "    {name:<9}{value}")?;
            }
        }
        for (n, step) in e.next_steps.iter().enumerate() {
            let name = if n == 0 { "next" } else { "" };
            writeln!(out, "    {name:<9}{step}")?;
        }
        writeln!(out, "    {:<9}{} ({})", "source", e.source, e.confidence)?;
    }
    writeln!(out)
}
