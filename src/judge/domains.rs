//! Whose domains are ours, where the export does not say.

use crate::model::Context;
use crate::model::context::DomainEvidence;

/// Our accepted domains and how they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnDomains {
    /// Lower case, ascending.
    pub domains: Vec<String>,
    /// The user named them; else they are inferred.
    pub given: bool,
}

/// Distinct sender domains from which on a receiving domain is no mere correspondent of ours.
const MANY_PARTNERS: usize = 10;

/// Settles our domains: those the user named, else those the mail itself shows to be ours.
///
/// The shape of the evidence: only the receiving organisation sees its quarantine, its Junk and
/// its groups; strangers of many domains write to us, while to a correspondent outside only we do.
pub fn own_domains(context: &Context, given: &[String]) -> OwnDomains {
    if !given.is_empty() {
        let mut domains: Vec<String> =
            given.iter().map(|d| d.trim().trim_start_matches('@').to_lowercase()).collect();
        domains.sort();
        domains.dedup();
        return OwnDomains { domains, given: true };
    }
    let rows: u64 = context.domains().map(|(_, e)| e.as_recipient).sum();
    let mut domains: Vec<String> = context
        .domains()
        .filter(|(name, e)| name.contains('.') && is_ours(e, rows))
        .map(|(name, _)| name.to_owned())
        .collect();
    if domains.is_empty() {
        domains.extend(most_present(context, rows));
    }
    domains.sort();
    OwnDomains { domains, given: false }
}

fn is_ours(e: &DomainEvidence, rows: u64) -> bool {
    let received = e.received_here >= 2 && e.partners.len() >= 2
        || e.received_here >= 1 && e.partners.len() >= MANY_PARTNERS / 2;
    let written_to_by_many = e.partners.len() >= MANY_PARTNERS && e.as_recipient * 50 >= rows;
    // What the export itself states of most of the mail; some mail is relayed or forwarded.
    let states = e.originating > 0 && e.originating * 2 > e.as_sender
        || e.incoming > 0 && e.incoming * 2 > e.as_recipient;
    e.stated > 0 || states || received || written_to_by_many
}

/// The domain that stands in nearly all rows, if there is only one such domain.
fn most_present(context: &Context, rows: u64) -> Option<String> {
    let present = |e: &DomainEvidence| (e.as_sender + e.as_recipient) * 10 >= rows * 9;
    let mut main = context.domains().filter(|(name, e)| name.contains('.') && present(e));
    match (main.next(), main.next()) {
        (Some((name, _)), None) => Some(name.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(rows: &[(&str, &str, bool, u32)]) -> Context {
        let mut context = Context::default();
        for (from, to, held, count) in rows {
            for n in 0..*count {
                let from = from.replace('*', &n.to_string());
                context.domain(&from).as_sender += 1;
                let received = context.domain(to);
                received.as_recipient += 1;
                received.received_here += u64::from(*held);
                if from != *to {
                    received.partner(xxhash(&from));
                }
            }
        }
        context
    }

    fn xxhash(text: &str) -> u64 {
        xxhash_rust::xxh3::xxh3_64(text.as_bytes())
    }

    #[test]
    fn strangers_write_to_us_and_we_to_correspondents() {
        let context = context(&[
            ("p*.example", "contoso.com", false, 40),
            ("contoso.com", "gmail.com", false, 60),
            ("contoso.com", "partner.example", false, 5),
            ("s*.example", "fabrikam.com", true, 4),
        ]);
        let own = own_domains(&context, &[]);
        assert_eq!(own.domains, ["contoso.com", "fabrikam.com"]);
        assert!(!own.given);
    }

    #[test]
    fn an_outbound_only_export_still_has_one_main_domain() {
        let context = context(&[
            ("contoso.com", "a.example", false, 20),
            ("contoso.com", "b.example", false, 9),
        ]);
        assert_eq!(own_domains(&context, &[]).domains, ["contoso.com"]);
    }

    #[test]
    fn named_domains_win() {
        let own = own_domains(&Context::default(), &["@Contoso.com".into(), "b.example".into()]);
        assert_eq!(own.domains, ["b.example", "contoso.com"]);
        assert!(own.given);
    }
}
