//! Lines of the page about who vouches for a message: SPF as it was checked, signatures, the ARC
//! chain. Nothing is verified here; the page shows what is written.

use super::page::Shown;
use super::parts::{Block, Line, Section, Sources};
use crate::model::Instant;
use crate::model::auth::{
    ArcFault, ArcMember, ArcSet, DkimCheck, DkimFault, DkimResult, DkimSignature, ReceivedSpf,
};
use crate::model::message::Examined;
use crate::model::view::{AuthLine, Standing};
use crate::render::terminal::page::Tone;

/// The section: results with their alignment, then signatures and seals as written.
pub(super) fn section(shown: &Shown<'_>, sources: &mut Sources) -> Section {
    let examined = &shown.seen.examined;
    let mut section = Section::new("Authentication", note(shown));
    if let Some(words) = summary(shown) {
        section.blocks.push(Block::Words(words));
    }
    for line in &shown.view.auth {
        section.field(line.method, result(line, sources));
    }
    for (name, text) in lines(examined) {
        section.field(name, Line::of(Tone::Dim, text));
    }
    for check in shown.seen.verified.iter().flatten() {
        section.field("verified anew", verified(check));
    }
    section
}

/// A signature verified anew, with the keys at hand.
fn verified(check: &DkimCheck) -> Line {
    let (tone, word) = match check.result {
        DkimResult::Pass => (Tone::Good, "pass"),
        DkimResult::BodyAltered => (Tone::Bad, "body altered"),
        DkimResult::Broken => (Tone::Bad, "broken"),
        DkimResult::Expired => (Tone::Bad, "expired"),
        DkimResult::KeyUnusable => (Tone::Bad, "key unusable"),
        DkimResult::Invalid => (Tone::Bad, "invalid"),
        DkimResult::NoKey => (Tone::Warn, "no key at hand"),
        DkimResult::NotWhole => (Tone::Warn, "not the whole message"),
    };
    let domain = check.domain.clone().unwrap_or_else(|| "no domain".to_owned());
    Line::of(tone, word).more(format!("  {domain}")).and(Tone::Dim, format!(": {}", check.detail))
}

fn note(shown: &Shown<'_>) -> String {
    let from = shown.seen.examined.facts.from.as_deref().map(crate::model::delivery::domain_of);
    let from = from.map(|domain| format!("of the From domain {domain}")).unwrap_or_default();
    match shown.view.auth.first().map(|line| line.standing) {
        Some(Standing::Own) => format!("{from}; results believed: written by your own servers"),
        Some(_) if shown.seen.examined.facts.stamps.trusted => format!(
            "{from}; results not believed: they stand below the border, so they came in with the \
             message"
        ),
        Some(_) => format!("{from}; results not believed: there is no border of trust"),
        None => from,
    }
}

/// Whether the From domain is proved, and by what; else what is proved instead.
fn summary(shown: &Shown<'_>) -> Option<Line> {
    let passing = |line: &&AuthLine| line.result == "pass";
    let checked: Vec<&AuthLine> =
        shown.view.auth.iter().filter(|l| matches!(l.method, "SPF" | "DKIM")).collect();
    if checked.is_empty() {
        return None;
    }
    let named = |line: &AuthLine| match line.domain.as_str() {
        "" => line.method.to_owned(),
        domain => format!("{} for {domain}", line.method),
    };
    let own: Vec<String> = checked
        .iter()
        .copied()
        .filter(passing)
        .filter(|l| l.aligned == Some(true))
        .map(named)
        .collect();
    if !own.is_empty() {
        let words = format!("The From domain is proved by {}.", own.join(" and "));
        return Some(Line::of(Tone::Good, words));
    }
    let other: Vec<String> = checked.iter().copied().filter(passing).map(named).collect();
    let instead = if other.is_empty() {
        "neither SPF nor DKIM passes.".to_owned()
    } else {
        format!("what passes is of another domain ({}).", other.join(", "))
    };
    Some(Line::of(Tone::Bad, "The From domain is not proved: ").more(instead))
}

fn result(line: &AuthLine, sources: &mut Sources) -> Line {
    let tone = match line.result.as_str() {
        "pass" | "bestguesspass" | "softpass" => Tone::Good,
        "fail" | "softfail" | "permerror" | "temperror" | "timeout" => Tone::Bad,
        _ => Tone::Warn,
    };
    let mut out = Line::of(tone, line.result.clone());
    if !line.detail.is_empty() {
        let word = if line.method == "DMARC" { "action" } else { "reason" };
        out = out.more(format!(" {word} {}", line.detail));
    }
    if !line.domain.is_empty() {
        out = out.more(format!("  {}", line.domain));
    }
    out = match line.aligned {
        Some(true) => out.and(Tone::Good, "  aligned"),
        Some(false) => out.and(Tone::Warn, "  not aligned"),
        None => out,
    };
    for reading in &line.readings {
        let Line(cited) = sources.cite(reading);
        out = out.and(Tone::Dim, ": ");
        out.0.extend(cited);
    }
    out
}

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
