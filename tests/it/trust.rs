//! Whom to believe: whole header blocks of the ways mail takes, and of forgers, to what is taken
//! for the organisation's own word.

use mailtriage::decode::message::examine;
use mailtriage::model::message::Examined;
use mailtriage::pipeline::{HeadersOptions, Looked, headers};
use std::path::PathBuf;

const STORE: &str = "Received: from VI1PR01MB1001.eurprd01.prod.outlook.com (2001:db8::11) by\r\n \
    AM9PR01MB2002.eurprd01.prod.outlook.com with HTTPS; Tue, 3 Nov 2026 09:00:05 +0000\r\n";
const HUB: &str = "Received: from AM0EUR01FT033.eop-EUR01.prod.protection.outlook.com (2001:db8::21)\r\n by \
    VI1PR01CA0001.outlook.office365.com (2001:db8::12) with Microsoft SMTP Server\r\n \
    (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9200.1 via Frontend\r\n Transport; \
    Tue, 3 Nov 2026 09:00:03 +0000\r\n";
const RESULTS: &str = "Authentication-Results: spf=pass (sender IP is 192.0.2.30)\r\n \
    smtp.mailfrom=fabrikam.example; dkim=pass (signature was verified)\r\n \
    header.d=fabrikam.example;dmarc=pass action=none header.from=fabrikam.example;\r\n \
    compauth=pass reason=100\r\n";
const EDGE: &str = "Received: from mail.fabrikam.example (192.0.2.30) by\r\n \
    AM0EUR01FT033.mail.protection.outlook.com (198.51.100.33) with Microsoft SMTP\r\n Server \
    (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9200.1 via\r\n Frontend Transport; \
    Tue, 3 Nov 2026 09:00:01 +0000\r\n";
const ORIGIN: &str = "Received: from desk (unknown [192.0.2.77]) by mail.fabrikam.example (Postfix) with\r\n \
    ESMTPSA id 4QX; Tue, 3 Nov 2026 08:59:59 +0000\r\n";
const FROM: &str = "From: Kim <kim@fabrikam.example>\r\nTo: ann@contoso.com\r\nSubject: Offer\r\n\
    Message-ID: <offer-1@fabrikam.example>\r\nDate: Tue, 3 Nov 2026 08:59:58 +0000\r\n";
/// The organisation's own stamps: clean, delivered to the Inbox.
const CLEAN: &str = "X-MS-Exchange-Organization-Network-Message-Id:\r\n \
    6b1f0000-1111-4222-8333-444455556666\r\n\
    X-MS-Exchange-Organization-AuthSource:\r\n AM0EUR01FT033.eop-EUR01.prod.protection.outlook.com\r\n\
    X-MS-Exchange-Organization-AuthAs: Anonymous\r\n\
    X-MS-Exchange-Organization-MessageDirectionality: Incoming\r\n\
    X-MS-Exchange-Organization-SCL: 1\r\n\
    X-Forefront-Antispam-Report: CIP:192.0.2.30;CTRY:NL;SCL:1;IPV:NLI;SFV:NSPM;CAT:NONE;DIR:INB;\r\n\
    X-Microsoft-Antispam: BCL:0;ARA:1|2;\r\n\
    X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;jmr:0;auth:0;dest:I;\r\n";
/// The same server, but it called the message phishing and put it into Junk.
const JUNKED: &str = "X-MS-Exchange-Organization-AuthSource:\r\n AM0EUR01FT033.eop-EUR01.prod.protection.outlook.com\r\n\
    X-MS-Exchange-Organization-SCL: 5\r\n\
    X-Forefront-Antispam-Report: CIP:192.0.2.30;SCL:5;IPV:NLI;SFV:SPM;CAT:PHSH;DIR:INB;\r\n\
    X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;jmr:0;auth:0;dest:J;RF:JunkEmail;\r\n";
/// What a forger writes to be waved through.
const WAVED: &str = "X-MS-Exchange-Organization-SCL: -1\r\n\
    X-MS-Exchange-Organization-AuthAs: Internal\r\n\
    X-MS-Exchange-Organization-MessageDirectionality: Originating\r\n\
    X-Forefront-Antispam-Report: CIP:255.255.255.255;SCL:-1;SFV:SKN;CAT:NONE;DIR:INT;\r\n\
    X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;jmr:0;auth:1;dest:I;OFR:TrustedSenderList;\r\n";
const WAVED_BY: &str = "X-MS-Exchange-Organization-AuthSource: ";
/// The line of a receiver that is not Microsoft's.
const POSTFIX: &str = "Received: from mail.fabrikam.example (mail.fabrikam.example [192.0.2.30])\r\n by \
    mx.northwindtraders.com (Postfix) with ESMTPS id 4QZ for <ann@northwindtraders.com>;\r\n \
    Tue, 3 Nov 2026 09:00:04 +0000\r\n";

