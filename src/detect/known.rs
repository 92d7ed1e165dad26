//! Exports that are known by name and not read by this version. Asked only when no dialect fits.

use super::Miss;
use super::header::View;

const V2: &str = "export Get-MessageTraceV2 as CSV instead \
                  (Get-MessageTraceV2 -StartDate ... -EndDate ... | Export-Csv)";

/// `(column names that must all be there, normalised; what it is; what to do)`, the narrower
/// before the wider.
const EXPORTS: &[(&[&str], &str, &str)] = &[
    (&["sessionid", "sequencenumber", "remoteendpoint"], "an SMTP protocol log", V2),
    (&["session", "destination", "direction", "description"], "a connectivity log", V2),
];

/// The miss for a known export.
pub(super) fn recognise(view: &View<'_>) -> Option<Miss> {
    let line = view.text.trim_ascii_start();
    let known = view.header.as_ref().and_then(|header| {
        (EXPORTS.iter()).find(|(names, ..)| names.iter().all(|name| header.has(name)))
    });
    if let Some((_, what, mend)) = known {
        return Some(Miss::Known { what, mend, columns: view.columns_seen() });
    }
    let log = line.starts_with(b"#Software:") || line.starts_with(b"#Fields:");
    log.then(|| Miss::Known {
        what: "an Exchange Server log",
        mend: V2,
        columns: view.columns_seen(),
    })
}
