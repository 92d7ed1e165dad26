//! One cheap pass over a failure text that replaces its variable parts by placeholders.
//!
//! Classification and signature both work on the masked text and on nothing else of it, so texts
//! with equal masks have equal meanings: the mask is the cache key, and the cache cannot change an
//! answer. What patterns need therefore survives: status codes, `AS(..)` numbers, socket errors,
//! short tags such as `ATTR34` or `S3150`, and the names of the big providers.

use super::token::{Kind, colon_kind, kind_of, known_host, starts_with_ignore_case};
use memchr::memmem;

/// Bytes of a failure text that are looked at; diagnostics are shorter, hostile input is not.
const LIMIT: usize = 4096;

/// Bytes of a word that is looked into; bounds the work and the depth on hostile input.
const LONGEST_WORD: usize = 256;

/// The failure text with its variable parts replaced: `<address>`, `<host>`, `<ip>`, `<time>`,
/// `<id>`, `<n>`, `<url>`, `<path>`; white space runs made one blank.
pub(super) fn mask(text: &str) -> String {
    let mut out = String::new();
    mask_into(text, &mut out);
    out
}

/// [`mask`] into a buffer that is reused from text to text.
pub(super) fn mask_into(text: &str, out: &mut String) {
    out.clear();
    let text = last_error(text);
    let mut masker = Masker {
        text: &text[..floor_boundary(text, LIMIT)],
        at: 0,
        out,
        previous: "",
        blank: false,
    };
    masker.run();
}

/// The largest character boundary not above `limit`.
pub(super) fn floor_boundary(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    (0..=limit).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// The words of a trace record `[{LED=..};{MSG=..};...]`: LED, or MSG where LED is empty. Any
/// other text as it is.
fn last_error(text: &str) -> &str {
    for key in ["{LED=", "{MSG="] {
        let Some(at) = memmem::find(text.as_bytes(), key.as_bytes()) else {
            continue;
        };
        let rest = &text[at + key.len()..];
        // A `}` alone may stand in the text itself; the record's own is followed by `;{` or `]`.
        let end =
            memmem::find(rest.as_bytes(), b"};{").or_else(|| rest.find("}]")).unwrap_or(rest.len());
        let words = rest[..end].trim();
        if !words.is_empty() {
            return words;
        }
    }
    text
}

struct Masker<'t, 'o> {
    text: &'t str,
    at: usize,
    out: &'o mut String,
    /// The word before, as written: a number behind `code` or `AS` stays.
    previous: &'t str,
    /// White space was passed since the last output.
    blank: bool,
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'[' | b']'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'<'
            | b'>'
            | b'"'
            | b'\''
            | b','
            | b';'
            | b'='
            | b'|'
    )
}

const fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

