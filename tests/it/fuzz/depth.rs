//! Other gateways' stamps, identities, signatures and snapshots of DNS.

use mailtriage::decode::message::examine;
use mailtriage::judge::gateways::{self, FAMILIES};
use mailtriage::model::message::Examined;

pub(super) const GATEWAYS: &[&str] = &[
    "rule=inbound_phish policy=default score=98 phishscore=98 bulkscore=3",
    "Policy=Default;Similar Internal Domain=false;Reply Address Mismatch=true;",
    "E=Sophos;i=\"5.60,413,1549954800\"; d=\"scan'208\";a=\"30982719\"; v=\"x\"; e=\"uj\"",
    "No, SCORE=4.10 using global scores of TAG_LEVEL=3.5 QUARANTINE_LEVEL=1000.0 KILL_LEVEL=9.0 tests=A",
    "Yes-10--12.345-5.000000-10",
    "Yes, score=12.1 required=5.0 tests=A,B autolearn=no version=3.4.2",
    "default: False [-0.16 / 15.00]; A(1.00)[x]; B(-3.5)[]",
    "gggruggvucftvghtrhho",
    "abc|eyJyIjoiYUBjb250b3NvLmNvbSJ9",
    "Gauge=XXXXIIIII, Probability=75%, Report='A 1'",
    "ucf:0;dest:J;OFR:SpamFilterAuthJ;wl:1;ENG:(1)(2);CTRY:NL;LANG:nl;SFS:(3);BCL:8;ARA:1|2",
    "1.00:01:02.345",
    "Vj0xLjE7dXM9MDtsPTA7YT0wO0Q9MjtHRD0yO1NDTD02",
];
pub(super) const IDENTITIES: &[&str] = &[
    "=?utf-8?Q?Ann_=22a=40contoso.com=22?= <x@fabrikam.example>",
    "\"Doe, \\\"Ann\\\"\" <b@contoso.com>, c@contoso.com",
    "d@contoso.com (Bob (the one))",
];

/// A value behind every header that anything is known of.
pub(super) fn gateways(bytes: &[u8]) {
    let value = String::from_utf8_lossy(bytes).into_owned();
    let names = FAMILIES.iter().flat_map(|family| family.stamps).map(|stamp| stamp.header);
    for name in names {
        let fields = vec![(name.replace('*', "x"), value.clone())];
        for stamp in gateways::read(&Examined { fields, ..Examined::default() }) {
            assert!(stamp.value.len() <= 1024 && stamp.meaning.len() <= 2048);
        }
    }
}

pub(super) fn identities(bytes: &[u8]) {
    for name in ["From", "Reply-To", "Return-Path", "Delivered-To", "X-Authenticated-Sender"] {
        let block = [name.as_bytes(), b": ", bytes, b"\r\nTo: a@contoso.com\r\n"].concat();
        let seen = examine(&block, 0).expect("its first line is a header");
        assert!(seen.identities.len() <= 64 && seen.delivered_to.len() <= 16);
        let short = |text: &Option<String>| text.as_ref().is_none_or(|t| t.len() <= 1024);
        assert!(seen.identities.iter().all(|i| short(&i.name) && short(&i.address)));
    }
}

#[cfg(feature = "live")]
pub(super) const SIGNED: &[&str] = &[
    include_str!("../../data/signed.eml"),
    "s1._domainkey.contoso.com. 60 IN TXT ( \"v=DKIM1; k=rsa; \" \"p=AAAA\" ) ; c\n",
    "s1._domainkey.contoso.com\ttext =\n\n\t\"v=DKIM1; p=\"\n",
    "{\"s1._domainkey.contoso.com\": [\"v=DKIM1; k=ed25519; t=s:y; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"]}",
];

/// As a snapshot, and as a message whose key is at hand.
#[cfg(feature = "live")]
pub(super) fn signed(bytes: &[u8]) {
    use mailtriage::check::{Snapshot, signatures};
    let _ = Snapshot::parse(&String::from_utf8_lossy(bytes));
    let keys = Snapshot::parse(SIGNED[3]).expect("a snapshot");
    assert!(signatures(bytes, true, None, &keys).len() <= 32);
}
