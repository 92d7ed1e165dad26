//! Equal in, equal out; different in, different out; relations of domains and networks kept.

#![allow(clippy::case_sensitive_file_extension_comparisons)] // ends of domains, not of files

use super::super::Key;
use super::*;
use crate::model::delivery::dashed;
use proptest::prelude::*;

fn redactor() -> Redactor {
    Redactor::new(Key::lasting(b"a key that is for tests").unwrap(), &[])
}

#[test]
fn addresses() {
    let r = redactor();
    let kim = r.address("Kim.Doe@Contoso.com");
    assert_eq!(kim, r.address("kim.doe@contoso.COM"));
    assert_ne!(kim, r.address("kim.doe@fabrikam.com"));
    let (local, domain) = kim.split_once('@').unwrap();
    assert_eq!(domain, r.domain("contoso.com"));
    assert_ne!(r.address("kim.doe@fabrikam.com").split('@').next(), Some(local), "for one domain");
    let tagged = r.address("kim.doe+news@contoso.com");
    assert!(tagged.starts_with(&format!("{local}+t-")) && tagged.ends_with(domain), "{tagged}");
    assert_eq!(r.address("<>"), "<>");
    assert_eq!(r.address(""), "");
    assert_eq!(r.address("<kim.doe@contoso.com>"), format!("<{kim}>"));
    assert_eq!(r.address("Postmaster@contoso.com"), format!("postmaster@{domain}"));
    assert!(r.address("/o=Lab/cn=Recipients/cn=kim").starts_with("p-"));
    assert!(r.address("kim@gmail.com").ends_with("@gmail.com"));
    let literal = r.address("kim@[192.0.2.7]");
    assert!(literal.contains("@[2001:db8:4"), "{literal}");
}

#[test]
fn domains() {
    let r = redactor();
    let contoso = r.domain("contoso.com");
    assert!(contoso.starts_with("d-") && contoso.ends_with(".com"), "{contoso}");
    assert_eq!(r.domain("CONTOSO.com."), contoso);
    assert_eq!(r.domain("mail.contoso.com"), format!("mail.{contoso}"));
    let deep = r.domain("exch07.berlin.contoso.com");
    let site = r.domain("berlin.contoso.com");
    assert!(site.starts_with("h-") && site.ends_with(&format!(".{contoso}")), "{site}");
    assert!(deep.ends_with(&format!(".{site}")), "{deep} below {site}");
    assert!(r.domain("contoso.co.uk").ends_with(".co.uk"));
    assert!(r.domain("contoso.corp").ends_with(".corp"));
    let strange = r.domain("kim.secretcorp");
    assert!(strange.ends_with(".invalid") && !strange.contains("secret"), "{strange}");
    assert!(r.domain("EXCH01").starts_with("h-"));
    assert_eq!(r.domain("co.uk"), "co.uk");
    assert_eq!(r.domain("münchen.example"), r.domain("xn--mnchen-3ya.example"));
    // A company's public suffix tells the company.
    assert!(!r.domain("kim.github.io").contains("github"));
    assert!(r.domain("contoso.onmicrosoft.com").ends_with(".onmicrosoft.com"));
    assert!(!r.domain("contoso.onmicrosoft.com").contains("contoso"));
    let server = "am0pr01mb1.eurprd01.prod.outlook.com";
    assert_eq!(r.domain(server), server);
    let dashed = contoso.replace('.', "-");
    assert_eq!(
        r.domain("contoso-com.mail.protection.outlook.com"),
        format!("{dashed}.mail.protection.outlook.com")
    );
    assert!(!r.domain("kim.google.com").contains("kim"), "not every label is a machine");
    let ours = Redactor::new(Key::lasting(b"a key that is for tests").unwrap(), &["web.de".into()]);
    assert!(!ours.domain("mx1.web.de").contains("web.de"), "ours is never kept");
}

#[test]
fn undashing() {
    assert_eq!(undashed("north-wind-co-uk").as_deref(), Some("north-wind.co.uk"));
    assert_eq!(undashed("contoso-com").as_deref(), Some("contoso.com"));
    assert_eq!(undashed("contoso"), None);
}

#[test]
fn hosts_networks_and_ids() {
    let r = redactor();
    let ip = |text: &str| r.host(text);
    assert!(ip("192.0.2.7").starts_with("2001:db8:4"));
    assert!(ip("10.0.0.7").starts_with("2001:db8:1"));
    assert!(ip("2001:db8:5::7").starts_with("2001:db8:6"));
    assert_eq!(ip("::ffff:192.0.2.7"), ip("192.0.2.7"));
    assert_eq!(ip("[192.0.2.7]"), ip("192.0.2.7"));
    assert_eq!(ip("127.0.0.1"), "127.0.0.1");
    assert_eq!(ip("192.0.2.7:25"), format!("{}:25", ip("192.0.2.7")));
    assert_eq!(ip("mx.contoso.com:25"), format!("{}:25", r.domain("mx.contoso.com")));
    let id = "9e943ce7-9fc8-436a-965c-08de00000005";
    let out = r.name("rule", id);
    assert_eq!(out, r.name("rule", "{9E943CE79FC8436A965C08DE00000005}"));
    assert_eq!((out.len(), out.get(14..15)), (36, Some("8")), "{out}");
    assert_eq!(dashed(r.guid(0)), "00000000-0000-0000-0000-000000000000");
    assert!(r.name("connector", "To Fabrikam").starts_with("connector-"));
    assert_eq!(r.name("policy", "Default"), "Default");
    assert_eq!(r.tenant("contoso.onmicrosoft.com"), r.domain("contoso.onmicrosoft.com"));
}

