//! The records of the transport agents: spam filter, malware filter, mail-flow rules, compliance.
//!
//! Only what they say. Codes stay as written; a field that is not there is an empty text.

use super::super::text::unescaped;
use super::Item;
use std::borrow::Cow;

/// The verdict of the spam filter: `S:SFA=SUM|..`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpamVerdict<'a> {
    /// Filter verdict: `NSPM`, `SPM`, `BLK`, `SKS` and the other codes of the Forefront stamp.
    pub sfv: &'a str,
    /// Result of the IP lists: `CAL` (allowed), `NLI` (not listed).
    pub ipv: &'a str,
    /// `BULK`, or empty.
    pub srv: &'a str,
    /// Disposition: `SB`, `SQ`, `SD`, `SJ`, `SN`, `SO`.
    pub di: &'a str,
    /// Spam confidence level, -1 to 9; `None` where missing or no such level.
    pub scl: Option<i8>,
    /// Phishing confidence level; `None` where missing or no number.
    pub pcl: Option<i8>,
    /// Score, may be negative; `None` where missing or no number.
    pub score: Option<i32>,
    /// Connecting address.
    pub cip: &'a str,
    /// Name given with HELO or EHLO.
    pub helo: &'a str,
    /// Domain of the reverse look-up, or a word such as `InfoDomainNonexistent`.
    pub rd: &'a str,
    /// PTR record.
    pub ptr: &'a str,
    /// Country of the connecting address.
    pub country: &'a str,
    /// Language of the message.
    pub lang: &'a str,
}

/// Reads `SFA=SUM`; `None` for any other item.
pub fn spam<'a>(item: &Item<'a>) -> Option<SpamVerdict<'a>> {
    if !item.is("SFA", "SUM") {
        return None;
    }
    let mut out = SpamVerdict::default();
    for (name, text) in item.parts() {
        let slot = match name {
            "SFV" => &mut out.sfv,
            "IPV" => &mut out.ipv,
            "SRV" => &mut out.srv,
            "DI" => &mut out.di,
            "CIP" => &mut out.cip,
            "H" => &mut out.helo,
            "RD" => &mut out.rd,
            "PTR" => &mut out.ptr,
            "CTRY" => &mut out.country,
            "LANG" => &mut out.lang,
            "SCL" => {
                let level = number(text).filter(|level| (-1..=9).contains(level));
                out.scl = out.scl.or(level);
                continue;
            }
            "PCL" => {
                out.pcl = out.pcl.or_else(|| number(text));
                continue;
            }
            "SCORE" => {
                out.score = out.score.or_else(|| number(text));
                continue;
            }
            _ => continue,
        };
        first(slot, text);
    }
    Some(out)
}

/// What the malware filter found: `S:AMA=SUM|..` (all engines) or `S:AMA=EV|..` (one engine).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Malware<'a> {
    /// True for the form `EV`: one engine and one file.
    pub event: bool,
    /// Malware or none (`v`); `None` where not said, as for messages that were not scanned.
    pub found: Option<bool>,
    /// Code of the action: r replaced, p, st and sy bypassed, d deferred, s deleted, ni and ne
    /// rejected, b blocked.
    pub action: &'a str,
    /// Error of the scan.
    pub error: &'a str,
    /// Name of the malware.
    pub name: &'a str,
    /// Engine.
    pub engine: &'a str,
    /// Name of the file.
    pub file: &'a str,
}

/// Reads `AMA=SUM` and `AMA=EV`; `None` for any other item.
pub fn malware<'a>(item: &Item<'a>) -> Option<Malware<'a>> {
    let event = item.is("AMA", "EV");
    if !event && !item.is("AMA", "SUM") {
        return None;
    }
    let mut out = Malware { event, ..Malware::default() };
    for (name, text) in item.parts() {
        match name {
            "v" if text == "1" => out.found = out.found.or(Some(true)),
            "v" if text == "0" => out.found = out.found.or(Some(false)),
            "action" => first(&mut out.action, text),
            "error" => first(&mut out.error, text),
            "name" => first(&mut out.name, text),
            "engine" => first(&mut out.engine, text),
            "file" => first(&mut out.file, text),
            _ => {}
        }
    }
    Some(out)
}

