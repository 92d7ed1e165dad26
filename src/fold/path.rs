//! Details of the records of one delivery made one path.

use super::Placed;
use crate::model::block::flag;
use crate::model::event::{Reply, Segments};
use crate::model::{Block, Detail, Path, Stated, Status};

fn detail<'a>(blocks: &'a [Block], p: &Placed<'_>) -> Option<Detail<'a>> {
    blocks[p.block as usize].detail(p.index as usize)
}

/// The record is an event that names its component, as the extended report does.
pub(super) fn names_component(blocks: &[Block], p: &Placed<'_>) -> bool {
    p.row.flags & flag::EVENT == 0 || detail(blocks, p).is_some_and(|d| !d.source.is_empty())
}

/// The records by organisation. Two records state different ones only where they state them in the
/// same form (an id, or a name); a record that states none goes with the first.
pub(super) fn by_tenant<'a>(blocks: &'a [Block], rows: Vec<Placed<'a>>) -> Vec<Vec<Placed<'a>>> {
    let tenant = |p: &Placed<'_>| detail(blocks, p).map_or("", |d| d.tenant);
    // Nearly always there is one organisation.
    let mut one = "";
    let differs = rows.iter().map(tenant).filter(|t| !t.is_empty()).any(|t| {
        let differs = !one.is_empty() && t != one;
        one = t;
        differs
    });
    if !differs {
        return vec![rows];
    }
    let stated: Vec<&str> = rows.iter().map(tenant).collect();
    let mut names: Vec<&str> = stated.iter().copied().filter(|t| !t.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let is_name = |tenant: &&str| tenant.contains('.');
    let forms = names.iter().filter(|t| is_name(t)).count();
    if forms < 2 && names.len() - forms < 2 {
        return vec![rows];
    }
    // Of the form that tells more apart; records in the other form go with the first.
    let named = forms > names.len() - forms;
    names.retain(|t| is_name(t) == named);
    let mut parts: Vec<Vec<Placed<'a>>> = names.iter().map(|_| Vec::new()).collect();
    for (p, tenant) in rows.into_iter().zip(stated) {
        parts[names.binary_search(&tenant).unwrap_or(0)].push(p);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What the details of the rows, in order of time, say together; `None` where there are none.
pub(super) fn of<'a>(blocks: &'a [Block], rows: &[Placed<'a>]) -> Option<Box<Path<'a>>> {
    if rows.iter().all(|p| p.row.flags & flag::DETAIL == 0) {
        return None;
    }
    let mut path = Path::default();
    let start = rows.iter().filter(|p| p.row.flags & flag::EVENT != 0).map(|p| p.row.time).min();
    path.summary_only = rows.iter().all(|p| p.row.flags & flag::SUMMARY != 0);
    for p in rows {
        if path.stated == Stated::Nothing {
            path.stated = match p.row.flags & (flag::INCOMING | flag::ORIGINATING) {
                flag::INCOMING => Stated::Incoming,
                flag::ORIGINATING => Stated::Originating,
                _ => Stated::Nothing,
            };
        }
        let Some(detail) = detail(blocks, p) else { continue };
        path.events += u32::from(p.row.flags & flag::EVENT != 0);
        add(&mut path, &detail, Status::from_code(p.row.status));
        let status = Status::from_code(p.row.status);
        if matches!(status, Status::Delivered | Status::Sent)
            && p.row.flags & flag::EVENT != 0
            && let Some(start) = start
        {
            let between = u64::try_from(p.row.time - start).unwrap_or(0);
            path.latency = Some(detail.latency.unwrap_or(between));
        }
    }
    Some(Box::new(path))
}

pub(super) fn add<'a>(path: &mut Path<'a>, d: &Detail<'a>, status: Status) {
    let first = |slot: &mut &'a str, value: &'a str| {
        if slot.is_empty() {
            *slot = value;
        }
    };
    let last = |slot: &mut &'a str, value: &'a str| {
        if !value.is_empty() {
            *slot = value;
        }
    };
    first(&mut path.tenant, d.tenant);
    if !is_default_connector(d.connector) {
        first(&mut path.connector, d.connector);
    }
    first(&mut path.client_ip, d.client_ip);
    first(&mut path.tls, d.tls);
    last(&mut path.folder, d.folder);
    last(&mut path.policy, d.policy);
    last(&mut path.post_action, d.post_action);
    last(&mut path.rule_action, if d.rule.is_empty() { "" } else { d.rule_action });
    last(&mut path.rule, d.rule);
    if !d.spam.is_empty() {
        path.spam = d.spam;
    }
    path.bcl = d.bcl.or(path.bcl);
    path.malware |= d.malware;
    let reply = Reply {
        text: d.reply,
        remote_host: d.remote_host,
        source: d.source,
        external: d.external_reply,
        rule: d.rule,
        rule_action: d.rule_action,
    };
    match status {
        Status::Failed => path.failure = Some(reply),
        Status::Pending => {
            path.deferrals += 1;
            path.deferral = Some(reply);
        }
        _ => {}
    }
    let Segments { submission, front_end, hub, delivery } = d.segments;
    let into = &mut path.segments;
    for (slot, value) in [
        (&mut into.submission, submission),
        (&mut into.front_end, front_end),
        (&mut into.hub, hub),
        (&mut into.delivery, delivery),
    ] {
        *slot = value.or(*slot);
    }
}

/// A server's own receive connector (`SERVER\\Default SERVER`) is no connector of the organisation.
fn is_default_connector(name: &str) -> bool {
    name.split_once('\\').is_some_and(|(server, rest)| {
        rest.starts_with("Default ") || rest.starts_with("Client ") || rest.ends_with(server)
    })
}
