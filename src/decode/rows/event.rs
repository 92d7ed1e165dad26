//! Rows of the extended report: one event on the way of a message, and the recipients it concerns.
//!
//! Sources: Microsoft Learn, "Message trace in the modern EAC" and "Search message tracking logs":
//! what `related_recipient_address` and `recipient_status` hold depends on the event.

use super::super::address;
use super::super::cells::text::{lost_array, micros};
use super::super::cells::vocabulary::{self, Effect};
use super::super::cells::{custom_data, latency, led, recipient_status};
use super::super::dates::DateOrder;
use super::super::zone::Zone;
use super::base::{Base, Cells, parse_size};
use super::rules::{direction_flag, is_quarantine, is_success, moves_mail, status_of};
use super::{Emit, Notes, note};
use crate::model::block::{flag, message_id_hash};
use crate::model::event::{Segments, SpamFilter};
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Status};
use std::borrow::Cow;

/// Apart from the first, the rows of a record are told apart by this step in their hash.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Columns that tell one event from another, beside key, time and those that are decoded.
const COMPARED: [ColumnRole; 7] = [
    ColumnRole::Subject,
    ColumnRole::Reference,
    ColumnRole::InternalId,
    ColumnRole::Server,
    ColumnRole::ServerIp,
    ColumnRole::ClientHost,
    ColumnRole::ClientIp,
];

#[derive(Debug)]
pub(super) struct Events {
    base: Base,
    event: usize,
    recipient: usize,
    columns: Columns,
    compared: [Option<usize>; COMPARED.len()],
    content: Vec<u8>,
    texts: Texts,
}

#[derive(Debug)]
struct Columns {
    source: Option<usize>,
    status: Option<usize>,
    sender: Option<usize>,
    return_path: Option<usize>,
    message_id: Option<usize>,
    size: Option<usize>,
    connector: Option<usize>,
    context: Option<usize>,
    related: Option<usize>,
    info: Option<usize>,
    direction: Option<usize>,
    tenant: Option<usize>,
    ip: Option<usize>,
    custom: Option<usize>,
}

/// Scratch space for texts in lower or upper case.
#[derive(Debug, Default)]
struct Texts {
    event: String,
    sender: String,
    recipient: String,
    related: String,
    tenant: String,
    rule: String,
}

impl Events {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            event: column(ColumnRole::Event)?,
            recipient: column(ColumnRole::Recipient)?,
            columns: Columns {
                source: column(ColumnRole::Source),
                status: column(ColumnRole::RecipientStatus),
                sender: column(ColumnRole::Sender),
                return_path: column(ColumnRole::ReturnPath),
                message_id: column(ColumnRole::MessageId),
                size: column(ColumnRole::Size),
                connector: column(ColumnRole::Connector),
                context: column(ColumnRole::SourceContext),
                related: column(ColumnRole::Related),
                info: column(ColumnRole::MessageInfo),
                direction: column(ColumnRole::Directionality),
                tenant: column(ColumnRole::Tenant),
                ip: column(ColumnRole::FromIp),
                custom: column(ColumnRole::CustomData),
            },
            compared: COMPARED.map(column),
            content: Vec::new(),
            texts: Texts::default(),
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
        let c = &self.columns;
        let mut cells = Cells::of(record, &mut self.content, notes);
        let event = cells.text(Some(self.event));
        let recipients = cells.text(Some(self.recipient));
        let status = cells.text(c.status);
        let sender = cells.text(c.sender);
        let return_path = cells.text(c.return_path);
        let message_id = cells.text(c.message_id);
        let size = cells.text(c.size);
        let direction = cells.text(c.direction);
        let said = Said {
            source: cells.text(c.source),
            connector: cells.text(c.connector),
            context: cells.text(c.context),
            related: cells.text(c.related),
            info: cells.text(c.info),
            tenant: cells.text(c.tenant),
            ip: cells.text(c.ip),
            custom: cells.text(c.custom),
        };
        for column in self.compared {
            cells.text(column);
        }
        let content = cells.finish();

