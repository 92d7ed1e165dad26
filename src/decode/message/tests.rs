//! Whole messages: facts, classes, laws.

use super::*;

/// Stamps of a header block.
pub(super) fn stamps(headers: &str) -> Stamps {
    decode(headers.as_bytes(), 0).unwrap().stamps
}

const NDR_TOP: &str = "From: Microsoft Outlook <postmaster@contoso.com>\n\
    To: ann@contoso.com\nDate: Mon, 2 Nov 2026 10:00:05 +0000\n\
    Content-Type: multipart/report; report-type=delivery-status;\n boundary=\"b1\"\n\
    X-MS-Exchange-Message-Is-Ndr:\nMessage-ID: <ndr@contoso.com>\n\
    X-MS-Exchange-Organization-Network-Message-Id: 11111111-1111-1111-1111-111111111111\n\
    In-Reply-To: <reply@contoso.com>\nSubject: Undeliverable: Offer\nReturn-Path: <>\n\n";

const RETURNED: &str = "--b1\nContent-Type: message/rfc822\n\n\
    X-MS-Exchange-Organization-Network-Message-Id: 22222222-2222-2222-2222-222222222222\n\
    Message-ID: <offer@contoso.com>\nFrom: Ann <Ann@Contoso.com>\nTo: bob@fabrikam.example\n\
    Date: Mon, 2 Nov 2026 09:00:00 +0000\nSubject: Offer\n\
    X-Forefront-Antispam-Report: SCL:9;SFV:SPM\n\nHello\n\n--b1--\n";

const STATUS: &str = "--b1\nContent-Type: message/delivery-status\n\n\
    Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.outlook.com\n\
    Arrival-Date: Mon, 2 Nov 2026 09:00:01 +0000\n\n\
    Final-Recipient: rfc822;bob@fabrikam.example\nAction: failed\nStatus: 5.4.300\n\
    Diagnostic-Code: smtp;550 5.4.300 Message expired\n\n";

const EXPIRED: &str = "--b1\nContent-Type: text/plain; charset=\"utf-8\"\n\
    Content-Transfer-Encoding: quoted-printable\n\n\
    Delivery has failed to these recipients or groups:\n\nbob@fabrikam.example<mailto:bob@fabrika=\n\
    m.example>\nYour message couldn=E2=80=99t be delivered.\n\n\
    Diagnostic information for administrators:\n\n\
    Generating server: AM0PR01MB0001.eurprd01.prod.outlook.com\n\
    Receiving server: AM0PR01MB0001.eurprd01.prod.outlook.com\n\nbob@fabrikam.example\n\
    11/3/2026 9:00:05 AM - Server at AM0PR01MB0001.eurprd01.prod.outlook.com returned '550 5.4.30=\n\
    0 Message expired'\n\
    11/3/2026 8:50:11 AM - Server at mx.fabrikam.example (192.0.2.25) returned '450 4.4.317 Can=\n\
    't connect (it said 'no')'\n\nOriginal message headers:\n\n\
    Received: from a by b; Mon, 2 Nov 2026 09:00:00 +0000\nMessage-ID: <quoted@contoso.com>\n\
    From: <quoted@contoso.com>\n\n";

fn facts(message: &str) -> MessageFacts {
    let lf = decode(message.as_bytes(), 7).unwrap();
    for end in ["\r\n", "\r"] {
        let other = decode(message.replace('\n', end).as_bytes(), 7).unwrap();
        assert_eq!(lf, other, "with {end:?}");
    }
    lf
}

