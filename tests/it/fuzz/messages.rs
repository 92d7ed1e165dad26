//! Messages, pasted blocks, bounces, the page, and the laws that hold for all of them.

use mailtriage::decode::message::{Walked, decode, examine};
use mailtriage::decode::msg;
use mailtriage::model::Seen;
use mailtriage::model::message::{Copies, Examined, MessageFacts};
use mailtriage::pipeline::{self, HeadersOptions, Looked, Viewer};
use mailtriage::read::Mbox;
use mailtriage::render;
use std::path::PathBuf;

pub(super) const RECEIVED: &[&str] = &[
    "from EX02.contoso.com (192.0.2.2) by EX03.contoso.com (192.0.2.3) with\r\n Microsoft SMTP \
     Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20;\r\n Mon, 2 Nov 2026 08:00:09 \
     +0000\r\nReceived: from mx.example.net by EX02.contoso.com with ESMTPS\r\n (using TLSv1.2 with \
     cipher X); Mon, 2 Nov 2026 09:00:12 +0100\r\nX-MS-Exchange-Organization-AuthSource: \
     EX02.contoso.com",
    "by mx.example.net (Postfix, from userid 48) Mon, 2 Nov 2026 07:59:00 +0000",
];
pub(super) const PASTED: &[&str] = &[
    "> Received: from a.example\r\n>\tby b.example; Mon, 2 Nov 2026 08:00:00 +0000\r\n> Subject: \
     hello\r\n> X-Forefront-Antispam-Report: SCL:5;SFV:SPM;\r\n>  CAT:SPM;\r\n",
    "    Subject: a\n      b\n    From: c@example.com\n    Authentication-Results: spf=pass\n",
    "Subject: a\nlost fold\nFrom: c@example.com\nDKIM-Signature: v=1; d=example.com; h=From\n",
];

/// The pieces of an mbox cover no more than the file.
pub(super) fn mbox(bytes: &[u8]) {
    let mut mbox = Mbox::new(bytes, 1000);
    let mut total = 0;
    while let Ok(Some(piece)) = mbox.next_piece() {
        assert!(piece.bytes.len() <= 1000);
        total += piece.length;
    }
    assert!(total <= bytes.len() as u64);
}

pub(super) fn outlook(bytes: &[u8]) {
    if let Ok(message) = msg::read(bytes) {
        decode(&message.to_rfc5322(), 0);
    }
}

pub(super) fn received(bytes: &[u8]) {
    let block = [b"Received: ", bytes, b"\r\nFrom: a@fabrikam.com\r\n"].concat();
    let seen = examine(&block, 0).expect("its first line is a header");
    assert!(!seen.hops.is_empty());
    lawful(&seen);
}

/// Quoting a block changes nothing.
pub(super) fn pasted(bytes: &[u8]) {
    let plain = examine(bytes, 0);
    plain.iter().for_each(lawful);
    let mut lines = bytes.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let indented =
        lines.next().is_none_or(|line| line.first().is_some_and(u8::is_ascii_whitespace));
    let quoted = bytes.split(|b| *b == b'\n').any(|line| line.starts_with(b">"));
    let returns = memchr::memchr_iter(b'\r', bytes).count();
    let pairs = bytes.windows(2).filter(|pair| *pair == b"\r\n").count();
    if indented || quoted || returns != pairs {
        return;
    }
    let mut block = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        block.extend_from_slice(b"> ");
        block.extend_from_slice(line);
    }
    assert_eq!(examine(&block, 0), plain);
}

pub(super) fn bounce(bytes: &[u8]) {
    let candidate = Walked::new(bytes).needs_body();
    let Some(facts) = decode(bytes, bytes.len() as u64) else { return };
    assert_eq!(facts.size, bytes.len() as u64);
    assert!(candidate || (facts.bounce.is_empty() && facts.original.is_none()));
    bounded(&facts);
}

pub(super) fn whole(bytes: &[u8]) {
    bounce(bytes);
    examine(bytes, 0).iter().for_each(lawful);
}

/// No stranger's text steers the terminal or breaks the JSON.
pub(super) fn page(bytes: &[u8]) {
    let answered =
        pipeline::headers(&[PathBuf::from("-")], &HeadersOptions::default(), bytes, |looked| {
            if let Looked::Message(seen) = looked {
                let mut line = Vec::new();
                render::headers::jsonl(&seen, &mut line)?;
                drawn(&seen)?;
                serde_json::from_slice::<serde_json::Value>(&line).expect("JSON");
                assert_eq!(memchr::memchr(b'\n', &line), Some(line.len() - 1));
            }
            Ok(())
        });
    answered.expect("memory reads");
}

/// Every way to draw a message for people.
fn drawn(seen: &Seen) -> std::io::Result<()> {
    let mut viewer = Viewer::default();
    let view = viewer.view(seen);
    let told = viewer.told(seen);
    let style = render::terminal::Style::default();
    let mut page = Vec::new();
    for all in [false, true] {
        render::headers::text(seen, &view, all, style, &mut page)?;
    }
    let mut table = render::headers::Table::new(style);
    table.row(seen, &told, &mut page)?;
    table.finish(&mut page)?;
    let comparison = viewer.compare(seen, seen);
    render::headers::compared(&comparison, ["a", "b"], style, &mut page)?;
    let page = String::from_utf8(page).expect("UTF-8");
    assert!(!page.contains(|c: char| c != '\n' && render::safety::is_unseen(c)), "{page}");
    assert!(comparison.rows.iter().all(|row| !row.differs()));
    let (mut html, mut out) = (render::headers::Html::new(true), Vec::new());
    html.message(seen.clone(), view, told, &mut out)?;
    html.finish(&mut out)?;
    let html = String::from_utf8(out).expect("UTF-8");
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    let body = html.split("</style>").nth(1).expect("a body");
    assert!(!body.contains(|c: char| c != '\n' && render::safety::is_unseen(c)), "{body}");
    let mut out = Vec::new();
    render::headers::Csv::default().row(seen, &mut out)?;
    let mut reader = csv::Reader::from_reader(out.get(3..).expect("a mark"));
    assert_eq!(reader.records().filter_map(Result::ok).count(), 1);
    Ok(())
}

