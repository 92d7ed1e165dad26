//! The laws of every accumulator, over the whole tally: the empty one is neutral; any split and
//! any order of merging give the same finish.

use super::{Case, Cases, Tally, tables};
use crate::model::block::{BlockBuilder, Row};
use crate::model::event::{Path, Reply, Segments};
use crate::model::message::Stamps;
use crate::model::time::HOUR;
use crate::model::trail::{Stretch, TlsVersion, Trail};
use crate::model::{
    Block, Delivery, Direction, Extra, Grade, Instant, Layer, Outcome, Placement, Risk, Side,
    Signature, Status, Verdict,
};
use std::sync::Arc;

type Seed = (u8, u8, u8, u8, u16);

/// What every other record says of its way.
fn path(seed: Seed) -> Option<Box<Path<'static>>> {
    const CONNECTORS: [&str; 6] = ["", "To partner", "From relay", "Hybrid", "Scanner", "Payroll"];
    if seed.3.is_multiple_of(2) {
        return None;
    }
    let n = u64::from(seed.1);
    Some(Box::new(Path {
        connector: CONNECTORS[usize::from(seed.1 % 6)],
        rule: if n.is_multiple_of(3) { "rule-1" } else { "" },
        rule_action: "Quarantine",
        folder: if n.is_multiple_of(2) { "Archive" } else { "RSS Feeds" },
        policy: ["Strict", "Default", "Partners", "Payroll"][usize::from(seed.0 % 4)],
        deferral: n
            .is_multiple_of(5)
            .then_some(Reply { text: "451 4.7.0 later", ..Reply::default() }),
        deferrals: u32::from(n.is_multiple_of(5)),
        latency: (!n.is_multiple_of(4)).then_some(n * n * n * 50_000),
        segments: Segments { hub: Some(n * 1000), ..Segments::default() },
        ..Path::default()
    }))
}

/// A trail that differs from the others.
fn trail(n: u8) -> Trail {
    Trail {
        seconds: [Some(u32::from(n) * 40), None, Some(1), Some(3600), None],
        backwards: n % 2,
        connections: vec![
            (Stretch::Border, if n == 0 { TlsVersion::Old } else { TlsVersion::V13 }),
            (Stretch::Sender, TlsVersion::Unstated),
        ],
        cipher: format!("TLS_{n}"),
        remote: format!("d{n}.example"),
        rules: vec![u64::from(n), 7],
        engines: vec![u64::from(n) << 40],
    }
}

