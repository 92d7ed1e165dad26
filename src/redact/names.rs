//! Pseudonyms of names that stand alone: addresses, domains, hosts, network addresses, ids, subjects.

use super::Redactor;
use super::kept::{self, Below};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Beginnings of subjects that tell a reply or a notice; the rest of a subject is replaced.
const PREFIXES: &[&str] =
    &["re:", "fw:", "fwd:", "aw:", "wg:", "undeliverable:", "automatic reply:"];

impl Redactor {
    /// `p-4k2m8x0q7rta@d-3h7w1c9z5ebn.com`: the domain as [`Redactor::domain`] has it, the local part
    /// for this domain alone; `+tag` stays a tag. Case does not matter. Text without an `@` (X.500
    /// addresses) becomes one word. The null sender and empty text stay.
    ///
    /// Message-IDs take the same form, for in free text nobody can tell them from addresses.
    pub(super) fn address(&self, text: &str) -> String {
        let text = text.trim().to_lowercase();
        if text.is_empty() || text == "<>" {
            return text;
        }
        if let Some(inner) = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')) {
            return format!("<{}>", self.address(inner));
        }
        match text.rsplit_once('@') {
            Some((local, domain)) if !domain.trim_matches('.').is_empty() => {
                let domain = domain.trim().trim_end_matches('.');
                format!("{}@{}", self.local(local, &ascii(domain)), self.domain(domain))
            }
            _ => format!("p-{}", self.key.word("address", &text)),
        }
    }

    fn local(&self, local: &str, domain: &str) -> String {
        if kept::role(local) {
            return local.to_owned();
        }
        let word = |part: &str| self.key.word("local", &format!("{part}\0{domain}"));
        match local.split_once('+') {
            Some((base, tag)) if !base.is_empty() => {
                let base = self.local(base, domain);
                format!("{base}+t-{}", word(tag))
            }
            _ => format!("p-{}", word(local)),
        }
    }

    /// `mail.d-3h7w1c9z5ebn.co.uk`: the public suffix stays, the registered label and what stands
    /// below become words, each for its whole name, so that what is below a domain stays below
    /// its pseudonym. What [`kept`] names stays. A name under a suffix that nobody registers ends
    /// in `.invalid`, a name without a dot is `h-` and a word.
    pub(super) fn domain(&self, name: &str) -> String {
        let name = name.trim().trim_end_matches('.').to_lowercase();
        if name.is_empty() || name == "<>" {
            return name;
        }
        if let Some(ip) = literal(&name) {
            let text = self.ip(ip);
            return if name.starts_with('[') { format!("[{text}]") } else { text };
        }
        let name = ascii(&name);
        if !name.contains('.') {
            return format!("h-{}", self.key.word("name", &name));
        }
        let own = |d: &String| {
            name == *d || name.strip_suffix(d.as_str()).is_some_and(|h| h.ends_with('.'))
        };
        let base = if self.own.iter().any(own) { None } else { kept::base(&name) };
        let (base, below, start) = match base {
            Some((base, below)) => (base.to_owned(), below, name.len() - base.len()),
            None => self.registered(&name),
        };
        let mut labels = Vec::new();
        let mut at = 0;
        for label in name.get(..start.saturating_sub(1)).unwrap_or_default().split('.') {
            if start == 0 {
                break;
            }
            labels.push(self.label(label, name.get(at..).unwrap_or_default(), &base, below));
            at += label.len() + 1;
        }
        labels.push(base);
        labels.join(".")
    }

    /// The pseudonym of the registered part of a name, and where that part begins.
    fn registered(&self, name: &str) -> (String, Below, usize) {
        let before =
            |end: usize| name.get(..end).and_then(|h| h.rfind('.')).map_or(0, |dot| dot + 1);
        let (start, suffix) = match suffix(name) {
            // A bare suffix belongs to nobody.
            Some(0) => return (name.to_owned(), Below::Customers, 0),
            Some(at) => (before(at - 1), name.get(at..).unwrap_or_default()),
            None => {
                let last = name.rfind('.').unwrap_or(0);
                (before(last), "invalid")
            }
        };
        let word = self.key.word("domain", name.get(start..).unwrap_or_default());
        (format!("d-{word}.{suffix}"), Below::Customers, start)
    }

    /// One label below a base. `whole` is the name from this label on.
    fn label(&self, label: &str, whole: &str, base: &str, below: Below) -> String {
        if kept::label(label) || (below == Below::Machines && kept::machine(label)) {
            return label.to_owned();
        }
        // The MX record of a tenant spells its domain with dashes.
        if base == "mail.protection.outlook.com"
            && let Some(domain) = undashed(label)
        {
            return self.domain(&domain).replace('.', "-");
        }
        format!("h-{}", self.key.word("domain", whole))
    }

    /// An address of the documentation prefix (RFC 3849): `2001:db8:4xxx:` for what was an IPv4
    /// address, `6xxx` for IPv6, `1xxx` for private ones of both; then its network (the /24, the /64),
    /// then itself. Loopback and unspecified addresses stay.
    pub(super) fn ip(&self, ip: IpAddr) -> String {
        let ip = ip.to_canonical();
        if ip.is_loopback() || ip.is_unspecified() {
            return ip.to_string();
        }
        let (class, network) = match ip {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                let private = v4.is_private() || v4.is_link_local();
                (if private { 1 } else { 4 }, IpAddr::V4(Ipv4Addr::new(a, b, c, 0)))
            }
            IpAddr::V6(v6) => {
                let private = v6.is_unique_local() || v6.is_unicast_link_local();
                let network = Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX));
                (if private { 1 } else { 6 }, IpAddr::V6(network))
            }
        };
        let network = self.key.wide("network", network.to_string().as_bytes());
        let host = self.key.wide("ip", ip.to_string().as_bytes());
        let group = |bits: u128, i: u32| (bits >> (16 * i)) as u16;
        let first = (group(network, 0) & 0x0fff) | (class << 12);
        Ipv6Addr::new(
            0x2001,
            0x0db8,
            first,
            group(network, 1),
            group(network, 2),
            group(host, 0),
            group(host, 1),
            group(host, 2),
        )
        .to_string()
    }

    /// A GUID of version 8 (RFC 9562: made by an application), so that it is known for what it is.
    /// The nil GUID stays.
    pub(super) fn guid(&self, guid: u128) -> u128 {
        if guid == 0 {
            return 0;
        }
        let bits = self.key.wide("guid", &guid.to_be_bytes());
        let (version, variant) = (0xf_u128 << 76, 0x3_u128 << 62);
        (bits & !version & !variant) | (0x8 << 76) | (0x2 << 62)
    }

    /// The name of a connector, rule, policy or the like: a GUID stays one, an address, a network
    /// address too, anything else is `kind-` and a word. Case does not matter.
    pub(super) fn name(&self, kind: &str, text: &str) -> String {
        let lower = text.trim().to_lowercase();
        if lower.is_empty() || kept::common_name(&lower) {
            return text.trim().to_owned();
        }
        if let Some(guid) = guid_of(&lower) {
            return crate::model::delivery::dashed(self.guid(guid));
        }
        if let Some(ip) = literal(&lower) {
            return self.ip(ip);
        }
        if lower.contains('@') && !lower.contains(' ') {
            return self.address(&lower);
        }
        format!("{kind}-{}", self.key.word("name", &lower))
    }

    /// A host as a column names it: an address, a name, either with a port.
    pub(super) fn host(&self, text: &str) -> String {
        let text = text.trim();
        if let Some(ip) = literal(text) {
            return self.ip(ip);
        }
        if let Some((host, port)) = text.rsplit_once(':')
            && !port.is_empty()
            && port.len() <= 5
            && port.bytes().all(|b| b.is_ascii_digit())
        {
            return format!("{}:{port}", self.host(host));
        }
        self.domain(text)
    }

    /// An organisation by its id or by a domain.
    pub(super) fn tenant(&self, text: &str) -> String {
        if text.contains('.') && guid_of(text).is_none() {
            return self.domain(text);
        }
        self.name("org", text)
    }

    /// A subject: what tells a reply or a notice stays, the rest is one word.
    pub(super) fn subject(&self, text: &str) -> String {
        let mut rest = text.trim();
        let mut kept = String::new();
        while let Some(prefix) = PREFIXES
            .iter()
            .find_map(|p| rest.get(..p.len()).filter(|head| head.eq_ignore_ascii_case(p)))
        {
            kept.push_str(prefix);
            kept.push(' ');
            rest = rest.get(prefix.len()..).unwrap_or_default().trim_start();
        }
        if rest.is_empty() {
            return kept.trim_end().to_owned();
        }
        format!("{kept}subject-{}", self.key.word("subject", rest))
    }
}

