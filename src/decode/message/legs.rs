//! What Received lines say of connections: cipher, how well they were protected, and whose stretch
//! of the way a line belongs to.
//!
//! Sources: RFC 5321, 4.4; RFC 3848 (`ESMTPS`); lines of Microsoft 365, Postfix, Exim, Google,
//! Proofpoint, Mimecast and others as they are met. Stretches below the border go by host names,
//! which anybody can write: they are shown, and decide nothing.

use super::words;
use crate::model::message::Hop;
use crate::model::view::{Leg, Phase, Shield};

/// Filtering services by the ends of their host names.
const GATEWAYS: &[(&str, &str)] = &[
    (".pphosted.com", "Proofpoint"),
    (".ppe-hosted.com", "Proofpoint Essentials"),
    (".mimecast.com", "Mimecast"),
    (".mimecast.co.za", "Mimecast"),
    (".messagelabs.com", "Symantec Email Security.cloud"),
    (".iphmx.com", "Cisco Secure Email"),
    (".barracudanetworks.com", "Barracuda"),
    (".cudaops.com", "Barracuda"),
    (".trendmicro.com", "Trend Micro"),
    (".trendmicro.eu", "Trend Micro"),
    (".sophos.com", "Sophos"),
    (".reflexion.net", "Sophos Reflexion"),
    (".mailcontrol.com", "Forcepoint"),
    (".fireeyecloud.com", "Trellix"),
    (".antispameurope.com", "Hornetsecurity"),
    (".hornetsecurity.com", "Hornetsecurity"),
    (".spamexperts.com", "N-able SpamExperts"),
    (".antispamcloud.com", "N-able SpamExperts"),
    (".mailanyone.net", "Vipre"),
    (".fortimail.com", "FortiMail Cloud"),
    (".fortimailcloud.com", "FortiMail Cloud"),
    (".retarus.com", "Retarus"),
    (".nospamproxy.com", "NoSpamProxy"),
    (".cloud-security.net", "Hornetsecurity"),
    (".mxlogic.net", "McAfee SaaS"),
    (".zixport.com", "Zix"),
    (".zixcorp.com", "Zix"),
    (".libraesva.com", "Libraesva"),
    (".vadesecure.com", "Vade"),
    (".area1security.com", "Cloudflare Area 1"),
    (".checkpointcloudsec.com", "Check Point"),
    (".avanan.net", "Check Point"),
    (".egress.com", "Egress"),
];
/// Longest word kept, bytes.
const LIMIT: usize = 128;

/// The legs of `hops` (newest first), read from the Received lines among `fields`.
pub fn legs(fields: &[(String, String)], hops: &[Hop]) -> Vec<Leg> {
    let lines = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Received"));
    let mut legs: Vec<Leg> = lines.zip(hops).map(|((_, text), hop)| one(text, hop)).collect();
    let border = hops.iter().rposition(|hop| hop.trusted);
    for (at, leg) in legs.iter_mut().enumerate() {
        let phase = hops.get(at).map(|hop| phase(hop, at, border));
        (leg.phase, leg.product) = phase.unwrap_or_default();
    }
    for newer in 0..legs.len() {
        let before = legs.get(newer + 1..).unwrap_or_default();
        let last = before.iter().map(|leg| leg.shield).find(|s| *s != Shield::Unsaid);
        let now = legs[newer].shield;
        // Losing TLS counts, a change between sound versions does not.
        legs[newer].downgrade = matches!(
            (last, now),
            (Some(Shield::Good | Shield::Some), Shield::Old | Shield::Plain)
                | (Some(Shield::Old), Shield::Plain)
        );
    }
    legs
}

fn one(text: &str, hop: &Hop) -> Leg {
    let clause = text.rsplit_once(';').map_or(text, |(clause, _)| clause);
    let cipher = named(clause, "cipher=").or_else(|| named(clause, "cipher "));
    Leg { shield: shield(hop), cipher: cipher.unwrap_or_default(), ..Leg::default() }
}

/// The word behind a mark.
fn named(clause: &str, mark: &str) -> Option<String> {
    let (_, rest) = clause.split_once(mark)?;
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ')' | ',' | ';'));
    let word = &rest[..end.unwrap_or(rest.len())];
    (!word.is_empty()).then(|| words::clipped(word, LIMIT).to_owned())
}

fn shield(hop: &Hop) -> Shield {
    if let Some(version) = &hop.tls {
        return version_shield(version);
    }
    let protocol = hop.protocol.as_deref().unwrap_or_default().to_ascii_uppercase();
    match protocol.as_str() {
        "ESMTPS" | "ESMTPSA" | "SMTPS" | "UTF8SMTPS" | "UTF8SMTPSA" => Shield::Some,
        "SMTP" | "ESMTP" | "ESMTPA" | "UTF8SMTP" => Shield::Plain,
        _ => Shield::Unsaid,
    }
}

