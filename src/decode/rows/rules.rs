//! What an event word means for the status of the recipients it names.

use super::super::cells::vocabulary::Effect;
use crate::model::Status;

/// The status a recipient has once an event of this effect is through; notices and remarks have
/// none of their own.
pub(super) fn status_of(effect: Effect) -> Status {
    match effect {
        Effect::Received | Effect::Progress | Effect::Verdict => Status::GettingStatus,
        Effect::Delivered => Status::Delivered,
        Effect::Sent => Status::Sent,
        Effect::Failed => Status::Failed,
        Effect::Deferred | Effect::Held => Status::Pending,
        Effect::Dropped => Status::Dropped,
        Effect::Quarantined => Status::Quarantined,
        Effect::Expanded => Status::Expanded,
        Effect::Resolved | Effect::Redirected => Status::Resolved,
        Effect::Notice | Effect::Info => Status::Absent,
        Effect::Unknown => Status::Unknown,
    }
}

/// A DROP with a positive reply is the normal end of an expanded group or of a suppressed automatic
/// reply, not a loss.
pub(super) fn is_success(reply: &str) -> bool {
    reply.trim_start().starts_with('2')
}

/// The agent that holds a message back for quarantine defers it under its own name.
pub(super) fn is_quarantine(context: &str) -> bool {
    memchr::memmem::find(context.as_bytes(), b"uarantine").is_some()
}

/// What a rule did to the way of a message; other actions (disclaimers, subject marks) leave it.
pub(super) fn moves_mail(action: &str) -> bool {
    const ACTIONS: &[&str] = &[
        "RejectMessage",
        "DeleteMessage",
        "Quarantine",
        "RedirectMessage",
        "SetScl",
        "ModerateMessageByManager",
        "ModerateMessageByUser",
        "RouteMessageOutboundConnector",
        "RouteMessageOutboundRequireTls",
        "Disconnect",
    ];
    ACTIONS.iter().any(|known| known.eq_ignore_ascii_case(action))
}

/// Stated direction: the words of real reports and the numbers of their documentation (1 incoming,
/// 2 originating).
pub(super) fn direction_flag(word: &str) -> u16 {
    use crate::model::block::flag;
    match word.trim() {
        "1" => flag::INCOMING,
        "2" => flag::ORIGINATING,
        w if w.eq_ignore_ascii_case("Incoming") => flag::INCOMING,
        w if w.eq_ignore_ascii_case("Originating") => flag::ORIGINATING,
        _ => 0,
    }
}
