//! Domains: the registered part, the form people read, and the form look-alikes share.
//!
//! Sources: Public Suffix List; RFC 7489, 3.2 (organisational domain); RFC 3492 (punycode); Unicode
//! Technical Standard 39 (skeletons).

use std::borrow::Cow;
use unicode_security::confusable_detection::skeleton;

/// Suffixes under which Microsoft lets each organisation have a name of its own.
const SHARED: &[&str] =
    &["mail.onmicrosoft.com", "onmicrosoft.com", "mail.protection.outlook.com", "sharepoint.com"];

/// The organisational domain: the public suffix and one label more. The domain itself where there
/// is none.
pub(super) fn organization(domain: &str) -> &str {
    let domain = domain.trim_end_matches('.');
    for shared in SHARED {
        let name = domain.strip_suffix(shared).and_then(|rest| rest.strip_suffix('.'));
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            let label = name.rsplit('.').next().unwrap_or(name);
            let at = domain.len() - shared.len() - 1 - label.len();
            return domain.get(at..).unwrap_or(domain);
        }
    }
    psl::domain_str(domain).unwrap_or(domain)
}

/// The same organisation by its domain, or both empty.
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || organization(a) == organization(b)
}

/// The label that an organisation chose: the first one of its organisational domain.
pub(super) fn label(domain: &str) -> &str {
    organization(domain).split('.').next().unwrap_or("")
}

/// The domain as people read it: `xn--` labels decoded.
pub(super) fn readable(domain: &str) -> Cow<'_, str> {
    if domain.split('.').any(|label| label.starts_with("xn--")) {
        Cow::Owned(idna::domain_to_unicode(domain).0)
    } else {
        Cow::Borrowed(domain)
    }
}

/// What a word looks like: words with the same form are easily mistaken for each other.
pub(super) fn looks(word: &str) -> String {
    let form: String = skeleton(&word.to_lowercase()).collect();
    form.to_lowercase()
}

/// The domain is a name that Microsoft gives each tenant.
pub(super) fn is_tenants(domain: &str) -> bool {
    SHARED.iter().any(|shared| domain.ends_with(shared))
}

/// Names for documents and tests (RFC 2606): no suffix list has them.
const RESERVED: &[&str] = &[".example", ".test"];

/// A word is written like a domain that can exist.
pub(super) fn is_domain(word: &str) -> bool {
    let labels = word.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    let known = || {
        psl::suffix(word.as_bytes()).is_some_and(|suffix| suffix.is_known())
            || RESERVED.iter().any(|end| word.ends_with(end))
    };
    let lettered = word.bytes().any(|b| b.is_ascii_alphabetic());
    word.contains('.') && labels && lettered && known() && psl::domain_str(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations() {
        for (domain, expected) in [
            ("a.b.contoso.com", "contoso.com"),
            ("mail.fabrikam.co.uk", "fabrikam.co.uk"),
            ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
            ("x.contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
            ("contoso.mail.onmicrosoft.com", "contoso.mail.onmicrosoft.com"),
            ("contoso-com.mail.protection.outlook.com", "contoso-com.mail.protection.outlook.com"),
            ("onmicrosoft.com", "onmicrosoft.com"),
            ("com", "com"),
            ("", ""),
        ] {
            assert_eq!(organization(domain), expected, "{domain}");
        }
        assert!(same("a.contoso.com", "contoso.com") && !same("contoso.com", "contoso.org"));
        assert_eq!(label("news.contoso.co.uk"), "contoso");
    }

    #[test]
    fn forms() {
        assert_eq!(readable("xn--mnchen-3ya.example"), "m\u{fc}nchen.example");
        assert_eq!(looks("c0nt0s0"), looks("contoso"));
        assert_eq!(looks("\u{441}ontoso"), looks("contoso"), "Cyrillic");
        assert_eq!(looks("fabrikarn"), looks("fabrikam"));
        assert_ne!(looks("fabrikam"), looks("fabrikan"));
        assert!(is_domain("contoso.com") && is_domain("a.b.co.uk"));
        assert!(!is_domain("1.2.3") && !is_domain("St.John5") && !is_domain("com"));
    }

    proptest::proptest! {
        #[test]
        fn any_domain(text in "\\PC{0,40}|[a-z.-]{0,30}") {
            let _ = (organization(&text), label(&text), readable(&text), is_domain(&text));
            let _ = looks(&text);
        }
    }
}