/// A record of the mail-flow rule agent (`S:TRA=..`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule<'a> {
    /// `ETR`: a rule matched.
    Hit(RuleHit<'a>),
    /// `ETRP`: what evaluating a rule cost. It does **not** say that the rule matched.
    Cost(RuleCost<'a>),
    /// `DC`: sensitive information was found.
    Classification(Classification<'a>),
    /// `CI`: the sender overrode a policy.
    Override(Override<'a>),
}

/// A rule that matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleHit<'a> {
    /// GUID of the rule, as written.
    pub rule_id: &'a str,
    /// When the rule was changed last (`st`), as written: US culture and UTC, or older forms.
    pub changed: &'a str,
    /// Severity: `1` low, `2` medium, `3` high.
    pub severity: &'a str,
    /// `Enforce`, `Audit`, or one of the test modes.
    pub mode: &'a str,
    /// Actions in order.
    pub actions: Vec<&'a str>,
    /// GUID of the DLP policy (older form `dlpid`).
    pub dlp_id: &'a str,
}

/// What evaluating a rule cost, in milliseconds; `None` where missing or no number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCost<'a> {
    /// GUID of the rule, as written.
    pub rule_id: &'a str,
    /// Loading, wall clock (`LoadW`).
    pub load: Option<u64>,
    /// Evaluating, wall clock (`ExecW`).
    pub exec: Option<u64>,
}

/// Sensitive information that was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classification<'a> {
    /// GUID of the information type (`dcid`).
    pub id: &'a str,
    /// How often; `None` where missing or no number.
    pub count: Option<u64>,
    /// Confidence, percent; `None` where missing or no number.
    pub confidence: Option<u64>,
}

/// A policy that the sender overrode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Override<'a> {
    /// `or` (override) or `fp` (reported as false positive).
    pub kind: &'a str,
    /// The sender's words, percent-decoded.
    pub justification: Cow<'a, str>,
}

/// Reads `TRA=ETR`, `ETRP`, `DC` and `CI`; `None` for any other item.
pub fn rule<'a>(item: &Item<'a>) -> Option<Rule<'a>> {
    if !item.key.eq_ignore_ascii_case("TRA") {
        return None;
    }
    Some(match item.head() {
        "ETR" => Rule::Hit(hit(item)),
        "ETRP" => Rule::Cost(RuleCost {
            rule_id: item.part("ruleId"),
            load: number(item.part("LoadW")),
            exec: number(item.part("ExecW")),
        }),
        "DC" => Rule::Classification(classification(item)),
        "CI" => Rule::Override(Override {
            kind: item.part("sndOverride"),
            justification: unescaped(item.part("just")),
        }),
        _ => return None,
    })
}

fn hit<'a>(item: &Item<'a>) -> RuleHit<'a> {
    let mut out = RuleHit::default();
    for (name, text) in item.parts() {
        match name {
            "ruleId" => first(&mut out.rule_id, text),
            "st" => first(&mut out.changed, text),
            "sev" => first(&mut out.severity, text),
            "mode" => first(&mut out.mode, text),
            "dlpid" => first(&mut out.dlp_id, text),
            "action" if !text.is_empty() => out.actions.push(text),
            _ => {}
        }
    }
    out
}

fn classification<'a>(item: &Item<'a>) -> Classification<'a> {
    Classification {
        id: item.part("dcid"),
        count: number(item.part("count")),
        confidence: number(item.part("conf")),
    }
}

/// A record of the compliance agents: `S:DPA=..` (data loss prevention), `S:MLA=..` (labels).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy<'a> {
    /// `DPA` or `MLA`, as written.
    pub agent: &'a str,
    /// `DPR` and `MLR` rule, `DC` classification, `OVR` override, `NOT` notification, or another.
    pub form: &'a str,
    /// GUID of the rule.
    pub rule_id: &'a str,
    /// GUID of the policy.
    pub policy_id: &'a str,
    /// A rule matched: its record has an action. False for every other form.
    pub matched: bool,
    /// Codes of the actions, in order (`BA`, `EQ`, `NUA`, ..).
    pub actions: Vec<&'a str>,
    /// Kind of override (`or`, `fp`).
    pub override_kind: &'a str,
    /// The sender's words for an override, percent-decoded.
    pub justification: Cow<'a, str>,
    /// What was found, for the form `DC` of sensitive information.
    pub classification: Option<Classification<'a>>,
}

/// Reads `DPA` and `MLA` items; `None` for any other item.
pub fn policy<'a>(item: &Item<'a>) -> Option<Policy<'a>> {
    if !["DPA", "MLA"].iter().any(|k| item.key.eq_ignore_ascii_case(k)) {
        return None;
    }
    let mut out = Policy { agent: item.key, form: item.head(), ..Policy::default() };
    for (name, text) in item.parts() {
        match name {
            "ruleId" => first(&mut out.rule_id, text),
            "policyId" => first(&mut out.policy_id, text),
            "overrideType" => first(&mut out.override_kind, text),
            "justification" if out.justification.is_empty() => {
                out.justification = unescaped(text);
            }
            "action" if !text.is_empty() => out.actions.push(text),
            _ => {}
        }
    }
    out.matched = matches!(out.form, "DPR" | "MLR") && !out.actions.is_empty();
    if out.form == "DC" && !item.part("dcid").is_empty() {
        out.classification = Some(classification(item));
    }
    Some(out)
}