#[test]
fn ordinary_mail() {
    let f = facts(
        "Return-Path: <Bounce@fabrikam.example>\nFrom: =?utf-8?Q?J=C3=BCrgen?= <J@fabrikam.example>\n\
         To: Ann <ann@contoso.com>, bob@contoso.com\nCc: \"C, D\" <cd@contoso.com>\n\
         Subject: =?utf-8?B?R3LDvMOfZQ==?=\n   again\nDate: Mon, 2 Nov 2026 10:00:05 +0100\n\
         X-MS-Exchange-Organization-Network-Message-Id:\n aaaaaaaa-0000-0000-0000-00000000000b\n\
         Message-ID: <m1@fabrikam.example>",
    );
    assert_eq!(f.class, MessageClass::Mail);
    assert_eq!(f.message_id.as_deref(), Some("m1@fabrikam.example"));
    assert_eq!(f.network_message_id, Some(0xaaaa_aaaa << 96 | 0xb));
    assert_eq!(f.from.as_deref(), Some("j@fabrikam.example"));
    assert_eq!(f.return_path.as_deref(), Some("bounce@fabrikam.example"));
    assert_eq!(f.to, ["ann@contoso.com", "bob@contoso.com", "cd@contoso.com"]);
    assert_eq!(f.subject.as_deref(), Some("Gr\u{fc}\u{df}e again"));
    assert_eq!(f.date.unwrap().rfc3339(), "2026-11-02T09:00:05Z");
    assert_eq!(f.size, 7);
    assert!(f.bounce.is_empty() && f.original.is_none());
}

#[test]
fn a_report_and_its_returned_message_stay_apart() {
    let f = facts(&format!("{NDR_TOP}{STATUS}{RETURNED}"));
    assert!(Walked::new(NDR_TOP.as_bytes()).needs_body());
    assert_eq!(f.class, MessageClass::Ndr);
    assert_eq!(f.network_message_id, Some(0x1111_1111_1111_1111_1111_1111_1111_1111));
    assert_eq!(f.message_id.as_deref(), Some("ndr@contoso.com"));
    assert_eq!((f.stamps.scl, f.return_path.as_deref()), (None, Some("<>")));
    let original = f.original.unwrap();
    assert_eq!(original.network_message_id, Some(0x2222_2222_2222_2222_2222_2222_2222_2222));
    assert_eq!(original.message_id.as_deref(), Some("offer@contoso.com"));
    assert_eq!(original.sender.as_deref(), Some("ann@contoso.com"));
    assert_eq!(original.date.unwrap().rfc3339(), "2026-11-02T09:00:00Z");
    let [r] = &f.bounce[..] else { panic!("{:?}", f.bounce) };
    assert_eq!((r.recipient.as_str(), r.status.as_str()), ("bob@fabrikam.example", "5.4.300"));
    assert_eq!((r.smtp_code, r.action.as_str()), (550, "failed"));
}

#[test]
fn an_expired_message_names_the_older_attempt() {
    let cause = "550 5.4.300 Message expired -> 450 4.4.317 Can't connect (it said 'no')";
    let f = facts(&format!("{NDR_TOP}{EXPIRED}{STATUS}{RETURNED}"));
    assert_eq!(f.bounce[0].diagnostic, cause);
    assert_eq!(f.bounce[0].remote_mta, "mx.fabrikam.example");
    // The same without a report: from the prose alone.
    let f = facts(&format!("{NDR_TOP}{EXPIRED}--b1--\n"));
    let [r] = &f.bounce[..] else { panic!("{:?}", f.bounce) };
    assert_eq!((r.recipient.as_str(), r.diagnostic.as_str()), ("bob@fabrikam.example", cause));
    assert_eq!((r.smtp_code, r.status.as_str()), (550, "5.4.300"));
    assert_eq!(f.original.unwrap().message_id.as_deref(), Some("quoted@contoso.com"));
}

fn plain_ndr(body: &str) -> MessageFacts {
    facts(&format!(
        "Return-Path: <>\nFrom: postmaster@contoso.com\nTo: ann@contoso.com\n\
         Subject: Undeliverable: Offer\nIn-Reply-To: <reply@contoso.com>\n\n{body}"
    ))
}