/// What holds for whatever was examined.
pub(super) fn lawful(seen: &Examined) {
    bounded(&seen.facts);
    copied(&seen.written);
    seen.untrusted.iter().for_each(copied);
    assert_eq!(seen.untrusted.is_some(), !seen.renamed.is_empty());
    assert!(seen.untrusted.as_ref().is_none_or(|copies| !copies.stamps.trusted));
    assert!(seen.renamed.len() <= 32);
    assert!(seen.hops.len() <= 1000);
    assert!(seen.hops.last().is_none_or(|hop| hop.delay_seconds.is_none()));
    for hop in &seen.hops {
        assert!([&hop.by, &hop.from].into_iter().flatten().all(|host| host.len() <= 255));
        assert!(hop.tls.iter().all(|tls| tls.len() <= 16));
        assert!(!hop.trusted || seen.facts.stamps.trusted);
    }
    authentication(seen);
}

fn authentication(seen: &Examined) {
    let trusted = seen.facts.stamps.trusted;
    assert!(seen.received_spf.len() <= 32 && seen.dkim_signatures.len() <= 32);
    for line in &seen.received_spf {
        let kept = [
            &line.result,
            &line.comment,
            &line.client_ip,
            &line.envelope_from,
            &line.helo,
            &line.receiver,
            &line.identity,
            &line.domain,
        ];
        assert!(kept.into_iter().flatten().all(|text| plain(text)), "{line:?}");
        assert!(!line.trusted || trusted);
    }
    for sign in &seen.dkim_signatures {
        let kept = [
            &sign.version,
            &sign.algorithm,
            &sign.body_hash,
            &sign.canonicalization,
            &sign.domain,
            &sign.identity,
            &sign.query,
            &sign.selector,
        ];
        assert!(kept.into_iter().flatten().all(|text| plain(text)), "{sign:?}");
        assert!(sign.signed.len() <= 128 && sign.faults.len() <= 15);
    }
    assert!(seen.arc.is_sorted_by(|newer, older| newer.instance > older.instance));
    assert!(seen.arc_faults.len() <= 500);
    for set in &seen.arc {
        assert!((1..=50).contains(&set.instance) && (!set.trusted || trusted));
        let (seal, signature) = (set.seal.iter(), set.signature.iter());
        for kept in seal.map(|s| [&s.validation, &s.domain, &s.selector, &s.algorithm]) {
            assert!(kept.into_iter().flatten().all(|text| plain(text)), "{set:?}");
        }
        for kept in signature.map(|s| [&s.domain, &s.selector, &s.algorithm]) {
            assert!(kept.into_iter().flatten().all(|text| plain(text)), "{set:?}");
        }
        for found in set.results.as_slice() {
            let kept = [&found.authority, &found.spf, &found.mailfrom, &found.dmarc, &found.arc];
            assert!(kept.into_iter().flatten().all(|text| plain(text)), "{set:?}");
            assert!(found.dkim.len() <= 32);
        }
    }
}

/// Nothing kept is longer than it may be.
fn bounded(facts: &MessageFacts) {
    assert!(facts.subject.iter().all(|text| text.len() <= 2048));
    assert!(facts.message_id.iter().all(|text| text.len() <= 1024));
    assert!([&facts.from, &facts.return_path].into_iter().flatten().all(|text| text.len() <= 512));
    stamped(&facts.stamps);
    assert!(facts.bounce.len() <= 1000);
    for recipient in &facts.bounce {
        assert!(recipient.diagnostic.len() <= 2048);
        assert!(recipient.smtp_code == 0 || (400..600).contains(&recipient.smtp_code));
    }
}

fn copied(copies: &Copies) {
    stamped(&copies.stamps);
    let texts = [&copies.lang, &copies.ptr, &copies.helo];
    assert!(texts.into_iter().flatten().all(|text| text.len() <= 256));
    assert!(copies.pcl.is_none_or(|level| (-1..=9).contains(&level)));
}

fn stamped(stamps: &mailtriage::model::message::Stamps) {
    let texts = serde_json::to_value(stamps).expect("JSON");
    for (key, value) in texts.as_object().expect("fields") {
        assert!(value.as_str().is_none_or(|text| text.len() <= 256), "{key}: {value}");
    }
    assert!(stamps.unknown.len() <= 64 && stamps.unknown.iter().all(|item| item.len() <= 513));
    assert!(stamps.dkim.len() <= 32);
    assert!(stamps.dkim.iter().all(|(result, domain)| result.len() <= 256 && domain.len() <= 256));
    assert!(stamps.scl.is_none_or(|level| (-1..=9).contains(&level)));
    assert!(stamps.bcl.is_none_or(|level| level <= 9));
}

/// Short, not empty and without control characters.
fn plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 256 && !text.contains(char::is_control)
}