/// Observes the seeds as one partition and returns the tally.
fn fill(seeds: &[Seed]) -> Tally {
    let mut builder = BlockBuilder::default();
    let names: Vec<(String, String)> = seeds
        .iter()
        .map(|s| (format!("u{}@d{}.example", s.0 % 7, s.0 % 5), format!("r{}@contoso.com", s.1)))
        .collect();
    for (sender, recipient) in &names {
        builder.push(&Row { sender, recipient, ..Row::default() }, None);
    }
    let blocks = vec![builder.seal()];
    let stamps: Vec<Extra> = (0..3u8)
        .map(|n| {
            Extra::Stamps(Box::new(Stamps {
                header_from: Some(format!("d{n}.example")),
                dmarc: Some(if n == 1 { "pass" } else { "fail" }.into()),
                sfv: Some(if n == 2 { "SPM" } else { "NSPM" }.into()),
                trusted: true,
                trail: Some(Box::new(trail(n))),
                ..Stamps::default()
            }))
        })
        .collect();
    let mut tally = Tally::new(HOUR);
    tally.begin_partition(&blocks);
    for (index, seed) in seeds.iter().enumerate() {
        let row = blocks[0].row(index);
        let (sender, recipient) = blocks[0].address_ids(index);
        let delivery = Delivery {
            key: u128::from(seed.4) + 1,
            key_is_network_id: true,
            recipient: row.recipient,
            recipient_domain: (0, blocks[0].domain(recipient)),
            sender: row.sender,
            sender_domain: (0, blocks[0].domain(sender)),
            time: Instant(i64::from(seed.4) * HOUR / 7),
            time_final: Instant(0),
            status_first: Status::Failed,
            status: Status::Failed,
            records: 1,
            input: 0,
            line: u32::from(seed.4),
            extras: if seed.3 % 4 == 0 { vec![&stamps[usize::from(seed.3 % 3)]] } else { vec![] },
            size: u32::MAX,
            told: None,
            path: path(*seed),
        };
        let outcome = Outcome::ALL[usize::from(seed.2) % Outcome::ALL.len()];
        let signature = Signature {
            issuer: String::new(),
            code: format!("5.1.{}", seed.3 % 4),
            text: "refused".into(),
            layer: Layer::Recipient,
            cause: "recipient_unknown".into(),
            side: Side::Recipient,
        };
        let failing = outcome == Outcome::Failed;
        let verdict = Verdict {
            direction: Direction::ALL[usize::from(seed.3 % 4)],
            outcome_first: outcome,
            outcome,
            placement: if seed.3 % 5 == 0 { Placement::Folder } else { Placement::Unknown },
            failing,
            held: outcome == Outcome::Quarantined,
            layer: Layer::Recipient,
            side: Side::Unknown,
            grade: Grade::Direct,
            signature: failing.then(|| Arc::new(signature)),
            risk: (seed.3 % 7 == 0).then_some(Risk::AllowedDespiteVerdict),
        };
        tally.observe(&delivery, &verdict);
    }
    tally
}

/// Everything a tally says, in the order of the report.
fn finish(tally: &Tally) -> String {
    let list = |cases: &Cases| -> Vec<String> {
        let shown = |c: &Case| {
            format!(
                "{} {} {} {} {} {} {:?} {:?} {:?} {:?}",
                c.key,
                c.time,
                tally.names.text(c.sender_domain),
                tally.names.text(c.from_domain),
                cases.address(c.sender),
                cases.address(c.recipient),
                tally.signatures.get(c.signature).map(|s| &s.signature.code),
                [c.connector, c.rule, c.deferral, c.setting, c.tenant, c.server]
                    .map(|id| cases.label(id)),
                c.tenths,
                c.flaws,
            )
        };
        cases.sorted().iter().map(shown).collect()
    };
    let connectors: Vec<String> = tally
        .connectors
        .iter()
        .map(|(name, c)| {
            let mut peers: Vec<_> =
                c.peers.iter().map(|(id, n)| (tally.names.text(*id), *n)).collect();
            peers.sort_unstable();
            let series: Vec<_> = c.series.iter().collect();
            format!("{name} {} {:?} {series:?} {peers:?}", c.deferred, c.direction)
        })
        .collect();
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?} {:?} {} {:?}",
        tally.totals.finish(),
        tables::tables(tally, 100),
        tables::signatures(tally, |n| n.to_string()),
        list(&tally.cases),
        [&tally.late, &tally.filed, &tally.risky, &tally.retrying].map(list),
        tally.mailboxes.shown(),
        connectors,
        &tally.delays,
        tally.connectors.thinned(),
        (tally.rule_ids.iter().collect::<Vec<_>>(), &tally.rule_ids, &tally.trails, &tally.pairs),
    )
}

proptest::proptest! {
    #[test]
    fn split_and_order_do_not_matter(
        seeds in proptest::collection::vec(proptest::prelude::any::<Seed>(), 0..80),
        cuts in (0usize..80, 0usize..80),
    ) {
        let whole = finish(&fill(&seeds));
        let (a, b) = (cuts.0.min(cuts.1).min(seeds.len()), cuts.0.max(cuts.1).min(seeds.len()));
        let parts = || [fill(&seeds[..a]), fill(&seeds[a..b]), fill(&seeds[b..])];
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let parts = parts();
            let mut sum = Tally::new(HOUR);
            for at in order {
                sum.merge(parts[at].clone());
            }
            sum.merge(Tally::new(HOUR));
            proptest::prop_assert_eq!(finish(&sum), whole.clone());
        }
    }
}

