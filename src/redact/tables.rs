//! Tables: what each column holds, and rows that stood in the order of names.

use super::Redactor;
use super::text::{Known, Writer};
use crate::model::report::{Cell, Table};
use std::collections::BTreeMap;

/// What a column holds. Columns that are not named here hold text, and are looked at word by word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Address,
    Domain,
    /// Domains joined by `; `.
    Domains,
    Host,
    /// A connector, rule, ... by its name; the kind it is.
    Name(&'static str),
    /// The entity of a finding: the kind stands in `entity_type`.
    Entity,
    /// Key of a finding.
    Key,
    /// Path of an input.
    Path,
    /// A sentence of ours.
    Sentence,
    /// What a person wrote.
    Said,
    /// What a server or an export says.
    Text,
}

impl Kind {
    /// The column holds names, so that rows may lie in their order.
    const fn names(self) -> bool {
        !matches!(self, Self::Text | Self::Path | Self::Sentence | Self::Said | Self::Key)
    }
}

/// `(table, column)`: what it holds; `*` is any table.
const COLUMNS: &[(&str, &str, Kind)] = &[
    ("*", "domain", Kind::Domain),
    ("*", "from_domain", Kind::Domain),
    ("*", "header_from", Kind::Domain),
    ("*", "reported_domain", Kind::Domain),
    ("*", "top_sender_domains", Kind::Domains),
    ("*", "email", Kind::Address),
    ("*", "mail_from", Kind::Address),
    ("*", "rcpt_to", Kind::Address),
    ("*", "sender", Kind::Address),
    ("*", "recipient", Kind::Address),
    ("*", "ip", Kind::Host),
    ("*", "source_ip", Kind::Host),
    ("*", "remote", Kind::Host),
    ("*", "server", Kind::Host),
    ("*", "connector", Kind::Name("connector")),
    ("*", "rule", Kind::Name("rule")),
    ("*", "report_id", Kind::Name("id")),
    ("*", "entity", Kind::Entity),
    ("*", "key", Kind::Key),
    ("*", "finding_key", Kind::Key),
    ("*", "source", Kind::Path),
    ("quarantine", "policy", Kind::Name("policy")),
    ("findings", "title", Kind::Sentence),
    ("changes", "what", Kind::Said),
    ("changes", "who", Kind::Address),
    ("settings", "name", Kind::Name("name")),
    ("settings", "id", Kind::Name("id")),
    ("settings", "details", Kind::Said),
];

fn kind(table: &str, column: &str) -> Kind {
    let here = |(t, c, _): &&(&str, &str, Kind)| (*t == "*" || *t == table) && *c == column;
    COLUMNS.iter().find(here).map_or(Kind::Text, |(_, _, kind)| *kind)
}

/// What the columns of names hold: these names may stand in sentences as well.
pub(super) fn gather(table: &Table, redactor: &Redactor, names: &mut BTreeMap<String, String>) {
    for (at, column) in table.columns.iter().enumerate() {
        let kind = kind(table.name, column.name);
        for row in &table.rows {
            let Some(Cell::Text(text)) = row.get(at) else { continue };
            let pseudonym = match kind {
                Kind::Name(kind) => redactor.name(kind, text),
                Kind::Entity => redactor.entity(entity_type(table, row), text),
                Kind::Host => redactor.host(text),
                Kind::Address if !text.contains('@') => redactor.address(text),
                _ => continue,
            };
            names.entry(text.clone()).or_insert(pseudonym);
        }
    }
}

fn entity_type<'t>(table: &Table, row: &'t [Cell]) -> &'t str {
    let at = table.columns.iter().position(|c| c.name == "entity_type");
    match at.and_then(|at| row.get(at)) {
        Some(Cell::Text(text)) => text,
        _ => "",
    }
}

