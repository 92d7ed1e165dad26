//! Exports that are known by name and not read by this version. Asked only when no dialect fits.

use super::Miss;
use super::header::View;

/// The miss for a known export.
pub(super) fn recognise(view: &View<'_>) -> Option<Miss> {
    let line = view.text.trim_ascii_start();
    let log = line.starts_with(b"#Software:") || line.starts_with(b"#Fields:");
    log.then(|| Miss::Known {
        what: "an Exchange Server log",
        mend: "give the message tracking, SMTP protocol or connectivity log (MSGTRK, SEND, RECV, \
               CONNECTLOG)",
        columns: view.columns_seen(),
    })
}
