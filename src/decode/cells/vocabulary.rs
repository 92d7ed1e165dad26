//! Event and source words: tracking log, extended report, enhanced summary, trace detail, portal.
//!
//! One word may be written in several ways (`Send external`, `SENDEXTERNAL`); all reduce to lower
//! case without blanks, hyphens and underscores. Sources of the words: the vendor's pages on
//! message tracking and message trace, and trace exports that were published.

/// Longest word that is looked up.
const LONGEST: usize = 40;

/// What an event says of the message or recipient that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The service or a server took the message in.
    Received,
    /// It went on within the service.
    Progress,
    /// It reached a mailbox.
    Delivered,
    /// It was handed to another server; to one outside where the word says so.
    Sent,
    /// It will not be delivered.
    Failed,
    /// It waits and is tried again.
    Deferred,
    /// It ended without notice to the sender; also the normal end of an expanded group.
    Dropped,
    /// It is in quarantine.
    Quarantined,
    /// A group was replaced by its members.
    Expanded,
    /// A recipient was replaced after a look-up in the directory.
    Resolved,
    /// A recipient was replaced by another one.
    Redirected,
    /// A notice about it was made (DSN).
    Notice,
    /// It waits for somebody's decision.
    Held,
    /// A filter, rule or policy said something.
    Verdict,
    /// Nothing about its way.
    Info,
    /// A word of no known spelling.
    Unknown,
}

/// `(spelling, effect)`, sorted by spelling.
const EVENTS: &[(&str, Effect)] = &[
    ("advancedthreatprotection", Effect::Verdict),
    ("agentinfo", Effect::Verdict),
    ("attachmentblocked", Effect::Verdict),
    ("badmail", Effect::Failed),
    ("clientsubmission", Effect::Progress),
    ("defer", Effect::Deferred),
    ("deferred", Effect::Deferred),
    ("deliver", Effect::Delivered),
    ("delivered", Effect::Delivered),
    ("deliverfail", Effect::Failed),
    ("dlprule", Effect::Verdict),
    ("drop", Effect::Dropped),
    ("dropped", Effect::Dropped),
    ("dsn", Effect::Notice),
    ("duplicatedeliver", Effect::Info),
    ("duplicateexpand", Effect::Info),
    ("duplicateredirect", Effect::Info),
    ("expand", Effect::Expanded),
    ("expanddl", Effect::Expanded),
    ("expanded", Effect::Expanded),
    ("fail", Effect::Failed),
    ("failed", Effect::Failed),
    ("filteredasspam", Effect::Verdict),
    ("gettingstatus", Effect::Progress),
    ("hadiscard", Effect::Info),
    ("hareceive", Effect::Info),
    ("haredirect", Effect::Info),
    ("haredirectfail", Effect::Info),
    ("initmessagecreated", Effect::Held),
    ("journal", Effect::Progress),
    ("load", Effect::Info),
    ("malware", Effect::Verdict),
    ("moderationexpire", Effect::Failed),
    ("moderatorapprove", Effect::Progress),
    ("moderatorreject", Effect::Failed),
    ("moderatorsallndr", Effect::Failed),
    ("notifymapi", Effect::Progress),
    ("notifyshadow", Effect::Info),
    ("pending", Effect::Progress),
    ("poisonmessage", Effect::Failed),
    ("process", Effect::Progress),
    ("processmeetingmessage", Effect::Info),
    ("quarantine", Effect::Quarantined),
    ("quarantined", Effect::Quarantined),
    ("queued", Effect::Deferred),
    ("recalled", Effect::Dropped),
    ("receive", Effect::Received),
    ("received", Effect::Received),
    ("redirect", Effect::Redirected),
    ("redirected", Effect::Redirected),
    ("resolve", Effect::Resolved),
    ("resolved", Effect::Resolved),
    ("resubmit", Effect::Info),
    ("resubmitdefer", Effect::Deferred),
    ("resubmitfail", Effect::Failed),
    ("route", Effect::Progress),
    ("send", Effect::Sent),
    ("sendexternal", Effect::Sent),
    ("sensitivitylabel", Effect::Verdict),
    ("sent", Effect::Sent),
    ("spam", Effect::Verdict),
    ("submit", Effect::Progress),
    ("submitdefer", Effect::Deferred),
    ("submitfail", Effect::Failed),
    ("submitted", Effect::Progress),
    ("suppressed", Effect::Dropped),
    ("throttle", Effect::Deferred),
    ("transfer", Effect::Progress),
    ("transferred", Effect::Progress),
    ("transportrule", Effect::Verdict),
];

