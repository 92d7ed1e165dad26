//! Milters that sign and check: OpenDKIM and relatives.
//!
//! Source: documentation of the milters; real messages.

use super::parts::{by_words, shown};
use super::{Family, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Mail authentication milter",
    stamps: &[
        reads("dkim-filter", |v| plain(format!("signed or checked by {}", shown(v)))),
        reads("x-dkim", |v| plain(format!("DKIM as a milter saw it: {}", shown(v)))),
        reads("x-dkim-result", |v| by_words("DKIM as a milter saw it", v)),
        reads("x-dkim-options", |v| plain(format!("options of the signer: {}", shown(v)))),
        reads("x-dmarc-filter", |v| plain(format!("DMARC checked by {}", shown(v)))),
        reads("dmarc-filter", |v| plain(format!("DMARC checked by {}", shown(v)))),
        reads("arc-filter", |v| plain(format!("ARC checked or sealed by {}", shown(v)))),
        reads("spfcheck", |v| by_words("SPF as a gateway saw it", v)),
        reads("x-spf", |v| by_words("SPF as a gateway saw it", v)),
        reads("x-spf-result", |v| by_words("SPF as a gateway saw it", v)),
        says(
            "domainkey-signature",
            "signature of an abandoned scheme (RFC 4870): proves nothing today",
        ),
        says("x-mailman-original-dkim-signature", "signature before the list changed the message"),
        reads("x-greylist", |v| plain(format!("greylisting: {}", shown(v)))),
        reads("x-developer-signature", |_| {
            plain("signature of a developer over a patch (patatt), no sign of the mail's own")
        }),
    ],
    source: "documentation of OpenDKIM, OpenDMARC and OpenARC; real messages (rf-peixoto/phishing_pot)",
};
