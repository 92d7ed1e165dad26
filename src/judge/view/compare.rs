//! Two messages side by side: what differs, whether they are of one sender, and why one was held.

use super::auth::{aligned, registered};
use super::decider::decided;
use super::{Ruling, sentence};
use crate::model::delivery::domain_of;
use crate::model::view::{ComparedRow, Comparison, Leg};
use crate::model::{Instant, Placement, Seen};

/// Bulk level that tells mailings apart from other mail (the default threshold).
const BULK: u8 = 7;

/// One side of the comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The message.
    pub seen: &'a Seen,
    /// Its verdict.
    pub ruling: &'a Ruling<'a>,
    /// Its hops.
    pub legs: &'a [Leg],
}

/// Compares.
pub fn compare(a: Side<'_>, b: Side<'_>) -> Comparison {
    Comparison { sentence: why(a, b), senders: senders(a, b), rows: rows(a, b) }
}

/// What one side says of a thing.
type Says = fn(Side<'_>) -> String;

/// What is compared: group, word, value.
const THINGS: &[(&str, &str, Says)] = &[
    ("Verdict", "placement", |s| s.ruling.placement.as_str().to_owned()),
    ("Verdict", "outcome", |s| s.ruling.outcome.as_str().to_owned()),
    ("Verdict", "decided_by", |s| decided(s.seen, s.ruling).0),
    ("Verdict", "stamps_believed", |s| yes(s.seen.examined.facts.stamps.trusted)),
    ("Verdict", "scl", |s| number(s.seen.examined.written.stamps.scl)),
    ("Verdict", "sfv", |s| word(s.seen.examined.written.stamps.sfv.as_ref())),
    ("Verdict", "cat", |s| word(s.seen.examined.written.stamps.cat.as_ref())),
    ("Verdict", "bcl", |s| number(s.seen.examined.written.stamps.bcl)),
    ("Verdict", "sfty", |s| word(s.seen.examined.written.stamps.sfty.as_ref())),
    ("Verdict", "dest", |s| word(s.seen.examined.written.stamps.dest.as_ref())),
    ("Verdict", "ofr", |s| word(s.seen.examined.written.stamps.ofr.as_ref())),
    ("Verdict", "custom_spam", |s| header(s, "X-CustomSpam")),
    ("Allow lists and bypasses", "bypass", |s| bypass(s).to_owned()),
    ("Allow lists and bypasses", "ipv", |s| word(s.seen.examined.written.stamps.ipv.as_ref())),
    ("Allow lists and bypasses", "skip_listed", |s| {
        header(s, "X-MS-Exchange-SkipListedInternetSender")
    }),
    ("Authentication", "spf", |s| word(s.seen.examined.written.stamps.spf.as_ref())),
    ("Authentication", "envelope_domain", envelope),
    ("Authentication", "dkim", dkim),
    ("Authentication", "dmarc", |s| word(s.seen.examined.written.stamps.dmarc.as_ref())),
    ("Authentication", "dmarc_action", |s| {
        word(s.seen.examined.written.stamps.dmarc_action.as_ref())
    }),
    ("Authentication", "compauth", |s| word(s.seen.examined.written.stamps.compauth.as_ref())),
    ("Authentication", "compauth_reason", |s| {
        word(s.seen.examined.written.stamps.compauth_reason.as_ref())
    }),
    ("Authentication", "arc_sets", |s| s.seen.examined.arc.len().to_string()),
    ("Sending side", "from", |s| word(s.seen.examined.facts.from.as_ref())),
    ("Sending side", "return_path", |s| word(s.seen.examined.facts.return_path.as_ref())),
    ("Sending side", "connecting_ip", |s| word(s.seen.examined.written.stamps.cip.as_ref())),
    ("Sending side", "ptr", |s| word(s.seen.examined.written.ptr.as_ref())),
    ("Sending side", "helo", |s| word(s.seen.examined.written.helo.as_ref())),
    ("Sending side", "country", |s| word(s.seen.examined.written.stamps.country.as_ref())),
    ("Sending side", "mailer", |s| header(s, "X-Mailer")),
    ("Way", "hops", |s| s.seen.examined.hops.len().to_string()),
    ("Way", "seconds", |s| {
        s.seen.examined.delay_seconds.map(|n| n.to_string()).unwrap_or_default()
    }),
    ("Way", "gateway", gateway),
    ("Way", "tls_at_the_border", border_tls),
    ("Way", "auth_as", |s| word(s.seen.examined.written.stamps.auth_as.as_ref())),
    ("Way", "directionality", |s| word(s.seen.examined.written.stamps.directionality.as_ref())),
    ("Way", "originator_org", |s| header(s, "X-OriginatorOrg")),
    ("Way", "tenant", |s| header(s, "X-MS-Exchange-CrossTenant-Id")),
    ("Message", "date", |s| s.seen.examined.facts.date.map(Instant::rfc3339).unwrap_or_default()),
    ("Message", "to", |s| s.seen.examined.facts.to.join(", ")),
    ("Message", "subject", |s| word(s.seen.examined.facts.subject.as_ref())),
    ("Message", "language", |s| word(s.seen.examined.written.lang.as_ref())),
    ("Message", "bytes", |s| s.seen.examined.facts.size.to_string()),
    ("Message", "remarks", remarks),
    ("Message", "other_gateways", gateways),
];

fn rows(a: Side<'_>, b: Side<'_>) -> Vec<ComparedRow> {
    let row = |&(group, key, says): &(&'static str, &'static str, Says)| ComparedRow {
        group,
        key,
        left: says(a),
        right: says(b),
    };
    THINGS.iter().map(row).filter(|row| !(row.left.is_empty() && row.right.is_empty())).collect()
}

fn word(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn number(value: Option<impl ToString>) -> String {
    value.map(|n| n.to_string()).unwrap_or_default()
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// All copies of a header, joined.
fn header(side: Side<'_>, name: &str) -> String {
    let fields = side.seen.examined.fields.iter();
    let values = fields.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim());
    values.collect::<Vec<_>>().join("; ")
}

fn envelope(side: Side<'_>) -> String {
    let stamps = &side.seen.examined.written.stamps;
    let stated = stamps.mailfrom_domain.as_deref();
    let path = side.seen.examined.facts.return_path.as_deref();
    domain_of(stated.or(path).unwrap_or_default()).to_owned()
}

fn from_domain(side: Side<'_>) -> &str {
    domain_of(side.seen.examined.facts.from.as_deref().unwrap_or_default())
}

fn dkim(side: Side<'_>) -> String {
    let all = side.seen.examined.written.stamps.dkim.iter();
    let shown = all.map(|(result, domain)| format!("{result} {domain}").trim_end().to_owned());
    shown.collect::<Vec<_>>().join("; ")
}

/// What let the message skip the filter; empty where nothing did.
fn bypass(side: Side<'_>) -> &'static str {
    let s = &side.seen.examined.written.stamps;
    let is = |value: &Option<String>, word: &str| value.as_deref() == Some(word);
    if is(&s.ipv, "CAL") {
        "IP Allow List of the connection filter"
    } else if is(&s.sfv, "SKN") {
        "mail flow rule or connector (SFV:SKN)"
    } else if is(&s.sfv, "SKA") {
        "allow list of an anti-spam policy (SFV:SKA)"
    } else if is(&s.sfv, "SFE") || is(&s.ofr, "TrustedSenderList") {
        "the recipient's safe senders"
    } else if is(&s.ofr, "SenderInAddressBook") {
        "the recipient's contacts"
    } else if is(&s.sfv, "SKQ") {
        "released from quarantine"
    } else if is(&s.sfv, "SKI") || is(&s.auth_as, "Internal") {
        "mail within the organisation"
    } else if s.scl == Some(-1) {
        "a rule, list or connector (SCL -1)"
    } else {
        ""
    }
}

fn gateway(side: Side<'_>) -> String {
    let mut names: Vec<&str> = side.legs.iter().map(|leg| leg.product).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    names.join(", ")
}

fn border_tls(side: Side<'_>) -> String {
    let border = side.seen.examined.hops.iter().rev().find(|hop| hop.trusted);
    border
        .map(|hop| hop.tls.clone().unwrap_or_else(|| "none stated".to_owned()))
        .unwrap_or_default()
}

fn remarks(side: Side<'_>) -> String {
    let mut ids: Vec<&str> = side.seen.remarks.iter().map(|remark| remark.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.join(", ")
}

fn gateways(side: Side<'_>) -> String {
    let of = |bad: Option<bool>| match bad {
        Some(true) => " (against it)",
        Some(false) => " (for it)",
        None => "",
    };
    let others = side.seen.gateways.iter().filter(|g| g.product != "Exchange Online");
    let mut shown: Vec<String> = others.map(|g| format!("{}{}", g.product, of(g.bad))).collect();
    shown.sort();
    shown.dedup();
    shown.join(", ")
}

/// Whether both are of one sender.
fn senders(a: Side<'_>, b: Side<'_>) -> String {
    let same = |says: Says| {
        let (left, right) = (says(a).to_lowercase(), says(b).to_lowercase());
        !left.is_empty() && left == right
    };
    let address = same(|s| word(s.seen.examined.facts.from.as_ref()));
    let domain = aligned(from_domain(a), from_domain(b)) == Some(true);
    let mut ties = Vec::new();
    if registered(&envelope(a)) == registered(&envelope(b)) && !envelope(a).is_empty() {
        ties.push("envelope domain");
    }
    if signer(a).is_some() && signer(a) == signer(b) {
        ties.push("signing domain");
    }
    if same(|s| word(s.seen.examined.written.stamps.cip.as_ref())) {
        ties.push("connecting address");
    } else if same_host(a, b) {
        ties.push("sending service");
    }
    let by = ties.join(", ");
    match (address, domain, ties.is_empty()) {
        (true, _, false) => format!("The same sender: same address, same {by}."),
        (true, _, true) => "The same address, but nothing else of the sending side is the same: \
                            one of them may be forged, or comes from another service."
            .to_owned(),
        (false, true, false) => format!("The same organisation: same From domain, same {by}."),
        (false, true, true) => "The same From domain from two different sending sides: another \
                                service of the same organisation, or a forgery."
            .to_owned(),
        (false, false, false) => format!("Different senders who share {by}."),
        (false, false, true) => "Different senders.".to_owned(),
    }
}

/// Domain of a signature that passes.
fn signer(side: Side<'_>) -> Option<&str> {
    let passing = side.seen.examined.written.stamps.dkim.iter().find(|(r, _)| r == "pass");
    passing.map(|(_, domain)| registered(domain))
}

fn same_host(a: Side<'_>, b: Side<'_>) -> bool {
    let ptr = |s: Side<'_>| s.seen.examined.written.ptr.clone().unwrap_or_default().to_lowercase();
    let (left, right) = (ptr(a), ptr(b));
    !left.is_empty() && registered(&left) == registered(&right)
}

/// Why one was held and the other not.
fn why(a: Side<'_>, b: Side<'_>) -> String {
    let held = |s: Side<'_>| matches!(s.ruling.placement, Placement::Junk | Placement::Quarantine);
    let (bad, good, names) = match (held(a), held(b)) {
        (true, false) => (a, b, ("The first message", "the second")),
        (false, true) => (b, a, ("The second message", "the first")),
        (both, _) => {
            let word = if both { "Both are held" } else { "Neither is held" };
            let alike = bypass(a) == bypass(b)
                && a.ruling.cause == b.ruling.cause
                && a.ruling.placement == b.ruling.placement;
            let more = if alike { ", for the same reason" } else { "" };
            return format!("{word}, as far as the headers say{more}.");
        }
    };
    let (_, reason) = decided(bad.seen, bad.ruling);
    let fate = sentence::fate(bad.ruling).unwrap_or("held").to_lowercase();
    let proof = match (bad.ruling.claimed, good.ruling.claimed) {
        (false, false) => "",
        _ => " (by stamps that nothing proves)",
    };
    let reason = if reason.is_empty() { "no stamp says why".to_owned() } else { reason };
    format!("{} was {fate}{proof}: {reason}. {}", names.0, difference(bad, good, names.1))
}

/// What sets the held one apart from the other, most telling first.
fn difference(bad: Side<'_>, good: Side<'_>, name: &str) -> String {
    let (b, g) = (&bad.seen.examined.written.stamps, &good.seen.examined.written.stamps);
    let passed = bypass(good);
    if !passed.is_empty() && bypass(bad).is_empty() {
        return format!("In contrast, {name} was not judged on its merits: {passed} let it pass.");
    }
    match bad.ruling.cause {
        Some("mailbox_list_junked") => {
            return format!(
                "It is a matter of its recipient's mailbox, not of the filter, and {name} met no such setting."
            );
        }
        Some("rule_quarantined" | "blocked_by_list") => {
            return format!("It is your own rule or list, which {name} did not match.");
        }
        _ => {}
    }
    let fails = |s: &crate::model::Stamps| {
        s.dmarc.as_deref() == Some("fail") || s.compauth.as_deref() == Some("fail")
    };
    if fails(b) && !fails(g) {
        let through = match (envelope(bad), envelope(good)) {
            (x, y) if x != y && !x.is_empty() && !y.is_empty() => {
                format!(": it was sent with the envelope domain {x}, {name} with {y}")
            }
            _ => String::new(),
        };
        let from = from_domain(bad);
        let signed = |side: Side<'_>, verified: bool| {
            side.seen.examined.written.stamps.dkim.iter().any(|(result, domain)| {
                (result == "pass") == verified && aligned(domain, from) == Some(true)
            })
        };
        let signature = if signed(bad, false) && signed(good, true) {
            format!(" Its signature of {from} does not verify, that of {name} does.")
        } else {
            String::new()
        };
        return format!(
            "The From domain is not proved by it and is by {name}{through}.{signature}"
        );
    }
    if b.bcl.is_some_and(|n| n >= BULK) && g.bcl.is_some_and(|n| n < BULK) {
        return format!(
            "Its bulk complaint level is {}, that of {name} {}.",
            number(b.bcl),
            number(g.bcl)
        );
    }
    if b.cip.is_some() && g.cip.is_some() && b.cip != g.cip {
        return format!(
            "Authentication is alike; it came from another address ({}) than {name} ({}), so \
             reputation of the address or the content made the difference.",
            word(b.cip.as_ref()),
            word(g.cip.as_ref())
        );
    }
    format!(
        "Authentication and sending side are like those of {name}: the content, or what the \
         filter knew at that hour, made the difference."
    )
}
