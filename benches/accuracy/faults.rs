//! Faults put into an ordinary window, each with what a right answer is.

use super::week::{Dice, Fate, Mail, OURS, Tenant, partner, plain, unknown};

/// A fault.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// Layers that are right.
    pub(crate) layers: &'static [&'static str],
    /// Exports that can show it, by [`super::exports::Dialect`] name.
    pub(crate) dialects: &'static [&'static str],
    pub(crate) put: fn(&mut Setting<'_>),
}

/// Where a fault is put.
pub(crate) struct Setting<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) dice: &'a mut Dice,
    pub(crate) mail: &'a mut Vec<Mail>,
    /// Seconds of the window.
    pub(crate) onset: u32,
    pub(crate) end: u32,
    /// Entities that are right.
    pub(crate) entities: Vec<String>,
    /// Deliveries hit, or missing.
    pub(crate) hit: u64,
    /// Time of the first one.
    pub(crate) first: Option<u32>,
}

impl Setting<'_> {
    /// Changes a part of the mail of the stretch.
    fn change(
        &mut self,
        part: f64,
        which: impl Fn(&Mail) -> bool,
        to: impl Fn(&mut Mail, &mut Dice),
    ) {
        let stretch = self.onset..self.end;
        for mail in self.mail.iter_mut().filter(|m| stretch.contains(&m.at) && which(m)) {
            if mail.fate == Fate::Arrived && self.dice.chance(part) {
                to(mail, self.dice);
                self.hit += 1;
                self.first.get_or_insert(mail.at);
            }
        }
    }

    fn fail(&mut self, part: f64, which: impl Fn(&Mail) -> bool, replies: &'static [&'static str]) {
        self.change(part, which, |mail, dice| {
            mail.fate = Fate::Failed(replies[dice.below(replies.len())].to_owned());
        });
    }

    /// Adds mail of the stretch, so much an hour.
    fn add(&mut self, hourly: f64, make: impl Fn(&Tenant, &mut Dice, u32) -> Mail) {
        let (from, to) = (self.onset, self.end);
        let hours = f64::from(to - from) / 3600.0;
        for _ in 0..(hourly * hours) as usize {
            let mut mail = make(self.tenant, self.dice, 0);
            mail.at = from + self.dice.below((to - from) as usize) as u32;
            self.hit += 1;
            self.first = Some(self.first.map_or(mail.at, |f| f.min(mail.at)));
            self.mail.push(mail);
        }
        self.mail.sort_by_key(|m| m.at);
    }
}

pub(crate) fn ours(address: &str) -> bool {
    address.ends_with("@contoso.com")
}

fn outbound(m: &Mail) -> bool {
    ours(&m.sender) && !ours(&m.recipient)
}

fn inbound(m: &Mail) -> bool {
    !ours(&m.sender) && ours(&m.recipient)
}

pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "our mail refused, DMARC",
        layers: &["dns_auth"],
        dialects: &["report", "hunting"],
        put: |s| {
            s.entities = vec![OURS.into()];
            s.fail(0.6, outbound, &[
                "550 5.7.26 This mail is unauthenticated: DMARC",
                "550 5.7.509 Access denied, sending domain contoso.com does not pass DMARC verification and has a DMARC policy of reject",
                "550 5.7.515 Access denied, sending domain contoso.com doesn't meet the required authentication level",
            ]);
            // What a service sends as us shows it, too; that it is held is not counted.
            let refused = s.hit;
            s.add(1.0, |tenant, dice, hour| {
                let to = tenant.mailbox(dice);
                let mut mail = plain(dice, hour, format!("crm@{OURS}"), to);
                mail.auth = ["pass", "fail", "fail"];
                mail.fate = Fate::Junk("Default");
                mail
            });
            s.hit = refused;
        },
    },
    Fault {
        name: "a partner's domain does not resolve",
        layers: &["dns_auth"],
        dialects: &["report"],
        put: |s| {
            let domain = partner(s.dice.below(4));
            s.entities = vec![domain.clone()];
            let at = format!("@{domain}");
            s.fail(
                1.0,
                move |m| outbound(m) && m.recipient.ends_with(&at),
                &[
                    "550 5.4.310 DNS domain does not exist",
                    "550 5.4.312 Message expired, DNS query failed",
                ],
            );
        },
    },
    Fault {
        name: "a connector's certificate ran out",
        layers: &["connector"],
        dialects: &["report"],
        put: |s| {
            s.entities = vec!["To head office".into(), partner(0), partner(1)];
            for mail in s.mail.iter_mut().filter(|m| outbound(m)) {
                let head =
                    [partner(0), partner(1)].iter().any(|d| mail.recipient.ends_with(d.as_str()));
                mail.connector = if head { "To head office" } else { "To everybody" };
            }
            s.fail(1.0, |m| m.connector == "To head office", &[
                "550 5.4.317 Message expired, cannot connect to remote server (certificate has expired)",
            ]);
        },
    },
    Fault {
        name: "a connector falls silent",
        layers: &["connector"],
        dialects: &["report"],
        put: |s| {
            s.entities = vec!["From scanners".into()];
            let stretch = s.onset..s.end;
            let silent = |m: &Mail| m.connector == "From scanners" && stretch.contains(&m.at);
            s.hit = s.mail.iter().filter(|m| silent(m)).count() as u64;
            s.mail.retain(|m| !silent(m));
            s.first = Some(s.onset);
        },
    },
    Fault {
        name: "the tenant is blocked",
        layers: &["sender_reputation"],
        dialects: &["report"],
        put: |s| {
            s.entities = vec![OURS.into()];
            s.fail(0.9, outbound, &[
                "550 5.7.705 Access denied, tenant has exceeded threshold",
                "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
            ]);
        },
    },
    Fault {
        name: "an account is abused",
        layers: &["sender_reputation"],
        dialects: &["report"],
        put: |s| {
            s.entities = vec!["user3@contoso.com".into()];
            s.end = s.end.min(s.onset + 14 * 3600);
            s.add(12.0, |_, dice, hour| {
                let to = format!("p{}@web{}.example", dice.below(5000), dice.below(300));
                let mut mail = plain(dice, hour, "user3@contoso.com".into(), to);
                mail.fate = Fate::Failed(
                    match dice.below(4) {
                        0 => "550 5.1.1 User unknown",
                        _ => "550 5.1.8 Access denied, bad outbound sender AS(42004)",
                    }
                    .into(),
                );
                mail
            });
        },
    },
    Fault {
        name: "a mailbox is full",
        layers: &["recipient"],
        dialects: &["report"],
        put: |s| {
            s.entities = vec!["user0@contoso.com".into()];
            s.fail(
                1.0,
                |m| m.recipient == "user0@contoso.com",
                &["554 5.2.2 STOREDRV.Deliver; mailbox full. The mailbox is over its quota"],
            );
        },
    },
    Fault {
        name: "addresses are lost",
        layers: &["recipient"],
        dialects: &["report"],
        put: |s| {
            let lost: Vec<String> = (1..9).map(|n| format!("user{n}@contoso.com")).collect();
            s.entities = [lost.clone(), vec![OURS.into()]].concat();
            s.change(1.0, |m| lost.contains(&m.recipient), |mail, _| mail.fate = unknown());
        },
    },
    Fault {
        name: "mail goes round in a circle",
        layers: &["mailbox_rule", "connector", "recipient"],
        dialects: &["report"],
        put: |s| {
            s.entities = vec!["user1@contoso.com".into()];
            s.fail(
                1.0,
                |m| m.recipient == "user1@contoso.com",
                &["554 5.4.14 Hop count exceeded - possible mail loop"],
            );
        },
    },
    Fault {
        name: "partners' mail is held",
        layers: &["anti_spam"],
        dialects: &["trace", "hunting"],
        put: |s| {
            let some: Vec<String> = (0..8).map(partner).collect();
            s.entities = [some.clone(), vec!["Strict".into(), OURS.into()]].concat();
            let from =
                move |m: &Mail| inbound(m) && some.iter().any(|d| m.sender.ends_with(d.as_str()));
            s.change(0.7, from, |mail, _| mail.fate = Fate::Quarantined("Strict"));
        },
    },
    Fault {
        name: "a mailbox rule files everything",
        layers: &["mailbox_rule"],
        dialects: &["hunting"],
        put: |s| {
            s.entities = vec!["user2@contoso.com".into()];
            s.change(
                0.9,
                |m| m.recipient == "user2@contoso.com",
                |mail, _| {
                    mail.fate = Fate::Filed("RSS Feeds");
                },
            );
        },
    },
    Fault {
        name: "an allow list lets bad mail in",
        layers: &["anti_spam"],
        dialects: &["hunting"],
        put: |s| {
            s.entities = vec![
                "invoices.example".into(),
                "pay@invoices.example".into(),
                "Allowed domain".into(),
            ];
            s.add(1.5, |tenant, dice, hour| {
                let to = tenant.mailbox(dice);
                let mut mail = plain(dice, hour, "pay@invoices.example".into(), to);
                mail.auth = ["softfail", "none", "fail"];
                mail.allowed = "Allowed domain";
                mail
            });
        },
    },
    Fault {
        name: "the service is slow",
        layers: &["service"],
        dialects: &["report"],
        put: |s| {
            s.entities = vec![String::new(), OURS.into()];
            s.end = s.end.min(s.onset + 6 * 3600);
            s.change(0.7, |_| true, |mail, dice| mail.seconds = 900 + dice.below(3600) as u32);
        },
    },
    Fault {
        name: "what we send fails, no reason given",
        layers: &["unknown"],
        dialects: &["trace"],
        put: |s| {
            s.entities = vec![OURS.into()];
            s.fail(0.5, outbound, &["550 5.7.1 refused"]);
        },
    },
];
