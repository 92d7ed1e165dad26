//! Mail that is put off: what arrives in the end is no failure, what expires has the cause of its
//! deferrals, and who replied is taken from the event. From the text of an export to the verdict.

use crate::events::{Event, block, report};
use mailtriage::fold::{Orphans, fold};
use mailtriage::judge::{Judge, Policy};
use mailtriage::model::block::flag;
use mailtriage::model::{
    BlockBuilder, BounceRecipient, Extra, Layer, Origin, Outcome, Placement, Row, Verdict,
};
use proptest::prelude::*;
use std::sync::Arc;

const TO: &str = "kim@fabrikam.example";
const GREYLISTED: &str = "[{LED=451 4.7.1 Greylisted, please try again later};{MSG=};{FQDN=mx.fabrikam.example};{IP=192.0.2.9};{LRT=}]";
const LISTED: &str = "[{LED=421 4.7.0 [TSS04] Messages temporarily deferred};{MSG=};{FQDN=mta5.yahoodns.net};{IP=192.0.2.8};{LRT=}]";
const REFUSED: &str = "[{LED=550 5.1.1 <kim@fabrikam.example> User unknown};{MSG=};{FQDN=mx.fabrikam.example};{IP=192.0.2.9};{LRT=}]";
const EXPIRED: &str =
    "[{LED=550 4.4.7 QUEUE.Expired; message expired};{MSG=};{FQDN=};{IP=};{LRT=}]";
const OWN_WORDS: &str = "[{LED=550 5.7.1 Please send it another way};{MSG=};{FQDN=};{IP=};{LRT=}]";

fn judge() -> Judge {
    let policy =
        Policy { own: vec!["contoso.com".into()], own_given: true, settled_until: vec![i64::MAX] };
    Judge::new(Arc::new(policy))
}

fn verdicts(events: &[Event]) -> Vec<Verdict> {
    let blocks = [block(&report(events), 0)];
    let mut judge = judge();
    let mut all = Vec::new();
    fold(&blocks, &Orphans::default(), |deliveries| {
        all.extend(deliveries.iter().map(|d| judge.judge(d)));
    });
    all
}