#[test]
fn layout_a_without_a_report() {
    let f = plain_ndr(
        "Diagnostic information for administrators:\n\nGenerating server: x.prod.outlook.com\n\n\
         bob@fabrikam.example\nmx.fabrikam.example\n\
         Remote Server returned '550-5.7.26 can't be\n550 5.7.26 authenticated'\n\n\
         eve@fabrikam.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n",
    );
    let [bob, eve] = &f.bounce[..] else { panic!("{:?}", f.bounce) };
    assert_eq!(bob.diagnostic, "550 5.7.26 can't be authenticated");
    assert_eq!((bob.status.as_str(), bob.smtp_code), ("5.7.26", 550));
    assert_eq!(bob.remote_mta, "mx.fabrikam.example");
    assert_eq!(eve.diagnostic, "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found");
    assert_eq!(eve.remote_mta, "");
    assert_eq!(f.original.unwrap().message_id.as_deref(), Some("reply@contoso.com"));
}

#[test]
fn layout_b_without_a_report() {
    let f = plain_ndr(
        "Your message to bob@fabrikam.example couldn't be delivered.\n\n\
         More Info for Email Admins\nStatus code: 550 5.1.351\n\nOriginal Message Details\n\
         Created Date:\t11/2/2026 9:00:00 AM\nSender Address:\tann@contoso.com\n\
         Recipient Address:\tBob@fabrikam.example\nSubject:\tOffer\n\nError Details\n\
         Reported error:\t550 5.1.351 Remote server returned unknown recipient ->\n 550 5.1.1 no\n\
         DSN generated by:\tAM0PR01MB0001.eurprd01.prod.outlook.com\n\
         Remote server:\tmx.fabrikam.example\n\nMessage Hops\n",
    );
    let [bob] = &f.bounce[..] else { panic!("{:?}", f.bounce) };
    assert_eq!(bob.recipient, "bob@fabrikam.example");
    assert_eq!(
        bob.diagnostic,
        "550 5.1.351 Remote server returned unknown recipient -> 550 5.1.1 no"
    );
    assert_eq!(bob.remote_mta, "mx.fabrikam.example");
}

#[test]
fn other_systems() {
    for (body, recipient, code, status) in [
        (
            "Hi. This is the qmail-send program at mail.example.\n\n<bob@fabrikam.example>:\n\
             192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n\n\
             --- Below this line is a copy of the message.\n\nReturn-Path: <ann@contoso.com>\n\
             From: <ann@contoso.com>\nMessage-ID: <m@contoso.com>\n",
            "bob@fabrikam.example",
            550,
            "5.1.1",
        ),
        (
            "This is the mail system.\n\n<bob@fabrikam.example>: host mx.example[192.0.2.1] said: \
             452 4.2.2\n    mailbox full (in reply to RCPT TO command)\n",
            "bob@fabrikam.example",
            452,
            "4.2.2",
        ),
        (
            "Delivery to the following recipient failed permanently:\n\n     bob@fabrikam.example\n\n\
             Technical details of permanent failure:\nThe error that the other server returned \
             was:\n554 denied\n",
            "bob@fabrikam.example",
            554,
            "",
        ),
    ] {
        let f = plain_ndr(body);
        let [r] = &f.bounce[..] else { panic!("{:?}", f.bounce) };
        assert_eq!(
            (r.recipient.as_str(), r.smtp_code, r.status.as_str()),
            (recipient, code, status)
        );
    }
}