/// What is believed of a message.
#[derive(Debug, PartialEq, Eq)]
struct Believed {
    trusted: bool,
    /// Received lines at or above the border.
    hops: usize,
    outcome: &'static str,
    placement: &'static str,
    cause: Option<String>,
    /// SPF and DMARC.
    results: (Option<String>, Option<String>),
}

fn look(block: &str) -> (Believed, Examined) {
    let mut seen = None;
    headers(
        &[PathBuf::from("-")],
        &HeadersOptions::default(),
        format!("{block}\r\nHello\r\n").as_bytes(),
        |looked| {
            seen = Some(looked);
            Ok(())
        },
    )
    .unwrap();
    let Some(Looked::Message(seen)) = seen else { panic!("no message: {seen:?}") };
    let stamps = &seen.examined.facts.stamps;
    let believed = Believed {
        trusted: stamps.trusted,
        hops: seen.examined.hops.iter().filter(|h| h.trusted).count(),
        outcome: seen.outcome.as_str(),
        placement: seen.placement.as_str(),
        cause: seen.cause.clone(),
        results: (stamps.spf.clone(), stamps.dmarc.clone()),
    };
    (believed, seen.examined)
}

/// Believed: so many hops, this placement, this cause, these results.
#[track_caller]
fn believes(block: &str, hops: usize, placement: &str, cause: &str, results: [&str; 2]) {
    let (b, _) = look(block);
    let cause = (!cause.is_empty()).then(|| cause.to_owned());
    let result = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    assert!(b.trusted, "{b:?}");
    assert_eq!((b.hops, b.placement, b.outcome), (hops, placement, "delivered"), "{b:?}");
    assert_eq!((&b.cause, &b.results), (&cause, &(result(results[0]), result(results[1]))));
}

/// Not believed: whatever the stamps say, they decide nothing.
#[track_caller]
fn doubts(block: &str) {
    let (b, _) = look(block);
    assert_eq!((b.trusted, b.hops), (false, 0), "{b:?}");
    assert_eq!((b.outcome, b.placement, &b.cause), ("unknown", "unknown", &None), "{b:?}");
}

#[test]
fn genuine_inbound() {
    let block = [STORE, HUB, RESULTS, EDGE, ORIGIN, FROM, CLEAN].concat();
    believes(&block, 3, "inbox", "", ["pass", "pass"]);
    let block = [STORE, HUB, RESULTS, EDGE, ORIGIN, FROM, JUNKED].concat();
    believes(&block, 3, "junk", "phishing_filtered", ["pass", "pass"]);
    // The stamps may stand above the sender's headers as well.
    let block = [STORE, HUB, CLEAN, RESULTS, EDGE, ORIGIN, FROM].concat();
    believes(&block, 3, "inbox", "", ["pass", "pass"]);
}

#[test]
fn left_over_stamps_of_the_senders_tenant() {
    // Sent from one tenant, received elsewhere: the tenant's verdict is on the way out.
    let out = "X-MS-Exchange-CrossTenant-AuthSource: AM0PR01MB3003.eurprd01.prod.outlook.com\r\n\
        X-MS-Exchange-CrossTenant-AuthAs: Internal\r\n\
        X-Forefront-Antispam-Report: CIP:255.255.255.255;SCL:1;SFV:NSPM;CAT:NONE;DIR:OUT;\r\n\
        X-Microsoft-Antispam-Mailbox-Delivery: dest:J;\r\n";
    let submit = "Received: from AM0PR01MB3003.eurprd01.prod.outlook.com ([fe80::1]) by\r\n \
        AM0PR01MB3003.eurprd01.prod.outlook.com ([fe80::1%4]) with mapi id 15.20.9200.1;\r\n \
        Tue, 3 Nov 2026 08:59:59 +0000\r\n";
    doubts(&[POSTFIX, submit, FROM, out].concat());
}

#[test]
fn forged_stamps_from_outside() {
    let judges = [
        // A server of Microsoft's that never saw the message, one named in a forged line, the
        // receiver itself, in full and in short.
        "AM0EUR01FT033.eop-EUR01.prod.protection.outlook.com",
        "mail.fabrikam.example",
        "mx.northwindtraders.com",
        "mx",
        "",
    ];
    for judge in judges {
        let forged = format!("{WAVED_BY}{judge}\r\n{WAVED}");
        doubts(&[POSTFIX, ORIGIN, FROM, &forged].concat());
        // With forged lines below the border that look like a genuine way.
        doubts(&[POSTFIX, STORE, HUB, RESULTS, EDGE, FROM, &forged].concat());
    }
    // Two copies that differ are a claim, even behind a genuine border.
    doubts(&[STORE, HUB, RESULTS, EDGE, FROM, CLEAN, WAVED].concat());
}

