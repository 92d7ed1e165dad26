//! Which literal texts must stand in a text for a pattern to match it: the prefilter's food.

use regex_syntax::hir::{Hir, HirKind};

/// Shortest literal worth searching for; shorter ones occur everywhere.
const SHORTEST: usize = 3;

/// Texts of which at least one occurs in whatever `pattern` matches; `None` where no such list
/// can be named and the pattern must always be tried.
pub(super) fn required(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let list = of(&hir)?;
    list.iter().all(|l| l.len() >= SHORTEST).then_some(list)
}

fn of(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(vec![text.to_owned()])
        }
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Repetition(repeat) if repeat.min > 0 => of(&repeat.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(of).max_by_key(|list| shortest(list)),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(of(branch)?);
            }
            Some(all)
        }
        HirKind::Repetition(_) | HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => None,
    }
}

fn shortest(list: &[String]) -> usize {
    list.iter().map(String::len).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_part_of_a_sequence_and_one_of_each_branch() {
        assert_eq!(required("dns query failed").unwrap(), ["dns query failed"]);
        assert_eq!(required(r"\bspf\b.*(fail|reject)").unwrap(), ["fail", "reject"]);
        assert_eq!(required("a.*b"), None);
        assert_eq!(required(r"\d+"), None);
        assert_eq!(required("(long text)?"), None);
        assert_eq!(required("abcdef|x"), None, "a branch too short to search for");
    }
}
