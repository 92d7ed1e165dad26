//! Changes to ordinary mail that must not make a remark.

use super::at;
use super::cases::{Change, plain_hop, verify};
use crate::model::auth::DkimResult;

/// What may look like it, and is in order.
pub(super) const FINE: &[(&str, Change)] = &[
    ("display_name_brand", |m| {
        m.who("From", Some("PayPal"), "service@mail.paypal.com");
    }),
    ("display_name_brand", |m| {
        m.who("From", Some("Ann Chase"), "ann@fabrikam.com");
    }),
    ("display_name_own", |m| {
        m.who("From", Some("Contoso Help"), "help@mail.contoso.com");
    }),
    ("display_name_address", |m| {
        m.who("From", Some("ann@fabrikam.com"), "ann@fabrikam.com");
    }),
    ("lookalike_domain", |m| {
        m.who("From", None, "x@news.contoso.com");
    }),
    ("lookalike_domain", |m| {
        m.who("From", None, "x@contoso.onmicrosoft.com");
    }),
    ("name_in_domain", |m| {
        m.who("From", None, "x@mail.contoso.com");
    }),
    ("mixed_script", |m| {
        m.subject("Отчёт contoso, \u{3b1}-test, 5 \u{3bc}m");
    }),
    ("hidden_characters", |m| {
        m.subject("\u{1f468}\u{200d}\u{1f469} caf\u{e9}");
    }),
    ("reply_to_elsewhere", |m| {
        m.who("Reply-To", None, "x@support.fabrikam.com");
    }),
    ("subject_thread_topic", |m| {
        m.field("Thread-Topic", "AW: numbers  of October");
    }),
    ("subject_fake_reply", |m| {
        m.subject("Re: Numbers").field("In-Reply-To", "<0@contoso.com>");
    }),
    ("subject_words", |m| {
        m.subject("Insurgents of Rewardsville");
    }),
    ("spam_but_inbox", |m| {
        m.stamp(|s| {
            s.scl = Some(1);
            s.dest = Some("I".into());
        });
    }),
    ("spoofed_own", |m| {
        m.who("From", None, "ann@contoso.com").stamp(|s| s.auth_as = Some("Internal".into()));
    }),
    ("tls_none", |m| {
        plain_hop(m, 0);
    }),
    ("date_future", |m| m.seen.examined.facts.date = Some(at(600))),
    ("random_headers", |m| {
        m.field("X-Abuse", &"x".repeat(60)).field("X-MSFBL", &"x".repeat(60));
    }),
    ("mailer_doubtful", |m| {
        m.field("X-Mailer", "Microsoft Outlook 16.0").field("Thread-Index", "x");
    }),
    ("dkim_altered", |m| verify(m, DkimResult::NotWhole)),
    ("dkim_altered", |m| verify(m, DkimResult::NoKey)),
    ("encoded_needlessly", |m| {
        m.subject("=?utf-8?B?Y2Fmw6k=?=");
        let at = m.seen.examined.fields.len() - 1;
        m.seen.examined.decoded.push((at, "caf\u{e9}".into()));
    }),
];
