//! The items of Microsoft's stamps one by one, as they are written, for a page that leaves none
//! out.

use super::pairs::pairs;
use crate::model::view::{StampLine, Standing};

/// Headers that hold items (`KEY:VALUE;`), by the name without its ending.
const LISTS: &[&str] = &[
    "X-Forefront-Antispam-Report",
    "X-Microsoft-Antispam",
    "X-Microsoft-Antispam-Mailbox-Delivery",
    "X-Exchange-Antispam-Report-CFA-Test",
    "X-Exchange-Antispam-Report-Test",
    "X-MS-Exchange-Organization-Antispam-Report",
];
/// Headers of the filter that are a single value.
const SINGLES: &[&str] = &[
    "X-MS-Exchange-Organization-SCL",
    "X-MS-Exchange-Organization-PCL",
    "X-CustomSpam",
    "SpamDiagnosticOutput",
    "SpamDiagnosticMetadata",
    "X-Message-Delivery",
    "X-SID-Result",
    "X-SID-PRA",
    "X-Sender-IP",
];
/// Endings of renamed copies.
const ENDINGS: &[&str] = &["-Untrusted", "-Original"];
/// Most items of one message: a stamp has some twenty.
const MOST: usize = 512;
/// Longest value kept of an item, bytes.
const LONGEST: usize = 1024;

/// Every item of the filter's stamps, in header order, without meanings; empty items are left
/// out. `trusted`: the organisation's own stamps may be believed.
pub fn items(fields: &[(String, String)], trusted: bool) -> Vec<StampLine> {
    let mut out: Vec<StampLine> = Vec::new();
    for (at, (name, text)) in fields.iter().enumerate() {
        let (plain, renamed) = plain_name(name);
        let list = LISTS.iter().any(|known| known.eq_ignore_ascii_case(plain));
        let single = SINGLES.iter().any(|known| known.eq_ignore_ascii_case(plain));
        if !list && !single {
            continue;
        }
        // Of several copies the topmost counts.
        let first =
            fields.iter().position(|(other, _)| other.eq_ignore_ascii_case(name)) == Some(at);
        let standing = match (renamed, trusted && first) {
            (true, _) => Standing::Renamed,
            (false, true) => Standing::Own,
            (false, false) => Standing::Claim,
        };
        let mut push = |key: &str, value: &str| {
            if out.len() < MOST && !value.is_empty() {
                let (key, value) = (super::words::clipped(key, 64), value);
                let value = super::words::clipped(value, LONGEST);
                out.push(StampLine {
                    header: name.clone(),
                    key: key.to_owned(),
                    value: value.to_owned(),
                    standing,
                    ..StampLine::default()
                });
            }
        };
        if single {
            push("", text.trim());
            continue;
        }
        for (key, value) in pairs(text) {
            // An item without a colon is a value by itself.
            if value.is_empty() && !text.contains(&format!("{key}:")) {
                push("", key);
            } else {
                push(key, value);
            }
        }
    }
    out
}

/// A header's name without the ending of a renamed copy, and whether it had one.
pub fn plain_name(name: &str) -> (&str, bool) {
    let cut = ENDINGS.iter().find_map(|ending| {
        let at = name.len().checked_sub(ending.len())?;
        let tail = name.get(at..)?;
        tail.eq_ignore_ascii_case(ending).then(|| name.get(..at)).flatten()
    });
    cut.map_or((name, false), |plain| (plain, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn every_item_stands_alone() {
        let fields = fields(&[
            ("X-Forefront-Antispam-Report", "CIP:2001:db8::1;SRV:;SFV:SPM;ODD"),
            ("Subject", "SFV:SKN;"),
            ("x-forefront-antispam-report", "SFV:NSPM;"),
            ("X-Microsoft-Antispam-Untrusted", "BCL:2;"),
            ("X-MS-Exchange-Organization-SCL", " 5"),
        ]);
        let shown: Vec<_> = items(&fields, true)
            .into_iter()
            .map(|i| format!("{}={} {}", i.key, i.value, i.standing.as_str()))
            .collect();
        let expected = [
            "CIP=2001:db8::1 own",
            "SFV=SPM own",
            "=ODD own",
            "SFV=NSPM claim",
            "BCL=2 renamed",
            "=5 own",
        ];
        assert_eq!(shown, expected);
        assert!(items(&fields, false).iter().all(|i| i.standing != Standing::Own));
    }

    proptest::proptest! {
        #[test]
        fn any_text(name in "X-Microsoft-Antispam(-Untrusted)?|\\PC{0,20}", text in "\\PC{0,80}") {
            let fields = vec![(name, text)];
            for item in items(&fields, true) {
                proptest::prop_assert!(!item.value.is_empty() && item.value.len() <= LONGEST);
            }
        }
    }
}
