//! Which zone an input is read in: what the user names for inputs whose format states none.

use super::survey::Surveyed;
use crate::decode::Zone;
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeMap;

/// Names listed in a note.
const LISTED: usize = 3;

/// A zone as the user names it: for all inputs, or for those whose path matches a pattern.
#[derive(Clone, Debug)]
pub struct ZoneChoice {
    text: String,
    glob: Option<GlobMatcher>,
    zone: Zone,
}

impl ZoneChoice {
    /// Reads `ZONE` or `GLOB=ZONE`. A pattern without a slash is matched with the last part of a
    /// path, one with a slash with the whole path as given.
    ///
    /// # Errors
    /// A sentence that says what would do.
    pub fn parse(text: &str) -> Result<Self, String> {
        // No zone has an equals sign in its name; a path may.
        let Some((pattern, zone)) = text.rsplit_once('=') else {
            return Ok(Self { text: text.to_owned(), glob: None, zone: Zone::parse(text)? });
        };
        let zone = Zone::parse(zone)?;
        if pattern.is_empty() {
            return Err("before the equals sign stands a pattern of paths, such as \
                        \"portal*.csv=Europe/Berlin\""
                .to_owned());
        }
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("{error}; write a pattern such as portal*.csv"))?;
        Ok(Self { text: text.to_owned(), glob: Some(glob.compile_matcher()), zone })
    }

    /// The zone, where it is named for all inputs.
    pub fn for_all(&self) -> Option<&Zone> {
        self.glob.is_none().then_some(&self.zone)
    }

    /// True where a pattern names this input.
    fn names(&self, path: &str) -> bool {
        let Some(glob) = &self.glob else { return false };
        let slash = |c| matches!(c, '/' | '\\');
        let last = path.rsplit(slash).next().unwrap_or(path);
        glob.is_match(path) || (!glob.glob().glob().contains(slash) && glob.is_match(last))
    }
}

/// The choice for an input whose format states no zone: the last pattern that names it, else the
/// last that is for all.
fn choice<'a>(choices: &'a [ZoneChoice], path: &str) -> Option<&'a ZoneChoice> {
    let named = choices.iter().rfind(|choice| choice.names(path));
    named.or_else(|| choices.iter().rfind(|choice| choice.glob.is_none()))
}

/// The zone of an input whose format states none.
pub(super) fn of(choices: &[ZoneChoice], path: &str) -> Zone {
    choice(choices, path).map_or(Zone::Utc, |choice| choice.zone.clone())
}

/// What became of choices that did nothing.
pub(super) fn notes(choices: &[ZoneChoice], inputs: &[Surveyed]) -> Vec<String> {
    let mut notes = Vec::new();
    for given in choices {
        let read = inputs.iter().filter(|input| input.format.is_some());
        let (local, stated): (Vec<&Surveyed>, Vec<&Surveyed>) = read
            .filter(|input| given.glob.is_none() || given.names(&input.input.name))
            .partition(|input| input.local);
        let used = local.iter().any(|input| {
            choice(choices, &input.input.name).is_some_and(|used| std::ptr::eq(used, given))
        });
        let text = &given.text;
        if used {
            continue;
        }
        notes.push(if !local.is_empty() {
            format!("--tz {text} is not used: another --tz is for the same inputs.")
        } else if stated.is_empty() {
            format!("--tz {text} names no input that could be read.")
        } else {
            stated_note(given, &stated)
        });
    }
    notes
}

fn stated_note(given: &ZoneChoice, stated: &[&Surveyed]) -> String {
    let text = &given.text;
    if given.glob.is_none() {
        return format!(
            "All inputs are UTC by format, or each time states its zone; --tz {text} is not used \
             for them."
        );
    }
    let names: Vec<&str> = stated.iter().take(LISTED).map(|s| s.input.name.as_str()).collect();
    let more = stated.len().saturating_sub(LISTED);
    let names = match more {
        0 => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    };
    let [be, them] = if stated.len() == 1 { ["is", "it"] } else { ["are", "them"] };
    format!(
        "{names} {be} UTC by format, or each time states its zone; --tz {text} is not used for \
         {them}."
    )
}

/// What is assumed about the zone of times that state none.
pub(super) fn assumptions(choices: &[ZoneChoice], inputs: &[Surveyed]) -> Vec<String> {
    let mut all = Vec::new();
    let read = || inputs.iter().filter(|input| input.format.is_some());
    if read().any(|input| !input.local) || read().next().is_none() {
        all.push("Times without a zone are UTC, as message traces write them.".to_owned());
    }
    let mut zones: BTreeMap<(bool, String), u64> = BTreeMap::new();
    for input in read().filter(|input| input.local) {
        let given = choice(choices, &input.input.name).is_some();
        *zones.entry((given, input.zone.to_string())).or_default() += 1;
    }
    for ((given, zone), files) in zones {
        let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        all.push(if given {
            format!("Times without a zone in {files} are read as {zone} (--tz).")
        } else {
            format!(
                "The format of {files} leaves the zone open; times without one are taken to be \
                 UTC. If they are local, name the zone with --tz."
            )
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(choices: &[&str], path: &str) -> String {
        let choices: Vec<ZoneChoice> =
            choices.iter().map(|text| ZoneChoice::parse(text).unwrap()).collect();
        of(&choices, path).to_string()
    }

    #[test]
    fn the_last_pattern_wins_and_the_rest_is_for_all() {
        assert_eq!(zone(&[], "a.csv"), "UTC");
        assert_eq!(zone(&["+01:00", "+02:00"], "a.csv"), "UTC+02:00");
        for choices in [["a*=+01:00", "+02:00"], ["+02:00", "a*=+01:00"]] {
            assert_eq!(zone(&choices, "a.csv"), "UTC+01:00");
            assert_eq!(zone(&choices, "b.csv"), "UTC+02:00");
        }
        assert_eq!(zone(&["a*=+01:00", "*.csv=+02:00"], "a.csv"), "UTC+02:00");
    }

    #[test]
    fn patterns_name_paths_or_files() {
        assert_eq!(zone(&["a*.csv=+01:00"], "in/deep/a1.csv"), "UTC+01:00");
        assert_eq!(zone(&["a*.csv=+01:00"], "in\\a1.csv"), "UTC+01:00");
        assert_eq!(zone(&["in/*.csv=+01:00"], "in/deep/a1.csv"), "UTC");
        assert_eq!(zone(&["in/**/*.csv=+01:00"], "in/deep/a1.csv"), "UTC+01:00");
        assert_eq!(zone(&["a=b.csv=+01:00"], "a=b.csv"), "UTC+01:00");
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_mend() {
        for (text, words) in [
            ("=UTC", "pattern of paths"),
            ("*.csv=", "write UTC"),
            ("*.csv=Berlin", "Europe/Berlin"),
            ("[=UTC", "portal*.csv"),
        ] {
            let error = ZoneChoice::parse(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,12}=?[a-zA-Z/+:0-9]{0,12}", path in "\\PC{0,20}") {
            if let Ok(choice) = ZoneChoice::parse(&text) {
                of(&[choice], &path);
            }
        }
    }
}
