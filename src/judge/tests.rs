use super::*;
use crate::model::bounce::BounceRecipient;
use crate::model::message::Stamps;
use crate::model::{Extra, Instant};

pub(super) fn judge() -> Judge {
    Judge::new(Arc::new(Policy {
        own: vec!["contoso.com".into()],
        own_given: true,
        settled_until: vec![1000],
    }))
}

pub(super) fn delivery<'a>(from: &'a str, to: &'a str, status: Status) -> Delivery<'a> {
    Delivery {
        key: 1,
        key_is_network_id: true,
        recipient: to,
        recipient_domain: (0, 0),
        sender: from,
        sender_domain: (0, 0),
        time: Instant(10),
        time_final: Instant(10),
        status_first: status,
        status,
        records: 1,
        input: 0,
        line: 1,
        extras: Vec::new(),
        size: u32::MAX,
        told: None,
        path: None,
    }
}

#[test]
fn delivered_outside_is_relayed_and_external() {
    let v = judge().judge(&delivery("a@contoso.com", "b@fabrikam.com", Status::Delivered));
    assert_eq!((v.direction, v.outcome), (Direction::Outbound, Outcome::Relayed));
    assert_eq!(v.placement, Placement::External);
    assert!(!v.failing && !v.held);
}

#[test]
fn pending_fails_only_beyond_the_lag() {
    let mut d = delivery("a@fabrikam.com", "b@contoso.com", Status::Pending);
    assert!(judge().judge(&d).failing);
    d.time = Instant(2000);
    assert!(!judge().judge(&d).failing);
}

#[test]
fn a_bounce_names_the_layer() {
    let bounce = Extra::Bounce(Box::new(BounceRecipient {
        recipient: "b@fabrikam.com".into(),
        action: "failed".into(),
        status: "5.4.312".into(),
        smtp_code: 550,
        diagnostic: "550 5.4.312 Message expired, DNS query failed(InfoNoRecords)".into(),
        ..BounceRecipient::default()
    }));
    let mut d = delivery("a@contoso.com", "b@fabrikam.com", Status::Failed);
    d.extras.push(&bounce);
    let v = judge().judge(&d);
    assert_eq!(v.layer, Layer::DnsAuth);
    assert_eq!(v.grade, Grade::Direct);
    // The same bounce alone, without a trace row.
    let mut alone = delivery("a@contoso.com", "b@fabrikam.com", Status::Absent);
    alone.extras.push(&bounce);
    assert_eq!(judge().judge(&alone).outcome, Outcome::Failed);
}

#[test]
fn untrusted_stamps_decide_nothing() {
    let stamps = |trusted| {
        Extra::Stamps(Box::new(Stamps { dest: Some("J".into()), trusted, ..Stamps::default() }))
    };
    for (trusted, held) in [(true, true), (false, false)] {
        let extra = stamps(trusted);
        let mut d = delivery("a@fabrikam.com", "b@contoso.com", Status::Delivered);
        d.extras.push(&extra);
        assert_eq!(judge().judge(&d).held, held);
    }
}

/// Outcome and placement never contradict each other, whatever is put together.
#[test]
fn outcome_and_placement_agree() {
    let stamps: Vec<Extra> = ["I", "J", "C", "Q", ""]
        .iter()
        .map(|dest| {
            Extra::Stamps(Box::new(Stamps {
                dest: Some((*dest).to_owned()),
                trusted: true,
                ..Stamps::default()
            }))
        })
        .collect();
    for status in Status::ALL {
        for (from, to) in [("a@contoso.com", "b@x.example"), ("a@x.example", "b@contoso.com")] {
            for extra in stamps.iter().map(Some).chain([None]) {
                let mut d = delivery(from, to, *status);
                d.extras.extend(extra);
                let v = judge().judge(&d);
                let fits = match v.placement {
                    Placement::Inbox | Placement::Folder => v.outcome == Outcome::Delivered,
                    Placement::Junk => v.outcome == Outcome::Delivered && v.held,
                    Placement::Quarantine => v.outcome == Outcome::Quarantined && v.held,
                    Placement::External => v.outcome == Outcome::Relayed,
                    Placement::None => !matches!(v.outcome, Outcome::Delivered | Outcome::Relayed),
                    Placement::Unknown => !v.failing,
                };
                assert!(fits, "{status:?} {extra:?} gives {v:?}");
                assert!(!(v.failing && v.held));
            }
        }
    }
}

