//! Rows of EmailEvents and of Threat Explorer: one message to one recipient with the verdict on it.
//!
//! Sources: Microsoft Learn, "EmailEvents table" and "About Threat Explorer"; the JSON texts of its
//! cells as live records hold them.

use super::super::address;
use super::super::cells::recipient_status;
use super::super::cells::text::lost_array;
use super::super::dates::DateOrder;
use super::super::zone::Zone;
use super::base::{Base, Cells, parse_size};
use super::place::{self, Place};
use super::{Emit, Notes, note};
use crate::model::block::{flag, message_id_hash};
use crate::model::delivery::domain_of;
use crate::model::{
    ColumnRole, Detail, Dialect, Extra, RawRecord, RejectReason, Row, Stamps, Status,
};
use std::borrow::Cow;
use xxhash_rust::xxh3::xxh3_64;

/// Apart from the first, the rows of a record are told apart by this step in their hash.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Columns beside key, time and recipient, in the order of [`Said`].
const ROLES: [ColumnRole; 23] = [
    ColumnRole::Action,
    ColumnRole::Location,
    ColumnRole::LatestLocation,
    ColumnRole::ReturnPath,
    ColumnRole::HeaderFrom,
    ColumnRole::MessageId,
    ColumnRole::FromIp,
    ColumnRole::ClientIp,
    ColumnRole::Size,
    ColumnRole::Directionality,
    ColumnRole::Threat,
    ColumnRole::Bulk,
    ColumnRole::Policy,
    ColumnRole::Authentication,
    ColumnRole::Connector,
    ColumnRole::Rule,
    ColumnRole::OrgAction,
    ColumnRole::OrgPolicy,
    ColumnRole::UserAction,
    ColumnRole::UserPolicy,
    ColumnRole::Spf,
    ColumnRole::Dkim,
    ColumnRole::Dmarc,
];

#[derive(Debug)]
pub(super) struct Hunted {
    base: Base,
    recipient: usize,
    columns: [Option<usize>; ROLES.len()],
    subject: Option<usize>,
    content: Vec<u8>,
    sender: String,
    to: String,
}

/// The cells of one record.
struct Said<'a>([Cow<'a, str>; ROLES.len()]);

impl Said<'_> {
    fn get(&self, role: ColumnRole) -> &str {
        let at = ROLES.iter().position(|known| *known == role);
        at.map_or("", |at| self.0[at].trim())
    }
}

impl Hunted {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            recipient: dialect.column(ColumnRole::Recipient)?,
            columns: ROLES.map(|role| dialect.column(role)),
            subject: dialect.column(ColumnRole::Subject),
            content: Vec::new(),
            sender: String::new(),
            to: String::new(),
        })
    }

    pub(super) fn decode(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
        emit: &mut impl Emit,
    ) -> Result<(), RejectReason> {
        let key = self.base.key(record)?;
        let (time, subsecond) = self.base.time(record, notes)?;
        let mut cells = Cells::of(record, &mut self.content, notes);
        let recipients = cells.text(Some(self.recipient));
        let said = Said(self.columns.map(|column| cells.text(column)));
        cells.text(self.subject);
        let content = cells.finish();

        let from = match said.get(ColumnRole::ReturnPath) {
            "" => said.get(ColumnRole::HeaderFrom),
            path => path,
        };
        address::lower_into(from.as_bytes(), &mut self.sender);
        let row = Row {
            key,
            time,
            message_id: message_id_hash(said.get(ColumnRole::MessageId).as_bytes()),
            content,
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size: parse_size(said.get(ColumnRole::Size).as_bytes(), notes),
            flags: subsecond | direction(said.get(ColumnRole::Directionality)),
            sender: &self.sender,
            ..Row::default()
        };
        let first = place::of(said.get(ColumnRole::Action), said.get(ColumnRole::Location));
        if first.status == Status::Unknown {
            note(&mut notes.unknown_statuses, said.get(ColumnRole::Action).to_owned());
        }
        let latest = match said.get(ColumnRole::LatestLocation) {
            "" => first,
            text => place::of("", text),
        };
        let lost = lost_array(recipients.as_bytes());
        let list: Vec<&str> =
            if lost { Vec::new() } else { recipient_status::recipients(&recipients).collect() };
        notes.lost_arrays += u64::from(lost);
        let mut step = row;
        for recipient in list.iter().copied().chain(list.is_empty().then_some("")) {
            address::lower_into(recipient.as_bytes(), &mut self.to);
            // The later place stands just behind, in whatever order records are merged.
            let moved = latest != first && latest.status != Status::Unknown;
            for (place, later) in [(first, false), (latest, true)] {
                if later && !moved {
                    continue;
                }
                let detail = detail(&said, place, later);
                let time = time + i64::from(later);
                let status = place.status as u8;
                emit.row(&Row { recipient: &self.to, status, time, ..step }, Some(&detail));
                step.flags |= flag::CONTINUED;
                step.content = step.content.wrapping_add(STEP);
            }
        }
        if let Some(stamps) = stamps(&said) {
            emit_stamps(&row, stamps, emit);
        }
        Ok(())
    }
}