/// A name as the DNS has it: `münchen.example` and `xn--mnchen-3ya.example` are one.
fn ascii(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    idna::domain_to_ascii(name).unwrap_or_else(|_| name.to_owned())
}

/// Where the public suffix of a name begins; only suffixes of registries count, and names that are
/// nobody's. `None` where the name ends in neither.
fn suffix(name: &str) -> Option<usize> {
    let last = name.rfind('.').map_or(0, |dot| dot + 1);
    let mut rest = name;
    loop {
        let found = psl::suffix(rest.as_bytes())?;
        match found.typ() {
            Some(psl::Type::Icann) => return Some(name.len() - found.as_bytes().len()),
            // A suffix of a company: what stands above it counts.
            Some(psl::Type::Private) => {
                let at = rest.len() - found.as_bytes().len();
                rest = rest.get(at..)?.split_once('.')?.1;
            }
            None => return kept::private(name.get(last..)?).then_some(last),
        }
    }
}

/// True where a dotted word of a text is the name of a host or domain.
pub(super) fn is_host(word: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let lower = ascii(&word.trim_end_matches('.').to_lowercase());
    let last = lower.rsplit('.').next().unwrap_or_default();
    lower.contains('.')
        && lower.split('.').all(label)
        && last.bytes().any(|b| b.is_ascii_alphabetic())
        && suffix(&lower).is_some_and(|at| at > 0)
}

