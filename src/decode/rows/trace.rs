//! Rows of Get-MessageTraceDetail: one event of a message in words, with XML beside it.
//!
//! Sources: cmdlet reference (members); texts and XML items of live exports in public scripts.

use super::super::address;
use super::super::cells::data_xml::{self, Mep};
use super::super::cells::detail::{self, DetailText};
use super::super::cells::text::{lost_array, micros};
use super::super::cells::vocabulary::{self, Effect};
use super::super::dates::DateOrder;
use super::super::zone::Zone;
use super::base::{Base, Cells, orphan_key};
use super::event::read_custom_data;
use super::rules::{is_quarantine, is_success, status_of};
use super::{Emit, Notes, note};
use crate::model::block::{flag, message_id_hash};
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Status};

#[derive(Debug)]
pub(super) struct Traces {
    base: Base,
    event: usize,
    text: usize,
    data: Option<usize>,
    action: Option<usize>,
    message_id: Option<usize>,
    sender: Option<usize>,
    recipient: Option<usize>,
    tenant: Option<usize>,
    content: Vec<u8>,
}

impl Traces {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            event: column(ColumnRole::Event)?,
            text: column(ColumnRole::DetailText)?,
            data: column(ColumnRole::DetailData),
            action: column(ColumnRole::Action),
            message_id: column(ColumnRole::MessageId),
            sender: column(ColumnRole::Sender),
            recipient: column(ColumnRole::Recipient),
            tenant: column(ColumnRole::Tenant),
            content: Vec::new(),
        })
    }

    pub(super) fn decode(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
        emit: &mut impl Emit,
    ) -> Result<(), RejectReason> {
        let stated = self.base.key.map(|_| self.base.key(record)).transpose()?;
        let (time, subsecond) = self.base.time(record, notes)?;
        let mut cells = Cells::of(record, &mut self.content, notes);
        let event = cells.text(Some(self.event));
        let text = cells.text(Some(self.text));
        let data = cells.text(self.data);
        let action = cells.text(self.action);
        let message_id = cells.text(self.message_id);
        let sender = cells.text(self.sender);
        let recipient = cells.text(self.recipient);
        let tenant = cells.text(self.tenant);
        let content = cells.finish();
        let lacking = || RejectReason::MessageId(message_id.trim().to_owned());
        let (key, orphan) = match stated {
            Some(key) => (key, 0),
            None => (orphan_key(&message_id).ok_or_else(lacking)?, flag::ORPHAN),
        };

        let lower = |cell: &str| {
            let mut text = String::new();
            address::lower_into(cell.as_bytes(), &mut text);
            text
        };
        let lost = lost_array(recipient.as_bytes());
        notes.lost_arrays += u64::from(lost);
        let recipient = if lost { String::new() } else { lower(&recipient) };
        let (sender, tenant) = (lower(&sender), lower(&tenant));
        let word = event.trim().to_uppercase();
        let meps: Vec<Mep<'_>> = data_xml::meps(&data).collect();
        let mut rule = String::new();
        let mut detail = Detail { event: &word, tenant: &tenant, ..Detail::default() };
        for mep in &meps {
            read_mep(mep, &mut detail, &mut rule);
        }
        let effect = effect_of(&word, &action, &detail, notes);
        let status = read_text(&text, effect, &mut detail, &mut rule);
        detail.rule = &rule;
        let level = if recipient.is_empty() { flag::MESSAGE_LEVEL } else { 0 };
        let notice = matches!(effect, Effect::Notice | Effect::Info);
        let row = Row {
            key,
            time,
            message_id: message_id_hash(message_id.as_bytes()),
            content,
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size: u32::MAX,
            status: status as u8,
            flags: subsecond | flag::EVENT | orphan | level | if notice { flag::NOTICE } else { 0 },
            sender: &sender,
            recipient: &recipient,
        };
        detail.source = "";
        emit.row(&row, Some(&detail));
        Ok(())
    }
}

/// One item of the XML. The failing agent stands in `source` until the effect is known.
fn read_mep<'d>(mep: &'d Mep<'_>, detail: &mut Detail<'d>, rule: &mut String) {
    let value = mep.value.trim();
    match &*mep.name {
        "ConnectorId" => detail.connector = value,
        "ClientIP" => detail.client_ip = value,
        "RelatedRecipient" => detail.related = value,
        "SourceContext" => detail.source = value,
        "RcptDomainMailSvr" | "OutboundProxyTargetHostName" if detail.remote_host.is_empty() => {
            detail.remote_host = value;
        }
        "IsSmtpResponseFromExternalServer" => {
            detail.external_reply = Some(value.eq_ignore_ascii_case("true"));
        }
        "TotalLatency" => detail.latency = micros(value),
        "CustomData" => read_custom_data(&mep.value, detail, rule),
        "SCL" => detail.spam.scl = value.parse().ok().filter(|scl| (-1..=9).contains(scl)),
        "SFV" => detail.spam.sfv = value,
        "DI" => detail.spam.di = value,
        _ => {}
    }
}

/// The effect of an event word; the agent's name and the action tell quarantine from failure.
fn effect_of(word: &str, action: &str, detail: &Detail<'_>, notes: &mut Notes) -> Effect {
    match vocabulary::event(word) {
        Effect::Deferred | Effect::Failed if is_quarantine(detail.source) => Effect::Quarantined,
        Effect::Verdict if action.trim().eq_ignore_ascii_case("Quarantine") => Effect::Quarantined,
        Effect::Unknown => {
            note(&mut notes.unknown_events, super::excerpt(word.as_bytes()));
            Effect::Info
        }
        effect => effect,
    }
}

/// Reads the sentence: the status it leaves, and what it adds to the detail.
fn read_text<'d>(
    text: &'d str,
    effect: Effect,
    detail: &mut Detail<'d>,
    rule: &mut String,
) -> Status {
    let mut status = status_of(effect);
    match detail::parse(text) {
        DetailText::Quarantined => status = Status::Quarantined,
        DetailText::Received { tls, .. } => detail.tls = tls,
        DetailText::Sent { host, tls, .. } => {
            detail.tls = tls;
            detail.remote_host = host;
        }
        DetailText::Delivered { folder } => detail.folder = folder,
        DetailText::Scl(scl) => detail.spam.scl = detail.spam.scl.or(Some(scl)),
        DetailText::Reason(record) => {
            detail.reply = record.reply.trim();
            if !record.fqdn.is_empty() {
                detail.remote_host = record.fqdn;
            }
        }
        // A rule that matched need not have moved the message: only a failure makes it the reason.
        DetailText::TransportRule { id, .. } | DetailText::DlpRule { id, .. } => {
            if status == Status::Failed {
                address::lower_into(id.as_bytes(), rule);
            }
        }
        DetailText::Other(other) if matches!(effect, Effect::Failed | Effect::Deferred) => {
            detail.reply = other.trim();
        }
        DetailText::Submitted | DetailText::Other(_) => {}
    }
    if effect == Effect::Dropped && is_success(detail.reply) {
        status = Status::GettingStatus;
    }
    status
}
