//! Authentication-Results, the topmost one: Microsoft's form (no authserv-id, glued by semicolons)
//! and that of RFC 8601.
//!
//! With a genuine border, a copy below the border was there before the organisation looked: it is
//! the sender's own and is not taken.

use super::pairs::LIMIT;
use super::{Scope, Stamp, words};
use crate::model::message::Stamps;

/// The stamp.
pub(super) const STAMP: Stamp =
    Stamp { name: "auth_results", headers: &["Authentication-Results"], decode };

/// Methods that begin a new result even where the semicolon before them is missing.
const METHODS: &[&str] = &["spf", "dkim", "dmarc", "compauth", "arc"];
/// Most DKIM results kept.
const MOST_DKIM: usize = 32;

fn decode(scope: &Scope<'_, '_>, out: &mut Stamps) {
    let Some(field) = scope.headers.first("Authentication-Results") else {
        return;
    };
    if scope.border.is_some_and(|border| field.index > border) {
        return;
    }
    read(&words::decode(&field.unfolded()), out);
}

/// Reads a value into the stamps; the first result of a method wins, DKIM results are a list.
pub(super) fn read(text: &str, out: &mut Stamps) {
    let mut scan = Scan::new(text);
    // The method whose properties are being read; its copy counts only where it was the first.
    let mut method = String::new();
    let mut counts = false;
    let mut at_start = true;
    while let Some(token) = scan.next() {
        let (key, value) = match token {
            Token::End => {
                at_start = true;
                continue;
            }
            // An authserv-id, its version, stray words.
            Token::Word => continue,
            Token::Pair(key, value) => (key.to_ascii_lowercase(), value),
        };
        // `dkim/1=pass`
        let name = key.split('/').next().unwrap_or(&key);
        if at_start || METHODS.contains(&name) {
            at_start = false;
            name.clone_into(&mut method);
            counts = begin(&method, lower(value), out);
        } else if counts {
            property(&method, &key, value, out);
        }
    }
}

/// Takes a method's result; false where it is not the first of its kind.
fn begin(method: &str, result: String, out: &mut Stamps) -> bool {
    let slot = match method {
        "spf" => &mut out.spf,
        "dmarc" => &mut out.dmarc,
        "compauth" => &mut out.compauth,
        "dkim" => {
            let room = out.dkim.len() < MOST_DKIM;
            if room {
                out.dkim.push((result, String::new()));
            }
            return room;
        }
        _ => return false,
    };
    let first = slot.is_none();
    if first {
        *slot = Some(result);
    }
    first
}

fn property(method: &str, key: &str, value: &str, out: &mut Stamps) {
    let slot = match (method, key) {
        ("spf", "smtp.mailfrom" | "smtp.mail") => &mut out.mailfrom_domain,
        ("dmarc", "header.from") => &mut out.header_from,
        ("dmarc", "action") => &mut out.dmarc_action,
        ("compauth", "reason") => {
            out.compauth_reason.get_or_insert_with(|| words::clipped(value, LIMIT).to_owned());
            return;
        }
        ("dkim", "header.d" | "header.i") => {
            let Some((_, domain)) = out.dkim.last_mut() else {
                return;
            };
            // header.i is `user@domain` or `@domain`; header.d says the domain itself.
            if key == "header.d" || domain.is_empty() {
                *domain = lower(value.rsplit('@').next().unwrap_or(value));
            }
            return;
        }
        _ => return,
    };
    slot.get_or_insert_with(|| lower(value));
}

/// The first result of a method, lower case.
pub(super) fn result(text: &str, wanted: &str) -> Option<String> {
    let mut scan = Scan::new(text);
    while let Some(token) = scan.next() {
        if let Token::Pair(key, value) = token
            && key.split('/').next().is_some_and(|name| name.eq_ignore_ascii_case(wanted))
        {
            return Some(lower(value));
        }
    }
    None
}

fn lower(value: &str) -> String {
    let value = words::clipped(value, LIMIT);
    if value.is_ascii() {
        return value.to_ascii_lowercase();
    }
    let mut lower = value.to_lowercase();
    // Some letters are longer in lower case.
    words::clip(&mut lower, LIMIT);
    lower
}

/// One piece of `key=value` text.
pub(super) enum Token<'a> {
    /// A semicolon.
    End,
    /// A word without `=`.
    Word,
    /// `key=value`
    Pair(&'a str, &'a str),
}

/// Cuts `key=value` text with comments and quotes into its tokens.
pub(super) struct Scan<'a> {
    rest: &'a str,
    /// Bytes that may yet be searched for the ends of comments: brackets that never close must not
    /// cost the square of the length.
    budget: usize,
}

