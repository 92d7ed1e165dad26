//! What must be known of the whole input before any delivery is judged. Small and mergeable.

use super::interner::Interner;
use std::collections::BTreeMap;

/// How often a domain stood where, and with how many partners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainEvidence {
    /// Rows with the domain as sender.
    pub as_sender: u64,
    /// Rows with the domain as recipient.
    pub as_recipient: u64,
    /// Rows to the domain that only a receiving tenant sees (quarantined, filtered, expanded).
    pub received_here: u64,
    /// Rows to the domain that state they came from outside.
    pub incoming: u64,
    /// Rows from the domain that state they came from one of our mailboxes.
    pub originating: u64,
    /// Least hashes of distinct sender domains that wrote to this domain, ascending, at most
    /// [`DomainEvidence::PARTNERS`].
    pub partners: Vec<u64>,
    /// A message's own stamps say the domain is ours (bounce sender, AuthAs Internal).
    pub stated: u64,
}

impl DomainEvidence {
    /// Partner hashes kept (bottom-k by a fixed hash merges exactly).
    pub const PARTNERS: usize = 16;

    /// Remembers a partner domain by the hash of its name.
    pub fn partner(&mut self, hash: u64) {
        if self.partners.len() == Self::PARTNERS && self.partners.last().is_some_and(|l| hash >= *l)
        {
            return;
        }
        if let Err(at) = self.partners.binary_search(&hash) {
            self.partners.insert(at, hash);
            self.partners.truncate(Self::PARTNERS);
        }
    }

    /// Adds another part.
    pub fn merge(&mut self, other: &Self) {
        self.as_sender += other.as_sender;
        self.as_recipient += other.as_recipient;
        self.received_here += other.received_here;
        self.incoming += other.incoming;
        self.originating += other.originating;
        self.stated += other.stated;
        for hash in &other.partners {
            self.partner(*hash);
        }
    }
}

/// The context of a run.
#[derive(Clone, Debug, Default)]
pub struct Context {
    names: Interner,
    evidence: Vec<DomainEvidence>,
    /// Latest time per dialect, microseconds UTC: the edge of what the export can know.
    pub newest: BTreeMap<&'static str, i64>,
}

impl Context {
    /// The id of a domain in this context.
    pub fn id(&mut self, name: &str) -> u32 {
        let id = self.names.intern(name);
        if id as usize >= self.evidence.len() {
            self.evidence.resize_with(id as usize + 1, DomainEvidence::default);
        }
        id
    }

    /// The evidence on the domain of an id that [`Context::id`] gave, to be added to.
    #[inline]
    pub fn evidence(&mut self, id: u32) -> &mut DomainEvidence {
        &mut self.evidence[id as usize]
    }

    /// The evidence on a domain, to be added to.
    pub fn domain(&mut self, name: &str) -> &mut DomainEvidence {
        let id = self.id(name);
        self.evidence(id)
    }

    /// All domains with their evidence, in an order that means nothing.
    pub fn domains(&self) -> impl Iterator<Item = (&str, &DomainEvidence)> {
        let named = (0..).zip(&self.evidence).map(|(id, e)| (self.names.text(id), e));
        named.filter(|(name, _)| !name.is_empty())
    }

    /// Notes the latest time of a dialect's records.
    pub fn seen_until(&mut self, dialect: &'static str, time: i64) {
        let newest = self.newest.entry(dialect).or_insert(time);
        *newest = (*newest).max(time);
    }

    /// Adds another part of the run. Order does not matter.
    pub fn merge(&mut self, other: Self) {
        if self.evidence.is_empty() && self.newest.is_empty() {
            *self = other;
            return;
        }
        for (name, evidence) in other.domains() {
            self.domain(name).merge(evidence);
        }
        for (dialect, time) in &other.newest {
            self.seen_until(dialect, *time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn merging_parts_equals_the_whole(
            rows in proptest::collection::vec((0u8..6, 0u64..40), 0..200), cut in 0usize..200,
        ) {
            let fill = |rows: &[(u8, u64)]| {
                let mut context = Context::default();
                for (domain, partner) in rows {
                    let evidence = context.domain(&format!("d{domain}.example"));
                    evidence.as_recipient += 1;
                    evidence.partner(partner.wrapping_mul(0x9E37_79B9_7F4A_7C15));
                }
                context
            };
            let cut = cut.min(rows.len());
            let mut left = fill(&rows[cut..]);
            left.merge(fill(&rows[..cut]));
            left.merge(Context::default());
            let mut neutral = Context::default();
            neutral.merge(left);
            let whole = fill(&rows);
            let shown = |context: &Context| -> BTreeMap<String, DomainEvidence> {
                context.domains().map(|(name, e)| (name.to_owned(), e.clone())).collect()
            };
            proptest::prop_assert_eq!(shown(&neutral), shown(&whole));
        }
    }
}
