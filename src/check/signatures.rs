//! DKIM signatures verified with keys at hand.
//!
//! Sources: RFC 6376 (6.1), RFC 8301 (rsa-sha1 and short keys are refused), RFC 8463 (Ed25519).

use super::Snapshot;
use crate::model::Instant;
use crate::model::auth::{DkimCheck, DkimResult};
use crate::model::time::SECOND;
use mail_auth::common::crypto::{Algorithm, CryptoError, HashAlgorithm};
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::{DkimError, Signature};
use mail_auth::{AuthenticatedMessage, Error};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most signatures verified; each may want the body hashed in a way of its own.
const MOST: usize = 16;
/// Shortest RSA key that verifiers accept, bits (RFC 8301, 3.2).
const SHORTEST_KEY: usize = 1024;

/// Verifies the signatures of a message, topmost first. `whole` says that the body is all there;
/// without it nothing can be said. `arrived` is when the message was taken: a signature that was
/// over by then has expired.
pub fn signatures(
    message: &[u8],
    whole: bool,
    arrived: Option<Instant>,
    keys: &Snapshot,
) -> Vec<DkimCheck> {
    let message = with_crlf(message);
    let head = memchr::memmem::find(&message, b"\r\n\r\n").unwrap_or(message.len());
    let named = count(message.get(..head).unwrap_or(&message));
    if named > MOST {
        let detail = format!("{named} signatures; no more than {MOST} are verified");
        return vec![said(None, None, DkimResult::Invalid, detail)];
    }
    // Somebody else's parser over hostile bytes: one message must not end the run.
    let done = catch_unwind(AssertUnwindSafe(|| all(&message, whole, arrived, keys)));
    done.unwrap_or_else(|_| {
        vec![said(None, None, DkimResult::Invalid, "the message cannot be parsed".to_owned())]
    })
}

/// The message with CRLF line ends, as it was signed.
fn with_crlf(message: &[u8]) -> Cow<'_, [u8]> {
    let bare = memchr::memchr_iter(b'\n', message)
        .any(|at| at == 0 || message.get(at - 1) != Some(&b'\r'));
    if !bare {
        return Cow::Borrowed(message);
    }
    let mut out = Vec::with_capacity(message.len() + message.len() / 32);
    for line in message.split_inclusive(|b| *b == b'\n') {
        match line {
            [text @ .., b'\r', b'\n'] | [text @ .., b'\n'] => {
                out.extend_from_slice(text);
                out.extend_from_slice(b"\r\n");
            }
            text => out.extend_from_slice(text),
        }
    }
    Cow::Owned(out)
}

/// Signatures in a header block.
fn count(head: &[u8]) -> usize {
    const NAME: &[u8] = b"dkim-signature";
    let named =
        |line: &&[u8]| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME));
    head.split(|b| *b == b'\n').filter(named).count()
}

fn all(message: &[u8], whole: bool, arrived: Option<Instant>, keys: &Snapshot) -> Vec<DkimCheck> {
    let Some(parsed) = AuthenticatedMessage::parse_with_opts(message, None, false) else {
        return Vec::new();
    };
    let place = |value: &[u8]| value.as_ptr() as usize;
    let mut out: Vec<(usize, DkimCheck)> = Vec::new();
    for header in &parsed.errors {
        if !header.name.eq_ignore_ascii_case(b"DKIM-Signature") {
            continue;
        }
        let text = String::from_utf8_lossy(header.value);
        let tag = |name: &str| {
            let mut tags = text.split(';').filter_map(|tag| tag.split_once('='));
            let value = tags.find(|(key, _)| key.trim() == name)?.1;
            Some(value.split_whitespace().collect::<String>().to_lowercase())
        };
        let detail = format!("it cannot be used: {}", header.header);
        out.push((place(header.value), said(tag("d"), tag("s"), DkimResult::Invalid, detail)));
    }
    let body = message.get(parsed.body_offset as usize..).unwrap_or_default();
    for header in &parsed.dkim_headers {
        let checked = Signed { parsed: &parsed, signature: &header.header, body, whole, arrived };
        let (result, detail) = checked.verify(header.name, header.value, keys);
        let domain = Some(header.header.d.to_lowercase());
        let check = said(domain, Some(header.header.s.clone()), result, detail);
        out.push((place(header.value), check));
    }
    out.sort_by_key(|(place, _)| *place);
    out.into_iter().map(|(_, check)| check).collect()
}

fn said(
    domain: Option<String>,
    selector: Option<String>,
    result: DkimResult,
    detail: String,
) -> DkimCheck {
    DkimCheck { domain, selector, result, detail }
}

/// One signature and what it is checked against.
struct Signed<'s, 'm> {
    parsed: &'s AuthenticatedMessage<'m>,
    signature: &'s Signature,
    body: &'s [u8],
    whole: bool,
    arrived: Option<Instant>,
}

