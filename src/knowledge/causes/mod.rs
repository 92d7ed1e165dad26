//! The closed list of causes: a stable word each, one line of plain English, and what to do.

mod end;
mod path;
mod policy;

use crate::model::Layer;

/// A cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Stable snake_case word; part of the contract of `report.json`.
    pub name: &'static str,
    /// Usual layer. A row of the tables may name another where who speaks changes it.
    pub layer: Layer,
    /// One sentence of plain English.
    pub plain: &'static str,
    /// What to do, most useful first.
    pub next_steps: &'static [&'static str],
}

/// Every cause, by layer in runbook order.
pub const CAUSES: &[Cause] = &JOINED;

const PARTS: [&[Cause]; 3] = [path::LIST, policy::LIST, end::LIST];
const COUNT: usize = PARTS[0].len() + PARTS[1].len() + PARTS[2].len();
const JOINED: [Cause; COUNT] = join();

const fn join() -> [Cause; COUNT] {
    let mut all = [PARTS[0][0]; COUNT];
    let (mut part, mut at, mut filled) = (0, 0, 0);
    while filled < COUNT {
        if at == PARTS[part].len() {
            (part, at) = (part + 1, 0);
        } else {
            all[filled] = PARTS[part][at];
            (at, filled) = (at + 1, filled + 1);
        }
    }
    all
}

/// The cause of this name, if there is one.
pub fn cause(name: &str) -> Option<&'static Cause> {
    CAUSES.iter().find(|c| c.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_words_and_every_cause_says_what_to_do() {
        for (i, cause) in CAUSES.iter().enumerate() {
            let word = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_');
            assert!(cause.name.bytes().all(word), "{}", cause.name);
            assert!(CAUSES[..i].iter().all(|c| c.name != cause.name), "{} twice", cause.name);
            assert!(cause.plain.ends_with(['.', '?']), "{}", cause.name);
            assert!((1..=4).contains(&cause.next_steps.len()), "{}", cause.name);
            assert!(cause.next_steps.iter().all(|s| s.ends_with(['.', '?'])), "{}", cause.name);
        }
        assert!(CAUSES.is_sorted_by_key(|c| c.layer), "runbook order");
        assert!(cause("no_such_cause").is_none());
    }
}
