//! The dictionary asked: records are opened first, so that their words are what is looked up.

use crate::decode::cells::led;
use crate::knowledge;
use crate::model::Explanation;

/// What one argument of `explain` means, and what it may have been meant to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// The argument.
    pub query: String,
    /// Its meanings, the likeliest first; empty where nothing is known.
    pub meanings: Vec<Explanation>,
    /// Words spelled almost like it, where nothing is known.
    pub near: Vec<String>,
}

/// Explains one argument: a code, a stamp value, an event, a header, a failure text, or a whole
/// `Reason: [{LED=..}]` record.
pub fn explain(query: &str) -> Explained {
    let words = led::parse(query).map_or(query, |record| record.reply);
    let meanings = knowledge::explain(words);
    let near = if meanings.is_empty() { knowledge::near(words) } else { Vec::new() };
    Explained { query: query.to_owned(), meanings, near }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_opened() {
        let text = "Reason: [{LED=550 5.4.316 Message expired, connection refused};{MSG=};{FQDN=};{IP=};{LRT=}]";
        let found = explain(text);
        assert_eq!(found.meanings[0].code, "5.4.316");
        assert!(!explain("SVF:SKN-").near.is_empty() || explain("HPHISHH").near == ["HPHISH"]);
    }
}
