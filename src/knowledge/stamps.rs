//! Meanings of single stamp items, authentication results and header names.

use super::tables::{Entry, entries};

/// The entry for an item of a stamp: of its value where the tables know it, else of its field.
/// `header` is the name without the ending of a renamed copy; `key` is empty for a header that is
/// a single value.
pub fn stamp(header: &str, key: &str, value: &str) -> Option<&'static Entry> {
    if let Some(level) = level_table(header, key) {
        return entries(level)
            .iter()
            .find(|e| same(&e.value, value))
            .or_else(|| field(header, key));
    }
    let exact = |e: &&Entry| e.subject.eq_ignore_ascii_case(key) && fits(&e.value, value);
    if header.eq_ignore_ascii_case("X-Forefront-Antispam-Report") {
        // The value of the key itself before one that stands for a range.
        let of_key = || entries("forefront").iter().filter(|e| e.subject.eq_ignore_ascii_case(key));
        return of_key()
            .find(|e| !e.value.is_empty() && same(&e.value, value))
            .or_else(|| of_key().find(exact))
            .or_else(|| field(header, key));
    }
    if header.eq_ignore_ascii_case("X-CustomSpam") {
        let of_option = |e: &&Entry| &*e.subject == "X-CustomSpam" && same(&e.value, value);
        return entries("forefront").iter().find(of_option).or_else(|| field(header, key));
    }
    let table = entries("microsoft_antispam");
    let here = |e: &&Entry| e.kind.eq_ignore_ascii_case(header) && exact(e);
    table.iter().find(here).or_else(|| field(header, key))
}

/// The entry that says what a header of the filter as a whole is.
pub fn stamp_header(name: &str) -> Option<&'static Entry> {
    let whole = |e: &&Entry| &*e.subject == "(header)" && same(&e.value, name);
    let of_table = |e: &&Entry| e.kind.eq_ignore_ascii_case(name) && e.subject.is_empty();
    entries("forefront")
        .iter()
        .find(whole)
        .or_else(|| entries("microsoft_antispam").iter().find(of_table))
}

/// The entry that says what a key, or a header, is for.
fn field(header: &str, key: &str) -> Option<&'static Entry> {
    let of_key = |e: &&Entry| e.subject.eq_ignore_ascii_case(key) && e.value.is_empty();
    if header.eq_ignore_ascii_case("X-Forefront-Antispam-Report") {
        // WIMS-AUTH and its kin are written in any case.
        return entries("forefront").iter().find(of_key);
    }
    let table = entries("microsoft_antispam");
    let here = |e: &&Entry| e.kind.eq_ignore_ascii_case(header);
    let by_key = table.iter().filter(here).find(|e| e.subject.eq_ignore_ascii_case(key));
    by_key.or_else(|| header_name(header)).or_else(|| {
        let of_header = |e: &&Entry| e.subject.eq_ignore_ascii_case(header) && e.value.is_empty();
        entries("forefront").iter().find(of_header)
    })
}

/// The table of levels behind a key.
fn level_table(header: &str, key: &str) -> Option<&'static str> {
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    let named = |end: &str| key.is_empty() && header.to_ascii_lowercase().ends_with(end);
    if is("SCL") || named("-scl") {
        Some("scl")
    } else if is("BCL") {
        Some("bcl")
    } else if is("PCL") || named("-pcl") {
        Some("pcl")
    } else {
        None
    }
}

/// The entry for a result of authentication: `spf`, `dmarc`, `compauth.reason`, ... A reason that
/// is not listed falls back on its family (`1xx`).
pub fn authentication(method: &str, value: &str) -> Option<&'static Entry> {
    let of_method = || entries("auth_results").iter().filter(|e| &*e.subject == method);
    let family = || {
        let first = value.chars().next().filter(char::is_ascii_digit)?;
        of_method().find(|e| *e.value == *format!("{first}xx"))
    };
    of_method().find(|e| same(&e.value, value)).or_else(family)
}

