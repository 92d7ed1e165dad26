//! `Data` of Get-MessageTraceDetail: `<root><MEP Name="SCL" String="5"/>..</root>`.
//!
//! The first attribute that is not `Name` is the value; its own name is the type. Only tags are
//! read: no document types, no entities but the five of XML and characters by number, so that a
//! text never grows by being decoded.

use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;

/// Most items read of one cell; real ones have some twenty.
const MOST: usize = 4096;
/// What carries an item.
const ELEMENT: &str = "MEP";

/// Type of a value, from the name of its attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `String`.
    String,
    /// `Integer`.
    Integer,
    /// `Long`.
    Long,
    /// `Double`.
    Double,
    /// `Bool`.
    Bool,
    /// `DateTime`.
    DateTime,
    /// `Blob`: a list of its own, mostly that of `custom_data`.
    Blob,
    /// A type of no known name, or no value.
    Other,
}

/// `(attribute, kind)`.
const KINDS: &[(&str, Kind)] = &[
    ("String", Kind::String),
    ("Integer", Kind::Integer),
    ("Long", Kind::Long),
    ("Double", Kind::Double),
    ("Bool", Kind::Bool),
    ("DateTime", Kind::DateTime),
    ("Blob", Kind::Blob),
];

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mep<'a> {
    /// Name; empty where the item has none.
    pub name: Cow<'a, str>,
    /// Type of the value.
    pub kind: Kind,
    /// Value as text; empty where the item has none.
    pub value: Cow<'a, str>,
}

/// The items, in order; of broken XML those before the break, and 4096 at most.
pub fn meps(xml: &str) -> impl Iterator<Item = Mep<'_>> {
    let mut rest = xml;
    std::iter::from_fn(move || {
        loop {
            let at = memchr(b'<', rest.as_bytes())?;
            rest = &rest[at + 1..];
            let closed = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")];
            if let Some((_, end)) = closed.iter().find(|(begin, _)| rest.starts_with(begin)) {
                let at = memmem::find(rest.as_bytes(), end.as_bytes());
                rest = at.map_or("", |at| &rest[at + end.len()..]);
                continue;
            }
            let Some(tag) = element(rest) else { continue };
            // Where a tag breaks off, nothing behind it is trusted.
            let read = attributes(tag);
            rest = read.as_ref().map_or("", |(_, behind)| behind);
            return read.map(|(mep, _)| mep);
        }
    })
    .take(MOST)
}

/// What follows the name of an item's tag, namespace prefix aside; `None` for any other tag.
fn element(text: &str) -> Option<&str> {
    let word = |b: &u8| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'<' | b'"');
    // Names are short: a long one is no item.
    let length = text.bytes().take(80).take_while(word).count();
    let name = text.get(..length)?;
    let local = name.rsplit(':').next().unwrap_or(name);
    local.eq_ignore_ascii_case(ELEMENT).then(|| &text[length..])
}

/// Reads attributes up to the end of the tag; `None` where it breaks off.
fn attributes(tag: &str) -> Option<(Mep<'_>, &str)> {
    let mut mep = Mep { name: Cow::Borrowed(""), kind: Kind::Other, value: Cow::Borrowed("") };
    let (mut named, mut valued) = (false, false);
    let mut rest = tag.trim_start();
    loop {
        if let Some(behind) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
            return Some((mep, behind));
        }
        let (key, value, behind) = attribute(rest)?;
        rest = behind.trim_start();
        if key.eq_ignore_ascii_case("Name") {
            if !named {
                mep.name = decoded(value);
                named = true;
            }
        } else if !valued {
            let kind = KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
            mep.kind = kind.map_or(Kind::Other, |(_, kind)| *kind);
            mep.value = decoded(value);
            valued = true;
        }
    }
}

/// Reads `key="value"`, of either quote; the third value is what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let end = memchr2(b'=', b'<', text.as_bytes())?;
    let key = text[..end].trim();
    let fine = |b: u8| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\'' | b'>' | b'/');
    if key.is_empty() || !key.bytes().all(fine) {
        return None;
    }
    let value = text[end..].strip_prefix('=')?.trim_start();
    let quote = *value.as_bytes().first().filter(|q| matches!(q, b'"' | b'\''))?;
    let value = &value[1..];
    let close = memchr(quote, value.as_bytes())?;
    Some((key, &value[..close], &value[close + 1..]))
}