/// How good a TLS version is (RFC 8996 retires 1.0 and 1.1, RFC 7568 SSL 3).
pub fn version_shield(version: &str) -> Shield {
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    match (version.get(..3).is_some_and(|p| p.eq_ignore_ascii_case("TLS")), digits.as_str()) {
        (true, "12" | "13") => Shield::Good,
        (true, "") => Shield::Some,
        _ => Shield::Old,
    }
}

/// The filtering service that a host belongs to, by its name.
pub(super) fn gateway(host: &str) -> Option<&'static str> {
    let ends = |end: &str| {
        // The domain itself, or a host in it.
        let at = (host.len() + 1).checked_sub(end.len());
        at.and_then(|at| host.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end.get(1..).unwrap_or_default()))
            && (host.len() < end.len()
                || host.as_bytes().get(host.len() - end.len()) == Some(&b'.'))
    };
    GATEWAYS.iter().find(|(end, _)| ends(end)).map(|(_, product)| *product)
}

fn phase(hop: &Hop, at: usize, border: Option<usize>) -> (Phase, &'static str) {
    let by = hop.by.as_deref().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    match border {
        Some(border) if at == border => return (Phase::Border, ""),
        Some(border) if at < border => {
            // The store takes it by HTTPS or MAPI, and writes the last line.
            let store = at == 0 && matches!(hop.protocol.as_deref(), Some("HTTPS" | "MAPI"));
            return (if store { Phase::Mailbox } else { Phase::Own }, "");
        }
        _ => {}
    }
    if let Some(product) = gateway(&by) {
        return (Phase::Gateway, product);
    }
    if super::received::is_microsofts(&by) {
        return (Phase::OtherCloud, "");
    }
    (Phase::Sender, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str], trusted: usize) -> (Vec<Hop>, Vec<Leg>) {
        let fields: Vec<_> =
            lines.iter().map(|line| ("Received".to_owned(), (*line).to_owned())).collect();
        let text = format!("Received: {}\r\n", lines.join("\r\nReceived: "));
        let list = super::super::HeaderList::read(text.as_bytes());
        let hops = super::super::hops::hops(&list, trusted.checked_sub(1));
        let legs = legs(&fields, &hops);
        (hops, legs)
    }

    #[test]
    fn stretches_and_shields() {
        let lines = [
            "from A.prod.outlook.com (2001:db8::1) by B.prod.outlook.com with HTTPS; Mon, 2 Nov 2026 08:00:04 +0000",
            "from mx1.example.pphosted.com (192.0.2.4) by C.mail.protection.outlook.com (192.0.2.5) with \
             Microsoft SMTP Server (version=TLS1_2, cipher=TLS_X) id 15.20.9100.12 via Frontend Transport; \
             Mon, 2 Nov 2026 08:00:03 +0000",
            "from mail.fabrikam.com (mail.fabrikam.com [192.0.2.9]) by mx1.example.pphosted.com with ESMTP \
             id x; Mon, 2 Nov 2026 08:00:02 +0000",
            "from pc (HELO pc) [192.0.2.10] by mail.fabrikam.com (Postfix) with ESMTPS (using TLSv1.3 with \
             cipher TLS_Y (256/256 bits)) id y; Mon, 2 Nov 2026 08:00:01 +0000",
        ];
        let (_, legs) = read(&lines, 2);
        let phases: Vec<Phase> = legs.iter().map(|leg| leg.phase).collect();
        assert_eq!(phases, [Phase::Mailbox, Phase::Border, Phase::Gateway, Phase::Sender]);
        assert_eq!(legs[2].product, "Proofpoint");
        assert_eq!(legs[1].cipher, "TLS_X");
        assert_eq!(legs[3].cipher, "TLS_Y");
        let shields: Vec<Shield> = legs.iter().map(|leg| leg.shield).collect();
        assert_eq!(shields, [Shield::Unsaid, Shield::Good, Shield::Plain, Shield::Good]);
        let downgrades: Vec<bool> = legs.iter().map(|leg| leg.downgrade).collect();
        assert_eq!(downgrades, [false, false, true, false]);
    }

    #[test]
    fn without_a_border_names_are_all_there_is() {
        let (_, legs) =
            read(&["from a.example by B.prod.outlook.com with ESMTPS; x", "by c.example; y"], 0);
        assert_eq!((legs[0].phase, legs[1].phase), (Phase::OtherCloud, Phase::Sender));
        assert_eq!(legs[0].shield, Shield::Some);
    }

    #[test]
    fn versions() {
        for (text, shield) in [
            ("TLS1_3", Shield::Good),
            ("TLSv1.2", Shield::Good),
            ("TLS1_0", Shield::Old),
            ("TLSv1", Shield::Old),
            ("SSLv3", Shield::Old),
            ("TLS", Shield::Some),
        ] {
            assert_eq!(version_shield(text), shield, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_line(text in "\\PC{0,60}|[a-z (;)\\[\\]]{0,20}( by | with | id |cipher=|x\\.y){0,8}") {
            let _ = read(&[&text, &text], 1);
        }
    }
}
