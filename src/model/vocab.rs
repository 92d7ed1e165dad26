//! The closed vocabularies of the report. Their spelling is a contract: scripts match on it.

/// Declares a closed vocabulary: an enum whose variants have one fixed spelling each.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
                 serde::Serialize, serde::Deserialize)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in display order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The spelling used in every output.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value spelled `text`, if there is one.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// The failing layer, in runbook order (the order in which an administrator rules them out).
    Layer {
        /// Microsoft 365 itself: an incident or a delay of the service.
        Service = "service",
        /// DNS, SPF, DKIM, DMARC, MX, and the remote side's TLS (DANE, MTA-STS).
        DnsAuth = "dns_auth",
        /// A connector, smart host, its TLS or its certificate.
        Connector = "connector",
        /// Reputation of an address or tenant, a compromised account, sending limits.
        SenderReputation = "sender_reputation",
        /// Spam, phishing and bulk filtering policy.
        AntiSpam = "anti_spam",
        /// A mail flow (transport) rule.
        TransportRule = "transport_rule",
        /// A rule or list of one mailbox.
        MailboxRule = "mailbox_rule",
        /// The recipient: unknown, full, restricted.
        Recipient = "recipient",
        /// The message itself: size, content form, malware.
        Message = "message",
        /// The evidence at hand does not name a layer.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What became of a delivery.
    Outcome {
        /// Delivered to a mailbox of ours (any folder).
        Delivered = "delivered",
        /// Outbound: the next hop took it.
        Relayed = "relayed",
        /// Held in quarantine.
        Quarantined = "quarantined",
        /// Identified as spam; rejected or sent to Junk, the export does not say which.
        Filtered = "filtered",
        /// Refused or given up: the sender got, or should have got, a bounce.
        Failed = "failed",
        /// Not decided yet.
        Pending = "pending",
        /// Dropped without a bounce.
        Dropped = "dropped",
        /// Sent on to another recipient instead.
        Redirected = "redirected",
        /// A group address replaced by its members.
        Expanded = "expanded",
        /// Recalled by the sender.
        Recalled = "recalled",
        /// The input does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// Where a delivered message lies. "Delivered" is not "inbox".
    Placement {
        /// The Inbox.
        Inbox = "inbox",
        /// The Junk Email folder.
        Junk = "junk",
        /// Another folder, by a mailbox rule.
        Folder = "folder",
        /// Quarantine.
        Quarantine = "quarantine",
        /// Outside: another organisation's system took it.
        External = "external",
        /// Nowhere: it was not delivered.
        None = "none",
        /// The input does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// On whose side the fault lies.
    Side {
        /// The organisation whose evidence this is.
        Ours = "ours",
        /// Microsoft 365.
        Microsoft = "microsoft",
        /// The sending organisation (inbound mail).
        Sender = "sender",
        /// The receiving organisation (outbound mail).
        Recipient = "recipient",
        /// A mail gateway between.
        Gateway = "gateway",
        /// The evidence does not say.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// Direction of a delivery as seen by the organisation whose evidence this is.
    Direction {
        /// From outside to us.
        Inbound = "inbound",
        /// From us to outside.
        Outbound = "outbound",
        /// Between our own addresses.
        Internal = "internal",
        /// Neither stated nor inferable.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// How directly a verdict is known.
    Grade {
        /// A system said so.
        Direct = "direct",
        /// Several records agree.
        Correlated = "correlated",
        /// Our reading of a pattern.
        Heuristic = "heuristic",
    }
}

vocabulary! {
    /// What an allow list (a mail flow rule, a policy's, the connection filter's or a user's) let
    /// through to the mailbox.
    Risk {
        /// The filter calls the message spam, phishing, bulk or a forgery.
        AllowedDespiteVerdict = "allowed_despite_verdict",
        /// The sender's authentication failed.
        AllowedDespiteAuthFailure = "allowed_despite_auth_failure",
    }
}

vocabulary! {
    /// What kind of statement a finding is.
    FindingStatus {
        /// Began or changed inside the window.
        Incident = "incident",
        /// There from the start, at a steady rate.
        Chronic = "chronic",
        /// Not failing yet.
        Risk = "risk",
        /// Worth knowing.
        Info = "info",
        /// Too little data to say.
        InsufficientData = "insufficient_data",
    }
}

vocabulary! {
    /// State of a finding at the end of the window.
    FindingState {
        /// Still going on.
        Ongoing = "ongoing",
        /// Rate is falling back.
        Recovering = "recovering",
        /// Over.
        Ended = "ended",
        /// Cannot be said.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// State of a layer over the whole report.
    LayerState {
        /// A finding says this layer fails.
        Failing = "failing",
        /// A risk was found, nothing fails yet.
        Risk = "risk",
        /// Some input could have shown a fault and none was there.
        Clear = "clear",
        /// No input could show it; `needs` names the export that could.
        NotObservable = "not_observable",
        /// An input could show it, but there is too little of it.
        InsufficientData = "insufficient_data",
    }
}

vocabulary! {
    /// What a finding is about.
    EntityType {
        /// The whole organisation.
        Tenant = "tenant",
        /// A sending domain.
        SenderDomain = "sender_domain",
        /// A receiving domain.
        RecipientDomain = "recipient_domain",
        /// One sender address.
        Sender = "sender",
        /// One recipient address.
        Recipient = "recipient",
        /// A connector.
        Connector = "connector",
        /// A mail flow rule.
        Rule = "rule",
        /// A filtering policy.
        Policy = "policy",
        /// A DKIM selector.
        Selector = "selector",
        /// A remote mail provider.
        RemoteProvider = "remote_provider",
        /// A client address.
        ClientIp = "client_ip",
        /// A network.
        Network = "network",
        /// A server.
        Server = "server",
        /// A group.
        Group = "group",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_reads_back() {
        for layer in Layer::ALL {
            assert_eq!(Layer::parse(layer.as_str()), Some(*layer));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.as_str()), Some(*outcome));
        }
        assert_eq!(Layer::parse("Service"), None, "spelling is exact");
    }
}