/// The entry for a header of Exchange or Microsoft 365 with this value; a family
/// (`X-MS-Exchange-Organization-*`) where the name itself is not known.
pub fn exchange_header(name: &str, value: &str) -> Option<&'static Entry> {
    let named =
        || entries("exchange_headers").iter().filter(|e| e.subject.eq_ignore_ascii_case(name));
    named()
        .find(|e| !e.value.is_empty() && same(&e.value, value))
        .or_else(|| named().find(|e| e.value.is_empty()))
        .or_else(|| named().next())
        .or_else(|| family("exchange_headers", name))
}

fn header_name(name: &str) -> Option<&'static Entry> {
    entries("exchange_headers").iter().find(|e| e.subject.eq_ignore_ascii_case(name))
}

/// The entry for a header of another gateway or mail system.
pub fn gateway_header(name: &str) -> Option<&'static Entry> {
    let named = entries("other_vendors").iter().find(|e| e.subject.eq_ignore_ascii_case(name));
    named.or_else(|| family("other_vendors", name))
}

/// The entry whose name ends in `*` and begins this one, the longest first.
fn family(table: &str, name: &str) -> Option<&'static Entry> {
    let begins = |e: &&Entry| {
        e.subject.strip_suffix('*').is_some_and(|stem| {
            name.get(..stem.len()).is_some_and(|head| head.eq_ignore_ascii_case(stem))
        })
    };
    entries(table).iter().filter(begins).max_by_key(|e| e.subject.len())
}

fn same(listed: &str, value: &str) -> bool {
    listed.eq_ignore_ascii_case(value)
}

/// A listed value: the word itself, one of `0|1`, or within `0-9`.
fn fits(listed: &str, value: &str) -> bool {
    if listed.is_empty() {
        return false;
    }
    let number = |text: &str| text.parse::<i64>().ok();
    let range = listed.split_once('-').and_then(|(a, b)| Some(number(a)?..=number(b)?));
    listed.split('|').any(|one| same(one, value))
        || range.zip(number(value)).is_some_and(|(range, n)| range.contains(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_by_value_and_by_field() {
        let report = "X-Forefront-Antispam-Report";
        let meaning = |header, key, value| stamp(header, key, value).map(|e| &*e.meaning);
        assert!(meaning(report, "SFV", "SKN").unwrap().contains("mail flow rule"));
        assert!(meaning(report, "sfv", "zzz").unwrap().contains("verdict"), "the field");
        assert!(meaning(report, "SCL", "5").is_some());
        assert!(meaning("X-MS-Exchange-Organization-SCL", "", "-1").unwrap().contains("bypassed"));
        assert!(meaning("X-Microsoft-Antispam", "BCL", "7").is_some());
        let delivery = "X-Microsoft-Antispam-Mailbox-Delivery";
        assert!(meaning(delivery, "dest", "J").unwrap().contains("Junk"));
        assert!(meaning(delivery, "ucf", "1").unwrap().contains("user rule"));
        assert_eq!(meaning(report, "NEW", "1"), None);
        assert_eq!(meaning("X-Other", "", "x"), None);
    }

    #[test]
    fn reasons_and_headers() {
        assert!(authentication("compauth.reason", "001").unwrap().meaning.contains("Implicit"));
        assert_eq!(&*authentication("compauth.reason", "199").unwrap().value, "1xx");
        assert_eq!(authentication("spf", "maybe").map(|e| &e.value), None);
        let name = "X-MS-Exchange-Organization-AuthAs";
        assert_eq!(&*exchange_header(name, "Anonymous").unwrap().value, "Anonymous");
        let family = exchange_header("x-ms-exchange-organization-new", "1").unwrap();
        assert_eq!(&*family.subject, "X-MS-Exchange-Organization-*");
        assert!(gateway_header("X-PMX-Version").unwrap().meaning.starts_with("Sophos"));
        assert!(gateway_header("X-Unheard-Of").is_none());
    }
}