impl Signed<'_, '_> {
    fn verify(&self, name: &[u8], value: &[u8], keys: &Snapshot) -> (DkimResult, String) {
        let signature = self.signature;
        if signature.a == Algorithm::RsaSha1 {
            return (DkimResult::Invalid, "rsa-sha1 is refused (RFC 8301)".to_owned());
        }
        if let Some(at) = self.arrived
            && signature.x > 0
            && i64::try_from(signature.x).is_ok_and(|x| x.saturating_mul(SECOND) < at.0)
        {
            return (DkimResult::Expired, "it was over when the message arrived".to_owned());
        }
        let hash = HashAlgorithm::from(signature.a);
        let same =
            |(c, h, l, _): &&(_, _, u64, _)| *c == signature.cb && *h == hash && *l == signature.l;
        let body_hash = self.parsed.body_hashes.iter().find(same).map(|(.., hash)| hash);
        let body_fits = body_hash.is_some_and(|hash| *hash == signature.bh);
        if !body_fits && (!self.whole || self.body.trim_ascii().is_empty()) {
            let detail = "the file does not hold the whole message".to_owned();
            return (DkimResult::NotWhole, detail);
        }
        let key_name = format!("{}._domainkey.{}", signature.s, signature.d);
        let Some(texts) = keys.txt(&key_name) else {
            let body = if body_fits {
                "the body is the one that was signed; "
            } else {
                "the body is not the one that was signed; "
            };
            if !body_fits {
                return (DkimResult::BodyAltered, body.trim_end_matches("; ").to_owned());
            }
            return (DkimResult::NoKey, format!("{body}the snapshot holds no {key_name}"));
        };
        if !body_fits {
            let l = if signature.l > 0 { " (of its signed beginning, l=)" } else { "" };
            let detail = format!("the hash of the body{l} is not the one that was signed");
            return (DkimResult::BodyAltered, detail);
        }
        let tried = texts.iter().map(|text| self.with_key(text, &key_name, name, value));
        // Several records of a name are against the rules; the best answer counts.
        tried
            .min_by_key(|(result, _)| *result)
            .unwrap_or_else(|| (DkimResult::NoKey, format!("the snapshot holds no {key_name}")))
    }

    fn with_key(
        &self,
        text: &str,
        key_name: &str,
        name: &[u8],
        value: &[u8],
    ) -> (DkimResult, String) {
        let signature = self.signature;
        let key = match DomainKey::parse(text.as_bytes()) {
            Ok(key) => key,
            Err(Error::Dkim(DkimError::RevokedPublicKey)) => {
                return (DkimResult::KeyUnusable, format!("{key_name} is withdrawn (p= is empty)"));
            }
            Err(error) => {
                return (DkimResult::KeyUnusable, format!("{key_name} cannot be read: {error}"));
            }
        };
        let bits = key.p.public_key_bits();
        if signature.a == Algorithm::RsaSha256 && bits < SHORTEST_KEY {
            let detail = format!("{key_name} has {bits} bits, verifiers want {SHORTEST_KEY}");
            return (DkimResult::KeyUnusable, detail);
        }
        if !identity_fits(signature, text) {
            let detail = format!("{key_name} does not allow i={}", signature.i);
            return (DkimResult::KeyUnusable, detail);
        }
        let stripped = without_signature(value);
        let mut headers = self.parsed.signed_headers(&signature.h, name, &stripped);
        match key.p.verify(&mut headers, &signature.b, signature.ch, signature.a) {
            Ok(()) => {
                let testing = flags(text).any(|flag| flag == "y");
                let test = if testing { "; the domain is only testing (t=y)" } else { "" };
                let partly = if signature.l > 0 { ", as far as it is signed (l=)" } else { "" };
                let detail = format!("signed fields and body are as sent{partly}{test}");
                (DkimResult::Pass, detail)
            }
            Err(Error::Crypto(CryptoError::IncompatibleAlgorithms)) => (
                DkimResult::KeyUnusable,
                format!("{key_name} is of another kind than the signature"),
            ),
            Err(_) => {
                let detail =
                    "the body is as sent; a signed field was changed, or the key is another";
                (DkimResult::Broken, detail.to_owned())
            }
        }
    }
}

/// Flags of a key (`t=y:s`).
fn flags(key: &str) -> impl Iterator<Item = &str> {
    let tag = key.split(';').filter_map(|tag| tag.split_once('='));
    tag.filter(|(name, _)| name.trim() == "t")
        .flat_map(|(_, flags)| flags.split(':'))
        .map(str::trim)
}

/// `i=` is of the domain `d=` or below it; of the domain itself where the key says `t=s`.
fn identity_fits(signature: &Signature, key: &str) -> bool {
    if signature.i.is_empty() {
        return true;
    }
    let domain = signature.i.rsplit('@').next().unwrap_or("").to_ascii_lowercase();
    let signer = signature.d.to_ascii_lowercase();
    let below = domain.strip_suffix(&signer).is_some_and(|rest| rest.ends_with('.'));
    domain == signer || below && !flags(key).any(|flag| flag == "s")
}

/// The value of the header with `b=` emptied and without its line end, as it was signed
/// (RFC 6376, 3.7).
fn without_signature(value: &[u8]) -> Vec<u8> {
    let value = value.strip_suffix(b"\r\n").unwrap_or(value);
    let mut out = Vec::with_capacity(value.len());
    for (at, tag) in value.split(|b| *b == b';').enumerate() {
        if at > 0 {
            out.push(b';');
        }
        let equals = memchr::memchr(b'=', tag);
        match equals.and_then(|equals| tag.split_at_checked(equals + 1)) {
            Some((name, _))
                if name
                    .trim_ascii_start()
                    .first()
                    .is_some_and(|b| b.eq_ignore_ascii_case(&b'b'))
                    && name.trim_ascii().len()
                        <= 2 + name
                            .trim_ascii()
                            .iter()
                            .filter(|b| b.is_ascii_whitespace())
                            .count() =>
            {
                out.extend_from_slice(name);
            }
            _ => out.extend_from_slice(tag),
        }
    }
    out
}

#[cfg(test)]
#[path = "signatures_tests.rs"]
mod tests;
