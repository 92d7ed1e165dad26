//! What was changed before it began? A change is never evidence: findings are the same with and
//! without a change log, and only name what stands in it.

use super::Facts;
use crate::model::finding::ChangeBefore;
use crate::model::report::{Cell, ColumnKind, Table};
use crate::model::time::{DAY, MINUTE};
use crate::model::{Change, Entity, Finding, FindingStatus, Instant, Layer};
use crate::tally::tables::column;

/// A change that old is not named for its words; the last one before an onset always is.
const RECENT: i64 = 7 * DAY;

/// Words of a change log that speak of a layer, lower case, in English and German.
const WORDS: &[(Layer, &[&str])] = &[
    (Layer::Service, &["service", "microsoft", "tenant", "dienst"]),
    (
        Layer::DnsAuth,
        &[
            "dns",
            "spf",
            "dkim",
            "dmarc",
            "mx",
            "cname",
            "txt",
            "selector",
            "sender",
            "signature",
            "provider",
        ],
    ),
    (
        Layer::Connector,
        &[
            "connector",
            "konnektor",
            "certificate",
            "zertifikat",
            "tls",
            "smart host",
            "smarthost",
            "firewall",
            "relay",
            "hybrid",
            "gateway",
            "network",
            "netzwerk",
        ],
    ),
    (
        Layer::SenderReputation,
        &["mailing", "newsletter", "campaign", "account", "password", "marketing", "konto"],
    ),
    (
        Layer::AntiSpam,
        &[
            "spam",
            "policy",
            "richtlinie",
            "allow",
            "block",
            "quarantine",
            "quarantäne",
            "phish",
            "bulk",
            "spoof",
        ],
    ),
    (Layer::TransportRule, &["rule", "regel", "dlp", "disclaimer"]),
    (Layer::MailboxRule, &["inbox", "posteingang", "forward", "weiterleit", "mailbox", "postfach"]),
    (
        Layer::Recipient,
        &[
            "mailbox",
            "postfach",
            "migration",
            "directory",
            "verzeichnis",
            "license",
            "lizenz",
            "quota",
            "user",
            "proxy",
            "benutzer",
        ],
    ),
    (Layer::Message, &["attachment", "anhang", "size", "größe", "limit", "signature"]),
];

/// The change an onset names: the last recent one before it that speaks of the entity or of the
/// layer, else the last one.
pub(super) fn before(
    facts: &Facts,
    onset: Instant,
    layer: Layer,
    entity: &Entity,
) -> Option<ChangeBefore> {
    let earlier = &facts.changes[..facts.changes.partition_point(|c| c.time <= onset)];
    let recent = earlier.iter().rev().take_while(|c| onset.0 - c.time.0 <= RECENT);
    let relevant = { recent }.find(|c| speaks_of(c, layer, entity));
    let change = relevant.or(earlier.last())?;
    Some(ChangeBefore {
        time: change.time,
        what: change.what.clone(),
        minutes_before: (onset.0 - change.time.0) / MINUTE,
    })
}

fn speaks_of(change: &Change, layer: Layer, entity: &Entity) -> bool {
    let what = change.what.to_lowercase();
    let named = !entity.value.is_empty() && what.contains(&entity.value.to_lowercase());
    let words = WORDS.iter().find(|(l, _)| *l == layer).map_or(&[] as &[&str], |(_, w)| w);
    named || words.iter().any(|word| what.contains(word))
}

/// All changes, and what began after them: `None` where the log is empty.
pub fn table(facts: &Facts, findings: &[Finding]) -> Option<Table> {
    if facts.changes.is_empty() {
        return None;
    }
    let columns = vec![
        column("time", ColumnKind::Instant),
        column("what", ColumnKind::Text),
        column("who", ColumnKind::Text),
        column("finding", ColumnKind::Id),
        column("finding_key", ColumnKind::Id),
        column("minutes_to_onset", ColumnKind::Count),
        column("effect", ColumnKind::Text),
    ];
    let text = |t: &str| if t.is_empty() { Cell::Null } else { Cell::Text(t.to_owned()) };
    let row = |change: &Change| {
        let named = findings.iter().find(|f| {
            let same = |c: &ChangeBefore| c.time == change.time && c.what == change.what;
            f.status == FindingStatus::Incident && f.change.as_ref().is_some_and(same)
        });
        let (id, key, minutes, effect) = match named {
            Some(f) => {
                let minutes = f.change.as_ref().map_or(0, |c| c.minutes_before).max(0);
                let effect = "an incident began after it; that is no proof";
                (text(&f.id), text(&f.key), Cell::Count(minutes.unsigned_abs()), effect)
            }
            None => (Cell::Null, Cell::Null, Cell::Null, "none seen"),
        };
        let (what, who) = (text(&change.what), text(&change.who));
        vec![Cell::Instant(change.time), what, who, id, key, minutes, text(effect)]
    };
    Some(Table {
        name: "changes",
        title: "Changes of the log, and the incidents that name them",
        columns,
        rows: facts.changes.iter().map(row).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EntityType;
    use crate::model::time::HOUR;

    fn facts() -> Facts {
        let change = |hour: i64, what: &str| Change {
            time: Instant(hour * HOUR),
            what: what.into(),
            who: String::new(),
            origin: crate::model::Origin::default(),
        };
        Facts {
            changes: vec![
                change(0, "Konnektor umgestellt"),
                change(200, "DNS: selector1 replaced"),
                change(210, "Printer moved"),
                change(300, "Rule added"),
            ],
            ..Facts::default()
        }
    }

    #[test]
    fn the_relevant_one_is_named() {
        let facts = facts();
        let entity = Entity { kind: EntityType::SenderDomain, value: "contoso.com".into() };
        let named = |hour: i64, layer| {
            before(&facts, Instant(hour * HOUR), layer, &entity).map(|c| (c.what, c.minutes_before))
        };
        assert_eq!(named(211, Layer::DnsAuth), Some(("DNS: selector1 replaced".into(), 660)));
        assert_eq!(named(211, Layer::Connector), Some(("Printer moved".into(), 60)), "too old");
        assert_eq!(named(2, Layer::Connector), Some(("Konnektor umgestellt".into(), 120)));
        assert_eq!(named(-1, Layer::DnsAuth), None);
    }

    #[test]
    fn changes_without_effect_are_listed() {
        let table = table(&facts(), &[]).unwrap();
        assert_eq!(table.rows.len(), 4);
        assert!(table.rows.iter().all(|r| r[6] == Cell::Text("none seen".into())));
        assert!(super::table(&Facts::default(), &[]).is_none());
    }
}
