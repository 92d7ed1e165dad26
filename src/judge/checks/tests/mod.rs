//! A case for every remark, and none for ordinary mail.

mod cases;
mod fine;

use super::*;
use crate::model::auth::DkimFault;
use crate::model::message::{Examined, Hop, Identity};
use crate::model::time::SECOND;
use crate::model::{Instant, Outcome, Placement};
use std::collections::BTreeSet;

/// A message under construction: headers decoded as the decoder does it, as far as checks ask.
struct Made {
    seen: Seen,
    own: Vec<String>,
}

fn at(seconds: i64) -> Instant {
    Instant((1_793_520_000 + seconds) * SECOND)
}

/// Ordinary mail: signed, encrypted, aligned, on time.
fn ordinary() -> Made {
    let hop = |from: &str, by: &str, seconds: i64| Hop {
        from: Some(from.into()),
        by: Some(by.into()),
        time: Some(at(seconds)),
        tls: Some("TLS1_3".into()),
        address: "192.0.2.9".parse().ok(),
        resolved: Some(from.into()),
        protocol: Some("ESMTPS".into()),
        ..Hop::default()
    };
    let mut examined = Examined {
        hops: vec![
            hop("mx.contoso.com", "store.contoso.com", 3),
            hop("mail.fabrikam.com", "mx.contoso.com", 2),
        ],
        ..Examined::default()
    };
    examined.hops[0].delay_seconds = Some(1);
    examined.hops[1].trusted = true;
    let facts = &mut examined.facts;
    facts.subject = Some("Numbers of October".into());
    facts.date = Some(at(0));
    facts.message_id = Some("1@fabrikam.com".into());
    facts.to = vec!["bob@contoso.com".into()];
    facts.stamps.trusted = true;
    let mut made = Made {
        seen: Seen {
            file: "a.eml".into(),
            examined,
            outcome: Outcome::Delivered,
            placement: Placement::Inbox,
            layer: None,
            cause: None,
            side: None,
            refusals: Vec::new(),
            remarks: Vec::new(),
            gateways: Vec::new(),
            verified: None,
        },
        own: vec!["contoso.com".into()],
    };
    made.who("From", Some("Ann Doe"), "ann@fabrikam.com");
    made.field("To", "bob@contoso.com");
    made.field("Subject", "Numbers of October");
    made.field("Date", "Sun, 1 Nov 2026 08:00:00 +0000");
    made.field("Message-ID", "<1@fabrikam.com>");
    made.field("Received", "from mail.fabrikam.com by mx.contoso.com; x");
    made.result("pass", "fabrikam.com", &[("pass", "fabrikam.com")], "pass");
    made
}

impl Made {
    fn field(&mut self, name: &str, value: &str) -> &mut Self {
        self.seen.examined.fields.push((name.into(), value.into()));
        self
    }

    fn who(&mut self, header: &str, name: Option<&str>, address: &str) -> &mut Self {
        let identities = &mut self.seen.examined.identities;
        identities.retain(|i| i.header != header);
        identities.push(Identity {
            header: header.into(),
            name: name.map(str::to_owned),
            address: Some(address.into()),
        });
        self.seen.examined.fields.retain(|(n, _)| n != header);
        self.field(header, &format!("{} <{address}>", name.unwrap_or("")))
    }

    fn result(&mut self, spf: &str, path: &str, dkim: &[(&str, &str)], dmarc: &str) -> &mut Self {
        for stamps in [&mut self.seen.examined.facts.stamps, &mut self.seen.examined.written.stamps]
        {
            stamps.spf = Some(spf.into());
            stamps.mailfrom_domain = Some(path.into());
            stamps.dkim = dkim.iter().map(|(r, d)| ((*r).to_owned(), (*d).to_owned())).collect();
            stamps.dmarc = Some(dmarc.into());
        }
        self
    }

    fn stamp(&mut self, set: impl Fn(&mut crate::model::Stamps)) -> &mut Self {
        set(&mut self.seen.examined.facts.stamps);
        set(&mut self.seen.examined.written.stamps);
        self
    }

    fn subject(&mut self, text: &str) -> &mut Self {
        self.seen.examined.facts.subject = Some(text.into());
        self.seen.examined.fields.retain(|(n, _)| n != "Subject");
        self.field("Subject", text)
    }

