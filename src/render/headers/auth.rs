//! Lines of the page about who vouches for a message: SPF as it was checked, signatures, the ARC
//! chain. Nothing is verified here; the page shows what is written.

use crate::model::Instant;
use crate::model::auth::{ArcFault, ArcMember, ArcSet, DkimFault, DkimSignature, ReceivedSpf};
use crate::model::message::Examined;

/// Name and text of each line, in the order of the page. Text is still a stranger's.
pub(super) fn lines(examined: &Examined) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    out.extend(examined.received_spf.iter().map(|line| ("received spf", spf(line))));
    out.extend(examined.dkim_signatures.iter().map(|sign| ("dkim", dkim(sign))));
    out.extend(examined.arc.iter().map(|set| ("arc", arc(set))));
    if !examined.arc_faults.is_empty() {
        let faults: Vec<String> = examined.arc_faults.iter().copied().map(arc_fault).collect();
        out.push(("arc chain", format!("broken: {}", faults.join("; "))));
    } else if let Some(newest) = examined.arc.first() {
        let sets = if newest.instance == 1 { "set" } else { "sets" };
        let text = format!("{} {sets}, whole as written (seals not verified)", newest.instance);
        out.push(("arc chain", text));
    }
    out
}

/// Joins what is there.
fn joined(parts: &[Option<String>], by: &str) -> String {
    parts.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(by)
}

/// A word and its value, where there is one.
fn with(word: &str, value: Option<&String>) -> Option<String> {
    value.map(|value| format!("{word} {value}"))
}

fn spf(line: &ReceivedSpf) -> String {
    let result = line.result.clone().unwrap_or_else(|| "no result".to_owned());
    // The HELO name is what was checked, not the sender's domain.
    let checked = match line.identity.as_deref() {
        Some("helo") => with("for helo", line.helo.as_ref()),
        _ => with("for", line.domain.as_ref()),
    };
    let helo = line.helo.as_ref().filter(|_| line.identity.as_deref() != Some("helo"));
    let parts = [
        Some(result),
        checked,
        with("from", line.client_ip.as_ref()),
        with("helo", helo),
        with("by", line.receiver.as_ref()),
        Some(if line.trusted { "trusted" } else { "(not believed)" }.to_owned()),
    ];
    joined(&parts, " ")
}

fn dkim(sign: &DkimSignature) -> String {
    let time = |word: &str, at: Option<Instant>| at.map(|at| format!("{word} {}", at.rfc3339()));
    let algorithm = sign.algorithm.clone();
    let parts = [
        Some(sign.domain.clone().unwrap_or_else(|| "no domain".to_owned())),
        with("selector", sign.selector.as_ref()),
        algorithm,
        sign.canonicalization.clone(),
        time("signed", sign.signed_at),
        time("until", sign.expires),
    ];
    let faults: Vec<String> = sign.faults.iter().map(|fault| dkim_fault(*fault, sign)).collect();
    let weak = if faults.is_empty() { String::new() } else { format!(": {}", faults.join("; ")) };
    format!("{}{weak}", joined(&parts, ", "))
}

fn dkim_fault(fault: DkimFault, sign: &DkimSignature) -> String {
    match fault {
        DkimFault::TagMissing(tag) => format!("no {tag}="),
        DkimFault::TagRepeated => "a tag stands twice, verifiers refuse it".to_owned(),
        DkimFault::UnknownVersion => "unknown version".to_owned(),
        DkimFault::FromNotSigned => "From is not signed, verifiers refuse it".to_owned(),
        DkimFault::IdentityElsewhere => {
            format!("i={} is not of its domain", sign.identity.as_deref().unwrap_or_default())
        }
        DkimFault::LengthLimited => match sign.body_length {
            Some(bytes) => format!("only the first {bytes} bytes of the body are signed"),
            None => "l= limits how much of the body is signed".to_owned(),
        },
        DkimFault::Sha1 => "rsa-sha1, verifiers refuse it".to_owned(),
        DkimFault::ExpiresBeforeSigned => "expires before it was signed".to_owned(),
        DkimFault::Expired => "had expired on arrival".to_owned(),
    }
}