/// `(entity, character)` of XML itself.
const ENTITIES: &[(&str, char)] =
    &[("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
/// Longest entity between `&` and `;`.
const LONGEST_ENTITY: usize = 10;

/// Decodes entities; what is none stays as it is.
fn decoded(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let near = &rest.as_bytes()[..rest.len().min(LONGEST_ENTITY + 1)];
        let end = memchr(b';', near);
        match end.and_then(|end| character(&rest[..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(entity: &str) -> Option<char> {
    let Some(number) = entity.strip_prefix('#') else {
        return ENTITIES.iter().find(|(name, _)| *name == entity).map(|(_, c)| *c);
    };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(number.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(xml: &str) -> Vec<(String, Kind, String)> {
        meps(xml).map(|m| (m.name.into_owned(), m.kind, m.value.into_owned())).collect()
    }

    fn item(name: &str, kind: Kind, value: &str) -> (String, Kind, String) {
        (name.to_owned(), kind, value.to_owned())
    }

    #[test]
    fn items() {
        let xml = "<?xml version='1.0'?><root><!-- <MEP Name=\"x\"/> --><MEP Name=\"SCL\" String=\"5\"/>\
            <MEP  Integer = '7' Name='Rcpt&amp;Count' Extra=\"9\" ></MEP><x:mep Name=\"N\"/>\
            <MEP/><MEPX Name=\"no\"/><![CDATA[<MEP Name=\"no\"/>]]><MEP Name=\"B\" Blob=\"S:A=1;'S:B=x>y;/>'\"/>\
            <MEP Name=\"E\" Colour=\"&lt;&#65;&#x42;&bogus;&#xD800;&amp\"/></root>";
        let expected = [
            item("SCL", Kind::String, "5"),
            item("Rcpt&Count", Kind::Integer, "7"),
            item("N", Kind::Other, ""),
            item("", Kind::Other, ""),
            item("B", Kind::Blob, "S:A=1;'S:B=x>y;/>'"),
            item("E", Kind::Other, "<AB&bogus;&#xD800;&amp"),
        ];
        assert_eq!(list(xml), expected);
        assert!(matches!(meps(xml).next().unwrap().value, Cow::Borrowed("5")));
    }

    #[test]
    fn broken_xml_keeps_what_came_before() {
        let good = "<root><MEP Name=\"A\" Bool=\"true\"/>";
        for tail in [
            "",
            "<MEP Name=\"B",
            "<MEP Name=\"B\"",
            "<MEP Name",
            "<MEP <MEP Name=\"B\"/>",
            "<!--",
            "<",
        ] {
            assert_eq!(list(&format!("{good}{tail}")), [item("A", Kind::Bool, "true")], "{tail}");
        }
        assert_eq!(list("no xml"), []);
    }

    #[test]
    fn hostile_texts_are_read_once() {
        for piece in [
            "<",
            "<MEP ",
            "<MEP Name=\"",
            "&",
            "<!--",
            "<?",
            "=",
            "<MEP a=\"&\"/>",
            "&#x;",
            "<MEP/>",
        ] {
            let text = piece.repeat(60_000);
            assert!(meps(&text).count() <= MOST);
            let _ = meps(&format!("<MEP Name=\"{}\"/>", text.replace('"', ""))).count();
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in "([<>&;=\"' /é]|MEP|Name|String|&#|<MEP Name=\"|\\PC){0,40}") {
            proptest::prop_assert!(meps(&text).count() <= text.len());
        }

        #[test]
        fn values_come_back(values in proptest::collection::vec("([&<>\"']|\\PC){0,12}", 0..6)) {
            let mut xml = "<root>".to_owned();
            for value in &values {
                let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
                xml.extend(["<MEP Name=\"N\" String=\"", &value, "\"/>"]);
            }
            let got: Vec<_> = meps(&xml).map(|m| m.value.into_owned()).collect();
            proptest::prop_assert_eq!(got, values);
        }
    }
}