/// What an event word says; [`Effect::Unknown`] for a word of no known spelling (the lists of the
/// exports are open: keep the word).
pub fn event(word: &str) -> Effect {
    look_up(word, EVENTS, |(spelling, _)| spelling).map_or(Effect::Unknown, |(_, effect)| *effect)
}

/// Which component of transport wrote an event (`source`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A person: Queue Viewer, Replay folder.
    Admin,
    /// A transport agent.
    Agent,
    /// Moderation.
    Approval,
    /// Messages found when the server started.
    BootLoader,
    /// Name resolution.
    Dns,
    /// Delivery status notifications.
    Dsn,
    /// A foreign connector.
    Gateway,
    /// An inbox rule.
    MailboxRule,
    /// The processor of meeting messages.
    MeetingMessageProcessor,
    /// An alternate recipient that the sender asked for.
    Orar,
    /// The Pickup folder.
    Pickup,
    /// The detector of messages that crash servers.
    PoisonMessage,
    /// A mail-enabled public folder.
    PublicFolder,
    /// A queue: expiry.
    Queue,
    /// Shadow redundancy.
    Redundancy,
    /// Recipient resolution.
    Resolver,
    /// Routing.
    Routing,
    /// Safety Net.
    SafetyNet,
    /// Sending and receiving by SMTP.
    Smtp,
    /// The driver of the mailbox store.
    StoreDriver,
    /// A word of no known spelling.
    Unknown,
}

/// `(spelling, source)`, sorted by spelling.
const SOURCES: &[(&str, Source)] = &[
    ("admin", Source::Admin),
    ("agent", Source::Agent),
    ("approval", Source::Approval),
    ("bootloader", Source::BootLoader),
    ("dns", Source::Dns),
    ("dsn", Source::Dsn),
    ("gateway", Source::Gateway),
    ("mailboxrule", Source::MailboxRule),
    ("meetingmessageprocessor", Source::MeetingMessageProcessor),
    ("orar", Source::Orar),
    ("pickup", Source::Pickup),
    ("poisonmessage", Source::PoisonMessage),
    ("publicfolder", Source::PublicFolder),
    ("queue", Source::Queue),
    ("redundancy", Source::Redundancy),
    ("resolver", Source::Resolver),
    ("routing", Source::Routing),
    ("safetynet", Source::SafetyNet),
    ("smtp", Source::Smtp),
    ("storedriver", Source::StoreDriver),
];

/// Which component a source word names; [`Source::Unknown`] for a word of no known spelling.
pub fn source(word: &str) -> Source {
    look_up(word, SOURCES, |(spelling, _)| spelling).map_or(Source::Unknown, |(_, source)| *source)
}

impl Source {
    /// The word in its shortest spelling, lower case; `unknown` for [`Source::Unknown`].
    pub fn as_str(self) -> &'static str {
        SOURCES.iter().find(|(_, s)| *s == self).map_or("unknown", |(spelling, _)| spelling)
    }
}

