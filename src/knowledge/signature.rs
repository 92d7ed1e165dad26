//! Failure signatures: who says what, with the variable parts removed; and the cache that makes
//! them cheap.

use super::classify::{Failure, classify_masked};
use super::issuer;
use super::mask::{mask, mask_into};
use super::speaker::Speaker;
use super::text::{join_reply, strip_tail, unwrap};
use crate::model::{Direction, Signature};
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// Most characters of a signature's text.
const LONGEST: usize = 300;

/// Failure text with its variable parts removed: addresses, hosts, GUIDs, IP addresses, times,
/// ids, numbers that vary. Wrappers are opened to the remote server's own words; status codes,
/// `AS(..)` numbers and socket errors stay. At most 300 characters.
pub fn normalise(text: &str) -> String {
    normalise_masked(&mask(text))
}

fn normalise_masked(masked: &str) -> String {
    let parts = unwrap(masked);
    let mut text = join_reply(parts.inner.unwrap_or(parts.outer));
    let kept = strip_tail(&text).len();
    text.truncate(kept);
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
    }
    text
}

/// Signatures by masked text. One per worker; bounded; never changes an answer, because the mask
/// is all that classification sees.
#[derive(Debug, Default)]
pub struct Cache {
    known: HashMap<u128, Arc<Signature>>,
    masked: String,
}

impl Cache {
    /// Entries held before the cache starts anew; real exports have a few thousand distinct masks.
    pub const CAPACITY: usize = 16_384;

    /// Entries held.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// True where nothing was asked yet.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// The signature of a failure.
pub fn classify_cached(cache: &mut Cache, failure: &Failure<'_>) -> Arc<Signature> {
    mask_into(failure.text, &mut cache.masked);
    let host = issuer::of_host(failure.remote_host);
    let code = failure.code;
    let (direction, speaker) = (failure.direction, failure.speaker);
    let key = key(&cache.masked, code, host, direction, speaker);
    if let Some(known) = cache.known.get(&key) {
        return Arc::clone(known);
    }
    let signature = Arc::new(signature_of(&cache.masked, code, host, direction, speaker));
    if cache.known.len() >= Cache::CAPACITY {
        cache.known.clear();
    }
    cache.known.insert(key, Arc::clone(&signature));
    signature
}

/// [`classify_cached`] without a cache.
pub fn signature(failure: &Failure<'_>) -> Signature {
    let host = issuer::of_host(failure.remote_host);
    signature_of(&mask(failure.text), failure.code, host, failure.direction, failure.speaker)
}

fn key(masked: &str, code: &str, host: &str, direction: Direction, speaker: Speaker) -> u128 {
    let mut hash = Xxh3::new();
    for part in [masked, code, host] {
        hash.update(part.as_bytes());
        hash.update(&[0xff]); // in no UTF-8 text
    }
    hash.update(&[direction as u8, speaker as u8]);
    hash.digest128()
}

fn signature_of(
    masked: &str,
    code: &str,
    host: &'static str,
    direction: Direction,
    speaker: Speaker,
) -> Signature {
    let meaning = classify_masked(masked, code, host, direction, speaker);
    Signature {
        issuer: meaning.issuer.to_owned(),
        code: meaning.code,
        text: normalise_masked(masked),
        layer: meaning.layer,
        cause: meaning.cause.to_owned(),
        side: meaning.side,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> Failure<'_> {
        Failure {
            text,
            code: "",
            remote_host: "",
            direction: Direction::Outbound,
            speaker: Speaker::Unknown,
        }
    }

    #[test]
    fn texts_that_differ_in_variable_parts_share_a_signature() {
        let a = "550 5.1.351 Remote server returned unknown recipient -> 550 5.1.1 <a.b@fabrikam.example>: Recipient address rejected";
        let b = "550 5.1.351 Remote server returned unknown recipient -> 550 5.1.1 <kim@northwindtraders.com>: Recipient address rejected";
        assert_eq!(normalise(a), "550 5.1.1 <address>: Recipient address rejected");
        assert_eq!(signature(&failure(a)), signature(&failure(b)));
        assert_eq!(signature(&failure(a)).code, "5.1.351");
    }

    #[test]
    fn gmail_and_exchange_forms() {
        assert_eq!(
            normalise(
                "550-5.7.26 contoso.com says so by its 550-5.7.26 DMARC policy. Its owner 550 5.7.26 can tell. d9443c01a7336-2x - gsmtp"
            ),
            "550 5.7.26 <host> says so by its DMARC policy. Its owner can tell. <id> - gsmtp"
        );
        assert_eq!(
            normalise(
                "Reason: [{LED=450 4.4.316 No luck [Message=Socket error code 10061] [LastAttemptedServerName=relay7.contoso.com] [LastAttemptedIP=192.0.2.1:25] [AM0EUR02FT042.eop-EUR02.prod.protection.outlook.com 2026-11-04T06:30:00.000Z 08DE08DE0000001F]};{MSG=};{FQDN=relay7.contoso.com};{IP=192.0.2.1};{LRT=}]"
            ),
            "450 4.4.316 No luck [Message=Socket error code 10061]"
        );
        assert_eq!(normalise("x ".repeat(400).as_str()).chars().count(), LONGEST);
    }

    #[test]
    fn cache_is_bounded() {
        let mut cache = Cache::default();
        for n in 0..Cache::CAPACITY + 10 {
            let text = format!("550 {} {}", letters(n), letters(n / 26));
            classify_cached(&mut cache, &failure(&text));
            assert!(cache.len() <= Cache::CAPACITY);
        }
        assert!(!cache.is_empty());
    }

    fn letters(mut n: usize) -> String {
        let mut text = String::from("w");
        while n > 0 {
            text.push(char::from(b'g' + (n % 16) as u8));
            n /= 16;
        }
        text
    }

    proptest::proptest! {
        #[test]
        fn cache_and_no_cache_agree(
            texts in proptest::collection::vec("\\PC{0,60}|5[05][0-4][ -][245]\\.[0-7]\\.[0-9]{1,3} [a-z .@0-9<>-]{0,60}", 1..6),
            code in "|5\\.7\\.(1|26|509)|\\PC{0,5}",
            host in "|mx\\.fabrikam\\.example|aspmx\\.l\\.google\\.com",
        ) {
            let speakers = ["", "service", "rule", "agent", "store", "resolver", "remote"];
            let mut cache = Cache::default();
            for text in texts.iter().chain(&texts) {
                for speaker in speakers {
                    let f = Failure {
                        text,
                        code: &code,
                        remote_host: &host,
                        direction: Direction::Inbound,
                        speaker: Speaker::parse(speaker).unwrap(),
                    };
                    proptest::prop_assert_eq!(&*classify_cached(&mut cache, &f), &signature(&f));
                }
            }
        }
    }
}
