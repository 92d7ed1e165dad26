//! Who gave a reply, as the record states it beside the text: the same code means different things
//! by who speaks.

/// Who gave a reply. A statement of the record, weaker than the marks in the text itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Speaker {
    /// The record does not say.
    #[default]
    Unknown,
    /// The service; which component of it is not said.
    Service,
    /// A mail flow rule: the words are its author's.
    Rule,
    /// A transport agent of the service.
    Agent,
    /// The mailbox store.
    Store,
    /// The resolver of recipients.
    Resolver,
    /// A server outside of the service.
    Remote,
}

impl Speaker {
    const ALL: &'static [Self] = &[
        Self::Unknown,
        Self::Service,
        Self::Rule,
        Self::Agent,
        Self::Store,
        Self::Resolver,
        Self::Remote,
    ];

    /// Spelling in the column `speaker` of the tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Service => "service",
            Self::Rule => "rule",
            Self::Agent => "agent",
            Self::Store => "store",
            Self::Resolver => "resolver",
            Self::Remote => "remote",
        }
    }

    /// The speaker spelled `text`, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == text)
    }

    /// The service itself, or a part of it.
    pub const fn is_service(self) -> bool {
        !matches!(self, Self::Unknown | Self::Remote)
    }

    /// The speaker of a failure or deferral: `external` is the record's own word whether a server
    /// outside replied, `rejected_by_rule` that the record names the rule that refused, `source` the
    /// component that wrote the event. SMTP alone says nothing: it writes what the remote server
    /// answers, and what goes wrong before it can.
    ///
    /// Source of the components: Microsoft, "Message tracking" (`source`).
    pub fn of(source: &str, external: Option<bool>, rejected_by_rule: bool) -> Self {
        const COMPONENTS: &[(&str, Speaker)] = &[
            ("STOREDRIVER", Speaker::Store),
            ("AGENT", Speaker::Agent),
            ("RESOLVER", Speaker::Resolver),
            ("QUEUE", Speaker::Service),
            ("ROUTING", Speaker::Service),
            ("DNS", Speaker::Service),
            ("APPROVAL", Speaker::Service),
            ("POISONMESSAGE", Speaker::Service),
            ("PUBLICFOLDER", Speaker::Store),
        ];
        if external == Some(true) {
            return Self::Remote;
        }
        if rejected_by_rule {
            return Self::Rule;
        }
        let component = COMPONENTS.iter().find(|(word, _)| word.eq_ignore_ascii_case(source));
        match (component, external) {
            (Some((_, speaker)), _) => *speaker,
            (None, Some(false)) => Self::Service,
            (None, _) => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_record_states() {
        assert_eq!(Speaker::of("SMTP", None, false), Speaker::Unknown);
        assert_eq!(Speaker::of("SMTP", Some(true), false), Speaker::Remote);
        assert_eq!(Speaker::of("SMTP", Some(false), false), Speaker::Service);
        assert_eq!(Speaker::of("storedriver", None, false), Speaker::Store);
        assert_eq!(Speaker::of("AGENT", Some(false), true), Speaker::Rule);
        assert_eq!(Speaker::of("AGENT", Some(true), true), Speaker::Remote);
        assert_eq!(Speaker::of("", None, false), Speaker::Unknown);
        for speaker in Speaker::ALL {
            assert_eq!(Speaker::parse(speaker.as_str()), Some(*speaker));
        }
    }
}
