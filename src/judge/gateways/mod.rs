//! What other gateways and mail systems wrote into the headers, and what Exchange Online wrote
//! beside its typed stamps, in plain words.
//!
//! Anybody can write these headers: they are shown, and never a reason for a verdict. One file per
//! product family and one line in [`FAMILIES`].

mod amazon;
mod barracuda;
mod bulk_senders;
mod clamav;
mod cloudmark;
mod cyren;
mod feedback;
mod fireeye;
mod fortinet;
mod google;
mod hornetsecurity;
mod hosting;
mod ironport;
mod kaspersky;
mod lesser;
mod mailscanner;
mod microsoft;
mod mimecast;
mod nospamproxy;
mod ovh;
mod parts;
mod proofpoint;
mod proton;
mod retarus;
mod rspamd;
mod signers;
mod sophos;
mod spamassassin;
mod spamexperts;
mod symantec;
#[cfg(test)]
mod tests;
mod trend;
mod verdicts;
mod yahoo;
mod zoho;

use crate::knowledge::tables::entries;
use crate::model::GatewayStamp;
use crate::model::message::Examined;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A product, the headers it writes and how each is read.
pub struct Family {
    /// Name of the product.
    pub product: &'static str,
    /// Its headers; of two that fit, the first counts.
    pub stamps: &'static [Stamp],
    /// Where the readings are known from.
    pub source: &'static str,
}

/// One header of a product.
pub struct Stamp {
    /// Its name in lower case; a `*` at one end stands for anything.
    pub header: &'static str,
    read: Reader,
}