/// The verdict on a delivery of which only a status is known.
fn plain_verdict(seed: Seed) -> Verdict {
    let outcome = Outcome::ALL[usize::from(seed.2) % Outcome::ALL.len()];
    Verdict {
        direction: Direction::ALL[usize::from(seed.3 % 4)],
        outcome_first: outcome,
        outcome,
        placement: Placement::Unknown,
        failing: outcome == Outcome::Failed,
        held: outcome == Outcome::Quarantined,
        layer: Layer::Unknown,
        side: Side::Unknown,
        grade: Grade::Direct,
        signature: None,
        risk: None,
    }
}

fn plain_delivery(block: &Block, index: usize) -> Delivery<'_> {
    let row = block.row(index);
    let (sender, recipient) = block.address_ids(index);
    Delivery {
        key: row.key,
        key_is_network_id: true,
        recipient: row.recipient,
        recipient_domain: (0, block.domain(recipient)),
        sender: row.sender,
        sender_domain: (0, block.domain(sender)),
        time: Instant(row.time),
        time_final: Instant(row.time),
        status_first: Status::Delivered,
        status: Status::Delivered,
        records: 1,
        input: row.input,
        line: row.line,
        extras: Vec::new(),
        size: row.size,
        told: None,
        path: None,
    }
}

/// Observes deliveries of which only a status is known, `together` where the tally takes them so.
fn fill_plain(seeds: &[Seed], per_block: usize, together: bool) -> Tally {
    let mut tally = Tally::new(HOUR);
    let mut kinds: Vec<(Verdict, super::Kind)> = Vec::new();
    for seeds in seeds.chunks(per_block.max(1)) {
        let mut builder = BlockBuilder::default();
        for (line, seed) in seeds.iter().enumerate() {
            let sender = format!("u{}@d{}.example", seed.0 % 7, seed.0 % 5);
            let recipient = format!("r{}@d{}.example", seed.1 % 9, seed.1 % 4);
            let time = (i64::from(seed.4) - 100) * HOUR / 7;
            let key = u128::from(seed.4) + 1;
            let row = Row { key, time, line: line as u32, size: u32::MAX, ..Row::default() };
            builder.push(&Row { sender: &sender, recipient: &recipient, ..row }, None);
        }
        let block = [builder.seal()];
        tally.begin_stretch(block[0].names());
        for (index, seed) in seeds.iter().enumerate() {
            let verdict = plain_verdict(*seed);
            let delivery = plain_delivery(&block[0], index);
            if together {
                let known = kinds.iter().find(|(v, _)| *v == verdict).map(|(_, kind)| *kind);
                let kind = known.unwrap_or_else(|| tally.kind(&verdict));
                let ends = block[0].address_ids(index);
                tally.observe_plain(&block[0], kind, block[0].time(index), ends);
                if Tally::must_note(&verdict) {
                    tally.note_plain(&delivery, &verdict);
                }
                kinds.push((verdict, kind));
            } else {
                tally.observe(&delivery, &verdict);
            }
        }
        tally.end_stretch(block[0].names());
    }
    tally
}

proptest::proptest! {
    /// Counting by the texts of a block, and adding up by bucket, is counting one by one.
    #[test]
    fn together_or_one_by_one(
        seeds in proptest::collection::vec(proptest::prelude::any::<Seed>(), 0..80),
        per_block in 1usize..90,
    ) {
        let whole = finish(&fill_plain(&seeds, 80, false));
        proptest::prop_assert_eq!(finish(&fill_plain(&seeds, per_block, true)), whole.clone());
        let mut ordered = seeds;
        ordered.sort_by_key(|seed| seed.4);
        proptest::prop_assert_eq!(finish(&fill_plain(&ordered, per_block, true)), whole);
    }
}