/// Finds a word in a sorted table.
fn look_up<'t, T>(word: &str, table: &'t [T], spelling: fn(&T) -> &'static str) -> Option<&'t T> {
    let mut key = [0u8; LONGEST];
    let mut length = 0;
    for byte in word.bytes() {
        if matches!(byte, b' ' | b'-' | b'_' | b'\t') {
            continue;
        }
        *key.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let key = key.get(..length)?;
    let at = table.binary_search_by(|row| spelling(row).as_bytes().cmp(key)).ok()?;
    table.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the vendor's pages and of published exports, as written there.
    const DOCUMENTED: &[&str] = &[
        "Receive",
        "Send",
        "Fail",
        "Deliver",
        "Expand",
        "Transfer",
        "Defer",
        "Resolved",
        "DLP rule",
        "Sensitivity label",
        "Submit",
        "Send external",
        "Expand DL",
        "Drop",
        "Spam",
        "Malware",
        "Transport rule",
        "Redirect",
        "Journal",
        "Advanced Threat Protection",
        "Quarantine",
        "Queued",
        "Route",
        "Attachment blocked",
        "AGENTINFO",
        "BADMAIL",
        "CLIENTSUBMISSION",
        "DEFER",
        "DELIVER",
        "DELIVERFAIL",
        "DROP",
        "DSN",
        "DUPLICATEDELIVER",
        "DUPLICATEEXPAND",
        "DUPLICATEREDIRECT",
        "EXPAND",
        "FAIL",
        "HADISCARD",
        "HARECEIVE",
        "HAREDIRECT",
        "HAREDIRECTFAIL",
        "INITMESSAGECREATED",
        "LOAD",
        "MODERATIONEXPIRE",
        "MODERATORAPPROVE",
        "MODERATORREJECT",
        "MODERATORSALLNDR",
        "NOTIFYMAPI",
        "NOTIFYSHADOW",
        "POISONMESSAGE",
        "PROCESS",
        "PROCESSMEETINGMESSAGE",
        "RECEIVE",
        "REDIRECT",
        "RESOLVE",
        "RESUBMIT",
        "RESUBMITDEFER",
        "RESUBMITFAIL",
        "SEND",
        "SENDEXTERNAL",
        "SUBMIT",
        "SUBMITDEFER",
        "SUBMITFAIL",
        "SUPPRESSED",
        "THROTTLE",
        "TRANSFER",
        "Quarantined",
        "FilteredAsSpam",
        "Filtered as spam",
        "Getting status",
        "Delivered",
        "Failed",
        "Expanded",
        "Pending",
        "Recalled",
    ];
    const DOCUMENTED_SOURCES: &[&str] = &[
        "ADMIN",
        "AGENT",
        "APPROVAL",
        "BOOTLOADER",
        "DNS",
        "DSN",
        "GATEWAY",
        "MAILBOXRULE",
        "MEETINGMESSAGEPROCESSOR",
        "ORAR",
        "PICKUP",
        "POISONMESSAGE",
        "PUBLICFOLDER",
        "QUEUE",
        "REDUNDANCY",
        "RESOLVER",
        "ROUTING",
        "SAFETYNET",
        "SMTP",
        "STOREDRIVER",
    ];

    #[test]
    fn every_documented_word_is_covered() {
        for word in DOCUMENTED {
            assert_ne!(event(word), Effect::Unknown, "{word}");
        }
        for word in DOCUMENTED_SOURCES {
            assert_ne!(source(word), Source::Unknown, "{word}");
            assert_eq!(source(word).as_str(), word.to_ascii_lowercase());
        }
    }

    #[test]
    fn tables_are_sorted_and_spelled_plainly() {
        assert!(EVENTS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(SOURCES.is_sorted_by(|a, b| a.0 < b.0));
        for spelling in EVENTS.iter().map(|e| e.0).chain(SOURCES.iter().map(|s| s.0)) {
            assert!(spelling.len() <= LONGEST && spelling.bytes().all(|b| b.is_ascii_lowercase()));
        }
    }

    #[test]
    fn spellings() {
        assert_eq!(event("Send external"), Effect::Sent);
        assert_eq!(event(" send-EXTERNAL "), Effect::Sent);
        assert_eq!(event("Filtered as spam"), Effect::Verdict);
        assert_eq!(event(""), Effect::Unknown);
        assert_eq!(event("Teleport"), Effect::Unknown);
        assert_eq!(event(&"x".repeat(1_000_000)), Effect::Unknown);
        assert_eq!(source("Mailbox Rule"), Source::MailboxRule);
        assert_eq!((source("x"), Source::Unknown.as_str()), (Source::Unknown, "unknown"));
    }

    proptest::proptest! {
        #[test]
        fn any_word(word in "\\PC{0,60}") {
            let _ = (event(&word), source(&word));
        }
    }
}