fn arc(set: &ArcSet) -> String {
    let seal = set.seal.as_ref();
    let sealed = joined(
        &[
            seal.and_then(|seal| seal.domain.clone()),
            with("selector", seal.and_then(|seal| seal.selector.as_ref())),
            seal.and_then(|seal| seal.validation.as_ref()).map(|cv| format!("cv={cv}")),
        ],
        ", ",
    );
    let found = set.results.as_ref().map(|results| {
        let dkim = results.dkim.iter().map(|(result, domain)| {
            Some(if domain.is_empty() {
                format!("dkim {result}")
            } else {
                format!("dkim {result} {domain}")
            })
        });
        let mut parts = vec![with("spf", results.spf.as_ref())];
        parts.extend(dkim);
        parts.push(with("dmarc", results.dmarc.as_ref()));
        parts.push(with("arc", results.arc.as_ref()));
        let found = joined(&parts, ", ");
        let by = results.authority.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
        format!(": {}{by}", if found.is_empty() { "no results" } else { &found })
    });
    let trusted = if set.trusted { " trusted" } else { "" };
    format!("i={} {sealed}{}{trusted}", set.instance, found.unwrap_or_default())
}

fn arc_fault(fault: ArcFault) -> String {
    match fault {
        ArcFault::Missing { instance, member } => {
            format!("i={instance} has no {}", member.header())
        }
        ArcFault::Gap { from, to } if from == to => format!("i={from} is not there"),
        ArcFault::Gap { from, to } => format!("i={from} to {to} are not there"),
        ArcFault::Repeated { instance, member } => {
            format!("i={instance} has more than one {}", member.header())
        }
        ArcFault::Failed { instance } => {
            format!("i={instance} says that it came in broken (cv=fail)")
        }
        ArcFault::Impossible { instance } => {
            format!("the {} of i={instance} states no possible cv", ArcMember::Seal.header())
        }
        ArcFault::NoInstance { member } => format!("one {} has no instance", member.header()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::auth::{ArcResults, ArcSeal};

    #[test]
    fn each_kind_is_one_line() {
        let spf = ReceivedSpf {
            result: Some("softfail".into()),
            client_ip: Some("192.0.2.9".into()),
            helo: Some("mail.fabrikam.com".into()),
            domain: Some("fabrikam.com".into()),
            receiver: Some("mx.contoso.com".into()),
            ..ReceivedSpf::default()
        };
        let helo = ReceivedSpf { identity: Some("helo".into()), trusted: true, ..spf.clone() };
        let sign = DkimSignature {
            domain: Some("fabrikam.com".into()),
            selector: Some("s1".into()),
            algorithm: Some("rsa-sha1".into()),
            body_length: Some(12),
            signed_at: Instant::from_civil(2026, 11, 1, 8, 0, 0, 0),
            faults: vec![DkimFault::LengthLimited, DkimFault::Sha1],
            ..DkimSignature::default()
        };
        let set = ArcSet {
            instance: 2,
            seal: Some(ArcSeal {
                domain: Some("contoso.com".into()),
                validation: Some("fail".into()),
                ..ArcSeal::default()
            }),
            results: Some(ArcResults {
                authority: Some("mx.contoso.com".into()),
                spf: Some("pass".into()),
                dkim: vec![("fail".into(), "fabrikam.com".into())],
                ..ArcResults::default()
            }),
            ..ArcSet::default()
        };
        let examined = Examined {
            received_spf: vec![spf, helo],
            dkim_signatures: vec![sign, DkimSignature::default()],
            arc: vec![set],
            arc_faults: vec![ArcFault::Failed { instance: 2 }, ArcFault::Gap { from: 1, to: 1 }],
            ..Examined::default()
        };
        let shown: Vec<String> =
            lines(&examined).iter().map(|(name, text)| format!("{name}: {text}")).collect();
        let expected = [
            "received spf: softfail for fabrikam.com from 192.0.2.9 helo mail.fabrikam.com by \
             mx.contoso.com (not believed)",
            "received spf: softfail for helo mail.fabrikam.com from 192.0.2.9 by mx.contoso.com \
             trusted",
            "dkim: fabrikam.com, selector s1, rsa-sha1, signed 2026-11-01T08:00:00Z: only the first \
             12 bytes of the body are signed; rsa-sha1, verifiers refuse it",
            "dkim: no domain",
            "arc: i=2 contoso.com, cv=fail: spf pass, dkim fail fabrikam.com by mx.contoso.com",
            "arc chain: broken: i=2 says that it came in broken (cv=fail); i=1 is not there",
        ];
        assert_eq!(shown, expected);
        assert!(lines(&Examined::default()).is_empty());
    }
}
