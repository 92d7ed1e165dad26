//! Records of one delivery made one: duplicates removed, states superseded.

use super::{Placed, path};
use crate::model::block::flag;
use crate::model::time::SECOND;
use crate::model::{Block, Delivery, Extra, Instant, Status, Told};
use std::collections::BTreeMap;

/// A delivery of which one record speaks: by far the most. `None` where the record speaks of a
/// delivery and makes none.
pub(super) fn one<'a>(blocks: &'a [Block], p: Placed<'a>) -> Option<Delivery<'a>> {
    (p.row.flags & flag::NOTICE == 0).then(|| {
        let mut delivery = first(blocks, &p);
        if p.row.flags & flag::DETAIL != 0 {
            delivery.path = path::of(blocks, std::slice::from_ref(&p));
        }
        delivery
    })
}

/// A delivery as one of its records states it, without its path.
fn first<'a>(blocks: &'a [Block], p: &Placed<'a>) -> Delivery<'a> {
    let row = p.row;
    let block = &blocks[p.block as usize];
    let (sender, recipient) = block.address_ids(p.index as usize);
    let status = Status::from_code(row.status);
    Delivery {
        key: row.key,
        key_is_network_id: row.flags & (flag::ORPHAN | flag::DERIVED) == 0,
        recipient: row.recipient,
        recipient_domain: (p.block, block.domain(recipient)),
        sender: row.sender,
        sender_domain: (p.block, block.domain(sender)),
        time: Instant(row.time),
        time_final: Instant(row.time),
        status_first: status,
        status,
        records: 1,
        input: row.input,
        line: row.line,
        extras: extra(blocks, p).into_iter().collect(),
        // A bounce has a size of its own.
        size: if row.flags & flag::BOUNCE == 0 { row.size } else { u32::MAX },
        told: block.told(p.index as usize).map(Box::new),
        path: None,
    }
}

/// The deliveries that several records with one key and recipient speak of: one, or one per
/// organisation where two records state different ones.
pub(super) fn group<'a>(
    blocks: &'a [Block],
    rows: Vec<Placed<'a>>,
    deliveries: &mut Vec<Delivery<'a>>,
    duplicates: &mut BTreeMap<u32, u64>,
) {
    if rows.iter().all(|p| p.row.flags & flag::DETAIL == 0) {
        deliveries.push(many(blocks, rows, duplicates));
        return;
    }
    for rows in path::by_tenant(blocks, rows) {
        if rows.iter().any(|p| p.row.flags & flag::NOTICE == 0) {
            deliveries.push(many(blocks, rows, duplicates));
        } else {
            let mut rows = rows;
            remove_duplicates(&mut rows, duplicates);
        }
    }
}

/// A delivery of which several records speak (at least one).
fn many<'a>(
    blocks: &'a [Block],
    mut rows: Vec<Placed<'a>>,
    duplicates: &mut BTreeMap<u32, u64>,
) -> Delivery<'a> {
    remove_duplicates(&mut rows, duplicates);
    // Time is that of receipt, equal for all exports of one delivery, or that of an event: between
    // equal times the place of the record decides, so that the result does not depend on threads.
    rows.sort_unstable_by_key(|p| (p.row.time, p.row.input, p.row.line));
    // Rows of an export outrank bounces and message files for what they both state.
    let lead = rows.iter().position(|p| p.row.status != Status::Absent as u8).unwrap_or(0);
    let mut merged = first(blocks, &rows[lead]);
    let owner = rows.iter().map(|p| (p.row.input, p.row.line)).min();
    (merged.input, merged.line) = owner.unwrap_or((merged.input, merged.line));
    merged.extras = rows.iter().filter_map(|p| extra(blocks, p)).collect();
    merged.records = rows.len() as u32;
    merged.time_final = Instant(rows.iter().map(|p| p.row.time).max().unwrap_or(merged.time.0));
    merged.path = path::of(blocks, &rows);
    // The enhanced summary is believed where no other export says how it ended.
    let summary = |p: &Placed<'_>| p.row.flags & flag::SUMMARY != 0;
    let settled =
        rows.iter().any(|p| !summary(p) && !Status::from_code(p.row.status).provisional());
    if settled && summary(&rows[lead]) {
        (merged.status_first, merged.status) = (Status::Absent, Status::Absent);
    }
    for p in &rows {
        let block = &blocks[p.block as usize];
        let (sender, recipient) = block.address_ids(p.index as usize);
        if merged.sender.is_empty() && !p.row.sender.is_empty() {
            merged.sender = p.row.sender;
            merged.sender_domain = (p.block, block.domain(sender));
        }
        if merged.recipient.is_empty() && !p.row.recipient.is_empty() {
            merged.recipient = p.row.recipient;
            merged.recipient_domain = (p.block, block.domain(recipient));
        }
        if merged.size == u32::MAX && p.row.flags & flag::BOUNCE == 0 {
            merged.size = p.row.size;
        }
        if let Some(more) = told(blocks, p) {
            merged.told.get_or_insert_default().or(more);
        }
        if settled && summary(p) {
            continue;
        }
        let status = Status::from_code(p.row.status);
        if merged.status_first.provisional() && !status.provisional() {
            merged.status_first = status;
        }
        if supersedes(status, merged.status, || path::names_component(blocks, p)) {
            merged.status = status;
        }
    }
    merged
}

