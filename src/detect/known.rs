//! Exports that are known by name and not read by this version. Asked only when no dialect fits.

use super::Miss;
use super::header::View;

const V2: &str = "export Get-MessageTraceV2 as CSV instead \
                  (Get-MessageTraceV2 -StartDate ... -EndDate ... | Export-Csv)";

/// `(column names that must all be there, normalised; what it is; what to do)`, the narrower
/// before the wider.
const EXPORTS: &[(&[&str], &str, &str)] = &[
    (&["eventid", "sourcecontext", "messageid"], "a Get-MessageTrackingLog export", V2),
    (&["networkmessageid", "emaildirection"], "an advanced hunting EmailEvents export", V2),
    (
        &["networkmessageid", "actiontrigger"],
        "an advanced hunting EmailPostDeliveryEvents export",
        V2,
    ),
    (&["emaildate", "deliveryaction"], "a Threat Explorer export", V2),
    (&["identity", "receivedtime", "policytype"], "a Get-QuarantineMessage export", V2),
    (&["timereceived", "quarantinereason"], "a quarantine list of the portal", V2),
];

/// The miss for a known export.
pub(super) fn recognise(view: &View<'_>) -> Option<Miss> {
    let line = view.text.trim_ascii_start();
    if line.starts_with(b"#Software:") || line.starts_with(b"#Fields:") {
        return Some(Miss::Known { what: "an Exchange Server log", mend: V2, columns: Vec::new() });
    }
    if super::eml::is_mbox(view.text) {
        return Some(Miss::Known {
            what: "an mbox, many messages in one file",
            mend: "split it into one .eml file for each message",
            columns: Vec::new(),
        });
    }
    let header = view.header.as_ref()?;
    let (_, what, mend) =
        (EXPORTS.iter()).find(|(names, ..)| names.iter().all(|name| header.has(name)))?;
    Some(Miss::Known { what, mend, columns: view.columns_seen() })
}