enum Reader {
    /// It always says the same.
    Says(&'static str),
    /// The value tells.
    Reads(fn(&str) -> Said),
}

/// What a value says.
struct Said {
    meaning: String,
    bad: Option<bool>,
}

/// A header that always says the same.
const fn says(header: &'static str, meaning: &'static str) -> Stamp {
    Stamp { header, read: Reader::Says(meaning) }
}

/// A header whose value is read.
const fn reads(header: &'static str, read: fn(&str) -> Said) -> Stamp {
    Stamp { header, read: Reader::Reads(read) }
}

/// Neither good nor bad.
fn plain(meaning: impl Into<String>) -> Said {
    Said { meaning: meaning.into(), bad: None }
}

/// Good or bad, by its own word.
fn judged(meaning: impl Into<String>, bad: bool) -> Said {
    Said { meaning: meaning.into(), bad: Some(bad) }
}

/// Every family. Of two that know a header, the first reads it.
pub const FAMILIES: &[&Family] = &[
    &microsoft::FAMILY,
    &microsoft::CONSUMER,
    &proofpoint::FAMILY,
    &mimecast::FAMILY,
    &ironport::FAMILY,
    &barracuda::FAMILY,
    &trend::FAMILY,
    &sophos::FAMILY,
    &spamassassin::FAMILY,
    &symantec::FAMILY,
    &fortinet::FAMILY,
    &fireeye::FAMILY,
    &google::FAMILY,
    &yahoo::FAMILY,
    &ovh::FAMILY,
    &spamexperts::FAMILY,
    &cloudmark::FAMILY,
    &rspamd::FAMILY,
    &clamav::FAMILY,
    &mailscanner::FAMILY,
    &hosting::FAMILY,
    &amazon::FAMILY,
    &feedback::FAMILY,
    &bulk_senders::FAMILY,
    &zoho::FAMILY,
    &hornetsecurity::FAMILY,
    &retarus::FAMILY,
    &nospamproxy::FAMILY,
    &kaspersky::FAMILY,
    &proton::FAMILY,
    &cyren::FAMILY,
    &lesser::ESET,
    &lesser::WATCHGUARD,
    &lesser::CRM114,
    &lesser::TRUSTWAVE,
    &lesser::MCAFEE,
    &lesser::BITDEFENDER,
    &lesser::COREMAIL,
    &signers::FAMILY,
    &verdicts::FAMILY,
];

/// Most stamps that are shown.
const MOST: usize = 256;
/// Longest value shown, bytes.
const VALUE_LIMIT: usize = 1024;
/// Longest value shown of a header that always says the same, bytes: ids and opaque records.
const OPAQUE_LIMIT: usize = 128;
/// Longest meaning shown, bytes.
const MEANING_LIMIT: usize = 2048;

/// The stamps of one message, topmost first.
pub fn read(examined: &Examined) -> Vec<GatewayStamp> {
    let mut lower = String::new();
    let known = examined.fields.iter().enumerate().filter_map(|(at, (name, value))| {
        lower.clear();
        lower.push_str(name);
        lower.make_ascii_lowercase();
        let (family, stamp) = find(&lower)?;
        // An encoded value is read as what it stands for.
        let decoded = examined.decoded.binary_search_by_key(&at, |(place, _)| *place);
        let value = decoded.ok().and_then(|i| examined.decoded.get(i)).map_or(value, |(_, t)| t);
        let (said, limit) = match &stamp.read {
            Reader::Says(meaning) => (plain(*meaning), OPAQUE_LIMIT),
            Reader::Reads(read) => (read(value.trim()), VALUE_LIMIT),
        };
        Some(GatewayStamp {
            product: family.product.to_owned(),
            header: name.clone(),
            value: clipped(value, limit),
            meaning: clipped(&said.meaning, MEANING_LIMIT),
            bad: said.bad,
            source: table_source(&lower).unwrap_or(family.source).to_owned(),
        })
    });
    known.take(MOST).collect()
}

fn clipped(text: &str, limit: usize) -> String {
    text[..text.floor_char_boundary(limit.min(text.len()))].to_owned()
}

type Place = (&'static Family, &'static Stamp);

/// All stamps: those with a whole name, and those with a part of one.
struct Index {
    whole: HashMap<&'static str, Place>,
    begins: Parts,
    ends: Parts,
}

/// Parts of names by their first and last letters, in the order of the families.
#[derive(Default)]
struct Parts {
    by_letters: HashMap<[u8; LETTERS], Vec<(&'static str, Place)>>,
    /// Parts that are shorter than that.
    short: Vec<(&'static str, Place)>,
}

/// Letters by which parts are told apart at once: behind `x-` stands one at least.
const LETTERS: usize = 4;

impl Parts {
    fn add(&mut self, letters: Option<[u8; LETTERS]>, part: &'static str, place: Place) {
        match letters {
            Some(letters) => self.by_letters.entry(letters).or_default().push((part, place)),
            None => self.short.push((part, place)),
        }
    }

    fn find(&self, letters: Option<[u8; LETTERS]>, fits: impl Fn(&str) -> bool) -> Option<Place> {
        let long = letters.and_then(|letters| self.by_letters.get(&letters));
        let mut all = long.into_iter().flatten().chain(&self.short);
        all.find(|(part, _)| fits(part)).map(|(_, place)| *place)
    }
}

fn first(name: &str) -> Option<[u8; LETTERS]> {
    name.as_bytes().first_chunk().copied()
}

fn last(name: &str) -> Option<[u8; LETTERS]> {
    name.as_bytes().last_chunk().copied()
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let (begins, ends) = (Parts::default(), Parts::default());
        let mut index = Index { whole: HashMap::new(), begins, ends };
        for family in FAMILIES {
            for stamp in family.stamps {
                if let Some(begin) = stamp.header.strip_suffix('*') {
                    index.begins.add(first(begin), begin, (family, stamp));
                } else if let Some(end) = stamp.header.strip_prefix('*') {
                    index.ends.add(last(end), end, (family, stamp));
                } else {
                    index.whole.entry(stamp.header).or_insert((family, stamp));
                }
            }
        }
        index
    })
}

/// Who writes a header of this name, in lower case.
fn find(name: &str) -> Option<Place> {
    let index = index();
    let whole = index.whole.get(name).copied();
    whole
        .or_else(|| index.begins.find(first(name), |begin| name.starts_with(begin)))
        .or_else(|| index.ends.find(last(name), |end| name.ends_with(end)))
}

/// Where the table of other vendors knows this header from.
fn table_source(name: &str) -> Option<&'static str> {
    static SOURCES: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let sources = SOURCES.get_or_init(|| {
        let rows = entries("other_vendors").iter();
        rows.map(|row| (row.subject.to_ascii_lowercase(), &*row.source)).collect()
    });
    sources.get(name).copied()
}
