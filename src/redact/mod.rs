//! How does this leave the house? Keyed pseudonyms in place of what names people, organisations and
//! machines.
//!
//! Comes in: a finished [`Report`](crate::model::Report) with its rejects, or one row of facts, and a
//! [`Key`]. Goes out: the same with pseudonyms. Deliberately absent: any table that leads back (who
//! holds the key and the names can make the pseudonyms anew, nobody else can), randomness and files
//! (the caller brings the key), and counting.
//!
//! Two rules make it sound. What stands in a column of names is replaced, whatever it looks like.
//! Text is let through word by word: a word stays only if it is in our own dictionary
//! (`words.txt`), is a short number, or is a host of the public infrastructure in [`kept`];
//! everything else becomes a pseudonym. So what nobody thought of is hidden, not shown.
//!
//! Equal names have equal pseudonyms in every output and under the same key in every run; addresses
//! keep their domain, domains their public suffix and their parents, addresses of hosts their network.
//! Lists that stood in the order of names are sorted anew, because an order tells names.

mod fact;
mod kept;
mod key;
mod names;
mod report;
mod run;
mod tables;
mod text;
mod words;

pub use fact::Masker;
pub use key::Key;
pub use run::paths;

/// Makes pseudonyms under one key.
#[derive(Clone, Debug)]
pub struct Redactor {
    key: Key,
    /// Domains that the user calls ours: none of them is kept, whatever it is.
    own: Vec<String>,
}

impl Redactor {
    /// Pseudonyms under this key. `own` are the domains that the user named as ours.
    pub fn new(key: Key, own: &[String]) -> Self {
        let own = own.iter().map(|d| d.trim().trim_start_matches('@').to_lowercase()).collect();
        Self { key, own }
    }
}