fn verdict(events: &[Event]) -> Verdict {
    let mut all = verdicts(events);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn cause(verdict: &Verdict) -> &str {
    verdict.signature.as_ref().map_or("", |s| s.cause.as_str())
}

fn received() -> Event {
    Event::of(0, "STOREDRIVER", "RECEIVE", TO)
}

#[test]
fn greylisted_mail_waits_and_arrives() {
    let put_off = Event::of(5, "SMTP", "DEFER", TO).status(GREYLISTED);
    let waiting = verdict(&[received(), put_off]);
    assert_eq!((waiting.outcome, waiting.failing), (Outcome::Pending, true));
    assert_eq!(cause(&waiting), "greylisted");
    let sent = Event::of(900, "SMTP", "SENDEXTERNAL", TO);
    let arrived = verdict(&[received(), put_off, sent]);
    assert_eq!((arrived.outcome, arrived.placement), (Outcome::Relayed, Placement::External));
    assert!(!arrived.failing && !arrived.held && arrived.signature.is_none());
}

#[test]
fn what_expires_has_the_older_cause() {
    let put_off = Event::of(5, "SMTP", "DEFER", TO).status(LISTED);
    let given_up = Event::of(3000, "QUEUE", "FAIL", TO).status(EXPIRED);
    let v = verdict(&[received(), put_off, given_up]);
    assert_eq!(
        (v.outcome, v.layer, cause(&v)),
        (Outcome::Failed, Layer::SenderReputation, "ip_reputation")
    );
    let v = verdict(&[received(), given_up]);
    assert_eq!(cause(&v), "expired");
    let refused = Event::of(3000, "SMTP", "FAIL", TO).status(REFUSED);
    assert_eq!(cause(&verdict(&[received(), put_off, refused])), "recipient_unknown");
}

#[test]
fn who_replied_is_taken_from_the_event() {
    let fails = |source, custom| {
        let fail = Event { custom, ..Event::of(9, source, "FAIL", TO).status(OWN_WORDS) };
        cause(&verdict(&[received(), fail])).to_owned()
    };
    assert_eq!(fails("AGENT", ""), "rule_rejected");
    assert_eq!(fails("STOREDRIVER", ""), "restricted_recipient");
    assert_eq!(fails("SMTP", "S:IsSmtpResponseFromExternalServer=True"), "remote_rejected");
    assert_eq!(fails("SMTP", ""), "unknown");
}

fn bounce(sender: &str, recipient: &str) -> Verdict {
    let said = BounceRecipient {
        recipient: recipient.into(),
        action: "failed".into(),
        status: "5.1.1".into(),
        ..BounceRecipient::default()
    };
    let row = Row {
        key: 9,
        message_id: 77,
        flags: flag::BOUNCE | flag::ORPHAN,
        sender,
        recipient,
        ..Row::default()
    };
    let mut builder = BlockBuilder::default();
    builder.push(&row, Some(Extra::Bounce(Box::new(said))));
    let orphans = Orphans::new(vec![builder.seal()]);
    // Another message is there, which does not own the bounce's id.
    let blocks = [block(&report(&[received()]), 0)];
    let claimed = fold(&blocks, &orphans, |_| ()).claimed;
    assert_eq!(claimed, [0; 0]);
    let rest = orphans.unclaimed(&claimed);
    let mut verdicts = Vec::new();
    let mut judge = judge();
    fold(&rest, &Orphans::default(), |deliveries| {
        verdicts.extend(deliveries.iter().map(|d| judge.judge(d)));
    });
    assert_eq!(verdicts.len(), 1);
    verdicts.remove(0)
}

#[test]
fn a_bounce_nobody_claims_fails_only_where_the_mail_was_ours() {
    let ours = bounce("ann@contoso.com", "kim@fabrikam.example");
    assert_eq!((ours.outcome, ours.failing), (Outcome::Failed, true));
    let stray = bounce("joe@northwindtraders.com", "kim@fabrikam.example");
    assert_eq!((stray.outcome, stray.failing), (Outcome::Unknown, false));
    assert!(stray.signature.is_none());
    let reply = bounce("<>", "kim@fabrikam.example");
    assert_eq!((reply.outcome, reply.failing), (Outcome::Unknown, false));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// However often and by whom it was put off, and in whatever order the rows stand: what was
    /// delivered last did not fail, and what failed last did.
    #[test]
    fn the_end_decides(
        put_off in proptest::collection::vec((1u32..3000, 0usize..3), 0..8),
        delivered in any::<bool>(),
        turn in any::<prop::sample::Index>(),
    ) {
        let replies = [GREYLISTED, LISTED, EXPIRED];
        let mut events = vec![received()];
        events.extend(
            put_off.iter().map(|(at, n)| Event::of(*at, "SMTP", "DEFER", TO).status(replies[*n])),
        );
        events.push(if delivered {
            Event::of(3100, "SMTP", "SENDEXTERNAL", TO)
        } else {
            Event::of(3100, "SMTP", "FAIL", TO).status(REFUSED)
        });
        let at = turn.index(events.len());
        events.rotate_left(at);
        let v = verdict(&events);
        prop_assert_eq!(v.failing, !delivered);
        prop_assert_eq!(v.outcome, if delivered { Outcome::Relayed } else { Outcome::Failed });
        prop_assert_eq!(cause(&v), if delivered { "" } else { "recipient_unknown" });
    }
}

/// Whatever an automatic reply quotes, it is mail that came in.
#[test]
fn an_automatic_reply_is_no_failure() {
    let reply = "From: kim@fabrikam.example\r\nTo: ann@contoso.com\r\n\
        Date: Tue, 3 Nov 2026 09:00:00 +0000\r\nSubject: Automatic reply: Undeliverable: Plan\r\n\
        Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n\
        Message-ID: <reply-1@fabrikam.example>\r\n\r\n550 5.1.1 no longer here, status failed\r\n";
    let facts = mailtriage::decode::message::decode(reply.as_bytes(), reply.len() as u64).unwrap();
    assert!(facts.bounce.is_empty());
    let mut builder = BlockBuilder::default();
    let push = |row: &Row<'_>, extra| builder.push(row, Some(extra));
    mailtriage::decode::observe::observations(facts, reply.as_bytes(), Origin::default(), push)
        .unwrap();
    let mut outcomes = Vec::new();
    let mut judge = judge();
    fold(&[builder.seal()], &Orphans::default(), |deliveries| {
        outcomes.extend(deliveries.iter().map(|d| judge.judge(d)).map(|v| (v.outcome, v.failing)));
    });
    assert_eq!(outcomes, [(Outcome::Unknown, false)]);
}