impl<'a> Scan<'a> {
    /// Reads a text from its beginning.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, budget: text.len().saturating_mul(2).saturating_add(4096) }
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.skip();
        match self.rest.as_bytes().first()? {
            b';' => {
                self.rest = self.rest.get(1..)?;
                return Some(Token::End);
            }
            b'=' => {
                self.rest = self.rest.get(1..)?;
                return Some(Token::Word);
            }
            _ => {}
        }
        let key = self.word("=;(");
        if key.is_empty() {
            // An opening bracket that is never closed.
            self.rest = self.rest.get(1..)?;
            return Some(Token::Word);
        }
        self.skip();
        let Some(value) = self.rest.strip_prefix('=') else {
            return Some(Token::Word);
        };
        self.rest = value;
        self.skip();
        let value = if let Some(quoted) = self.rest.strip_prefix('"')
            && let Some(end) = quoted.find('"')
        {
            self.rest = quoted.get(end + 1..)?;
            quoted.get(..end)?
        } else {
            self.word(";(")
        };
        Some(Token::Pair(key, value))
    }

    /// Takes what stands before white space or one of `stops`.
    fn word(&mut self, stops: &str) -> &'a str {
        let end = self
            .rest
            .find(|c: char| c.is_ascii_whitespace() || stops.contains(c))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    /// Passes over white space and comments. A comment that is never closed ends at the next
    /// semicolon.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_ascii_start();
            if !self.rest.starts_with('(') {
                return;
            }
            let mut depth = 0usize;
            let window = self.budget.min(4096).min(self.rest.len());
            let close = self.rest.bytes().take(window).position(|b| {
                match b {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            self.budget = self.budget.saturating_sub(close.map_or(window, |at| at + 1));
            let next = match close {
                Some(at) => at + 1,
                None => self.rest.find(';').unwrap_or(self.rest.len()),
            };
            self.rest = self.rest.get(next..).unwrap_or("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(text: &str) -> Stamps {
        let mut out = Stamps::default();
        read(text, &mut out);
        out
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn microsofts_form() {
        let s = results(
            "spf=pass (sender IP is 2001:db8::7) smtp.mailfrom=News.Contoso.com; dkim=pass \
             (signature was verified) header.d=contoso.com;dkim=fail (body hash did not verify) \
             header.d=esp.example;dmarc=fail action=oreject header.from=Contoso.com;compauth=fail \
             reason=000",
        );
        assert_eq!(s.spf.as_deref(), Some("pass"));
        assert_eq!(s.mailfrom_domain.as_deref(), Some("news.contoso.com"));
        assert_eq!(s.dkim, [pair("pass", "contoso.com"), pair("fail", "esp.example")]);
        assert_eq!(s.dmarc.as_deref(), Some("fail"));
        assert_eq!(s.dmarc_action.as_deref(), Some("oreject"));
        assert_eq!(s.header_from.as_deref(), Some("contoso.com"));
        assert_eq!(s.compauth.as_deref(), Some("fail"));
        assert_eq!(s.compauth_reason.as_deref(), Some("000"));
    }

    #[test]
    fn older_form_and_empty_values() {
        let s = results(
            "spf=none (sender IP is ) smtp.helo=mail.example; contoso.com; dkim=none (message not \
             signed) header.d=none;contoso.com; dmarc=none action=none header.from=;",
        );
        assert_eq!(s.dkim, [pair("none", "none")]);
        assert_eq!(s.header_from.as_deref(), Some(""));
        assert_eq!(s.mailfrom_domain, None);
    }

    #[test]
    fn rfc_8601_form() {
        let s = results(
            "mx.example 1; (comment; dkim=fail) dkim=pass (ok) reason=\"a; b\" \
             header.i=@fabrikam.example header.s=x header.b=AAA; spf=softfail (mx.example: domain \
             of a@b.example) smtp.mailfrom=\"a@b.example\"; dmarc=pass (p=NONE sp=NONE dis=NONE) \
             header.from=fabrikam.example; arc=pass (i=1 spf=pass)",
        );
        assert_eq!(s.spf.as_deref(), Some("softfail"));
        assert_eq!(s.mailfrom_domain.as_deref(), Some("a@b.example"));
        assert_eq!(s.dkim, [pair("pass", "fabrikam.example")]);
        assert_eq!(s.dmarc.as_deref(), Some("pass"));
    }

    #[test]
    fn broken_forms() {
        let s =
            results("spf=pass (never closed smtp.mailfrom=x; dkim = fail header.d = y; ; dmarc");
        assert_eq!(s.spf.as_deref(), Some("pass"));
        assert_eq!(s.dkim, [pair("fail", "y")]);
        assert_eq!(s.dmarc, None);
        let s = results("spf=pass smtp.mailfrom=x dkim=none dmarc=pass header.from=z; spf=fail");
        assert_eq!(s.spf.as_deref(), Some("pass"));
        assert_eq!((s.dkim.len(), s.header_from.as_deref()), (1, Some("z")));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[spfdkimarcou=;:() \"./\u{e9}-]{0,80}") {
            let _ = results(&text);
        }
    }
}
