//! Received lines: their times, the hosts that wrote them, and the border.
//!
//! The border is the line written by the server that judged the sender (AuthSource). Lines are
//! matched by the first label of the host name only, since one server appears under several
//! suffixes.

use super::headers::HeaderList;
use super::organization::{AUTH_AS, AUTH_SOURCE, NETWORK_MESSAGE_ID, SCL, value};
use super::tags::kept;
use super::{date, words};
use crate::model::Instant;
use crate::model::auth::Border;

/// Suffixes of Microsoft 365 mail hosts, all clouds.
const MICROSOFT: &[&str] = &[
    ".outlook.com",
    ".outlook.de",
    ".outlook.cn",
    ".office365.com",
    ".office365.us",
    ".exchangelabs.com",
    ".mx.microsoft",
    ".outlook.mil",
];

/// How Exchange names itself in a line.
const EXCHANGE: &[&str] = &["with", "Microsoft", "SMTP", "Server"];

/// Headers that the header firewall leaves once; two copies that differ are a claim.
const SINGLE: &[&str] = &[
    SCL,
    AUTH_AS,
    AUTH_SOURCE,
    NETWORK_MESSAGE_ID,
    "X-Forefront-Antispam-Report",
    "X-Microsoft-Antispam",
];

/// Time of the topmost Received line whose time can be read.
pub(super) fn newest(headers: &HeaderList<'_>) -> Option<Instant> {
    headers.all("Received").find_map(|field| {
        // Folds are white space to the date, and the rest of the line is long.
        let at = memchr::memrchr(b';', field.raw)?;
        date::parse(&words::plain(field.raw.get(at + 1..)?))
    })
}

/// Place of the border in the header list.
///
/// `None` where there is no AuthSource, no line of that server, a hop at or above it that is
/// neither Microsoft's nor an Exchange server of the judge's own domain, or where single headers
/// stand twice with different values. The line of the judge must be Microsoft's, too: anybody can
/// write the name of the server he sends to into AuthSource.
pub(super) fn border(headers: &HeaderList<'_>) -> Option<usize> {
    find(headers).ok()
}

/// Place of the border and what people read of it, or why there is none.
pub(super) fn judged(headers: &HeaderList<'_>) -> Result<(usize, Border), Border> {
    find(headers).map(|place| {
        let host = judge(headers).as_deref().and_then(kept).unwrap_or_default();
        (place, Border::Genuine { host })
    })
}

/// AuthSource, as written.
fn judge(headers: &HeaderList<'_>) -> Option<String> {
    value(headers, AUTH_SOURCE).or_else(|| value(headers, "X-MS-Exchange-CrossTenant-AuthSource"))
}

fn find(headers: &HeaderList<'_>) -> Result<usize, Border> {
    let Some(source) = judge(headers) else { return Err(Border::NobodyJudged) };
    let source = source.to_ascii_lowercase();
    let (label, domain) = source.split_once('.').unwrap_or((&source, ""));
    if label.is_empty() {
        return Err(Border::NobodyJudged);
    }
    if let Some(header) = SINGLE.iter().find(|name| headers.conflicting(name)) {
        return Err(Border::Conflict { header });
    }
    let shown = |text: &str| kept(text).unwrap_or_default();
    for field in headers.all("Received") {
        // Folds are white space between its words.
        let text = words::plain(field.raw);
        let Some(line) = taken(&text) else {
            return Err(Border::Unreadable { judge: shown(&source) });
        };
        let host = line.by.to_ascii_lowercase();
        let (first, rest) = host.split_once('.').unwrap_or((&host, ""));
        let ours = is_microsofts(&host) && (domain.is_empty() || is_microsofts(&source));
        // A name without a domain is an Exchange server of one's own, named in short.
        let own = line.exchange && (rest == domain || domain.is_empty() && first == label);
        if first == label && (ours || own) {
            return Ok(field.index);
        }
        if !(is_microsofts(&host) || own && !domain.is_empty()) {
            return Err(Border::Stranger { host: shown(&host), judge: shown(&source) });
        }
    }
    Err(Border::NoLine { host: shown(&source) })
}

pub(super) fn is_microsofts(host: &str) -> bool {
    MICROSOFT.iter().any(|suffix| host.ends_with(suffix))
}