#[test]
fn reports_of_success_and_replies_are_no_bounces() {
    let success = STATUS.replace("Action: failed", "Action: delivered");
    let f = facts(&format!("{NDR_TOP}{success}{RETURNED}"));
    assert_eq!(f.class, MessageClass::AutoReply);
    let reply = "Return-Path: <>\nFrom: bob@fabrikam.example\nAuto-Submitted: auto-replied\n\
                 Subject: Undeliverable? No, out of office\n\nBack at 550 5.1.1 pm\n";
    assert_eq!(facts(reply).class, MessageClass::AutoReply);
    let dressed = "Return-Path: <x@junk.example>\nFrom: x@junk.example\nSubject: You won\n\
                   Content-Type: multipart/report;\n boundary=\"b1\"\n\n--b1\n\n\
                   Write to win@junk.example\n--b1--\n";
    assert!(Walked::new(dressed.as_bytes()).needs_body());
    assert_eq!(facts(dressed).class, MessageClass::Mail);
    let notice = "From: postmaster@contoso.com\nSubject: New policy\n\nAsk bob@contoso.com\n";
    assert_eq!(facts(notice).class, MessageClass::Mail);
}

#[test]
fn headers_alone_still_say_what_it_is() {
    let f = decode(NDR_TOP.as_bytes(), 0).unwrap();
    assert_eq!((f.class, f.bounce.len()), (MessageClass::Ndr, 0));
    assert!(decode(b"", 0).is_none());
    assert!(decode(b"\x00\x01\x02", 3).is_none());
    assert!(decode(b"no header here\n", 15).is_none());
}

#[test]
fn results_below_the_border_are_the_senders() {
    let border = "Received: from x.example by AM0FT1.mail.protection.outlook.com with Microsoft SMTP \
                  Server; Mon, 2 Nov 2026 08:00:01 +0000\n";
    let judge =
        "X-MS-Exchange-Organization-AuthSource: AM0FT1.eop-EUR01.prod.protection.outlook.com\n";
    let results = "Authentication-Results: spf=pass smtp.mailfrom=contoso.com\n";
    let genuine = stamps(&format!("{results}{border}{judge}"));
    assert_eq!((genuine.trusted, genuine.spf.as_deref()), (true, Some("pass")));
    let forged = stamps(&format!("{border}{results}{judge}"));
    assert_eq!((forged.trusted, forged.spf), (true, None));
}

#[test]
fn every_stamp_is_listed_once() {
    for (at, stamp) in STAMPS.iter().enumerate() {
        assert!(!stamp.headers.is_empty());
        assert!(STAMPS[..at].iter().all(|other| other.name != stamp.name));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let _ = decode(&bytes, 0);
    }

    #[test]
    fn no_torn_bounce_panics(
        cut in 0usize..3000, drop in 0usize..200, insert in "[\\PC\r\n]{0,12}", crlf: bool,
    ) {
        let whole = format!("{NDR_TOP}{EXPIRED}{STATUS}{RETURNED}");
        let whole = if crlf { whole.replace('\n', "\r\n") } else { whole };
        let mut bytes = whole.into_bytes();
        let cut = cut.min(bytes.len());
        let end = (cut + drop).min(bytes.len());
        bytes.splice(cut..end, insert.bytes());
        let _ = decode(&bytes, 0);
    }

    #[test]
    fn unknown_keys_survive(key in "[A-Z]{5,8}", value in "[a-z0-9.:]{1,12}") {
        let s = stamps(&format!("X-Forefront-Antispam-Report: SCL:1;{key}:{value};SFV:NSPM\n"));
        proptest::prop_assert_eq!(s.unknown, [format!("{key}:{value}")]);
        proptest::prop_assert_eq!(s.sfv.as_deref(), Some("NSPM"));
    }

    #[test]
    fn line_ends_and_folds_do_not_matter(
        subject in "[a-zA-Z0-9]{1,8}( [a-zA-Z0-9]{1,8}){0,4}", crlf: bool,
    ) {
        let folded = subject.replace(' ', "\n ");
        let end = if crlf { "\r\n" } else { "\r" };
        let text = format!("From: a@contoso.com\nSubject: {folded}\nTo: b@contoso.com\n");
        let one = decode(text.as_bytes(), 0);
        let two = decode(text.replace('\n', end).as_bytes(), 0);
        proptest::prop_assert_eq!(&one, &two);
        proptest::prop_assert_eq!(one.and_then(|f| f.subject), Some(subject));
    }
}