/// Placements that an outcome allows: "Delivered" is not "inbox", and nothing else lies in a mailbox.
fn allowed(outcome: Outcome) -> &'static [Placement] {
    match outcome {
        Outcome::Delivered => {
            &[Placement::Inbox, Placement::Junk, Placement::Folder, Placement::Unknown]
        }
        Outcome::Relayed => &[Placement::External],
        Outcome::Quarantined => &[Placement::Quarantine],
        Outcome::Filtered | Outcome::Unknown => &[Placement::Unknown],
        Outcome::Failed
        | Outcome::Pending
        | Outcome::Dropped
        | Outcome::Redirected
        | Outcome::Expanded
        | Outcome::Recalled => &[Placement::None],
    }
}

#[test]
fn outcome_and_placement_never_contradict_each_other() {
    use crate::model::Path;
    let stamped = |dest: &str, trusted| {
        let stamps = Stamps { dest: Some(dest.into()), trusted, ..Stamps::default() };
        Extra::Stamps(Box::new(stamps))
    };
    let bounce = |action: &str| {
        let said = BounceRecipient { action: action.into(), ..BounceRecipient::default() };
        Extra::Bounce(Box::new(said))
    };
    let mut extras: Vec<Vec<Extra>> = vec![Vec::new()];
    for dest in ["I", "J", "C", "?"] {
        extras.push(vec![stamped(dest, true)]);
        extras.push(vec![stamped(dest, false)]);
        extras.push(vec![bounce("failed"), stamped(dest, true)]);
    }
    for action in ["failed", "delayed", "relayed", ""] {
        extras.push(vec![bounce(action)]);
    }
    let people = [("a@contoso.com", "b@contoso.com"), ("a@contoso.com", "b@fabrikam.com")];
    let all_states =
        Status::ALL.iter().flat_map(|first| Status::ALL.iter().map(move |l| (first, l)));
    for (first, last) in all_states {
        for extra in &extras {
            for folder in [None, Some(""), Some("JunkEmail"), Some("Inbox"), Some("Projects")] {
                for (from, to) in people {
                    let mut d = delivery(from, to, *last);
                    d.status_first = *first;
                    d.extras = extra.iter().collect();
                    d.path = folder.map(|folder| Box::new(Path { folder, ..Path::default() }));
                    let v = judge().judge(&d);
                    assert!(
                        allowed(v.outcome).contains(&v.placement),
                        "{first:?} {last:?} {extra:?} {folder:?}: {:?} in {:?}",
                        v.outcome,
                        v.placement
                    );
                    assert!(!(v.failing && v.held));
                    assert_eq!(v.signature.is_some(), v.failing || v.held);
                }
            }
        }
    }
}

#[test]
fn untrusted_stamps_change_no_verdict() {
    let claim = Stamps {
        dest: Some("I".into()),
        sfv: Some("SKN".into()),
        scl: Some(-1),
        directionality: Some("Originating".into()),
        trusted: false,
        ..Stamps::default()
    };
    let claim = Extra::Stamps(Box::new(claim));
    for status in Status::ALL {
        let plain = delivery("a@fabrikam.com", "b@contoso.com", *status);
        let mut claimed = plain.clone();
        claimed.extras.push(&claim);
        assert_eq!(judge().judge(&plain), judge().judge(&claimed), "{status:?}");
    }
}

#[test]
fn what_is_filtered_is_delivered_where_the_mailbox_stamped_it() {
    let stamps = Stamps { dest: Some("J".into()), trusted: true, ..Stamps::default() };
    let stamps = Extra::Stamps(Box::new(stamps));
    let mut d = delivery("a@fabrikam.com", "b@contoso.com", Status::FilteredAsSpam);
    assert_eq!(judge().judge(&d).outcome, Outcome::Filtered);
    d.extras.push(&stamps);
    let v = judge().judge(&d);
    assert_eq!((v.outcome_first, v.outcome), (Outcome::Filtered, Outcome::Delivered));
    assert!(v.placement == Placement::Junk && v.held);
}

