//! DKIM-Signature (RFC 6376): what is signed, by whom, until when, and what weakens it.
//!
//! Deliberately absent: verification (it needs the key from DNS and the body as it was sent), and
//! whether the domain is that of From, which DMARC's result says.

use super::headers::HeaderList;
use super::tags::{self, Tags};
use crate::model::Instant;
use crate::model::auth::{DkimFault, DkimSignature};

/// Most signatures read of one message.
const MOST: usize = 32;
/// Most names of signed fields kept.
const MOST_SIGNED: usize = 128;
/// Tags that every signature has (RFC 6376, 3.5).
const REQUIRED: &[&str] = &["v", "a", "b", "bh", "d", "h", "s"];

/// Every signature, topmost first; `received` is the time of the newest readable Received line.
pub(super) fn all(headers: &HeaderList<'_>, received: Option<Instant>) -> Vec<DkimSignature> {
    let fields = headers.all("DKIM-Signature").take(MOST);
    fields.map(|field| read(&tags::text(&field), received)).collect()
}

/// Reads one value.
fn read(text: &str, received: Option<Instant>) -> DkimSignature {
    let text = tags::uncommented(text);
    let tags = Tags::read(&text);
    let names = || tags.raw("h").into_iter().flat_map(|list| list.split(':')).map(str::trim);
    let mut out = DkimSignature {
        version: tags.word("v"),
        algorithm: tags.lower("a"),
        signature_length: tags.raw("b").map_or(0, length),
        body_hash: tags.word("bh"),
        canonicalization: tags.lower("c"),
        domain: tags.lower("d"),
        signed: names().take(MOST_SIGNED).filter_map(tags::lower).collect(),
        identity: tags.word("i"),
        body_length: tags.raw("l").and_then(count),
        query: tags.lower("q"),
        selector: tags.word("s"),
        signed_at: tags.time("t"),
        expires: tags.time("x"),
        faults: Vec::new(),
    };
    let from = names().any(|name| name.eq_ignore_ascii_case("from"));
    out.faults = faults(&tags, &out, from, received);
    out
}

fn faults(
    tags: &Tags<'_>,
    read: &DkimSignature,
    from: bool,
    received: Option<Instant>,
) -> Vec<DkimFault> {
    let empty = |name: &&str| tags.raw(name).is_none_or(str::is_empty);
    let mut out: Vec<DkimFault> =
        REQUIRED.iter().copied().filter(empty).map(DkimFault::TagMissing).collect();
    let elsewhere = match (&read.identity, &read.domain) {
        (Some(identity), Some(domain)) => !within(identity, domain),
        _ => false,
    };
    let (signed_at, expires) = (read.signed_at, read.expires);
    let checks = [
        (tags.repeated(), DkimFault::TagRepeated),
        (read.version.as_deref().is_some_and(|v| v != "1"), DkimFault::UnknownVersion),
        (!from && !empty(&"h"), DkimFault::FromNotSigned),
        (elsewhere, DkimFault::IdentityElsewhere),
        (tags.raw("l").is_some(), DkimFault::LengthLimited),
        (read.algorithm.as_deref() == Some("rsa-sha1"), DkimFault::Sha1),
        (expires.zip(signed_at).is_some_and(|(x, t)| x <= t), DkimFault::ExpiresBeforeSigned),
        (expires.zip(received).is_some_and(|(x, now)| x < now), DkimFault::Expired),
    ];
    out.extend(checks.into_iter().filter(|(there, _)| *there).map(|(_, fault)| fault));
    out
}