/// What a record says of the message as a whole goes to all its deliveries, and makes none.
pub(super) fn emit_stamps(row: &Row<'_>, stamps: Stamps, emit: &mut impl Emit) {
    let text = format!("{stamps:?}");
    let whole = Row {
        content: xxh3_64(text.as_bytes()),
        flags: row.flags | flag::MESSAGE_LEVEL | flag::NOTICE | flag::CONTINUED,
        status: Status::Absent as u8,
        recipient: "",
        ..*row
    };
    emit.extra(&whole, Extra::Stamps(Box::new(stamps)));
}

/// Direction as Defender words it; mail between mailboxes of ours began here.
pub(super) fn direction(word: &str) -> u16 {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    if is("Inbound") || is("Incoming") {
        flag::INCOMING
    } else if is("Outbound") || is("Intra-org") || is("IntraOrg") || is("Intra-organization") {
        flag::ORIGINATING
    } else {
        0
    }
}

fn detail<'d>(said: &'d Said<'_>, place: Place<'d>, moved: bool) -> Detail<'d> {
    let address = match said.get(ColumnRole::FromIp) {
        "" | "0.0.0.0" => said.get(ColumnRole::ClientIp),
        address => address,
    };
    let mut detail = Detail {
        connector: said.get(ColumnRole::Connector),
        client_ip: address,
        folder: place.folder,
        policy: said.get(ColumnRole::Policy),
        bcl: said.get(ColumnRole::Bulk).parse().ok().filter(|bcl| *bcl <= 9),
        malware: contains(said.get(ColumnRole::Threat), "malware"),
        post_action: if moved { "moved" } else { "" },
        ..Detail::default()
    };
    let held = matches!(place.status, Status::Quarantined | Status::Failed | Status::Dropped);
    let by_rule = contains(said.get(ColumnRole::OrgPolicy), "transport rule")
        && contains(said.get(ColumnRole::OrgAction), "block");
    if held && by_rule {
        detail.rule = said.get(ColumnRole::Rule);
        detail.rule_action =
            if place.status == Status::Quarantined { "Quarantine" } else { "RejectMessage" };
    }
    detail
}

/// Verdict and authentication; `None` where nothing is said of them.
fn stamps(said: &Said<'_>) -> Option<Stamps> {
    let mut stamps = Stamps { trusted: true, ..Stamps::default() };
    let results = authentication(said);
    let result = |name: &str| {
        let found = results.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    };
    stamps.spf = result("SPF");
    stamps.dmarc = result("DMARC");
    stamps.compauth = result("CompAuth");
    stamps.dkim.extend(result("DKIM").map(|result| (result, String::new())));
    stamps.cat = category(said.get(ColumnRole::Threat)).map(str::to_owned);
    stamps.bcl = said.get(ColumnRole::Bulk).parse().ok().filter(|bcl| *bcl <= 9);
    stamps.allowed_by = allowed(said);
    if stamps == (Stamps { trusted: true, bcl: stamps.bcl, ..Stamps::default() }) {
        return None;
    }
    let domain = |role| {
        let address = said.get(role).to_ascii_lowercase();
        address.contains('@').then(|| domain_of(&address).to_owned())
    };
    stamps.mailfrom_domain = domain(ColumnRole::ReturnPath);
    stamps.header_from = domain(ColumnRole::HeaderFrom);
    Some(stamps)
}

/// Results by name, lower case: the JSON text of the cell, else columns of their own.
fn authentication(said: &Said<'_>) -> Vec<(String, String)> {
    let text = said.get(ColumnRole::Authentication);
    let own = [("SPF", ColumnRole::Spf), ("DKIM", ColumnRole::Dkim), ("DMARC", ColumnRole::Dmarc)];
    let columns = own.map(|(name, role)| (name.to_owned(), said.get(role).to_ascii_lowercase()));
    let Ok(serde_json::Value::Object(cell)) = serde_json::from_str(text) else {
        return columns.into();
    };
    let results = cell.iter().map(|(name, value)| {
        let value = value.as_str().unwrap_or_default().trim().to_ascii_lowercase();
        (name.clone(), value)
    });
    results.chain(columns).collect()
}

/// The setting that let it pass, as named.
fn allowed(said: &Said<'_>) -> Option<String> {
    let pairs = [
        (ColumnRole::OrgAction, ColumnRole::OrgPolicy),
        (ColumnRole::UserAction, ColumnRole::UserPolicy),
    ];
    let hit = pairs.into_iter().find(|(action, _)| contains(said.get(*action), "allow"))?;
    let named = said.get(hit.1);
    Some(if named.is_empty() { said.get(hit.0) } else { named }.to_owned())
}

/// Category of a threat in words, as the Forefront report abbreviates it.
pub(super) fn category(threat: &str) -> Option<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        ("malware", "MALW"),
        ("file type", "FTBP"),
        ("filetype", "FTBP"),
        ("high confidence phish", "HPHSH"),
        ("highconfphish", "HPHSH"),
        ("spoof", "SPOOF"),
        ("phish", "PHSH"),
        ("high confidence spam", "HSPM"),
        ("highconfspam", "HSPM"),
        ("bulk", "BULK"),
        ("spam", "SPM"),
    ];
    WORDS.iter().find(|(word, _)| contains(threat, word)).map(|(_, category)| *category)
}

/// True where the text holds the word, case aside.
pub(super) fn contains(text: &str, word: &str) -> bool {
    let mut windows = text.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
