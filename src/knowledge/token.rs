//! What one word of a failure text is: a host, an address of the network, a time, an id, a number, or
//! something that tells and stays.

/// Hosts whose name tells who speaks or who is asked; any other host becomes `<host>`. A subdomain
/// is cut down to the name given here. Longer names first where one ends in another.
const KNOWN_HOSTS: &[&str] = &[
    "olc.protection.outlook.com",
    "outlook.com",
    "exchangelabs.com",
    "office365.com",
    "microsoft.com",
    "live.com",
    "hotmail.com",
    "google.com",
    "googlemail.com",
    "gmail.com",
    "yahoodns.net",
    "yahooinc.com",
    "yahoo.com",
    "verizonmedia.com",
    "icloud.com",
    "apple.com",
    "me.com",
    "mimecast.com",
    "proofpoint.com",
    "pphosted.com",
    "ppe-hosted.com",
    "spamhaus.org",
    "spamcop.net",
    "sorbs.net",
    "surbl.org",
    "uribl.com",
    "barracudacentral.org",
    "aka.ms",
];

/// First parts of dotted names that are Exchange components, not hosts (`RESOLVER.ADR...`).
const COMPONENTS: &[&str] = &[
    "resolver",
    "storedrv",
    "transport",
    "queue",
    "smtpsend",
    "cat",
    "approval",
    "agent",
    "routing",
    "5321",
    "5322",
    "rfc",
];

pub(super) enum Kind {
    Keep,
    Known(&'static str),
    Replace(&'static str),
}

/// Times of day, ISO instants and IPv6 addresses: words that hold colons of their own.
pub(super) fn colon_kind(core: &str) -> Option<&'static str> {
    let colons = core.bytes().filter(|b| *b == b':').count();
    if looks_iso(core) {
        return Some("<time>");
    }
    let bare = if starts_with_ignore_case(core, "ipv6:") { &core[5..] } else { core };
    if colons < 2 || !bare.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.' | b'%'))
    {
        let clock = colons == 1
            && core
                .split(':')
                .all(|p| matches!(p.len(), 1 | 2) && p.bytes().all(|b| b.is_ascii_digit()));
        return clock.then_some("<time>");
    }
    let clock = bare.split(':').all(|p| {
        !p.is_empty()
            && p.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && p.find('.').unwrap_or(p.len()) <= 2
    });
    Some(if clock && colons == 2 { "<time>" } else { "<ip>" })
}

/// `2026-11-04T11:20:37.573Z`, `2026-11-04`.
fn looks_iso(core: &str) -> bool {
    let b = core.as_bytes();
    b.len() >= 10
        && b[..10]
            .iter()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() })
        && b.get(10).is_none_or(|b| matches!(b, b'T' | b't'))
}

pub(super) fn kind_of(core: &str, previous: &str) -> Kind {
    let (mut digits, mut letters, mut dots, mut slashes, mut others) = (0, 0, 0, 0, 0);
    for byte in core.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'a'..=b'z' | b'A'..=b'Z' => letters += 1,
            b'.' => dots += 1,
            b'/' => slashes += 1,
            _ => others += 1,
        }
    }
    if others == 0 && letters == 0 {
        return number(core, digits, dots, slashes, previous);
    }
    if slashes > 0 {
        let path = core.starts_with('/') && (slashes > 1 || digits > 3);
        return if path || digits > 4 { Kind::Replace("<path>") } else { Kind::Keep };
    }
    if dots > 0 && is_host(core) {
        return known_host(core).map_or(Kind::Replace("<host>"), Kind::Known);
    }
    if is_tag(core) || is_reply(core) {
        return Kind::Keep;
    }
    let hexadecimal =
        digits > 0 && core.len() >= 8 && core.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    if digits >= 5 || hexadecimal || (core.len() >= 16 && digits >= 2 && letters > 0) {
        return Kind::Replace("<id>");
    }
    Kind::Keep
}

/// Digits, dots and slashes only.
fn number(core: &str, digits: usize, dots: usize, slashes: usize, previous: &str) -> Kind {
    if slashes > 0 {
        return Kind::Replace(if slashes == 2 { "<time>" } else { "<n>" });
    }
    let context = |words: &[&str], most: usize| {
        digits <= most && words.iter().any(|w| previous.eq_ignore_ascii_case(w))
    };
    let keep = match dots {
        0 => digits <= 3 || context(&["code", "error", "errno", "rfc"], 5) || context(&["as"], 12),
        2 => core.split('.').all(|p| (1..=3).contains(&p.len())),
        // Yahoo's numeric deferral tag has the shape of an address.
        3 if core.starts_with("4.16.") => true,
        3 if core.split('.').all(|p| p.parse::<u8>().is_ok()) => return Kind::Replace("<ip>"),
        _ => digits <= 3,
    };
    if keep { Kind::Keep } else { Kind::Replace("<n>") }
}

/// `AS16012609`, `S2017062302`: a tag letter and a number that means something.
fn is_tag(core: &str) -> bool {
    let digits = core.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = &core[..core.len() - digits.len()];
    digits.len() <= 12
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (letters.eq_ignore_ascii_case("as") || letters.eq_ignore_ascii_case("s"))
}

/// `550-5.7.26`: the head of a continuation line.
fn is_reply(core: &str) -> bool {
    core.len() <= 16
        && core.split_once('-').is_some_and(|(reply, code)| {
            reply.len() == 3
                && reply.bytes().all(|b| b.is_ascii_digit())
                && code.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        })
}

fn is_host(core: &str) -> bool {
    let Some((head, last)) = core.rsplit_once('.') else {
        return false;
    };
    if !core.split('.').all(is_label) {
        return false;
    }
    let first = head.split('.').next().unwrap_or("");
    let tld = last.len() >= 2
        && (last.bytes().all(|b| b.is_ascii_alphabetic()) || starts_with_ignore_case(last, "xn--"));
    // `RecipientNotFound` is a program's word: capitals after the first letter, yet not all.
    let camel = last.bytes().skip(1).any(|b| b.is_ascii_uppercase())
        && last.bytes().any(|b| b.is_ascii_lowercase());
    tld && !camel
        && !COMPONENTS.iter().any(|c| first.eq_ignore_ascii_case(c))
        && !contains_ignore_case(core, "exception")
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

pub(super) fn known_host(host: &str) -> Option<&'static str> {
    KNOWN_HOSTS.iter().copied().find(|known| {
        let Some(at) = host.len().checked_sub(known.len()) else {
            return false;
        };
        let bytes = host.as_bytes();
        bytes[at..].eq_ignore_ascii_case(known.as_bytes()) && (at == 0 || bytes[at - 1] == b'.')
    })
}

pub(super) fn starts_with_ignore_case(text: &str, head: &str) -> bool {
    text.as_bytes().get(..head.len()).is_some_and(|b| b.eq_ignore_ascii_case(head.as_bytes()))
}

fn contains_ignore_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|w| w.eq_ignore_ascii_case(part.as_bytes()))
}
