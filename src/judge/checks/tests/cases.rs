//! Changes to ordinary mail that make each remark.

use super::{Made, at};
use crate::model::auth::{
    ArcFault, ArcResults, ArcSeal, ArcSet, DkimCheck, DkimFault, DkimResult, DkimSignature,
};
use crate::model::message::Hop;

/// What is done to ordinary mail.
pub(super) type Change = fn(&mut Made);

/// What each remark rests on.
pub(super) const CASES: &[(&str, Change)] = &[
    ("display_name_address", |m| {
        m.who("From", Some("Boss <boss@contoso.com>"), "x@fabrikam.com");
    }),
    ("display_name_own", |m| {
        m.who("From", Some("Contoso Help Desk"), "x@fabrikam.com");
    }),
    ("display_name_own", |m| {
        m.who("From", Some("C0NT0S0 IT"), "x@fabrikam.com");
    }),
    ("display_name_brand", |m| {
        m.who("From", Some("PayPal Service"), "x@fabrikam.com");
    }),
    ("display_name_brand", |m| {
        m.who("From", Some("PаyPаl"), "x@fabrikam.com");
    }),
    ("display_name_brand", |m| {
        m.who("From", Some("Apple Support"), "x@fabrikam.com");
    }),
    ("display_name_domain", |m| {
        m.who("From", Some("northwindtraders.com"), "x@fabrikam.com");
    }),
    ("lookalike_domain", |m| {
        m.who("From", None, "x@c0ntoso.com");
    }),
    ("lookalike_domain", |m| {
        m.who("From", None, "x@contosso.com");
    }),
    ("lookalike_domain", |m| {
        m.who("From", None, "x@contoso.net");
    }),
    ("lookalike_domain", |m| {
        m.who("Reply-To", None, "x@xn--cntoso-iye.com");
    }),
    ("lookalike_domain", |m| {
        m.who("From", None, "x@paypa1.com");
    }),
    ("name_in_domain", |m| {
        m.who("From", None, "x@contoso.mail.example");
    }),
    ("name_in_domain", |m| {
        m.who("From", None, "x@contoso-pay.example");
    }),
    ("name_in_domain", |m| {
        m.who("From", None, "x@paypal.login.example");
    }),
    ("punycode_domain", |m| {
        m.who("From", None, "x@xn--mnchen-3ya.example");
    }),
    ("mixed_script", |m| {
        m.subject("Your pаssword");
    }),
    ("hidden_characters", |m| {
        m.subject("Your pass\u{200b}word");
    }),
    ("hidden_characters", |m| {
        m.subject("Your \u{202e}drowssap");
    }),
    ("kit_mark", |m| {
        m.field("X-Gophish-Contact", "x");
    }),
    ("kit_mark", |m| {
        m.field("X-Mailer", "Leaf PHPMailer 2.7");
    }),
    ("simulation", |m| {
        m.field("X-PHISHTEST", "1");
    }),
    ("reply_to_elsewhere", |m| {
        m.who("Reply-To", None, "x@northwindtraders.com");
    }),
    ("reply_to_freemail", |m| {
        m.who("Reply-To", None, "x@gmail.com");
    }),
    ("sender_elsewhere", |m| {
        m.who("Sender", None, "x@northwindtraders.com");
    }),
    ("account_elsewhere", |m| {
        m.who("X-Authenticated-Sender", None, "x@northwindtraders.com");
    }),
    ("return_path_elsewhere", |m| {
        m.who("Return-Path", None, "x@northwindtraders.com");
    }),
    ("identities", |m| {
        m.who("Reply-To", None, "x@northwindtraders.com").who(
            "Return-Path",
            None,
            "x@mailer.example",
        );
    }),
    ("subject_thread_topic", |m| {
        m.field("Thread-Topic", "Lunch");
    }),
    ("subject_fake_reply", |m| {
        m.subject("Re: Numbers");
    }),
    ("subject_words", |m| {
        m.subject("Urgent: verify your account");
    }),
    ("subject_words", |m| {
        m.subject("Letzte Mahnung");
    }),
    ("clean_but_junk", |m| {
        m.stamp(|s| {
            s.sfv = Some("NSPM".into());
            s.dest = Some("J".into());
        });
    }),
    ("spam_but_inbox", |m| {
        m.stamp(|s| {
            s.scl = Some(6);
            s.dest = Some("I".into());
            s.ofr = Some("TrustedSenderList".into());
        });
    }),
    ("moved_by_rule", |m| {
        m.stamp(|s| s.dest = Some("C".into()));
    }),
    ("passed_filter", |m| {
        m.stamp(|s| s.sfv = Some("SKN".into()));
    }),
    ("blocked_by_list", |m| {
        m.stamp(|s| s.sfv = Some("BLK".into()));
    }),
    ("dmarc_failed", |m| {
        m.result("fail", "fabrikam.com", &[], "fail");
    }),
    ("dmarc_overridden", |m| {
        m.result("fail", "x.example", &[], "fail")
            .stamp(|s| s.dmarc_action = Some("oreject".into()));
    }),
    ("dmarc_unprotected", |m| {
        m.result("pass", "fabrikam.com", &[("pass", "fabrikam.com")], "none");
    }),
    ("spoofed_own", |m| {
        m.who("From", Some("Ann"), "ann@contoso.com")
            .result("fail", "x.example", &[], "fail")
            .stamp(|s| s.auth_as = Some("Anonymous".into()));
    }),
    ("nothing_aligned", |m| {
        m.result("pass", "mailer.example", &[("pass", "mailer.example")], "fail");
    }),
    ("spf_alone_aligned", |m| {
        m.result("pass", "news.fabrikam.com", &[("fail", "fabrikam.com")], "pass");
    }),
    ("dkim_alone_aligned", |m| {
        m.result("fail", "fabrikam.com", &[("pass", "fabrikam.com")], "pass");
    }),
    ("nothing_passed", |m| {
        m.result("softfail", "fabrikam.com", &[("none", "")], "fail");
    }),
    ("dkim_weak", |m| sign(m, &[DkimFault::LengthLimited])),
    ("dkim_expired", |m| sign(m, &[DkimFault::Expired])),
    ("dkim_invalid", |m| sign(m, &[DkimFault::FromNotSigned])),
    ("dkim_gaps", |m| {
        sign(m, &[]);
        m.seen.examined.dkim_signatures[0].signed = vec!["from".into(), "to".into()];
    }),
    ("dkim_old_style", |m| {
        m.field("DomainKey-Signature", "a=rsa-sha1; d=fabrikam.com");
    }),
    ("dkim_verified", |m| verify(m, DkimResult::Pass)),
    ("dkim_altered", |m| verify(m, DkimResult::BodyAltered)),
    ("dkim_key_unusable", |m| verify(m, DkimResult::KeyUnusable)),
    ("arc_saved", |m| {
        m.stamp(|s| s.compauth_reason = Some("130".into()));
    }),
    ("arc_broken", |m| m.seen.examined.arc_faults.push(ArcFault::Failed { instance: 2 })),
    ("arc_changed", |m| {
        let results = ArcResults { dmarc: Some("pass".into()), ..ArcResults::default() };
        let seal = ArcSeal { domain: Some("lists.example".into()), ..ArcSeal::default() };
        let set =
            ArcSet { instance: 1, results: Some(results), seal: Some(seal), ..ArcSet::default() };
        m.seen.examined.arc.push(set);
        m.result("pass", "lists.example", &[], "fail");
    }),
    ("original_source", |m| {
        m.field(
            "X-MS-Exchange-SkipListedInternetSender",
            "ip=[192.0.2.77];domain=mail.fabrikam.com",
        );
    }),
    ("hybrid_lost", |m| {
        m.stamp(|s| s.auth_as = Some("Anonymous".into()));
        m.field("X-MS-Exchange-CrossTenant-FromEntityHeader", "HybridOnPrem");
    }),
    ("tenant_to_tenant", |m| {
        m.field("X-MS-Exchange-Transport-CrossTenantHeadersStripped", "x");
    }),
    ("attributed_relay", |m| {
        m.field("X-OriginatorOrg", "northwindtraders.com");
        m.field(
            "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp",
            "TenantId=x;Ip=[192.0.2.1]",
        );
    }),
    ("internal_by_claim", |m| {
        m.seen.examined.facts.stamps.trusted = false;
        m.seen.examined.written.stamps.auth_as = Some("Internal".into());
    }),
    ("first_contact", |m| {
        m.stamp(|s| s.sfty = Some("9.25".into()));
    }),
    ("focused_inbox_bypass", |m| {
        m.field("X-MS-Exchange-Organization-BypassFocusedInbox", "true");
    }),
    ("safe_links_skipped", |m| {
        m.field("X-MS-Exchange-Organization-SkipSafeLinksProcessing", "1");
    }),
    ("purged_later", |m| {
        m.field("X-Microsoft-Antispam-ZAP-Message-Info", "x");
    }),
    ("exchange_unsupported", |m| {
        m.seen.examined.hops[1].protocol = Some("Microsoft SMTP Server".into());
        m.seen.examined.hops[1].id = Some("15.0.1497.2".into());
    }),
    ("exchange_server", |m| {
        m.seen.examined.hops[1].protocol = Some("Microsoft SMTP Server".into());
        m.seen.examined.hops[1].id = Some("15.2.2562.20".into());
    }),
    ("slow_service", |m| {
        m.field("X-MS-Exchange-Transport-EndToEndLatency", "00:04:01.5");
    }),
    ("from_not_compliant", |m| {
        m.field("X-MS-Office365-Filtering-P2NotCompliant", "true");
    }),
    ("message_id_by_service", |m| {
        m.seen.examined.facts.message_id = Some("1_SMTPIN_ADDED_MISSING@mx.contoso.com".into());
    }),
    ("received_none", |m| m.seen.examined.hops.clear()),
    ("received_backwards", |m| m.seen.examined.hops[0].delay_seconds = Some(-9000)),
    ("received_unreadable", |m| m.seen.examined.hops.push(Hop::default())),
    ("helo_elsewhere", |m| m.seen.examined.hops[1].resolved = Some("host.isp.example".into())),
    ("helo_literal", |m| m.seen.examined.hops[1].from = Some("[192.0.2.9]".into())),
    ("helo_literal", |m| m.seen.examined.hops[1].from = Some("ubuntu-2gb".into())),
    ("no_reverse_name", |m| {
        m.seen.examined.hops[1].resolved = None;
        m.seen.examined.written.helo = Some("mail.fabrikam.com".into());
        m.stamp(|s| s.cip = Some("192.0.2.9".into()));
    }),
    ("private_only", |m| {
        m.seen.examined.hops.iter_mut().for_each(|h| h.address = "10.0.0.1".parse().ok());
    }),
    ("tls_old", |m| m.seen.examined.hops[1].tls = Some("TLS1_0".into())),
    ("tls_none", |m| plain_hop(m, 1)),
    ("tls_downgrade", |m| {
        let mut further = m.seen.examined.hops[1].clone();
        further.from = Some("relay.northwindtraders.com".into());
        further.by = Some("mail.fabrikam.com".into());
        m.seen.examined.hops.push(further);
        plain_hop(m, 1);
    }),
    ("forwarded", |m| {
        m.field("X-Forwarded-To", "bob@contoso.com");
    }),
    ("forwarded_out", |m| {
        m.field("X-LD-Processed", "f7a17af6,ExtFwd");
    }),
    ("sent_by_rule", |m| {
        m.field("X-MS-Exchange-Inbox-Rules-Loop", "bob@contoso.com");
    }),
    ("loop", |m| {
        let hop = m.seen.examined.hops[1].clone();
        m.seen.examined.hops.extend([hop.clone(), hop]);
    }),
    ("many_hops", |m| {
        let hop = Hop { by: Some("x".into()), ..Hop::default() };
        m.seen.examined.hops.extend(vec![hop; 30]);
    }),
    ("not_addressed", |m| {
        m.seen.examined.delivered_to.push("bob@contoso.com".into());
        m.seen.examined.facts.to = vec!["x@northwindtraders.com".into()];
    }),
    ("date_missing", |m| {
        m.seen.examined.fields.retain(|(n, _)| n != "Date");
        m.seen.examined.facts.date = None;
    }),
    ("date_unreadable", |m| m.seen.examined.facts.date = None),
    ("date_future", |m| m.seen.examined.facts.date = Some(at(7200))),
    ("date_old", |m| m.seen.examined.facts.date = Some(at(-200_000))),
    ("slow_way", |m| m.seen.examined.hops[0].delay_seconds = Some(9000)),
    ("encoded_nested", |m| {
        m.subject("=?utf-8?B?PT91dGYtOD9CP1lRPT0/PQ==?=");
        let at = m.seen.examined.fields.len() - 1;
        m.seen.examined.decoded.push((at, "=?utf-8?B?YQ==?=".into()));
    }),
    ("encoded_needlessly", |m| {
        m.subject("=?utf-8?B?TnVtYmVycw==?=");
        let at = m.seen.examined.fields.len() - 1;
        m.seen.examined.decoded.push((at, "Numbers".into()));
    }),
    ("header_twice", |m| {
        m.field("Subject", "Other numbers");
    }),
    ("from_missing", |m| m.seen.examined.fields.retain(|(n, _)| n != "From")),
    ("from_several", |m| {
        m.seen.examined.fields.retain(|(n, _)| n != "From");
        m.field("From", "a@fabrikam.com, b@northwindtraders.com");
    }),
    ("message_id_missing", |m| m.seen.examined.fields.retain(|(n, _)| n != "Message-ID")),
    ("message_id_broken", |m| {
        m.seen.examined.fields.retain(|(n, _)| n != "Message-ID");
        m.field("Message-ID", "no angle brackets");
    }),
    ("line_too_long", |m| m.seen.examined.longest_line = 32_000),
    ("header_nul", |m| m.seen.examined.has_nul = true),
    ("header_bomb", |m| m.seen.examined.field_count = 100_000),
    ("mailer_script", |m| {
        m.field("X-Mailer", "PHPMailer 6.9 (https://example.com)");
    }),
    ("mailer_outdated", |m| {
        m.field("X-Mailer", "Microsoft Outlook Express 6.00.2600.0000");
    }),
    ("mailer_several", |m| {
        m.field("X-Mailer", "A 1").field("User-Agent", "B 2");
    }),
    ("mailer_doubtful", |m| {
        m.field("X-Mailer", "Microsoft Outlook 16.0");
    }),
    ("list_mail", |m| {
        m.field("List-Id", "<dev.lists.example>").field("List-Post", "<mailto:dev@lists.example>");
    }),
    ("newsletter", |m| {
        m.field("List-Unsubscribe", "<mailto:x@fabrikam.com>");
    }),
    ("bulk_sender", |m| {
        m.field("X-SG-EID", "x");
    }),
    ("automatic", |m| {
        m.field("Auto-Submitted", "auto-generated");
    }),
    ("client_address", |m| {
        m.field("X-Originating-IP", "[192.0.2.44]");
    }),
    ("inner_hosts", |m| {
        let hop = Hop {
            from: Some("pc7.fabrikam.local".into()),
            by: Some("x.fabrikam.com".into()),
            ..Hop::default()
        };
        m.seen.examined.hops.push(hop);
    }),
    ("random_headers", |m| {
        m.field("X-gyqrD", &"NWpsFJDRXX".repeat(6));
    }),
    ("high_priority", |m| {
        m.field("X-Priority", "1 (Highest)");
    }),
];

pub(super) fn sign(m: &mut Made, faults: &[DkimFault]) {
    m.seen.examined.dkim_signatures.push(DkimSignature {
        domain: Some("fabrikam.com".into()),
        selector: Some("s1".into()),
        algorithm: Some("rsa-sha256".into()),
        signature_length: 344,
        faults: faults.to_vec(),
        ..DkimSignature::default()
    });
}

pub(super) fn verify(m: &mut Made, result: DkimResult) {
    m.seen.verified = Some(vec![DkimCheck {
        domain: Some("fabrikam.com".into()),
        selector: None,
        result,
        detail: "x".into(),
    }]);
}

pub(super) fn plain_hop(m: &mut Made, at: usize) {
    m.seen.examined.hops[at].tls = None;
    m.seen.examined.hops[at].protocol = Some("ESMTP".into());
}
