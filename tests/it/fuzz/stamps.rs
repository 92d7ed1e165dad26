//! Headers by decoder: a damaged value behind the header's name, in a message that otherwise is
//! sound, with a genuine border above it and without one.

use super::messages::lawful;
use mailtriage::decode::message::{decode, examine};
use mailtriage::model::message::Examined;

pub(super) const FOREFRONT: &[&str] = &[
    "CIP:2001:db8::25;CTRY:NL;LANG:nl;SCL:5;SRV:;IPV:NLI;\r\n SFV:SPM;H:mail.fabrikam.example;\
     PTR:mail.fabrikam.example;CAT:PHSH;SFTY:9.25;\r\n SFS:(13230040)(4022899009);DIR:INB;",
    "CIP:192.0.2.4;CTRY:;LANG:;SCL:-1;SRV:;IPV:CAL;SFV:SKI;H:(null);PTR:;CAT:NONE;PCL:2;",
];
pub(super) const ANTISPAM: &[&str] = &["BCL:7;ARA:13230040|4022899009;\r\n PCL:0;RULEID:(3)(4);"];
pub(super) const MAILBOX_DELIVERY: &[&str] = &[
    "ucf:1;jmr:0;auth:0;dest:C;OFR:CustomRules;\r\n ENG:(5062000305)(920221119095);",
    "dest:I;OFR:TrustedSenders;RF:JunkEmail;wl:1;pcwl:1;",
];
pub(super) const ORGANIZATION: &[&str] = &[
    "5\r\nX-MS-Exchange-Organization-AuthAs: Anonymous\r\nX-MS-Exchange-Organization-AuthSource:\
     \r\n EX01.contoso.com\r\nX-MS-Exchange-Organization-Network-Message-Id:\r\n \
     01234567-89ab-cdef-0123-456789abcdef",
    "-1\r\nX-MS-Exchange-Organization-SCL: 9\r\nX-MS-Exchange-Organization-PCL: 7\r\n\
     X-MS-Exchange-CrossTenant-AuthSource: EX02.contoso.com",
];
pub(super) const RESULTS: &[&str] = &[
    "spf=pass (sender IP is 192.0.2.9) smtp.mailfrom=news.contoso.com; dkim=pass (signature was\r\n \
     verified) header.d=contoso.com;dmarc=pass action=none header.from=contoso.com;compauth=pass\
     \r\n reason=100",
    "mx.example 1; dkim=fail reason=\"a; b\" header.i=@fabrikam.example; spf=softfail (x (y))\r\n \
     smtp.mailfrom=\"a@b.example\"; dmarc=none header.from=fabrikam.example; arc=pass (i=1)",
];
pub(super) const RECEIVED_SPF: &[&str] = &[
    "Pass (protection.outlook.com: domain of fabrikam.com designates 192.0.2.9 as\r\n permitted \
     sender) receiver=protection.outlook.com; client-ip=192.0.2.9;\r\n helo=mail.fabrikam.com; pr=C",
    "softfail (mx.contoso.com: domain of transitioning ann@fabrikam.com discourages use of\r\n \
     192.0.2.1) client-ip=192.0.2.1; envelope-from=\"ann@fabrikam.com\"; helo=x; identity=mailfrom;",
    "None (protection.outlook.com: fabrikam.com does not designate permitted sender hosts)",
];
pub(super) const ARC: &[&str] = &[
    "i=2; a=rsa-sha256; s=arc2; d=contoso.com; cv=pass;\r\n t=1793520000; b=AAAA\r\n\
     ARC-Message-Signature: i=2; a=rsa-sha256; c=relaxed/relaxed; d=contoso.com;\r\n s=arc2; \
     h=From:Date; bh=BBBB; b=CCCC\r\nARC-Authentication-Results: i=2; mx.contoso.com 1; spf=pass\
     \r\n smtp.mailfrom=fabrikam.com; dkim=pass (ok) header.d=fabrikam.com; arc=pass (0)\r\n\
     ARC-Seal: i=1; cv=none; d=fabrikam.com; s=a",
    "i=1; cv=none; d=lists.example; s=k; b=X\r\nARC-Message-Signature: i=1; d=lists.example\r\n\
     ARC-Authentication-Results: i=1; lists.example; spf=none",
];
pub(super) const DKIM: &[&str] = &[
    "v=1; a=rsa-sha256; c=relaxed/simple; d=news.contoso.com; s=s1;\r\n q=dns/txt; t=1793520000; \
     x=1793606400; i=@news.contoso.com;\r\n h=From : To:Subject; bh=AAAA\r\n BBB=; b=CCCC\r\n DD==",
    "v=1; a=rsa-sha1; d=fabrikam.com; s=k (selector); h=Sender; l=10; bh=A; b=B",
];