/// `contoso.co.uk` of `contoso-co-uk`: the last dashes were dots.
fn undashed(label: &str) -> Option<String> {
    let starts = label.match_indices('-').map(|(at, _)| at);
    starts.into_iter().find_map(|at| {
        let tail = label.get(at + 1..)?.replace('-', ".");
        let known = psl::suffix(tail.as_bytes())?;
        let whole = known.typ() == Some(psl::Type::Icann) && known.as_bytes().len() == tail.len();
        whole.then(|| format!("{}.{tail}", label.get(..at).unwrap_or_default()))
    })
}

/// A network address, in brackets or with an IPv6 zone.
pub(super) fn literal(text: &str) -> Option<IpAddr> {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let inner = match inner.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("ipv6:") => inner.get(5..)?,
        _ => inner,
    };
    inner.split('%').next()?.parse().ok()
}

/// A GUID, dashed, in braces, or as 32 hexadecimal digits.
pub(super) fn guid_of(text: &str) -> Option<u128> {
    let text = text.trim();
    let text = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
    let dashes = match text.len() {
        32 => false,
        36 => true,
        _ => return None,
    };
    let right = |(at, b): (usize, u8)| match at {
        8 | 13 | 18 | 23 if dashes => b == b'-',
        _ => b.is_ascii_hexdigit(),
    };
    if !text.bytes().enumerate().all(right) {
        return None;
    }
    u128::from_str_radix(&text.replace('-', ""), 16).ok()
}

#[cfg(test)]
mod tests;