/// True where an identity (`user@domain`) is of the domain or of one below it.
fn within(identity: &str, domain: &str) -> bool {
    let own = identity.rsplit('@').next().unwrap_or(identity).to_lowercase();
    own.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Length of base64 without its white space.
fn length(text: &str) -> usize {
    text.split_ascii_whitespace().map(str::len).sum()
}

/// A count of bytes; what is too long for a number is as much as there can be.
fn count(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::pairs::LIMIT;
    use super::*;

    const SOUND: &str = "v=1; a=rsa-sha256; c=relaxed/simple; d=News.Contoso.com; s=s1;\r\n\
        \tq=dns/txt; t=1793520000; x=1793606400; i=@mail.news.contoso\r\n .com;\r\n\
        \th=From : To:Subject;\r\n bh=AAAA\r\n BBBB=; b=CCCC\r\n\tDDDD==";

    fn one(value: &str, received: Option<Instant>) -> DkimSignature {
        let block = format!("DKIM-Signature: {value}\r\n");
        all(&HeaderList::read(block.as_bytes()), received).remove(0)
    }

    #[test]
    fn a_sound_signature() {
        let read = one(SOUND, Some(Instant::from_civil(2026, 11, 1, 8, 0, 0, 0).unwrap()));
        let some = |text: &str| Some(text.to_owned());
        let expected = DkimSignature {
            version: some("1"),
            algorithm: some("rsa-sha256"),
            signature_length: 10,
            body_hash: some("AAAABBBB="),
            canonicalization: some("relaxed/simple"),
            domain: some("news.contoso.com"),
            signed: vec!["from".into(), "to".into(), "subject".into()],
            identity: some("@mail.news.contoso.com"),
            body_length: None,
            query: some("dns/txt"),
            selector: some("s1"),
            signed_at: Instant::from_civil(2026, 11, 1, 8, 0, 0, 0),
            expires: Instant::from_civil(2026, 11, 2, 8, 0, 0, 0),
            faults: Vec::new(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn faults_one_by_one() {
        use DkimFault::*;
        let later = Instant::from_civil(2026, 11, 3, 0, 0, 0, 0);
        for (from, to, expected) in [
            ("From :", "Sender:", FromNotSigned),
            ("v=1", "v=2", UnknownVersion),
            ("rsa-sha256", "RSA-SHA1", Sha1),
            ("s=s1", "s=s1; l=12", LengthLimited),
            ("s=s1", "s=s1; s=s2", TagRepeated),
            ("s=s1", "s= ", TagMissing("s")),
            ("x=1793606400", "x=1793520000", ExpiresBeforeSigned),
            ("@mail.news", "@badnews", IdentityElsewhere),
        ] {
            assert_eq!(one(&SOUND.replace(from, to), None).faults, [expected], "{to}");
        }
        assert_eq!(one(SOUND, later).faults, [Expired]);
        let all = one("", None).faults;
        assert_eq!(all, REQUIRED.iter().map(|t| TagMissing(t)).collect::<Vec<_>>());
    }

    #[test]
    fn odd_values() {
        let read = one("l=99999999999999999999999; x=9999999999999; h=; d=A (b; d=c); d=x", None);
        assert_eq!((read.body_length, read.expires), (Some(u64::MAX), None));
        assert_eq!((read.domain.as_deref(), read.signed.len()), (Some("a"), 0));
        assert!(read.faults.contains(&DkimFault::TagRepeated));
        let many = format!("DKIM-Signature: h={}From\n", "x:".repeat(200)).repeat(99);
        let read = all(&HeaderList::read(many.as_bytes()), None);
        assert_eq!((read.len(), read[0].signed.len()), (MOST, MOST_SIGNED));
        assert!(!read[0].faults.contains(&DkimFault::FromNotSigned));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_signature(
            text in "([vabcdhilqstx]{1,2}[ =]{1,2}[\\PC\u{1}]{0,30};){0,9}",
            tail in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        ) {
            let mut block = format!("DKIM-Signature: {text}").into_bytes();
            block.extend_from_slice(&tail);
            for read in all(&HeaderList::read(&block), Some(Instant(0))) {
                let kept = [
                    read.version, read.algorithm, read.body_hash, read.canonicalization,
                    read.domain, read.identity, read.query, read.selector,
                ];
                for value in kept.into_iter().flatten().chain(read.signed) {
                    proptest::prop_assert!(!value.is_empty() && value.len() <= LIMIT);
                    proptest::prop_assert!(!value.contains(char::is_control));
                }
                let mut once = read.faults.clone();
                once.sort_unstable();
                once.dedup();
                proptest::prop_assert_eq!(once.len(), read.faults.len());
            }
        }
    }
}