        let t = &mut self.texts;
        t.event.clear();
        t.event.push_str(event.trim());
        t.event.make_ascii_uppercase();
        let sender = if sender.trim().is_empty() { return_path } else { sender };
        address::lower_into(sender.as_bytes(), &mut t.sender);
        address::lower_into(said.related.as_bytes(), &mut t.related);
        address::lower_into(said.tenant.as_bytes(), &mut t.tenant);
        let effect = effect_of(&t.event, &said, notes);
        let row = Row {
            key,
            time,
            message_id: message_id_hash(message_id.as_bytes()),
            content,
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size: parse_size(size.as_bytes(), notes),
            flags: subsecond | flag::EVENT | direction_flag(&direction),
            sender: &t.sender,
            ..Row::default()
        };
        let mut rule_text = std::mem::take(&mut t.rule);
        let mut detail = said.detail(effect, &mut rule_text);
        detail.event = &t.event;
        detail.related = &t.related;
        detail.tenant = &t.tenant;
        let list: Vec<&str> = recipient_status::joined(&recipients)
            .unwrap_or_else(|| recipient_status::recipients(&recipients).collect());
        if list.first().is_some_and(|r| lost_array(r.as_bytes())) {
            notes.lost_arrays += 1;
        }
        let event = Happened { effect, row, detail, status: &status, recipients: &list };
        event.emit(&mut t.recipient, emit);
        t.rule = rule_text;
        Ok(())
    }
}

/// The effect of an event; quarantine is told by the agent that defers, a drop that succeeded by
/// its reply.
fn effect_of(word: &str, said: &Said<'_>, notes: &mut Notes) -> Effect {
    match vocabulary::event(word) {
        Effect::Deferred | Effect::Failed if is_quarantine(&said.context) => Effect::Quarantined,
        Effect::Unknown => {
            note(&mut notes.unknown_events, super::excerpt(word.as_bytes()));
            Effect::Info
        }
        effect => effect,
    }
}

/// Cells that a detail is made of.
struct Said<'a> {
    source: Cow<'a, str>,
    connector: Cow<'a, str>,
    context: Cow<'a, str>,
    related: Cow<'a, str>,
    info: Cow<'a, str>,
    tenant: Cow<'a, str>,
    ip: Cow<'a, str>,
    custom: Cow<'a, str>,
}

impl Said<'_> {
    /// The detail, as far as it is the same for all recipients. `rule` is scratch space.
    fn detail<'d>(&'d self, effect: Effect, rule: &'d mut String) -> Detail<'d> {
        let mut detail = Detail {
            source: self.source.trim(),
            connector: self.connector.trim(),
            client_ip: self.ip.trim(),
            ..Detail::default()
        };
        rule.clear();
        read_custom_data(&self.custom, &mut detail, rule);
        if matches!(effect, Effect::Delivered | Effect::Sent) {
            detail.segments = segments(&self.info);
        }
        detail.rule = rule;
        detail
    }
}

/// Reads the `S:` records that say something of the way; the rule's id goes to `rule`.
pub(super) fn read_custom_data<'d>(text: &'d str, detail: &mut Detail<'d>, rule: &mut String) {
    for item in custom_data::items(text) {
        match item.key {
            "SFA" => {
                if let Some(spam) = custom_data::spam(&item) {
                    detail.spam = SpamFilter {
                        sfv: spam.sfv,
                        scl: spam.scl,
                        di: spam.di,
                        ipv: spam.ipv,
                        country: spam.country,
                    };
                }
            }
            "AMA" => {
                let found = custom_data::malware(&item).and_then(|m| m.found);
                detail.malware |= found == Some(true);
            }
            "TRA" => {
                if let Some(custom_data::Rule::Hit(hit)) = custom_data::rule(&item)
                    && let Some(action) = hit.actions.iter().find(|a| moves_mail(a))
                {
                    address::lower_into(hit.rule_id.as_bytes(), rule);
                    detail.rule_action = action;
                }
            }
            "BCL" => detail.bcl = item.value.trim().parse().ok(),
            "E2ELatency" => detail.latency = micros(item.value),
            "tlsversion" => detail.tls = item.value.trim(),
            "IsSmtpResponseFromExternalServer" => {
                detail.external_reply = match item.value.trim() {
                    v if v.eq_ignore_ascii_case("true") => Some(true),
                    v if v.eq_ignore_ascii_case("false") => Some(false),
                    _ => None,
                };
            }
            _ => {}
        }
    }
}

