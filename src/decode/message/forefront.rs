//! X-Forefront-Antispam-Report: the verdict stamp of Exchange Online Protection.
//!
//! Only the unsuffixed header; `-Untrusted` copies belong to another tenant.

use super::pairs::{KEY, keep, keep_scl, known, pairs, remember, upper};
use super::{Scope, Stamp};
use crate::model::message::Stamps;

/// The stamp.
pub(super) const STAMP: Stamp =
    Stamp { name: "forefront", headers: &["X-Forefront-Antispam-Report"], decode };

/// Keys that are known and not kept: scanner internals, and facts that stand elsewhere.
const PASSED: &[&str] = &[
    "A", "ASF", "CLTCTRY", "DI", "EFV", "FPR", "H", "LANG", "LAT", "LIST", "MLV", "MX", "PCL",
    "PTR", "RD", "SCORE", "SFA", "SFP", "SFS", "SKIP", "SPF", "SRV", "SRVR", "UIP",
];

fn decode(scope: &Scope<'_, '_>, out: &mut Stamps) {
    let Some(field) = scope.headers.first("X-Forefront-Antispam-Report") else {
        return;
    };
    let text = field.text();
    let unknown = &mut Vec::new();
    // The SCL header of the organisation wins over this one; the first value here over later ones.
    let mut level = None;
    for (key, value) in pairs(&text) {
        let mut letters = [0; KEY];
        let slot = match upper(key, &mut letters) {
            "SCL" => &mut level,
            "SFV" => &mut out.sfv,
            "CAT" => &mut out.cat,
            "IPV" => &mut out.ipv,
            "SFTY" => &mut out.sfty,
            "DIR" => &mut out.dir,
            "CTRY" => &mut out.country,
            "CIP" => &mut out.cip,
            upper => {
                if !known(PASSED, upper) && !upper.starts_with("WIMS-") {
                    remember(unknown, key, value);
                }
                continue;
            }
        };
        keep(slot, key, value, unknown);
    }
    if let Some(level) = level {
        keep_scl("SCL", &level, out);
    }
    out.unknown.append(unknown);
}

#[cfg(test)]
mod tests {
    use super::super::tests::stamps;

    #[test]
    fn fields() {
        let s = stamps(
            "X-Forefront-Antispam-Report: CIP:2001:db8::25;CTRY:NL;LANG:en;SCL:5;SRV:;IPV:NLI;\r\n \
             SFV:SPM;H:mail.fabrikam.example;PTR:mail.fabrikam.example;CAT:PHSH;SFTY:9.25;\r\n \
             SFS:(13230040)(4022899009);DIR:INB;ZZZ:new;\r\n",
        );
        assert_eq!(s.cip.as_deref(), Some("2001:db8::25"));
        assert_eq!(s.country.as_deref(), Some("NL"));
        assert_eq!(s.scl, Some(5));
        assert_eq!(s.ipv.as_deref(), Some("NLI"));
        assert_eq!(s.sfv.as_deref(), Some("SPM"));
        assert_eq!(s.cat.as_deref(), Some("PHSH"));
        assert_eq!(s.sfty.as_deref(), Some("9.25"));
        assert_eq!(s.dir.as_deref(), Some("INB"));
        assert_eq!(s.unknown, ["ZZZ:new"]);
    }

    #[test]
    fn first_value_wins_and_nothing_is_lost() {
        let s = stamps("x-forefront-antispam-report: SFV:SKI;SCL:-1;SFV:NSPM;SFV:SKI;SCL:1\n");
        assert_eq!(s.sfv.as_deref(), Some("SKI"));
        assert_eq!(s.scl, Some(-1));
        assert_eq!(s.unknown, ["SFV:NSPM", "SCL:1"]);
    }

    #[test]
    fn other_copies_are_not_ours() {
        let s = stamps(
            "X-Forefront-Antispam-Report-Untrusted: SFV:SPM;SCL:9\n\
             X-MS-Exchange-Organization-SCL: 1\n\
             X-Forefront-Antispam-Report: SCL:5;SFV:NSPM\n\
             X-Forefront-Antispam-Report: SCL:9;SFV:SPM\n",
        );
        assert_eq!((s.scl, s.sfv.as_deref()), (Some(1), Some("NSPM")));
    }

    #[test]
    fn odd_levels_are_kept_as_written() {
        let s = stamps("X-Forefront-Antispam-Report: SCL:99;SCL:;\n");
        assert_eq!(s.scl, None);
        assert_eq!(s.unknown, ["SCL:99"]);
    }
}