/// What a line says of the server that wrote it.
struct Taken<'a> {
    /// Host behind `by`.
    by: &'a str,
    /// The line says `with Microsoft SMTP Server` behind it.
    exchange: bool,
}

/// Reads who wrote a line, outside comments. `None` where it does not say, names two, or where
/// comments do not close: what the peer calls itself (HELO) and the sender's address stand in the
/// line as well, and a name there must not pass for the writer's.
fn taken(text: &str) -> Option<Taken<'_>> {
    let clause = text.rsplit_once(';').map_or(text, |(clause, _)| clause);
    let mut depth = 0usize;
    let mut found: Option<Taken<'_>> = None;
    // The words `with Microsoft SMTP Server`, as far as they were read behind the host.
    let mut said = 0;
    let (mut by, mut with) = (false, false);
    for word in clause.split_ascii_whitespace() {
        let outside = depth == 0;
        for byte in word.bytes() {
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.checked_sub(1)?,
                _ => {}
            }
        }
        if !outside {
            continue;
        }
        if by {
            by = false;
            let host = word.split(['(', ';']).next().filter(|host| !host.is_empty())?;
            if found.is_some() {
                // `with MailboxResubmission by AntispamTT`: an agent, no host.
                if with && !host.contains('.') {
                    continue;
                }
                return None;
            }
            found = Some(Taken { by: host, exchange: false });
            continue;
        }
        by = word.eq_ignore_ascii_case("by");
        if let Some(taken) = &mut found {
            with |= word == "with";
            said = match word {
                word if EXCHANGE.get(said) == Some(&word) => said + 1,
                "with" => 1,
                _ => 0,
            };
            taken.exchange |= said == EXCHANGE.len();
        }
    }
    found.filter(|_| depth == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(text: &str) -> bool {
        border(&HeaderList::read(text.as_bytes())).is_some()
    }

    const STORE: &str = "Received: from AM0PR01MB1234.eurprd01.prod.outlook.com (2001:db8::1)\r\n by \
        DB7PR01MB5678.eurprd01.prod.outlook.com with HTTPS; Mon, 2 Nov 2026 08:00:03 +0000\r\n";
    const FRONT: &str = "Received: from mail.fabrikam.example (192.0.2.9) by\r\n \
        AM0EUR01FT045.mail.protection.outlook.com (198.51.100.4) with Microsoft SMTP Server\r\n \
        (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9000.1 via Frontend Transport;\r\n \
        Mon, 2 Nov 2026 08:00:01 +0000\r\n";
    const JUDGE: &str = "X-MS-Exchange-Organization-AuthSource:\r\n \
        AM0EUR01FT045.eop-EUR01.prod.protection.outlook.com\r\n";

    #[test]
    fn a_genuine_border() {
        let text = format!("{STORE}{FRONT}From: a@fabrikam.example\r\n{JUDGE}");
        let list = HeaderList::read(text.as_bytes());
        assert_eq!(border(&list), Some(1));
        assert_eq!(newest(&list).unwrap().rfc3339(), "2026-11-02T08:00:03Z");
        let cross = text.replace("-Organization-", "-CrossTenant-");
        assert!(trusted(&cross));
    }

    #[test]
    fn no_border() {
        assert!(!trusted(&format!("{STORE}{FRONT}")), "nobody judged");
        assert!(!trusted(&format!("{STORE}{JUDGE}")), "no line of the judge");
        let foreign =
            "Received: from x by mx.example.net with ESMTP; Mon, 2 Nov 2026 08:00:09 +0000\n";
        assert!(!trusted(&format!("{foreign}{STORE}{FRONT}{JUDGE}")), "left Microsoft");
        let fake = "X-MS-Exchange-Organization-SCL: 5\r\nX-MS-Exchange-Organization-SCL: -1\r\n";
        assert!(!trusted(&format!("{STORE}{FRONT}{JUDGE}{fake}")), "conflicting copies");
        let twin = "Received: from AM0EUR01FT045 (by AM0EUR01FT045.x) by mail.protection.outlook.com.evil.example;\n";
        assert!(!trusted(&format!("{twin}{JUDGE}")), "a name in a comment");
    }

    #[test]
    fn what_is_not_believed_has_a_reason() {
        let why = |text: &str| {
            judged(&HeaderList::read(text.as_bytes())).map_or_else(|why| why, |(_, border)| border)
        };
        let host = "am0eur01ft045.eop-eur01.prod.protection.outlook.com".to_owned();
        assert_eq!(why(&format!("{STORE}{FRONT}")), Border::NobodyJudged);
        assert_eq!(why(&format!("{STORE}{JUDGE}")), Border::NoLine { host: host.clone() });
        assert_eq!(
            why(&format!("Received: from x by mx.example.net; y\n{STORE}{FRONT}{JUDGE}")),
            Border::Stranger { host: "mx.example.net".into(), judge: host.clone() }
        );
        assert_eq!(
            why(&format!("Received: ?\n{FRONT}{JUDGE}")),
            Border::Unreadable { judge: host }
        );
        let twice = "X-MS-Exchange-Organization-AuthAs: A\nX-MS-Exchange-Organization-AuthAs: B\n";
        assert_eq!(
            why(&format!("{FRONT}{JUDGE}{twice}")),
            Border::Conflict { header: "X-MS-Exchange-Organization-AuthAs" }
        );
        let genuine = why(&format!("{STORE}{FRONT}{JUDGE}"));
        assert!(matches!(genuine, Border::Genuine { host } if host.starts_with("AM0EUR01FT045.")));
    }

    #[test]
    fn own_exchange_servers() {
        let hub = "Received: from EX01.contoso.com (192.0.2.1) by EX02.contoso.com (192.0.2.2) with \
                   Microsoft SMTP Server (TLS) id 15.2.1; Mon, 2 Nov 2026 08:00:03 +0000\n";
        let edge = "Received: from mx.example (198.51.100.9) by EX01.contoso.com (192.0.2.1) with \
                    Microsoft SMTP Server id 15.2.1; Mon, 2 Nov 2026 08:00:02 +0000\n";
        let judge = "X-MS-Exchange-Organization-AuthSource: EX01.contoso.com\n";
        assert!(trusted(&format!("{hub}{edge}{judge}")));
        let postfix = hub.replace("Microsoft SMTP Server (TLS)", "ESMTP (Postfix)");
        assert!(!trusted(&format!("{postfix}{edge}{judge}")));
    }

    /// The name of the server one writes to is no secret: as AuthSource it must not make its line
    /// the border.
    #[test]
    fn a_judge_named_after_the_server_written_to() {
        let line = "Received: from mail.fabrikam.example (HELO Microsoft SMTP Server) by mx.example.net \
                    (Postfix) with ESMTP id 4Q; Mon, 2 Nov 2026 08:00:09 +0000\n";
        for judge in ["mx.example.net", "mx", "mx.eop-EUR01.prod.protection.outlook.com"] {
            let forged = format!("{line}X-MS-Exchange-Organization-AuthSource: {judge}\n");
            assert!(!trusted(&forged), "{judge}");
        }
        let exchange = line.replace("ESMTP", "Microsoft SMTP Server");
        let judge = "X-MS-Exchange-Organization-AuthSource:";
        assert!(trusted(&format!("{exchange}{judge} mx.example.net\n")));
        assert!(trusted(&format!("{exchange}{judge} mx\n")), "a short name");
        assert!(!trusted(&format!("{exchange}{judge} mx.fabrikam.example\n")), "another's");
    }

    #[test]
    fn hosts() {
        let by_host = |text| taken(text).map(|t| t.by);
        assert_eq!(by_host("by mx.example (x) with SMTP; date"), Some("mx.example"));
        assert_eq!(by_host("from a (by b) by c(d) id e; date"), Some("c"));
        assert_eq!(by_host("from a"), None);
        let twice = "from x) by AM0.mail.protection.outlook.com (x by mx.example.net; date";
        assert_eq!(by_host(twice), None, "comments that do not close");
        let twice = "from by AM0.mail.protection.outlook.com by mx.example.net with SMTP; date";
        assert_eq!(by_host(twice), None, "two names");
        let agent =
            "from a.x by b.x (192.0.2.1) with MailboxResubmission by AntispamTT id 15; date";
        assert_eq!(by_host(agent), Some("b.x"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,60}|[a-z (;)]{0,20}( by | with Microsoft SMTP Server |[()]|x\\.y){0,8}") {
            let _ = taken(&text);
            let _ = trusted(&format!("Received: {text}\n{JUDGE}"));
        }
    }
}
