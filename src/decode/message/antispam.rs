//! X-Microsoft-Antispam: the bulk complaint level.

use super::pairs::{known, pairs, remember};
use super::{Scope, Stamp};
use crate::model::message::Stamps;

/// The stamp.
pub(super) const STAMP: Stamp =
    Stamp { name: "antispam", headers: &["X-Microsoft-Antispam"], decode };

/// Keys that are known and not kept (rule numbers, old scores).
const PASSED: &[&str] = &["PCL", "SCL", "RULEID", "ARA", "SRVR", "UriScan"];

fn decode(scope: &Scope<'_, '_>, out: &mut Stamps) {
    let Some(field) = scope.headers.first("X-Microsoft-Antispam") else {
        return;
    };
    for (key, value) in pairs(&field.text()) {
        if key.eq_ignore_ascii_case("BCL") {
            match value.parse().ok().filter(|level: &u8| *level <= 9) {
                Some(level) => out.bcl = out.bcl.or(Some(level)),
                None if value.is_empty() => {}
                None => remember(&mut out.unknown, key, value),
            }
        } else if !known(PASSED, key) {
            remember(&mut out.unknown, key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::stamps;

    #[test]
    fn bulk_level() {
        let s = stamps("X-Microsoft-Antispam:\n\tBCL:7;ARA:13230040|4022899009;BCL:0;NEW:1;\n");
        assert_eq!(s.bcl, Some(7));
        assert_eq!(s.unknown, ["NEW:1"]);
        assert_eq!(stamps("X-Microsoft-Antispam: BCL:12;\n").unknown, ["BCL:12"]);
        assert_eq!(stamps("X-Microsoft-Antispam-Untrusted: BCL:7;\n").bcl, None);
    }
}