/// A border: two lines of the organisation and the name of the server that judged.
const ABOVE: &[u8] = b"Received: from FR1.prod.outlook.com (2001:db8::1) by\r\n \
    DB1PR01MB1234.eurprd01.prod.outlook.com with HTTPS; Mon, 2 Nov 2026 08:00:03 +0000\r\n";
const BORDER: &[u8] = b"Received: from mail.fabrikam.com (192.0.2.9) by\r\n \
    EX01.mail.protection.outlook.com (198.51.100.4) with Microsoft SMTP Server;\r\n \
    Mon, 2 Nov 2026 08:00:01 +0000\r\n";
const JUDGE: &[u8] = b"X-MS-Exchange-Organization-AuthSource: EX01.prod.protection.outlook.com\r\n";
const BELOW: &[u8] = b"From: a@fabrikam.com\r\nDate: Mon, 2 Nov 2026 08:00:00 +0000\r\n";

/// What the headers say with the value at its place, without a border and with one.
fn placed(name: &str, value: &[u8]) -> [Examined; 2] {
    let field = [name.as_bytes(), b": ", value, b"\r\n"].concat();
    let bare = [field.as_slice(), BELOW].concat();
    let bordered = [ABOVE, &field, BORDER, JUDGE, BELOW].concat();
    [bare, bordered].map(|bytes| {
        let examined = examine(&bytes, 7).expect("its first line is a header");
        assert_eq!(Some(&examined.facts), decode(&bytes, 7).as_ref(), "two readings");
        lawful(&examined);
        examined
    })
}

pub(super) fn forefront(bytes: &[u8]) {
    placed("X-Forefront-Antispam-Report", bytes);
    let [bare, _] = placed("X-Forefront-Antispam-Report-Untrusted", bytes);
    assert_eq!(
        bare.renamed.first().map(String::as_str),
        Some("X-Forefront-Antispam-Report-Untrusted")
    );
}

pub(super) fn antispam(bytes: &[u8]) {
    placed("X-Microsoft-Antispam", bytes);
}

pub(super) fn mailbox_delivery(bytes: &[u8]) {
    placed("X-Microsoft-Antispam-Mailbox-Delivery", bytes);
}

pub(super) fn organization(bytes: &[u8]) {
    placed("X-MS-Exchange-Organization-SCL", bytes);
    placed("X-MS-Exchange-Organization-AuthSource", bytes);
    placed("X-MS-Exchange-Organization-Network-Message-Id", bytes);
}

pub(super) fn authentication_results(bytes: &[u8]) {
    placed("Authentication-Results", bytes);
    placed("Authentication-Results-Original", bytes);
}

pub(super) fn received_spf(bytes: &[u8]) {
    let [bare, bordered] = placed("Received-SPF", bytes);
    assert!(!bare.received_spf.is_empty() && !bordered.received_spf.is_empty());
}

pub(super) fn arc(bytes: &[u8]) {
    for name in ["ARC-Seal", "ARC-Authentication-Results"] {
        let [bare, bordered] = placed(name, bytes);
        for seen in [bare, bordered] {
            assert!(!(seen.arc.is_empty() && seen.arc_faults.is_empty()), "a header is lost");
        }
    }
}

pub(super) fn dkim_signature(bytes: &[u8]) {
    let [bare, bordered] = placed("DKIM-Signature", bytes);
    assert!(!bare.dkim_signatures.is_empty() && !bordered.dkim_signatures.is_empty());
}

#[test]
fn the_border_of_these_messages_is_genuine() {
    let [bare, bordered] = placed("Received-SPF", RECEIVED_SPF[0].as_bytes());
    assert!(!bare.received_spf[0].trusted && bordered.received_spf[0].trusted);
    let [_, bordered] = placed("Authentication-Results", RESULTS[0].as_bytes());
    assert_eq!(bordered.facts.stamps.spf.as_deref(), Some("pass"));
}