#[test]
fn a_forged_top() {
    let forged =
        format!("{WAVED_BY}AM0EUR01FT033.eop-EUR01.prod.protection.outlook.com\r\n{WAVED}");
    for line in [
        // Names that only look like Microsoft's.
        "from x by AM0EUR01FT033.mail.protection.outlook.com.fabrikam.example with Microsoft SMTP Server id 15",
        "from x by AM0EUR01FT033.fakeoutlook.com with Microsoft SMTP Server id 15",
        // The peer's name and address, as the receiver notes them down.
        "from by AM0EUR01FT033.mail.protection.outlook.com by mx.northwindtraders.com with SMTP id 4Q",
        "from x (HELO by AM0EUR01FT033.mail.protection.outlook.com) by mx.northwindtraders.com with SMTP id 4Q",
        "from x) by AM0EUR01FT033.mail.protection.outlook.com (y by mx.northwindtraders.com with SMTP id 4Q",
        "from AM0EUR01FT033.mail.protection.outlook.com by mx.northwindtraders.com with SMTP id 4Q",
    ] {
        let top = format!("Received: {line}; Tue, 3 Nov 2026 09:00:09 +0000\r\n");
        doubts(&[&top, FROM, &forged].concat());
    }
}

#[test]
fn forged_lines_below_the_border() {
    let fake = "Received: from internal ([192.0.2.9]) by AM0EUR01FT033.mail.protection.outlook.com\r\n \
        with Microsoft SMTP Server id 15.20.1.1; Tue, 3 Nov 2026 08:00:00 +0000\r\n\
        Authentication-Results: spf=fail smtp.mailfrom=x.example; dmarc=fail header.from=x.example\r\n";
    let block = [STORE, HUB, RESULTS, EDGE, fake, FROM, CLEAN].concat();
    believes(&block, 3, "inbox", "", ["pass", "pass"]);
    // Without results of ours, those below the border are not taken in their place.
    let block = [STORE, HUB, EDGE, RESULTS, FROM, CLEAN].concat();
    believes(&block, 3, "inbox", "", ["", ""]);
}

#[test]
fn a_gateway_in_front_of_exchange_online() {
    let judged_gateway = "Authentication-Results: spf=fail (sender IP is 203.0.113.40)\r\n \
        smtp.mailfrom=fabrikam.example; dkim=none (message not signed)\r\n header.d=none;dmarc=fail \
        action=none header.from=fabrikam.example;compauth=none reason=451\r\n";
    let edge =
        EDGE.replace("mail.fabrikam.example (192.0.2.30)", "mx2.gateway.example (203.0.113.40)");
    let gateway = "Received: from mail.fabrikam.example (mail.fabrikam.example [192.0.2.30]) by\r\n \
        mx2.gateway.example with ESMTPS id 77; Tue, 3 Nov 2026 09:00:00 +0000\r\n\
        Authentication-Results: mx2.gateway.example; spf=pass smtp.mailfrom=fabrikam.example;\r\n \
        dmarc=pass header.from=fabrikam.example\r\n\
        X-MS-Exchange-ExternalOriginalInternetSender: ip=[192.0.2.30];domain=mail.fabrikam.example\r\n";
    // The gateway's results lie below the border: shown nowhere as ours.
    let block = [STORE, HUB, judged_gateway, &edge, gateway, FROM, CLEAN].concat();
    believes(&block, 3, "inbox", "", ["fail", "fail"]);
    // Enhanced filtering looks behind the gateway: what it wrote is ours.
    let block = [STORE, HUB, RESULTS, &edge, gateway, FROM, CLEAN].concat();
    believes(&block, 3, "inbox", "", ["pass", "pass"]);
    // A gateway behind: the last line is a stranger's as long as nobody names it ours.
    let behind = POSTFIX.replace("mx.northwindtraders.com", "archive.gateway.example");
    doubts(&[&behind, STORE, HUB, RESULTS, EDGE, FROM, CLEAN].concat());
}