impl<'t> Masker<'t, '_> {
    fn run(&mut self) {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            if is_blank(byte) {
                self.blank = true;
                self.at += 1;
            } else if is_delimiter(byte) {
                self.push(&self.text[self.at..=self.at]);
                self.at += 1;
            } else {
                self.word();
            }
        }
    }

    fn push(&mut self, piece: &str) {
        if self.blank && !self.out.is_empty() {
            self.out.push(' ');
        }
        self.blank = false;
        self.out.push_str(piece);
    }

    /// Takes the word that begins here.
    fn word(&mut self) {
        let rest = &self.text[self.at..];
        let not_letter = |b: u8| !b.is_ascii_alphabetic();
        let letters = rest.bytes().position(not_letter).unwrap_or(rest.len());
        let next = rest.as_bytes().get(letters).copied().unwrap_or(b' ');
        // Most words are plain ones; a short one may belong to a time of day.
        if letters > 3 && (is_blank(next) || is_delimiter(next)) {
            self.at += letters;
            self.push(&rest[..letters]);
            self.previous = &rest[..letters];
            return;
        }
        let url =
            starts_with_ignore_case(rest, "http://") || starts_with_ignore_case(rest, "https://");
        let stop = |b: u8| {
            is_blank(b)
                || if url {
                    matches!(b, b'>' | b'"' | b'\'' | b')' | b']' | b',' | b';' | b'<')
                } else {
                    is_delimiter(b)
                }
        };
        let end = rest.bytes().position(stop).unwrap_or(rest.len());
        let word = &rest[..end];
        self.at += end;
        if url {
            self.url(word);
        } else if word.contains('@') {
            self.address();
        } else if word.len() > LONGEST_WORD {
            // Encoded data, or a script that writes without blanks.
            self.push(if word.is_ascii() { "<id>" } else { word });
            self.previous = "";
        } else {
            self.plain(word);
        }
    }

    /// An address loses the angle brackets around it: `<a@b>` and `a@b` are one.
    fn address(&mut self) {
        if !self.blank && self.out.ends_with('<') {
            self.out.pop();
            if self.text.as_bytes().get(self.at) == Some(&b'>') {
                self.at += 1;
            }
        }
        self.push("<address>");
        self.previous = "";
    }

    /// The link of a known provider stays up to its first number: it names the reason.
    fn url(&mut self, word: &str) {
        let host_start = word.find("//").map_or(0, |i| i + 2);
        let host_end =
            word[host_start..].find(['/', '?', ':']).map_or(word.len(), |i| host_start + i);
        if known_host(&word[host_start..host_end]).is_some() {
            let tail = &word[host_end..];
            let kept = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
            self.push(&word[..host_end + kept]);
        } else {
            self.push("<url>");
        }
        self.previous = "";
    }

    /// A word without `@`: punctuation at its ends stays, the core is replaced if it varies.
    fn plain(&mut self, word: &'t str) {
        const EDGE: [char; 9] = ['.', ':', '!', '?', '*', '-', '#', '+', '`'];
        let without_head = word.trim_start_matches(EDGE);
        let core = without_head.trim_end_matches(EDGE);
        if core.is_empty() {
            self.push(word);
            return;
        }
        let head = &word[..word.len() - without_head.len()];
        let tail = &without_head[core.len()..];
        if !head.is_empty() {
            self.push(head);
        }
        self.core(core);
        if !tail.is_empty() {
            self.push(tail);
        }
    }

    fn core(&mut self, core: &'t str) {
        if let Some((left, right)) = core.split_once("...") {
            // `denied...7d39d5299584`
            self.core(left);
            self.push("...");
            self.plain(right);
        } else if let Some(kind) = colon_kind(core) {
            self.placeholder(kind);
        } else if let Some((left, right)) = core.split_once(':') {
            // `DATA:550`, `mail.example.net:25`, `Exception:QuotaExceeded`.
            self.core_piece(left);
            self.push(":");
            self.plain(right);
        } else {
            self.core_piece(core);
        }
    }

    fn core_piece(&mut self, core: &'t str) {
        if self.out.ends_with("<time>")
            && ["am", "pm", "utc", "gmt", "z"].iter().any(|w| core.eq_ignore_ascii_case(w))
        {
            self.blank = false;
            return;
        }
        match kind_of(core, self.previous) {
            Kind::Keep => self.push(core),
            Kind::Known(host) => self.push(host),
            Kind::Replace(placeholder) => self.placeholder(placeholder),
        }
        self.previous = core;
    }

    fn placeholder(&mut self, placeholder: &'static str) {
        if placeholder == "<time>" && self.out.ends_with("<time>") {
            self.blank = false; // date and time of day are one
        } else {
            self.push(placeholder);
        }
        self.previous = "";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_parts_become_placeholders() {
        let cases = [
            ("550 5.1.1 <kim@fabrikam.example>: User unknown", "550 5.1.1 <address>: User unknown"),
            ("host mx1.fabrikam.example[192.0.2.7] said: 550", "host <host>[<ip>] said: 550"),
            ("the domain contoso.com must not", "the domain <host> must not"),
            ("did not like our DATA:550 5.7.509 x", "did not like our DATA:550 5.7.509 x"),
            (
                "loop ATTR34 [AM0EUR02FT042.prod.outlook.com 2026-11-04T11:20:37.573Z 08DE08DE0000001F]",
                "loop ATTR34 [outlook.com <time> <id>]",
            ),
            ("[LastAttemptedIP=198.51.100.25:25]", "[LastAttemptedIP=<ip>:25]"),
            (
                "from [2001:db8::17] at 7:32:05 AM on 6/19/2026 done",
                "from [<ip>] at <time> on <time> done",
            ),
            ("11/4/2026 7:32:05 AM - x", "<time> - x"),
            ("id=22220-02-222", "id=<id>"),
            ("Access denied...7d39d529f4be1611", "Access denied...<id>"),
            ("r7si1238383pli.26 - gsmtp", "<id> - gsmtp"),
            ("exceeds 1048576 bytes", "exceeds <n> bytes"),
            ("See https://mail.fabrikam.example/why?x=1", "See <url>"),
            (
                "https://support.google.com/mail/?p=NoSuchUser q9",
                "https://support.google.com/mail/?p=NoSuchUser q9",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(mask(text), expected);
        }
    }

    #[test]
    fn telling_parts_stay() {
        for text in [
            "550 5.1.8 Access denied, bad outbound sender AS(42004)",
            "we saw (Socket error code 10061) here",
            "550 5.7.606 Access denied, banned sending IP (AS16012609)",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; nobody",
            "STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionOther",
            "421 4.7.0 [TSS04] deferred - 4.16.77.2",
            "550-5.7.26 a 550-5.7.26 b",
            "violates RFC 5322 section 3.6.2",
        ] {
            assert_eq!(mask(text), text);
        }
    }

    #[test]
    fn trace_records_are_opened() {
        let led = "Reason: [{LED=550 5.4.316 Message expired};{MSG=x};{FQDN=mail.contoso.com};{IP=192.0.2.1};{LRT=}]";
        assert_eq!(mask(led), "550 5.4.316 Message expired");
        assert_eq!(mask("[{LED=};{MSG=451 4.7.0 busy};{FQDN=}]"), "451 4.7.0 busy");
        assert_eq!(mask("Reason: [{LED=550 5.1.1 cut off"), "550 5.1.1 cut off");
    }

    #[test]
    fn hostile_words_are_cheap() {
        for piece in ["a:", "a...", ":.", "1.", "->", "[", "<a@", "é:", "{LED="] {
            assert!(mask(&piece.repeat(40_000)).len() <= 9 * LIMIT, "{piece}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_stays_bounded(text in "\\PC{0,300}|[ -~]{0,300}") {
            let masked = mask(&text);
            proptest::prop_assert!(masked.len() <= 9 * text.len().min(LIMIT) + 9);
        }

        #[test]
        fn masking_what_is_masked_changes_nothing(
            text in "([a-z]{1,9}( |: )|550 5\\.1\\.1 |[a-z]{2,5}@[a-z]{2,5}\\.example |192\\.0\\.2\\.[1-9] |[0-9]{4,7} ){0,12}"
        ) {
            let masked = mask(&text);
            proptest::prop_assert_eq!(mask(&masked), masked);
        }
    }
}
