//! Yahoo and AOL.
//!
//! Sources: real messages; community header references.

use super::parts::shown;
use super::{Family, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Yahoo",
    stamps: &[
        reads("x-yahoofilteredbulk", |v| {
            judged(format!("Yahoo filtered it as bulk mail from {}", shown(v)), true)
        }),
        says("x-ymail-osg", "Yahoo's own record, opaque: sent through Yahoo"),
        says("x-sonic-mf", "Yahoo's own record, opaque"),
        says("x-sonic-id", "Yahoo's own id"),
        says("x-sonic-dkim-sign", "Yahoo signed it"),
        reads("x-apparently-to", |v| plain(format!("recipient and server at Yahoo: {}", shown(v)))),
        says("x-rocket-received", "a hop inside of Yahoo"),
        says("x-rocket-tot", "Yahoo's own record, opaque"),
        says("x-rocket-track", "Yahoo's own record, opaque"),
        says("x-rocket-spam-report", "report of Yahoo's filter, opaque"),
        reads("x-yahoo-*", |v| plain(format!("of Yahoo, not further known: {}", shown(v)))),
        reads("x-aol-*", |v| plain(format!("of AOL, not further known: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot); community header references",
};