/// Anything stamps may say, the values that mean something before all.
fn any_stamps() -> impl proptest::strategy::Strategy<Value = Stamps> {
    use proptest::option::of;
    use proptest::prelude::*;
    let word = |words: &'static [&'static str]| of(prop::sample::select(words));
    let verdict = (
        word(&["SPM", "NSPM", "SKI", "SKN", "SKA", "SKB", "SKQ", "SFE", "BLK", "SKS", "ZZZ"]),
        word(&["NONE", "SPM", "BULK", "PHSH", "HPHISH", "MALW", "FTBP", "OSPM", "SPOOF", "ZZZ"]),
        of(-1i8..10),
        word(&["CAL", "NLI"]),
        word(&["9.24", "9.25"]),
    );
    let mailbox = (
        word(&["I", "J", "C", "F", "Q", ""]),
        word(&["CustomRules", "TrustedSenderList", "ExclusiveSettings", "SpamFilterAuthJ"]),
    );
    let sender = (
        word(&["pass", "fail"]),
        word(&["fail", "none"]),
        word(&["Internal", "Anonymous"]),
        word(&["Incoming", "Originating"]),
        word(&["INB", "INT", "OUT"]),
    );
    let text = |word: Option<&str>| word.map(str::to_owned);
    (verdict, mailbox, sender).prop_map(move |(verdict, mailbox, sender)| Stamps {
        sfv: text(verdict.0),
        cat: text(verdict.1),
        scl: verdict.2,
        ipv: text(verdict.3),
        sfty: text(verdict.4),
        dest: text(mailbox.0),
        ofr: text(mailbox.1),
        dmarc: text(sender.0),
        compauth: text(sender.1),
        auth_as: text(sender.2),
        directionality: text(sender.3),
        dir: text(sender.4),
        trusted: true,
        ..Stamps::default()
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    /// Whatever stamps and events say, a verdict does not contradict itself; and stamps that are
    /// not trusted leave it as it is without them.
    #[test]
    fn no_verdict_contradicts_itself(
        stamps in any_stamps(),
        states in (0..Status::ALL.len(), 0..Status::ALL.len()),
        people in (0usize..3, 0usize..3),
        event in proptest::option::of((0usize..4, 0usize..4, -1i8..10, 0usize..4, proptest::bool::ANY)),
    ) {
        use crate::model::event::SpamFilter;
        use crate::model::Path;
        const PEOPLE: [&str; 3] = ["a@contoso.com", "b@fabrikam.com", "<>"];
        let mut d = delivery(PEOPLE[people.0], PEOPLE[people.1], Status::ALL[states.1]);
        d.status_first = Status::ALL[states.0];
        d.path = event.map(|(sfv, rule, scl, folder, malware)| Box::new(Path {
            spam: SpamFilter { sfv: ["", "SPM", "SKN", "NSPM"][sfv], scl: Some(scl), ..SpamFilter::default() },
            rule: "r1",
            rule_action: ["", "SetScl", "Quarantine", "DeleteMessage"][rule],
            folder: ["", "DefaultFolderType:JunkEmail", "Inbox", "Projects"][folder],
            malware,
            ..Path::default()
        }));
        let plain = judge().judge(&d);
        let claim = Extra::Stamps(Box::new(Stamps { trusted: false, ..stamps.clone() }));
        d.extras = vec![&claim];
        let claimed = judge().judge(&d);
        proptest::prop_assert_eq!(&claimed, &plain);
        let own = Extra::Stamps(Box::new(stamps));
        d.extras = vec![&claim, &own];
        let stamped = judge().judge(&d);
        for v in [&plain, &stamped] {
            proptest::prop_assert!(allowed(v.outcome).contains(&v.placement), "{:?}", v);
            proptest::prop_assert!(!(v.failing && v.held), "{:?}", v);
            let named = v.signature.as_ref().map(|s| (s.layer, s.side));
            proptest::prop_assert_eq!(named.is_some(), v.failing || v.held, "{:?}", v);
            let folder = v.placement == Placement::Folder;
            let told = named.or(folder.then_some((Layer::MailboxRule, Side::Ours)));
            proptest::prop_assert_eq!((v.layer, v.side), told.unwrap_or((Layer::Unknown, Side::Unknown)));
            let arrived = v.outcome == Outcome::Delivered && !v.held;
            proptest::prop_assert!(v.risk.is_none() || arrived, "{:?}", v);
        }
        // The cache of held signatures changes no answer.
        let mut again = judge();
        again.judge(&d);
        proptest::prop_assert_eq!(again.judge(&d), stamped);
    }
}
