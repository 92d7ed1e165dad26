//! Bounce, automatic reply or neither: told from the header block alone.

use super::super::address;
use super::super::headers::HeaderList;

/// Beginnings of the local part of senders that are mail systems.
const DAEMONS: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "mdaemon",
    "postmaster",
    "post_master",
    "microsoftexchange",
    "mail-delivery-subsystem",
    "mailadmin",
    "mailer",
    "bounce",
    "root",
];

/// Words of subjects that bounces have, lower case. A weak hint: never enough by itself.
const SUBJECTS: &[&str] = &[
    "undeliver",
    "non-deliver",
    "nondeliver",
    "not deliver",
    "unable to deliver",
    "could not be deliver",
    "couldn't be deliver",
    "delivery status",
    "delivery fail",
    "delivery report",
    "delivery delay",
    "delivery notification",
    "delivery error",
    "delivery problem",
    "failure deliver",
    "failed deliver",
    "delayed mail",
    "mail delivery",
    "message delivery",
    "mail system error",
    "mail failure",
    "mail error",
    "failure notice",
    "failed mail",
    "mail failed",
    "returned mail",
    "mail could not",
    "message you sent",
    "permanent error",
    "rejected",
    "ndn:",
    "dsn:",
    "bounce",
    "unzustellbar",
    "remise",
    "no se puede entregar",
    "impossibile recapitare",
    "onbestelbaar",
    "nicht zugestellt",
];

/// What the report of a multipart/report speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReportKind {
    Delivery,
    /// Read receipts.
    Disposition,
    /// Complaints about spam.
    Feedback,
    /// No report-type: a careless mail system, or junk dressed up as a bounce.
    Unstated,
    Other,
}

/// The body may hold a bounce.
pub(in super::super) fn candidate(list: &HeaderList<'_>) -> bool {
    match report_kind(list) {
        Some(ReportKind::Delivery | ReportKind::Unstated) => return true,
        Some(ReportKind::Disposition | ReportKind::Feedback) => return false,
        Some(ReportKind::Other) | None => {}
    }
    if certain(list) {
        return true;
    }
    let path = list.first("Return-Path").and_then(|f| address::path(&f.unfolded()));
    let null = path.as_deref() == Some("<>");
    // Points: enough come together only where two independent marks agree.
    let mut points = match &path {
        Some(path) if path == "<>" || is_daemon(path) => 2,
        Some(_) => 0,
        None => 1,
    };
    let sender = sender(list);
    points += match sender.as_deref().map(is_daemon) {
        Some(true) => 2,
        // Some systems put no address there at all.
        None => 1,
        Some(false) => 0,
    };
    points += 2 * u8::from(bounce_subject(list));
    if automatic(list) && !null && !sender.is_some_and(|s| is_daemon(&s)) {
        return false;
    }
    // Nothing but a system sends with the null path: its body tells what it is.
    points >= 3 || null && !automatic(list) || list.first("x-amz-sns-message-id").is_some()
}

/// The headers leave no doubt: this is a bounce, whatever its body holds.
pub(super) fn certain(list: &HeaderList<'_>) -> bool {
    report_kind(list) == Some(ReportKind::Delivery)
        || list.first("X-MS-Exchange-Message-Is-Ndr").is_some()
        || list.first("X-Failed-Recipients").is_some()
}

/// An automatic reply: says so itself, and is no report. A subject alone does not count.
pub(in super::super) fn automatic_reply(list: &HeaderList<'_>) -> bool {
    report_kind(list) == Some(ReportKind::Disposition)
        || (report_kind(list).is_none() && automatic(list))
}

fn automatic(list: &HeaderList<'_>) -> bool {
    let says = |name: &str, word: &str| {
        list.all(name).any(|f| {
            let head = f.raw.trim_ascii().get(..word.len()).unwrap_or_default();
            head.eq_ignore_ascii_case(word.as_bytes())
        })
    };
    says("Auto-Submitted", "auto-replied")
        || says("Precedence", "auto_reply")
        || says("Precedence", "auto-reply")
        || ["X-Autoreply", "X-Autorespond", "X-Autoresponder"]
            .iter()
            .any(|n| list.first(n).is_some())
}

fn report_kind(list: &HeaderList<'_>) -> Option<ReportKind> {
    let value = list.first("Content-Type")?.text().to_ascii_lowercase();
    if !value.starts_with("multipart/report") {
        return None;
    }
    let kind = if value.contains("disposition-notification") {
        ReportKind::Disposition
    } else if value.contains("feedback-report") {
        ReportKind::Feedback
    } else if value.contains("delivery-status") {
        ReportKind::Delivery
    } else if !value.contains("report-type") {
        ReportKind::Unstated
    } else {
        ReportKind::Other
    };
    Some(kind)
}

/// Address of From, or the word that stands for one (`MAILER-DAEMON`).
fn sender(list: &HeaderList<'_>) -> Option<String> {
    let field = list.first("From").or_else(|| list.first("Sender"))?;
    let value = field.unfolded();
    address::first(&value).or_else(|| address::path(&value))
}

fn is_daemon(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or(address);
    DAEMONS.iter().any(|name| local.starts_with(name))
}

pub(super) fn bounce_subject(list: &HeaderList<'_>) -> bool {
    let Some(field) = list.first("Subject") else {
        return false;
    };
    let value = field.unfolded();
    let subject = super::super::words::decode(&value).to_lowercase();
    SUBJECTS.iter().any(|word| subject.contains(word))
}

/// The prose says that something could not be delivered.
pub(super) fn bounce_words(prose: &str) -> bool {
    const WORDS: &[&str] = &[
        "not be delivered",
        "not delivered to",
        "n't be delivered",
        "not reach the following",
        "unable to deliver",
        "undeliverable",
        "delivery to the following",
        "could not deliver",
        "delivery has failed",
        "returned to sender",
    ];
    let head = super::super::words::clipped(prose, 4096).to_lowercase();
    WORDS.iter().any(|words| head.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> (bool, bool) {
        let list = HeaderList::read(text.as_bytes());
        (candidate(&list), automatic_reply(&list))
    }

    #[test]
    fn classes() {
        for (text, bounce, reply) in [
            ("Content-Type: multipart/report; report-type=delivery-status\n", true, false),
            (
                "Content-Type: multipart/report;\n\treport-type=\"disposition-notification\"\n",
                false,
                true,
            ),
            ("Content-Type: multipart/report; report-type=feedback-report\n", false, false),
            ("From: a@contoso.com\nX-MS-Exchange-Message-Is-Ndr:\n", true, false),
            ("From: a@contoso.com\nX-Failed-Recipients: b@fabrikam.example\n", true, false),
            ("Return-Path: <>\nFrom: MAILER-DAEMON\nSubject: hello\n", true, false),
            ("Return-Path: <>\nFrom: a@contoso.com\nSubject: failure notice\n", true, false),
            (
                "Return-Path: <>\nFrom: a@contoso.com\nSubject: Out of office\n\
              Auto-Submitted: auto-replied\n",
                false,
                true,
            ),
            (
                "Return-Path: <a@contoso.com>\nFrom: a@contoso.com\nSubject: Undeliverable: x\n",
                false,
                false,
            ),
            ("From: a@contoso.com\nTo: b@contoso.com\nSubject: hi\n", false, false),
            ("From: a@contoso.com\nX-Autoreply: yes\n", false, true),
            ("From: a@contoso.com\nPrecedence: auto_reply\n", false, true),
            ("From: a@contoso.com\nSubject: Automatic reply: x\n", false, false),
        ] {
            assert_eq!(is(text), (bounce, reply), "{text}");
        }
    }
}
