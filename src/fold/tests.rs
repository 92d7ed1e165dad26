use super::*;
use crate::model::block::BlockBuilder;
use crate::model::bounce::BounceRecipient;
use crate::model::{Extra, Status};

/// What a fold says, independent of borrowed blocks.
fn summary(blocks: &[Block], orphans: &Orphans) -> (Vec<String>, FoldCounts) {
    let mut lines = Vec::new();
    let counts = fold(blocks, orphans, |deliveries| {
        for d in deliveries {
            lines.push(shown(d));
        }
    });
    lines.sort();
    (lines, counts)
}

fn shown(d: &Delivery<'_>) -> String {
    format!(
        "{} {} {:?}>{:?} records={} at={}:{} extras={}",
        d.key,
        d.recipient,
        d.status_first,
        d.status,
        d.records,
        d.input,
        d.line,
        d.extras.len()
    )
}

fn row(key: u128, recipient: &'static str, status: Status, time: i64, line: u32) -> Row<'static> {
    Row {
        key,
        recipient,
        sender: "a@fabrikam.example",
        status: status as u8,
        time,
        line,
        content: xxh3_64(format!("{recipient}{status:?}").as_bytes()),
        message_id: key as u64,
        size: u32::MAX,
        ..Row::default()
    }
}

fn blocks(rows: &[(Row<'_>, Option<Extra>)], per_block: usize) -> Vec<Block> {
    let mut builder = BlockBuilder::default();
    let mut sealed = Vec::new();
    for (row, extra) in rows {
        builder.push(row, extra.clone());
        if builder.len() >= per_block {
            sealed.push(builder.seal());
        }
    }
    sealed.push(builder.seal());
    sealed
}

fn bounce(recipient: &str) -> Extra {
    Extra::Bounce(Box::new(BounceRecipient { recipient: recipient.into(), ..Default::default() }))
}

#[test]
fn provisional_states_are_superseded_and_final_ones_kept() {
    let rows = [
        (row(1, "x@contoso.com", Status::Pending, 5, 1), None),
        (row(1, "x@contoso.com", Status::Delivered, 5, 2), None),
        (row(1, "y@contoso.com", Status::Quarantined, 5, 3), None),
        (row(1, "y@contoso.com", Status::Delivered, 9, 4), None),
        (row(1, "y@contoso.com", Status::GettingStatus, 10, 5), None),
    ];
    let (lines, counts) = summary(&blocks(&rows, 2), &Orphans::default());
    assert_eq!(counts.messages, 1);
    assert!(counts.duplicates.is_empty());
    assert_eq!(
        lines,
        [
            "1 x@contoso.com Delivered>Delivered records=2 at=0:1 extras=0",
            "1 y@contoso.com Quarantined>Delivered records=3 at=0:3 extras=0",
        ]
    );
}

#[test]
fn duplicates_count_once_at_the_coarser_precision() {
    let fine = |time, line| Row {
        flags: flag::SUBSECOND,
        ..row(1, "x@contoso.com", Status::Delivered, time, line)
    };
    let rows = [
        (row(1, "x@contoso.com", Status::Delivered, 5_000_000, 3), None),
        (fine(5_200_000, 7), None),
        (fine(5_200_000, 8), None),
        (row(1, "x@contoso.com", Status::Delivered, 6_000_000, 9), None),
    ];
    let (lines, counts) = summary(&blocks(&rows, 10), &Orphans::default());
    assert_eq!(lines, ["1 x@contoso.com Delivered>Delivered records=2 at=0:3 extras=0"]);
    assert_eq!(counts.duplicates.get(&0), Some(&2));
}

#[test]
fn message_files_apply_to_all_recipients_and_bounces_to_their_own() {
    let stamps = Extra::Stamps(Box::default());
    let rows = [
        (row(1, "x@contoso.com", Status::Failed, 5, 1), None),
        (row(1, "y@contoso.com", Status::Delivered, 5, 2), None),
        (
            Row {
                flags: flag::MESSAGE_LEVEL,
                input: 1,
                ..row(1, "x@contoso.com", Status::Absent, 4, 1)
            },
            Some(stamps),
        ),
        (
            Row { flags: flag::BOUNCE, input: 2, ..row(1, "x@contoso.com", Status::Absent, 6, 1) },
            Some(bounce("x@contoso.com")),
        ),
    ];
    let (lines, _) = summary(&blocks(&rows, 3), &Orphans::default());
    assert_eq!(
        lines,
        [
            "1 x@contoso.com Failed>Failed records=3 at=0:1 extras=2",
            "1 y@contoso.com Delivered>Delivered records=2 at=0:2 extras=1",
        ]
    );
}

#[test]
fn orphans_find_their_owner_or_stand_alone_once() {
    let trace = [
        (row(7, "x@contoso.com", Status::Failed, 5, 1), None),
        (row(8, "z@contoso.com", Status::Failed, 5, 2), None),
    ];
    let orphan = |id: u64, recipient: &'static str, line| {
        let row = Row {
            flags: flag::ORPHAN | flag::BOUNCE,
            message_id: id,
            input: 1,
            ..row(u128::from(id) + 1000, recipient, Status::Absent, 6, line)
        };
        (row, Some(bounce(recipient)))
    };
    let orphans = Orphans::new(blocks(
        &[
            orphan(7, "x@contoso.com", 1),
            orphan(8, "other@contoso.com", 2),
            orphan(9, "gone@fabrikam.example", 3),
        ],
        1,
    ));
    let (lines, counts) = summary(&blocks(&trace, 5), &orphans);
    assert_eq!(counts.claimed.len(), 1);
    assert!(lines[0].ends_with("extras=1") && lines[1].ends_with("extras=0"), "{lines:?}");
    let (rest, rest_counts) = summary(&orphans.unclaimed(&counts.claimed), &Orphans::default());
    assert_eq!(rest_counts.messages, 2);
    assert_eq!(rest.len(), 2);
}

/// What folding each run where it lies says.
fn summary_of_runs(blocks: Vec<Block>, orphans: &Orphans) -> (Vec<String>, FoldCounts) {
    let (mut lines, mut counts) = (Vec::new(), FoldCounts::default());
    for block in blocks {
        let block = [block];
        for (_, run) in runs(&block[0]) {
            let mut deliveries = Vec::new();
            if recipients_differ(&block[0], run.clone()) && orphans.is_empty() {
                deliveries.extend(run.filter_map(|row| single(&block, row)));
                counts.messages += 1;
            } else {
                fold_run(&block, run, orphans, &mut deliveries, &mut counts);
            }
            lines.extend(deliveries.iter().map(shown));
        }
    }
    lines.sort();
    (lines, counts)
}

proptest::proptest! {
    /// Rows that stand together are folded where they lie as they are in a partition.
    #[test]
    fn neighbours_fold_where_they_lie(
        seeds in proptest::collection::vec((0u8..12, 0u8..4, 0usize..9, 0i64..3, 0u8..3), 0..120),
    ) {
        const NAMES: [&str; 4] = ["a@contoso.com", "b@contoso.com", "c@contoso.com", ""];
        let mut rows: Vec<_> = seeds
            .iter()
            .enumerate()
            .map(|(line, (key, name, status, time, input))| {
                let status = Status::ALL[1 + status % 8];
                let name = NAMES[usize::from(*name)];
                let base = row(u128::from(*key), name, status, time * 1_000_000, line as u32);
                (Row { input: u32::from(*input), ..base }, None)
            })
            .collect();
        let whole = summary(&blocks(&rows, 1000), &Orphans::default());
        rows.sort_by_key(|(row, _)| row.key);
        let runs = summary_of_runs(blocks(&rows, 1000), &Orphans::default());
        proptest::prop_assert_eq!(runs, whole);
    }

    /// The result does not depend on the order of rows, their blocks or the partitions.
    #[test]
    fn any_split_gives_the_same_deliveries(
        seeds in proptest::collection::vec((0u8..12, 0u8..4, 0usize..9, 0i64..3, 0u8..3), 0..120),
        per_block in 1usize..40,
        partitions in 1usize..9,
        rotate in 0usize..120,
    ) {
        const NAMES: [&str; 4] = ["a@contoso.com", "b@contoso.com", "c@contoso.com", "d@contoso.com"];
        let mut rows: Vec<_> = seeds
            .iter()
            .enumerate()
            .map(|(line, (key, name, status, time, input))| {
                let status = Status::ALL[1 + status % 8];
                let base = row(
                    u128::from(*key) << 70 | 1,
                    NAMES[usize::from(*name)],
                    status,
                    time * 1_000_000,
                    line as u32,
                );
                (Row { input: u32::from(*input), ..base }, None)
            })
            .collect();
        let whole = summary(&blocks(&rows, 1000), &Orphans::default());
        let turn = rotate.min(rows.len());
        rows.rotate_left(turn);
        let mut lines = Vec::new();
        let mut counts = FoldCounts::default();
        for partition in 0..partitions {
            let part: Vec<_> = rows
                .iter()
                .filter(|(r, _)| partition_of(r.key, partitions) == partition)
                .cloned()
                .collect();
            let (l, c) = summary(&blocks(&part, per_block), &Orphans::default());
            lines.extend(l);
            counts.messages += c.messages;
            for (input, n) in c.duplicates {
                *counts.duplicates.entry(input).or_default() += n;
            }
        }
        lines.sort();
        proptest::prop_assert_eq!((lines, counts), whole);
    }
}
