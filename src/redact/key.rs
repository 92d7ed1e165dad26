//! The key, and what is made with it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// 32 signs that spell no words: no vowels but `a` and `e`, and none that look alike.
const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Signs of a pseudonym: 60 bits, so that ten million names collide with a chance of 1 in 20,000.
const LENGTH: usize = 12;

/// The key of a run. HMAC-SHA256 (RFC 2104) under it is a function that nobody without the key can
/// compute, in either direction.
#[derive(Clone)]
pub struct Key {
    mac: Hmac<Sha256>,
    lasting: bool,
}

impl std::fmt::Debug for Key {
    /// A key is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("lasting", &self.lasting).finish_non_exhaustive()
    }
}

impl Key {
    /// Bytes a lasting secret has at least.
    pub const LEAST: usize = 16;

    /// A key from a secret that is kept: runs with the same secret give the same pseudonyms. White
    /// space at the ends does not count, so that an editor's line end changes nothing. `None` where
    /// the secret is shorter than [`Key::LEAST`] bytes.
    pub fn lasting(secret: &[u8]) -> Option<Self> {
        let secret = secret.trim_ascii();
        if secret.len() < Self::LEAST {
            return None;
        }
        Self::new(secret, true)
    }

    /// A key of one run, from random bytes that nobody keeps.
    pub fn of_one_run(random: &[u8; 32]) -> Option<Self> {
        Self::new(random, false)
    }

    fn new(secret: &[u8], lasting: bool) -> Option<Self> {
        // HMAC takes keys of any length.
        let mac = Hmac::new_from_slice(secret).ok()?;
        Some(Self { mac, lasting })
    }

    /// True where other runs may have the same key.
    pub fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// 256 bits that stand for a value; `kind` keeps kinds of values apart.
    pub(super) fn mark(&self, kind: &'static str, value: &[u8]) -> [u8; 32] {
        let mut mac = self.mac.clone();
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        mac.finalize().into_bytes().into()
    }

    /// The sign word of a value.
    pub(super) fn word(&self, kind: &'static str, value: &str) -> String {
        let mark = self.mark(kind, value.as_bytes());
        let bits = mark.iter().take(8).fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let sign = |i: usize| SIGNS.get((bits >> (5 * i)) as usize & 31).copied().unwrap_or(b'0');
        (0..LENGTH).map(|i| char::from(sign(i))).collect()
    }

    /// 128 bits of a value.
    pub(super) fn wide(&self, kind: &'static str, value: &[u8]) -> u128 {
        let mark = self.mark(kind, value);
        mark.iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(*byte))
    }

    /// A short word by which reports of the same key know each other; it tells nothing of the key.
    pub fn fingerprint(&self) -> String {
        self.word("fingerprint", "").chars().take(8).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets() {
        assert!(Key::lasting(b"short").is_none());
        assert!(Key::lasting(b"  short but blank     ").is_none());
        let key = Key::lasting(b"0123456789abcdef\r\n").unwrap();
        let same = Key::lasting(b"0123456789abcdef").unwrap();
        let other = Key::lasting(b"0123456789abcdeg").unwrap();
        assert_eq!(key.fingerprint(), same.fingerprint());
        assert_ne!(key.fingerprint(), other.fingerprint());
        assert!(key.is_lasting() && !Key::of_one_run(&[7; 32]).unwrap().is_lasting());
        assert_eq!(format!("{key:?}"), "Key { lasting: true, .. }");
    }

    /// RFC 4231, test case 2, so that the function is HMAC-SHA256 and no other.
    #[test]
    fn it_is_hmac_sha256() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        assert_eq!(bytes[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[test]
    fn kinds_are_kept_apart() {
        let key = Key::lasting(b"0123456789abcdef").unwrap();
        assert_ne!(key.word("a", "bc"), key.word("ab", "c"));
        assert_ne!(key.mark("a", b"b"), key.mark("b", b"b"));
        assert_eq!(key.word("a", "b").len(), LENGTH);
    }
}
