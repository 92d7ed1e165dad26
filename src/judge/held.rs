//! Why a delivery is held, and what let one through that should have been: stamps and events read
//! together.
//!
//! Sources of the values: `knowledge`'s tables `forefront`, `scl` and `microsoft_antispam`.

use crate::model::message::Stamps;
use crate::model::{Delivery, Direction, Grade, Layer, Outcome, Placement, Risk, Side, Verdict};

/// What the service and the mailbox said of a delivery: trusted stamps, and events where stamps
/// are silent. Texts are empty where nothing is said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said<'a> {
    /// Spam filtering verdict.
    pub(super) sfv: &'a str,
    /// Category of the policy that won.
    pub(super) cat: &'a str,
    scl: Option<i8>,
    ipv: &'a str,
    sfty: &'a str,
    ofr: &'a str,
    dmarc: &'a str,
    compauth: &'a str,
    spf: &'a str,
    dkim_passes: bool,
    malware: bool,
    rule_action: &'a str,
    /// Setting that let it pass, as an export of Defender says.
    allowed_by: &'a str,
    /// Not from outside: filtering is passed by as a matter of course.
    internal: bool,
}

/// Why a delivery is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) layer: Layer,
    /// One of `knowledge::CAUSES`.
    pub(super) cause: &'static str,
    /// `None`: that of the symptom.
    pub(super) side: Option<Side>,
    pub(super) grade: Grade,
}

/// Families of `CAT` values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Category {
    /// `NONE`, or none stated.
    Clean,
    Spam,
    Bulk,
    Phishing,
    Spoof,
    Malware,
    FileType,
    Outbound,
    /// A value that is not known.
    Other,
}

const CATEGORIES: &[(&str, Category)] = &[
    ("", Category::Clean),
    ("NONE", Category::Clean),
    ("SPM", Category::Spam),
    ("HSPM", Category::Spam),
    ("BULK", Category::Bulk),
    ("PHSH", Category::Phishing),
    ("PHISH", Category::Phishing),
    ("HPHSH", Category::Phishing),
    ("HPHISH", Category::Phishing),
    ("INTOS", Category::Phishing),
    ("UIMP", Category::Phishing),
    ("DIMP", Category::Phishing),
    ("GIMP", Category::Phishing),
    ("BIMP", Category::Phishing),
    ("SPOOF", Category::Spoof),
    ("MALW", Category::Malware),
    ("AMP", Category::Malware),
    ("SAP", Category::Malware),
    ("FTBP", Category::FileType),
    ("OSPM", Category::Outbound),
];

/// Spam confidence level from which mail is spam.
const SPAM: i8 = 5;

impl<'a> Said<'a> {
    /// What is said of this delivery; `None` where nothing is.
    pub(super) fn of(d: &Delivery<'a>, direction: Direction) -> Option<Self> {
        let stamps = d.stamps().find(|s| s.trusted);
        let path = d.path.as_deref();
        let told = path.is_some_and(|p| {
            !(p.spam.is_empty() && p.spam.ipv.is_empty() && p.rule_action.is_empty()) || p.malware
        });
        if stamps.is_none() && !told {
            return None;
        }
        let mut said = stamps.map_or_else(Self::default, Self::stamped);
        said.internal |= matches!(direction, Direction::Outbound | Direction::Internal);
        if let Some(path) = path {
            let fill = |slot: &mut &'a str, value: &'a str| {
                if slot.is_empty() {
                    *slot = value;
                }
            };
            fill(&mut said.sfv, path.spam.sfv);
            fill(&mut said.ipv, path.spam.ipv);
            said.scl = said.scl.or(path.spam.scl);
            said.malware |= path.malware;
            said.rule_action = path.rule_action;
        }
        Some(said)
    }

    fn stamped(s: &'a Stamps) -> Self {
        fn text(value: Option<&String>) -> &str {
            value.map_or("", String::as_str)
        }
        Self {
            sfv: text(s.sfv.as_ref()),
            cat: text(s.cat.as_ref()),
            scl: s.scl,
            ipv: text(s.ipv.as_ref()),
            sfty: text(s.sfty.as_ref()),
            ofr: text(s.ofr.as_ref()),
            dmarc: text(s.dmarc.as_ref()),
            compauth: text(s.compauth.as_ref()),
            spf: text(s.spf.as_ref()),
            dkim_passes: s.dkim.iter().any(|(result, _)| result == "pass"),
            malware: false,
            rule_action: "",
            allowed_by: text(s.allowed_by.as_ref()),
            internal: text(s.auth_as.as_ref()) == "Internal"
                || text(s.directionality.as_ref()) == "Originating"
                || matches!(text(s.dir.as_ref()), "INT" | "OUT"),
        }
    }

    fn category(&self) -> Category {
        let known = CATEGORIES.iter().find(|(value, _)| *value == self.cat);
        known.map_or(Category::Other, |(_, category)| *category)
    }

