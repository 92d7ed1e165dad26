//! Exports that are known by name and not read by this version. Asked only when no dialect fits.

use super::Miss;
use super::header::View;

/// The miss for a known export.
pub(super) fn recognise(view: &View<'_>) -> Option<Miss> {
    let line = view.text.trim_ascii_start();
    if super::eml::listed(view.text).is_some_and(|(_, blocks)| blocks > 1) {
        return Some(Miss::Known {
            what: "a list with several header blocks",
            mend: "write them with Export-Csv or ConvertTo-Json",
            columns: view.columns_seen(),
        });
    }
    let log = line.starts_with(b"#Software:") || line.starts_with(b"#Fields:");
    log.then(|| Miss::Known {
        what: "an Exchange Server log",
        mend: "give the message tracking, SMTP protocol or connectivity log (MSGTRK, SEND, RECV, \
               CONNECTLOG)",
        columns: view.columns_seen(),
    })
}
