//! What stays readable because it belongs to everybody: hosts of the big mail services, addresses
//! of roles, names that every tenant has. Without them a report could not say that Google refuses
//! our mail, or that a bounce came from a postmaster.

/// What stands below a kept domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Below {
    /// Machines of the service: their names stay where they look like machines.
    Machines,
    /// Customers of the service, or people's own names: replaced.
    Customers,
}

/// Domains that stay, and what stands below them. A domain of ours is never kept.
const DOMAINS: &[(&str, Below)] = &[
    // Exchange Online itself: regions and servers are shared by all tenants.
    ("prod.outlook.com", Below::Machines),
    ("outbound.protection.outlook.com", Below::Machines),
    ("protection.outlook.com", Below::Customers),
    ("mail.protection.outlook.com", Below::Customers),
    ("outlook.office365.com", Below::Customers),
    ("onmicrosoft.com", Below::Customers),
    ("mail.onmicrosoft.com", Below::Customers),
    ("microsoft.com", Below::Customers),
    ("office.com", Below::Customers),
    ("office365.com", Below::Customers),
    // Mail services that people have their addresses at.
    ("gmail.com", Below::Customers),
    ("googlemail.com", Below::Customers),
    ("google.com", Below::Machines),
    ("outlook.com", Below::Customers),
    ("hotmail.com", Below::Customers),
    ("live.com", Below::Customers),
    ("msn.com", Below::Customers),
    ("yahoo.com", Below::Customers),
    ("yahoo.co.uk", Below::Customers),
    ("yahoo.co.jp", Below::Customers),
    ("yahoodns.net", Below::Machines),
    ("aol.com", Below::Customers),
    ("icloud.com", Below::Customers),
    ("me.com", Below::Customers),
    ("mac.com", Below::Customers),
    ("gmx.de", Below::Customers),
    ("gmx.net", Below::Customers),
    ("gmx.com", Below::Customers),
    ("web.de", Below::Customers),
    ("t-online.de", Below::Customers),
    ("proton.me", Below::Customers),
    ("protonmail.com", Below::Customers),
    ("zoho.com", Below::Customers),
    ("yandex.ru", Below::Customers),
    ("mail.ru", Below::Customers),
    ("qq.com", Below::Customers),
    ("163.com", Below::Customers),
    ("orange.fr", Below::Customers),
    ("free.fr", Below::Customers),
    ("comcast.net", Below::Customers),
    // Gateways and senders for others.
    ("amazonses.com", Below::Machines),
    ("mimecast.com", Below::Customers),
    ("pphosted.com", Below::Customers),
    ("ppe-hosted.com", Below::Customers),
    ("messagelabs.com", Below::Customers),
    ("barracudanetworks.com", Below::Customers),
    ("iphmx.com", Below::Customers),
    ("hornetsecurity.com", Below::Customers),
    ("sendgrid.net", Below::Customers),
    ("mailgun.org", Below::Customers),
    ("mandrillapp.com", Below::Customers),
    ("spamhaus.org", Below::Customers),
];

/// Labels that name a service, not its owner. `domain-com` is the placeholder of our own advice.
const LABELS: &[&str] = &[
    "mail",
    "email",
    "smtp",
    "imap",
    "pop",
    "mx",
    "mta",
    "mta-sts",
    "www",
    "relay",
    "gateway",
    "gw",
    "in",
    "out",
    "inbound",
    "outbound",
    "bounce",
    "bounces",
    "spf",
    "_spf",
    "_dmarc",
    "_domainkey",
    "_smtp",
    "_tls",
    "_mta-sts",
    "autodiscover",
    "selector1",
    "selector2",
    "eo",
    "sender",
    "l",
    "gmail-smtp-in",
    "aspmx",
    "alt1",
    "alt2",
    "alt3",
    "alt4",
    "mx1",
    "mx2",
    "mx3",
    "mx4",
    "smtp-in",
    "inbound-smtp",
    "smtp-out",
    "support",
    "admin",
    "security",
    "compliance",
    "learn",
    "domain-com",
];

/// Local parts that name a role (RFC 2142 and its like), and Exchange's own address for notices.
const ROLES: &[&str] = &[
    "postmaster",
    "mailer-daemon",
    "abuse",
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "bounce",
    "bounces",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
];

/// Names of policies and connectors that every tenant has.
const NAMES: &[&str] = &[
    "default",
    "office365 antiphish default",
    "standard preset security policy",
    "strict preset security policy",
    "built-in protection policy",
];

/// Last labels of names that no registry gives out but people use (RFC 2606, 6761, 6762, 8375 and
/// habit).
const PRIVATE: &[&str] = &[
    "local",
    "lan",
    "internal",
    "intranet",
    "corp",
    "home",
    "private",
    "arpa",
    "example",
    "test",
    "invalid",
    "localhost",
    "onion",
];

/// The longest kept domain that `name` (lower case) is or stands below.
pub(super) fn base(name: &str) -> Option<(&'static str, Below)> {
    let within = |domain: &str| {
        name.strip_suffix(domain).is_some_and(|head| head.is_empty() || head.ends_with('.'))
    };
    let found = DOMAINS.iter().filter(|(domain, _)| within(domain));
    found.max_by_key(|(domain, _)| domain.len()).copied()
}

/// A label that stays wherever it stands.
pub(super) fn label(label: &str) -> bool {
    LABELS.contains(&label)
}

/// A label that looks like a machine of a service: short, and with a digit in it.
pub(super) fn machine(label: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    label.len() <= 24
        && label.bytes().all(plain)
        && label.bytes().any(|b| b.is_ascii_digit())
        && label.bytes().any(|b| b.is_ascii_alphabetic())
}

/// A local part (lower case) that names a role.
pub(super) fn role(local: &str) -> bool {
    ROLES.contains(&local)
}

/// A name (lower case) that every tenant has.
pub(super) fn common_name(name: &str) -> bool {
    NAMES.contains(&name)
}

/// A last label that names end with though no registry knows it.
pub(super) fn private(label: &str) -> bool {
    PRIVATE.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_base_counts() {
        assert_eq!(
            base("am0pr01mb1.eurprd01.prod.outlook.com"),
            Some(("prod.outlook.com", Below::Machines))
        );
        assert_eq!(
            base("contoso-com.mail.protection.outlook.com"),
            Some(("mail.protection.outlook.com", Below::Customers))
        );
        assert_eq!(base("gmail.com"), Some(("gmail.com", Below::Customers)));
        assert_eq!(base("notgmail.com"), None);
        assert_eq!(base("gmail.com.contoso.com"), None);
        assert!(machine("am0pr01mb1") && machine("mail-lf1-f41") && !machine("contoso"));
        assert!(!machine("20261116"), "a number alone may mean anything");
    }
}