    /// Somebody of ours had asked for the filter to be passed by: a mail flow rule or a connector
    /// (SKN, SCL -1), an allow list of a policy (SKA) or of the connection filter (CAL), a user's
    /// safe senders (SFE). Mail from inside passes it by as a matter of course. SFTY 9.22 to 9.24
    /// say that such a wish was overridden.
    fn bypass(&self) -> bool {
        let asked = matches!(self.sfv, "SKN" | "SKA" | "SFE")
            || self.ipv == "CAL"
            || self.scl == Some(-1) && !matches!(self.sfv, "SKI" | "SKQ")
            || matches!(self.sfty, "9.22" | "9.23" | "9.24")
            || matches!(self.ofr, "TrustedSenderList" | "SenderInAddressBook")
            || !self.allowed_by.is_empty();
        asked && !self.internal
    }

    /// The filter let it pass, in so many words.
    fn passed(&self) -> bool {
        let words = matches!(self.sfv, "NSPM" | "SKN" | "SKA" | "SKI" | "SKQ" | "SFE");
        words && self.category() == Category::Clean && self.scl.is_none_or(|scl| scl < SPAM)
    }

    /// The sender is not who the message says.
    fn unauthenticated(&self) -> bool {
        self.dmarc == "fail"
            || self.category() == Category::Spoof
            || matches!(self.sfty, "9.11" | "9.21")
    }

    /// Why this delivery is held; `None` where nothing said tells more than its status.
    pub(super) fn reason(&self, verdict: &Verdict) -> Option<Reason> {
        let category = self.category();
        let held_by =
            |layer, cause| Some(Reason { layer, cause, side: None, grade: Grade::Direct });
        let by_us = |layer, cause| {
            Some(Reason { layer, cause, side: Some(Side::Ours), grade: Grade::Direct })
        };
        let bad = !matches!(category, Category::Clean | Category::Other);
        // Secure by default: what a bypass cannot free, and what overrode it all the same.
        if self.bypass() && (bad || self.malware) && self.rule_action != "Quarantine" {
            return by_us(Layer::AntiSpam, "bypass_overridden");
        }
        if self.malware || category == Category::Malware {
            return held_by(Layer::Message, "malware");
        }
        if self.rule_action == "Quarantine" {
            return by_us(Layer::TransportRule, "rule_quarantined");
        }
        match self.sfv {
            "BLK" => return by_us(Layer::MailboxRule, "mailbox_list_junked"),
            "SKB" => return by_us(Layer::AntiSpam, "blocked_by_list"),
            "SKS" => return by_us(Layer::TransportRule, "rule_quarantined"),
            // Stamped SKS where the filter honoured it; events may not say.
            "" if self.raised_by_rule() => return by_us(Layer::TransportRule, "rule_quarantined"),
            _ => {}
        }
        if verdict.placement == Placement::Junk
            && let Some(reason) = self.junked_by_mailbox()
        {
            return Some(reason);
        }
        if self.unauthenticated() {
            return held_by(Layer::DnsAuth, "spoof_filtered");
        }
        match category {
            Category::Spam => return held_by(Layer::AntiSpam, "spam_filtered"),
            Category::Bulk => return held_by(Layer::AntiSpam, "bulk_filtered"),
            Category::Phishing => return held_by(Layer::AntiSpam, "phishing_filtered"),
            Category::FileType => return held_by(Layer::Message, "attachment_rejected"),
            // Our own outbound scan: a matter of who sends, not of what comes in.
            Category::Outbound => return by_us(Layer::SenderReputation, "spam_filtered"),
            Category::Clean | Category::Spoof | Category::Malware | Category::Other => {}
        }
        if self.bypass() && verdict.outcome == Outcome::Quarantined {
            // Events do not name the category: nothing else is known to hold such mail.
            let (cause, side) = ("bypass_overridden", Some(Side::Ours));
            return Some(Reason { layer: Layer::AntiSpam, cause, side, grade: Grade::Heuristic });
        }
        let spam = self.sfv == "SPM" || self.scl.is_some_and(|scl| scl >= SPAM);
        if spam { held_by(Layer::AntiSpam, "spam_filtered") } else { None }
    }

    fn raised_by_rule(&self) -> bool {
        self.rule_action.eq_ignore_ascii_case("SetScl") && self.scl.is_none_or(|scl| scl >= SPAM)
    }

    /// Junk although the filter had let it pass: a list of the mailbox's owner.
    fn junked_by_mailbox(&self) -> Option<Reason> {
        let stated = self.ofr == "ExclusiveSettings";
        let honoured = self.ofr == "SpamFilterAuthJ";
        (stated || self.passed() && !honoured).then_some(Reason {
            layer: Layer::MailboxRule,
            cause: "mailbox_list_junked",
            side: Some(Side::Ours),
            grade: if stated { Grade::Direct } else { Grade::Correlated },
        })
    }

    /// What an allow list let through.
    pub(super) fn risk(&self, verdict: &Verdict) -> Option<Risk> {
        let arrived = verdict.outcome == Outcome::Delivered && !verdict.held;
        if !arrived || !self.bypass() {
            return None;
        }
        let spam = !matches!(self.category(), Category::Clean | Category::Other)
            || self.scl.is_some_and(|scl| scl >= SPAM);
        let failed = self.dmarc == "fail"
            || self.compauth == "fail"
            || matches!(self.spf, "fail" | "softfail") && !self.dkim_passes;
        match (spam, failed) {
            (true, _) => Some(Risk::AllowedDespiteVerdict),
            (false, true) => Some(Risk::AllowedDespiteAuthFailure),
            (false, false) => None,
        }
    }
}