impl Redactor {
    /// A table without names.
    pub(super) fn table(&self, table: &mut Table, known: &Known, paths: &BTreeMap<String, String>) {
        let kinds: Vec<Kind> = table.columns.iter().map(|c| kind(table.name, c.name)).collect();
        let by_name = in_order_of_names(table, &kinds);
        let mut rows: Vec<(Vec<u64>, Vec<Cell>)> = Vec::with_capacity(table.rows.len());
        for mut row in std::mem::take(&mut table.rows) {
            let entity_type = entity_type(table, &row).to_owned();
            for (cell, kind) in row.iter_mut().zip(&kinds) {
                if let Cell::Text(text) = cell {
                    *text = self.cell(*kind, text, &entity_type, known, paths);
                }
            }
            rows.push((rank(table, &row), row));
        }
        // Rows of equal rank stood in the order of names. Findings have an order of their own.
        if kinds.iter().any(|kind| kind.names()) && !matches!(table.name, "findings" | "signatures")
        {
            let mut rest = rows.as_mut_slice();
            while let Some((first, _)) = rest.first() {
                let same = |row: &&(Vec<u64>, Vec<Cell>)| by_name || row.0 == *first;
                let equal = rest.iter().take_while(same).count().max(1);
                let (ties, tail) = rest.split_at_mut(equal);
                ties.sort_by_cached_key(|(_, row)| texts(row));
                rest = tail;
            }
        }
        table.rows = rows.into_iter().map(|(_, row)| row).collect();
    }

    fn cell(
        &self,
        kind: Kind,
        text: &str,
        entity_type: &str,
        known: &Known,
        paths: &BTreeMap<String, String>,
    ) -> String {
        match kind {
            Kind::Address => self.address(text),
            Kind::Domain => self.domain(text),
            Kind::Domains => {
                text.split("; ").map(|d| self.domain(d)).collect::<Vec<_>>().join("; ")
            }
            Kind::Host => self.host(text),
            Kind::Name(kind) => self.name(kind, text),
            Kind::Entity => self.entity(entity_type, text),
            Kind::Key => self.finding_key(text),
            Kind::Path => paths.get(text).cloned().unwrap_or_else(|| self.name("file", text)),
            Kind::Sentence => self.text(text, Writer::Ours, known),
            Kind::Said => self.text(text, Writer::Person, known),
            Kind::Text => self.text(text, Writer::Machine, known),
        }
    }
}

/// The texts of a row, to sort by.
fn texts(row: &[Cell]) -> Vec<String> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => Some(text.clone()),
        _ => None,
    };
    row.iter().filter_map(text).collect()
}

/// What rows are ranked by, where it is not all their numbers: rows of equal rank lie in the order
/// of names.
fn rank(table: &Table, row: &[Cell]) -> Vec<u64> {
    let number = |cell: &Cell| match cell {
        Cell::Count(n) => *n,
        Cell::Instant(at) => at.0 as u64,
        Cell::Share(share) => share.to_bits(),
        Cell::Null | Cell::Text(_) => 0,
    };
    let get = |name: &str| {
        let at = table.columns.iter().position(|c| c.name == name);
        at.and_then(|at| row.get(at)).map_or(0, number)
    };
    match table.name {
        "sender_domains" | "recipient_domains" => {
            vec![get("failing") + get("held"), get("deliveries")]
        }
        "authentication" => vec![get("spf_fail") + get("dkim_fail") + get("dmarc_fail")],
        "connectors" => vec![get("deliveries")],
        "dmarc_sources" => vec![get("dmarc_fail"), get("messages")],
        "smtp_sessions" => vec![get("sessions")],
        _ => row.iter().map(number).collect(),
    }
}

/// The whole table lies in the order of its first column of names.
fn in_order_of_names(table: &Table, kinds: &[Kind]) -> bool {
    let first = kinds.iter().position(|kind| kind.names());
    let Some(first) = first.filter(|_| table.rows.len() > 1) else { return false };
    let text = |row: &Vec<Cell>| match row.get(first) {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let distinct = table.rows.windows(2).any(|pair| text(&pair[0]) != text(&pair[1]));
    let timed = table.rows.iter().any(|r| matches!(r.first(), Some(Cell::Instant(_))));
    !timed && distinct && table.rows.windows(2).all(|pair| text(&pair[0]) <= text(&pair[1]))
}