#[test]
fn subjects() {
    let r = redactor();
    let plain = r.subject("Offer 7");
    assert!(plain.starts_with("subject-"));
    assert_eq!(r.subject("RE: Fwd:  Offer 7"), format!("RE: Fwd: {plain}"));
    assert_eq!(r.subject("Re:"), "Re:");
    assert_ne!(r.subject("offer 7"), plain, "as written");
    assert_eq!(r.subject(" "), "");
}

#[test]
fn what_is_a_host() {
    for yes in
        ["contoso.com", "mx1.fabrikam.example", "srv.lan", "münchen.de", "a.b.co.uk", "X.COM."]
    {
        assert!(is_host(yes), "{yes}");
    }
    for no in [
        "com",
        "5.7.26",
        "RESOLVER.ADR.RecipientNotFound",
        "rejected.csv",
        "e.g",
        "a..com",
        "192.0.2.1",
    ] {
        assert!(!is_host(no), "{no}");
    }
}

proptest! {
    #[test]
    fn equal_in_equal_out(a in "[a-z]{1,3}(\\.[a-z]{1,2})?@[a-z]{1,2}(\\.[a-z]{1,2}){0,2}\\.(com|co\\.uk|example)",
                          b in "[a-z]{1,3}(\\.[a-z]{1,2})?@[a-z]{1,2}(\\.[a-z]{1,2}){0,2}\\.(com|co\\.uk|example)") {
        let r = redactor();
        prop_assert_eq!(a == b, r.address(&a) == r.address(&b));
        prop_assert_eq!(r.address(&a), r.address(&a.to_uppercase()));
        let domain = |t: &str| t.split('@').next_back().unwrap_or_default().to_owned();
        let (x, y) = (domain(&a), domain(&b));
        prop_assert_eq!(x == y, r.domain(&x) == r.domain(&y));
        let below = |x: &str, y: &str| x.ends_with(&format!(".{y}"));
        prop_assert_eq!(below(&x, &y), below(&r.domain(&x), &r.domain(&y)), "{} {}", x, y);
        // Aligned (RFC 7489, 3.1): the same registered domain.
        let org = |t: &str| psl::domain_str(t).map(str::to_owned);
        prop_assert_eq!(org(&x) == org(&y), org(&r.domain(&x)) == org(&r.domain(&y)));
        prop_assert_eq!(domain(&r.address(&a)), r.domain(&x));
    }

    #[test]
    fn networks_are_kept(a in any::<u32>(), b in any::<u8>(), c in any::<u128>(), d in any::<u64>()) {
        let r = redactor();
        let other = (a & !0xff) | u32::from(b);
        let one = |n: u32| r.ip(IpAddr::V4(Ipv4Addr::from_bits(n))).parse::<Ipv6Addr>();
        if let (Ok(x), Ok(y)) = (one(a), one(other)) {
            prop_assert_eq!(x.segments()[..5].to_vec(), y.segments()[..5].to_vec());
            prop_assert_eq!(a == other, x == y);
        }
        let near = (c & !u128::from(u64::MAX)) | u128::from(d);
        let six = |n: u128| r.ip(IpAddr::V6(Ipv6Addr::from_bits(n)));
        prop_assert_eq!(c == near, six(c) == six(near));
    }

    #[test]
    fn forms_stay_what_they_are(text in "\\PC{0,40}", guid in any::<u128>()) {
        let r = redactor();
        // Whatever comes in, what goes out may come in again.
        let address = r.address(&text);
        prop_assert_eq!(r.address(&address).contains('@'), address.contains('@'));
        let domain = r.domain(&text);
        prop_assert_eq!(r.domain(&domain).matches('.').count(), domain.matches('.').count());
        let dashed = dashed(r.guid(guid));
        prop_assert_eq!(guid_of(&dashed), Some(r.guid(guid)));
        let _ = (r.host(&text), r.name("rule", &text), r.subject(&text), r.tenant(&text));
    }

    #[test]
    fn no_word_comes_through(local in "[a-z]{6,12}", label in "[a-z]{6,12}", below in "[a-z]{6,12}", top in "com|co\\.uk|corp|zzzz") {
        let r = redactor();
        let text = format!("{local}@{below}.{label}.{top}");
        let out = r.address(&text);
        for word in [&local, &label, &below] {
            let fine = kept::label(word) || kept::role(word);
            prop_assert!(fine || !out.contains(word.as_str()), "{} in {}", word, out);
        }
    }
}