/// The first text that is not empty counts.
fn first<'a>(slot: &mut &'a str, text: &'a str) {
    if slot.is_empty() {
        *slot = text.trim();
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::items;
    use super::*;

    fn one(text: &str) -> Item<'_> {
        items(text).next().unwrap()
    }

    #[test]
    fn spam_verdicts() {
        let text = "S:SFA=SUM|SFV=BLK|IPV=NLI|SRV=|SFS=7|SFS=8|SCL=9|PCL=x|SCORE=-3|DI=SQ|\
            RD=mx.example.net|H=helo.example.net|CIP=2001:db8::7|PTR=|CTRY=NZ|LANG=mi|LAT=1";
        let got = spam(&one(text)).unwrap();
        assert_eq!((got.sfv, got.ipv, got.srv, got.di), ("BLK", "NLI", "", "SQ"));
        assert_eq!((got.scl, got.pcl, got.score), (Some(9), None, Some(-3)));
        assert_eq!(
            (got.cip, got.helo, got.rd),
            ("2001:db8::7", "helo.example.net", "mx.example.net")
        );
        assert_eq!((got.ptr, got.country, got.lang), ("", "NZ", "mi"));
        assert_eq!(spam(&one("S:SFA=SUM|SCL=10|SCL=4")).unwrap().scl, Some(4));
        assert_eq!(spam(&one("S:SFA=EV|SCL=1")), None);
    }

    #[test]
    fn malware_records() {
        let got = malware(&one("S:AMA=SUM|v=1|action=b|error=|atch=2")).unwrap();
        assert_eq!((got.found, got.action, got.event), (Some(true), "b", false));
        let got = malware(&one("'S:AMA=EV|engine=Z|v=1|name=Test:File;A|file=a;b.txt'")).unwrap();
        assert_eq!(
            (got.name, got.file, got.engine, got.event),
            ("Test:File;A", "a;b.txt", "Z", true)
        );
        assert_eq!(malware(&one("S:AMA=SUM|action=p")).unwrap().found, None);
        assert_eq!(malware(&one("S:AMB=SUM|v=1")), None);
    }

    #[test]
    fn performance_is_no_hit() {
        let text = "S:TRA=ETR|ruleId=r1|st=1/2/2026 3:04:05 AM|action=Quarantine|action=Prepend|sev=2|mode=Audit";
        let Some(Rule::Hit(hit)) = rule(&one(text)) else { panic!("no hit") };
        assert_eq!((hit.rule_id, hit.changed), ("r1", "1/2/2026 3:04:05 AM"));
        assert_eq!((hit.severity, hit.mode, hit.dlp_id), ("2", "Audit", ""));
        assert_eq!(hit.actions, ["Quarantine", "Prepend"]);
        let cost = rule(&one("S:TRA=ETRP|ruleId=r2|LoadW=1|ExecW=20|ExecC=-"));
        assert_eq!(
            cost,
            Some(Rule::Cost(RuleCost { rule_id: "r2", load: Some(1), exec: Some(20) }))
        );
        let found = rule(&one("S:TRA=DC|dcid=d|count=2|conf=75"));
        let expected = Classification { id: "d", count: Some(2), confidence: Some(75) };
        assert_eq!(found, Some(Rule::Classification(expected)));
        let Some(Rule::Override(own)) = rule(&one("S:TRA=CI|sndOverride=fp|just=a+b%3b")) else {
            panic!("no override")
        };
        assert_eq!((own.kind, own.justification.as_ref()), ("fp", "a b;"));
        assert_eq!(rule(&one("S:CompCost=|ETR=0")), None);
    }

    #[test]
    fn policies_match_by_their_actions() {
        let hit = policy(&one(
            "S:DPA=DPR|ruleId=r|policyId=p|predicate=EEP|timeSpent=1|action=BA|timeSpent=2",
        ));
        let hit = hit.unwrap();
        assert!(hit.matched && hit.actions == ["BA"] && (hit.rule_id, hit.policy_id) == ("r", "p"));
        assert!(!policy(&one("S:MLA=MLR|ruleId=r|predicate=EEP|timeSpent=1")).unwrap().matched);
        let own = policy(&one("S:DPA=OVR|overrideType=or|justification=%C3%A9t%E9+x%2")).unwrap();
        assert_eq!((own.override_kind, own.justification.as_ref()), ("or", "ét\u{fffd} x%2"));
        let found = policy(&one("S:DPA=DC|dcid=d|count=1|conf=85")).unwrap();
        assert_eq!(found.classification.unwrap().confidence, Some(85));
        assert_eq!(policy(&one("S:DPB=DPR|action=BA")), None);
    }

    proptest::proptest! {
        #[test]
        fn any_item(key in "SFA|AMA|TRA|DPA|MLA", head in "SUM|EV|ETRP?|DC|CI|DPR|OVR", rest in r"([|=%+\-é]|SCL|v|action|justification=|\PC){0,20}") {
            let text = format!("S:{key}={head}|{rest}");
            for item in items(&text) {
                let _ = (spam(&item), malware(&item), rule(&item), policy(&item));
            }
        }
    }
}
