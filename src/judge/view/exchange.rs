//! Headers of Exchange that tell where a message came from and how it was taken.

use super::reading;
use crate::knowledge::stamps::exchange_header;
use crate::model::Seen;
use crate::model::view::{StampLine, Standing};

/// Headers shown on the page, in this order; `--all` shows every one.
const SHOWN: &[&str] = &[
    "X-MS-Exchange-Organization-AuthAs",
    "X-MS-Exchange-Organization-AuthMechanism",
    "X-MS-Exchange-Organization-AuthSource",
    "X-MS-Exchange-Organization-MessageDirectionality",
    "X-MS-Exchange-CrossTenant-FromEntityHeader",
    "X-MS-Exchange-CrossTenant-AuthAs",
    "X-MS-Exchange-CrossTenant-AuthSource",
    "X-MS-Exchange-CrossTenant-Id",
    "X-OriginatorOrg",
    "X-MS-Exchange-Transport-EndToEndLatency",
    "X-MS-Exchange-AtpMessageProperties",
    "X-MS-Exchange-SkipListedInternetSender",
    "X-MS-Exchange-ExternalOriginalInternetSender",
    "X-MS-Exchange-Organization-SkipSafeLinksProcessing",
    "X-MS-Exchange-Organization-SkipSafeAttachmentProcessing",
    "X-MS-Exchange-Organization-Quarantine",
    "X-MS-Exchange-Organization-Original-Scl",
    "X-MS-Exchange-Organization-Original-Sender",
    "X-MS-Exchange-Organization-Rules-Execution-History",
    "X-MS-Exchange-Transport-Rules-Loop",
    "X-MS-Exchange-Inbox-Rules-Loop",
    "X-MS-Exchange-ForwardingLoop",
    "X-MS-Exchange-Generated-Message-Source",
    "X-MS-Outlook-Client-Rule-Overridden",
];

/// The lines, with meanings.
pub(super) fn lines(seen: &Seen) -> Vec<StampLine> {
    let fields = &seen.examined.fields;
    let trusted = seen.examined.facts.stamps.trusted;
    let standing = |name: &str| {
        // What the sending organisation stamps crosses the border with its name.
        let organisations = name
            .get(..26)
            .is_some_and(|head| head.eq_ignore_ascii_case("X-MS-Exchange-Organization"));
        if trusted && organisations { Standing::Own } else { Standing::Claim }
    };
    let shown = SHOWN.iter().filter_map(|wanted| {
        let (name, value) = fields
            .iter()
            .find(|(name, value)| name.eq_ignore_ascii_case(wanted) && !value.trim().is_empty())?;
        let entry = exchange_header(name, value.trim());
        Some(StampLine {
            header: name.clone(),
            value: value.trim().to_owned(),
            reading: entry.map(reading).unwrap_or_default(),
            standing: standing(name),
            ..StampLine::default()
        })
    });
    shown.collect()
}