/// Time per segment; several servers of one stage add up.
fn segments(info: &str) -> Segments {
    let mut out = Segments::default();
    for segment in latency::segments(info) {
        let slot = match segment.stage {
            latency::Stage::Submission => &mut out.submission,
            latency::Stage::FrontEnd => &mut out.front_end,
            latency::Stage::Hub => &mut out.hub,
            latency::Stage::Delivery => &mut out.delivery,
            latency::Stage::Other => continue,
        };
        *slot = Some(slot.unwrap_or(0).saturating_add(segment.total));
    }
    out
}

/// One event, ready to be handed out recipient by recipient.
struct Happened<'e> {
    effect: Effect,
    row: Row<'e>,
    detail: Detail<'e>,
    status: &'e str,
    recipients: &'e [&'e str],
}

impl<'e> Happened<'e> {
    /// Hands out a row per recipient; `text` is scratch space.
    fn emit(mut self, text: &mut String, emit: &mut impl Emit) {
        let (related, detail) = (self.detail.related, self.detail);
        match self.effect {
            // Evidence for the recipient it names as related; it makes no delivery.
            Effect::Notice => {
                let level = if related.is_empty() { flag::MESSAGE_LEVEL } else { 0 };
                self.row.flags |= flag::NOTICE | level;
                return self.hand_out(related, Status::Absent, &detail, emit);
            }
            Effect::Info => self.row.flags |= flag::NOTICE,
            // The group, or the address before: settled by this very event.
            Effect::Expanded | Effect::Resolved | Effect::Redirected if !related.is_empty() => {
                self.hand_out(related, status_of(self.effect), &detail, emit);
                self.effect = Effect::Progress;
            }
            _ => {}
        }
        let statuses = recipient_status::statuses(self.status, self.recipients.len());
        for (at, recipient) in self.recipients.iter().enumerate() {
            text.clear();
            if !lost_array(recipient.as_bytes()) {
                address::lower_into(recipient.as_bytes(), text);
            }
            let (status, detail) = self.said_of(statuses.get(at));
            self.hand_out(text, status, &detail, emit);
        }
        if self.row.flags & flag::CONTINUED == 0 {
            self.row.flags |= flag::MESSAGE_LEVEL;
            let (status, detail) = self.said_of(self.status);
            self.hand_out("", status, &detail, emit);
        }
    }

    /// What the event and its status text say of one recipient.
    fn said_of(&self, text: &'e str) -> (Status, Detail<'e>) {
        let mut detail = self.detail;
        let mut status = status_of(self.effect);
        match self.effect {
            Effect::Failed | Effect::Deferred | Effect::Dropped => {
                let record = led::parse(text);
                detail.reply = record.map_or(text, |r| r.reply).trim();
                detail.remote_host = record.map_or("", |r| r.fqdn);
                if self.effect == Effect::Dropped && is_success(detail.reply) {
                    status = Status::GettingStatus;
                }
            }
            Effect::Delivered => detail.folder = recipient_status::folder(text).unwrap_or(""),
            _ => {}
        }
        (status, detail)
    }

    fn hand_out(
        &mut self,
        recipient: &str,
        status: Status,
        detail: &Detail<'_>,
        emit: &mut impl Emit,
    ) {
        let row = Row { recipient, status: status as u8, ..self.row };
        emit.row(&row, Some(detail));
        self.row.flags |= flag::CONTINUED;
        self.row.content = self.row.content.wrapping_add(STEP);
    }
}
