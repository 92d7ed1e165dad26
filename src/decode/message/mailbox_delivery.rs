//! X-Microsoft-Antispam-Mailbox-Delivery: which folder, by whose decision. The last stamp in time.

use super::pairs::{keep, known, pairs, remember};
use super::{Scope, Stamp};
use crate::model::message::Stamps;

/// The stamp.
pub(super) const STAMP: Stamp =
    Stamp { name: "mailbox_delivery", headers: &["X-Microsoft-Antispam-Mailbox-Delivery"], decode };

/// Keys that are known and not kept: list hits and engine numbers.
const PASSED: &[&str] = &[
    "RF", "ucf", "jmr", "auth", "psp", "ex", "abwl", "wl", "pcwl", "kl", "iwl", "ijl", "dwl",
    "dkl", "rwl", "ENG", "OFR", "dest",
];

fn decode(scope: &Scope<'_, '_>, out: &mut Stamps) {
    let Some(field) = scope.headers.first("X-Microsoft-Antispam-Mailbox-Delivery") else {
        return;
    };
    for (key, value) in pairs(&field.text()) {
        if key.eq_ignore_ascii_case("dest") {
            keep(&mut out.dest, key, value, &mut out.unknown);
        } else if key.eq_ignore_ascii_case("OFR") {
            keep(&mut out.ofr, key, value, &mut out.unknown);
        } else if !known(PASSED, key) && !key.starts_with("WIMS-") {
            remember(&mut out.unknown, key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::stamps;

    #[test]
    fn placement() {
        let s = stamps(
            "X-Microsoft-Antispam-Mailbox-Delivery: ucf:1;jmr:0;auth:0;dest:C;OFR:CustomRules;\n \
             ENG:(5062000305)(920221119095);new:2;\n",
        );
        assert_eq!(s.dest.as_deref(), Some("C"));
        assert_eq!(s.ofr.as_deref(), Some("CustomRules"));
        assert_eq!(s.unknown, ["new:2"]);
    }
}
