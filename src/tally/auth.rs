//! Authentication results by From domain, where message files among the inputs state them.

use super::Observed;
use crate::model::message::Stamps;
use std::collections::BTreeMap;

/// Results of one mechanism for one From domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// Messages that pass.
    pub pass: u64,
    /// Messages that fail (anything stated but pass and none).
    pub fail: u64,
    /// Time of the first failing one, microseconds UTC.
    pub first_fail: Option<i64>,
    /// Time of the last passing one.
    pub last_pass: Option<i64>,
    /// Per bucket: failing and passing ones.
    pub series: BTreeMap<i64, (u64, u64)>,
}

impl Results {
    fn observe(&mut self, result: &str, time: i64, bucket: i64) {
        if result == "pass" || result == "bestguesspass" {
            self.pass += 1;
            self.series.entry(bucket).or_default().1 += 1;
            self.last_pass = self.last_pass.max(Some(time));
        } else if !result.is_empty() && result != "none" {
            self.fail += 1;
            self.series.entry(bucket).or_default().0 += 1;
            self.first_fail = Some(self.first_fail.map_or(time, |t| t.min(time)));
        }
    }

    fn merge(&mut self, other: &Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.last_pass = self.last_pass.max(other.last_pass);
        for (bucket, (fail, pass)) in &other.series {
            let into = self.series.entry(*bucket).or_default();
            into.0 += fail;
            into.1 += pass;
        }
        self.first_fail = match (self.first_fail, other.first_fail) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// Results of one From domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainAuth {
    /// SPF.
    pub spf: Results,
    /// DKIM with a signature of this very domain (header.d), or none at all.
    pub dkim: Results,
    /// DMARC.
    pub dmarc: Results,
}

/// Authentication by From domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Auth {
    domains: BTreeMap<String, DomainAuth>,
}

impl Auth {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        for stamps in o.delivery.stamps() {
            self.observe_stamps(stamps, o.delivery.time.0, o.bucket);
        }
    }

    fn observe_stamps(&mut self, stamps: &Stamps, time: i64, bucket: i64) {
        // A result below the border, or without one, is a stranger's claim.
        let Some(domain) = stamps.header_from.as_ref().filter(|d| !d.is_empty()) else { return };
        if !stamps.trusted {
            return;
        }
        let auth = self.domains.entry(domain.clone()).or_default();
        auth.spf.observe(stamps.spf.as_deref().unwrap_or(""), time, bucket);
        auth.dmarc.observe(stamps.dmarc.as_deref().unwrap_or(""), time, bucket);
        let own = stamps.dkim.iter().find(|(_, d)| d == domain).or(stamps.dkim.first());
        auth.dkim.observe(own.map_or("", |(result, _)| result), time, bucket);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (domain, from) in other.domains {
            let into = self.domains.entry(domain).or_default();
            into.spf.merge(&from.spf);
            into.dkim.merge(&from.dkim);
            into.dmarc.merge(&from.dmarc);
        }
    }

    /// The results of a From domain.
    pub fn domain(&self, name: &str) -> Option<&DomainAuth> {
        self.domains.get(name)
    }

    /// All From domains, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &DomainAuth)> {
        self.domains.iter().map(|(name, auth)| (name.as_str(), auth))
    }
}