    fn ids(&self) -> Vec<&'static str> {
        remarks(&self.seen, &self.own).iter().map(|r| r.id).collect()
    }
}

#[test]
fn ordinary_mail_needs_no_remark() {
    assert_eq!(ordinary().ids(), Vec::<&str>::new());
}

#[test]
fn every_remark_has_its_case() {
    for (id, change) in cases::CASES {
        let mut made = ordinary();
        change(&mut made);
        let ids = made.ids();
        assert!(ids.contains(id), "{id}: {ids:?}");
    }
    let cased: BTreeSet<&str> = cases::CASES.iter().map(|(id, _)| *id).collect();
    let listed: BTreeSet<&str> = CHECKS.iter().flat_map(|c| c.remarks).copied().collect();
    assert_eq!(cased, listed);
    let ids: Vec<&str> = CHECKS.iter().flat_map(|c| c.remarks).copied().collect();
    assert_eq!(ids.len(), listed.len(), "an id is listed twice");
}

#[test]
fn what_is_in_order_is_not_remarked() {
    for (id, change) in fine::FINE {
        let mut made = ordinary();
        change(&mut made);
        assert!(!made.ids().contains(id), "{id} is said: {:?}", made.ids());
    }
}

#[test]
fn the_weightiest_comes_first_and_nothing_twice() {
    let mut made = ordinary();
    made.field("X-Priority", "1").field("X-Gophish-Contact", "x");
    cases::sign(&mut made, &[DkimFault::Expired]);
    cases::sign(&mut made, &[DkimFault::Expired]);
    let ids = made.ids();
    assert_eq!(ids[0], "kit_mark");
    assert_eq!(ids.iter().filter(|id| **id == "dkim_expired").count(), 1);
    assert_eq!(ids.last(), Some(&"high_priority"));
}

#[test]
fn results_that_anybody_may_have_written_are_called_that() {
    let mut made = ordinary();
    made.seen.examined.facts.stamps = crate::model::Stamps::default();
    made.seen.examined.written.stamps.dmarc = Some("fail".into());
    let said = remarks(&made.seen, &made.own);
    let failed = said.iter().find(|r| r.id == "dmarc_failed").unwrap();
    assert!(failed.headline.contains("anybody"), "{}", failed.headline);
}

proptest::proptest! {
    /// Any headers, under names that checks look at.
    #[test]
    fn no_headers_break_a_check(
        fields in proptest::collection::vec((0usize..24, "\\PC{0,40}|[a-z@.<>\"=?:;, ]{0,60}"), 0..24),
        name in "\\PC{0,30}",
        domain in "\\PC{0,20}|[a-z0-9.-]{0,30}",
    ) {
        const NAMES: &[&str] = &[
            "From", "Subject", "Date", "To", "Message-ID", "Reply-To", "Thread-Topic", "X-Mailer",
            "User-Agent", "List-Id", "List-Unsubscribe", "Precedence", "X-Originating-IP",
            "X-MS-Exchange-Transport-EndToEndLatency", "X-MS-Exchange-SkipListedInternetSender",
            "X-LD-Processed", "X-Priority", "Auto-Submitted", "X-OriginatorOrg", "DomainKey-Signature",
            "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp", "X-abCde", "Resent-From",
            "X-Microsoft-Original-Message-ID",
        ];
        let mut made = ordinary();
        for (at, value) in &fields {
            made.field(NAMES[*at], value);
            let place = made.seen.examined.fields.len() - 1;
            made.seen.examined.decoded.push((place, value.chars().rev().collect()));
            made.seen.examined.facts.subject = Some(value.clone());
        }
        made.who("From", Some(&name), &format!("x@{domain}"));
        made.seen.examined.hops[1].from = Some(domain.clone());
        let listed: BTreeSet<&str> = CHECKS.iter().flat_map(|c| c.remarks).copied().collect();
        for remark in remarks(&made.seen, &[domain, "contoso.com".to_owned()]) {
            proptest::prop_assert!(listed.contains(remark.id), "{} is not listed", remark.id);
            proptest::prop_assert!(remark.headline.len() <= HEADLINE_LIMIT && !remark.headline.is_empty());
            proptest::prop_assert!(remark.detail.len() <= DETAIL_LIMIT && !remark.source.is_empty());
        }
    }
}