/// A final state is superseded by a later final one, never by a provisional one. Trace details of
/// a recipient that was resolved to another go on with what became of the other: what follows is
/// not about this one. The extended report names the recipient of each event, and its component.
fn supersedes(status: Status, before: Status, names_component: impl FnOnce() -> bool) -> bool {
    if status.provisional() {
        return before.provisional() && status != Status::Absent;
    }
    before != Status::Resolved || status == Status::Resolved || names_component()
}

/// Records that speak of the message as a whole: stamps go to all its deliveries, a bounce without
/// a recipient to the only one; with no delivery at all they make one.
pub(super) fn whole_message<'a>(
    blocks: &'a [Block],
    mut rows: Vec<Placed<'a>>,
    deliveries: &mut Vec<Delivery<'a>>,
    duplicates: &mut BTreeMap<u32, u64>,
) {
    remove_duplicates(&mut rows, duplicates);
    rows.sort_unstable_by_key(|p| (p.row.input, p.row.line));
    if deliveries.is_empty() {
        if rows.iter().any(|p| p.row.flags & flag::NOTICE == 0) {
            deliveries.push(many(blocks, rows, duplicates));
        }
        return;
    }
    let alone = deliveries.len() == 1;
    for p in &rows {
        let Some(extra) = extra(blocks, p) else { continue };
        if matches!(extra, Extra::Bounce(_)) && !alone {
            continue; // several recipients stay possible: nothing is joined
        }
        for delivery in &mut *deliveries {
            delivery.extras.push(extra);
            if delivery.size == u32::MAX && matches!(extra, Extra::Stamps(_)) {
                delivery.size = p.row.size;
            }
            if let (Extra::Stamps(_), Some(more)) = (extra, told(blocks, p)) {
                delivery.told.get_or_insert_default().or(more);
            }
            delivery.records += 1;
        }
    }
}

fn told<'a>(blocks: &'a [Block], p: &Placed<'_>) -> Option<Told<'a>> {
    blocks[p.block as usize].told(p.index as usize)
}

fn extra<'a>(blocks: &'a [Block], p: &Placed<'_>) -> Option<&'a Extra> {
    blocks[p.block as usize].extra(p.index as usize)
}

/// Removes records whose decoded fields are equal, times compared at the coarser precision; the
/// least (input, line) of equal ones stays.
fn remove_duplicates(rows: &mut Vec<Placed<'_>>, duplicates: &mut BTreeMap<u32, u64>) {
    if rows.len() < 2 {
        return;
    }
    let second = |p: &Placed<'_>| p.row.time.div_euclid(SECOND);
    rows.sort_unstable_by_key(|p| (p.row.content, second(p), p.row.input, p.row.line));
    let mut kept: Vec<Placed<'_>> = Vec::with_capacity(rows.len());
    let mut run = 0; // start in `kept` of the records with this content and second
    rows.retain(|p| {
        let same_run =
            kept.get(run).is_some_and(|k| k.row.content == p.row.content && second(k) == second(p));
        if !same_run {
            run = kept.len();
        }
        let copy = kept[run..].iter().any(|k| {
            let coarse = (k.row.flags & p.row.flags) & flag::SUBSECOND == 0;
            coarse || k.row.time == p.row.time
        });
        if copy {
            let again = p.row.flags & flag::CONTINUED == 0;
            *duplicates.entry(p.row.input).or_default() += u64::from(again);
        } else {
            kept.push(*p);
        }
        !copy
    });
}