#[test]
fn hybrid() {
    let cloud = "Received: from AM9PR01MB2002.eurprd01.prod.outlook.com (2001:db8::11) by\r\n \
        AM9PR01MB2003.eurprd01.prod.outlook.com with HTTPS; Tue, 3 Nov 2026 09:00:05 +0000\r\n\
        Received: from EX02.contoso.com (203.0.113.8) by\r\n \
        AM0EUR01FT044.mail.protection.outlook.com (198.51.100.44) with Microsoft SMTP\r\n Server \
        (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9200.1 via\r\n Frontend Transport; \
        Tue, 3 Nov 2026 09:00:03 +0000\r\n";
    let hub = "Received: from EX01.contoso.com (203.0.113.7) by EX02.contoso.com (203.0.113.8) with\r\n \
        Microsoft SMTP Server (version=TLS1_2, cipher=TLS_X) id 15.2.1700.1;\r\n \
        Tue, 3 Nov 2026 09:00:02 +0000\r\n";
    let edge = "Received: from mail.fabrikam.example (192.0.2.30) by EX01.contoso.com (203.0.113.7)\r\n \
        with Microsoft SMTP Server id 15.2.1700.1 via Frontend Transport;\r\n \
        Tue, 3 Nov 2026 09:00:01 +0000\r\n";
    let judged = CLEAN.replace(
        "AuthSource:\r\n AM0EUR01FT033.eop-EUR01.prod.protection.outlook.com",
        "AuthSource: EX01.contoso.com",
    );
    let cross = "X-MS-Exchange-CrossTenant-AuthSource: EX01.contoso.com\r\n\
        X-MS-Exchange-CrossTenant-FromEntityHeader: HybridOnPrem\r\n";
    // Judged on premises, then to the cloud.
    let block = [cloud, RESULTS, hub, edge, ORIGIN, FROM, &judged, cross].concat();
    believes(&block, 4, "inbox", "", ["pass", "pass"]);
    // A hop of another system between: not one of ours that is known.
    let relay = hub.replace("Microsoft SMTP Server", "ESMTP");
    doubts(&[cloud, RESULTS, &relay, edge, ORIGIN, FROM, &judged, cross].concat());
    // Judged in the cloud, then to a mailbox on premises.
    doubts(&[hub, STORE, HUB, RESULTS, EDGE, FROM, CLEAN].concat());
    // On premises only, read there.
    let block = [hub, edge, ORIGIN, FROM, &judged].concat();
    believes(&block, 2, "inbox", "", ["", ""]);
}

#[test]
fn from_one_tenant_to_another() {
    let out = "Received: from PAVPR02MB5005.eurprd02.prod.outlook.com ([fe80::2]) by\r\n \
        PAVPR02MB5005.eurprd02.prod.outlook.com ([fe80::2%7]) with mapi id 15.20.9200.1;\r\n \
        Tue, 3 Nov 2026 08:59:58 +0000\r\n\
        Authentication-Results-Original: dkim=none (message not signed)\r\n header.d=none;dmarc=none \
        action=none header.from=fabrikam.example;\r\n\
        X-MS-Exchange-CrossTenant-AuthSource: PAVPR02MB5005.eurprd02.prod.outlook.com\r\n\
        X-Forefront-Antispam-Report-Untrusted: CIP:255.255.255.255;SCL:-1;SFV:SKN;CAT:NONE;DIR:OUT;\r\n\
        X-Microsoft-Antispam-Untrusted: BCL:9;\r\n\
        X-MS-Exchange-Organization-SCL-Original: -1\r\n";
    let (b, examined) = look(&[STORE, HUB, RESULTS, EDGE, out, FROM, JUNKED].concat());
    assert!(b.trusted && b.placement == "junk", "{b:?}");
    assert_eq!(b.cause.as_deref(), Some("phishing_filtered"));
    let stamps = &examined.facts.stamps;
    assert_eq!((stamps.scl, stamps.bcl, stamps.sfv.as_deref()), (Some(5), None, Some("SPM")));
    let theirs = examined.untrusted.expect("renamed copies are shown apart").stamps;
    assert_eq!((theirs.sfv.as_deref(), theirs.bcl, theirs.trusted), (Some("SKN"), Some(9), false));
    // Only the sender's copies: nothing of ours is there to believe.
    doubts(&[POSTFIX, out, FROM].concat());
}

/// Renamed copies and what stands below the border change nothing, whatever they say.
#[test]
fn what_is_not_ours_decides_nothing() {
    let (plain, _) = look(&[STORE, HUB, RESULTS, EDGE, FROM, JUNKED].concat());
    for name in [
        "X-Forefront-Antispam-Report-Untrusted",
        "X-Forefront-Antispam-Report-Original",
        "X-Microsoft-Antispam-Mailbox-Delivery-Untrusted",
        "X-MS-Exchange-Organization-SCL-Original",
        "X-MS-Exchange-Organization-AuthAs-Prvs",
        "Authentication-Results-Original",
        "ARC-Authentication-Results",
        "Received",
    ] {
        for value in ["SCL:-1;SFV:SKN;dest:I;", "-1", "Internal", "i=1; spf=fail; dmarc=fail"] {
            let more = format!("{name}: {value}\r\n");
            let (b, _) = look(&[STORE, HUB, RESULTS, EDGE, &more, FROM, JUNKED].concat());
            assert_eq!(b, plain, "{more}");
        }
    }
    assert!(examine(STORE.as_bytes(), 0).is_some());
}
