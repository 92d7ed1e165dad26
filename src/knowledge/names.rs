//! Names behind codes and domains: countries, languages, Exchange builds, brands, mailers, and the
//! words that phishing likes.

use super::tables::records;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Name of a country by its code (ISO 3166-1), whatever its case.
pub fn country(code: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<String, String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| pairs("countries"));
    names.get(&code.trim().to_ascii_uppercase()).map(String::as_str)
}

/// Name of a language by its code (ISO 639-1); a region behind it (`ru_RU`) is left aside.
pub fn language(code: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<String, String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| pairs("languages"));
    let lower = code.trim().to_ascii_lowercase();
    let plain = lower.split(['_', '-']).next().unwrap_or("");
    names.get(&lower).or_else(|| names.get(plain)).map(String::as_str)
}

fn pairs(table: &str) -> HashMap<String, String> {
    records(table).iter().map(|r| (r.get("code").to_owned(), r.get("name").to_owned())).collect()
}

/// What a build number of Exchange belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// Major and minor version.
    version: (u16, u16),
    /// Its first build.
    first: u32,
    /// Product and update: `Exchange Server 2019 CU14`.
    pub product: String,
    /// Day on which the support of the version ended; `None` where it goes on.
    pub support_ended: Option<String>,
}

/// The product and update of a build such as `15.2.1544.4`; the last update that is not newer.
/// `None` for what is no build of Exchange.
pub fn exchange_build(text: &str) -> Option<&'static Build> {
    static BUILDS: OnceLock<Vec<Build>> = OnceLock::new();
    let builds = BUILDS.get_or_init(|| {
        let read = |r: &super::tables::Record| {
            let (major, minor) = r.get("version").split_once('.')?;
            Some(Build {
                version: (major.parse().ok()?, minor.parse().ok()?),
                first: r.get("build").parse().ok()?,
                product: r.get("product").to_owned(),
                support_ended: Some(r.get("support_ended").to_owned()).filter(|d| !d.is_empty()),
            })
        };
        let mut all: Vec<Build> = records("exchange_builds").iter().filter_map(read).collect();
        all.sort_by_key(|b| (b.version, b.first));
        all
    });
    let mut parts = text.trim().split('.');
    let version = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let build: u32 = parts.next()?.parse().ok()?;
    if parts.next().is_some_and(|rest| !rest.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    builds.iter().rev().find(|b| b.version == version && b.first <= build)
}

/// A brand that is often imitated.
#[derive(Clone, Debug)]
pub struct Brand {
    /// Name, lower case.
    pub name: String,
    /// The name alone is enough to know it; other names are ordinary words, too.
    pub alone: bool,
    /// Registered domains of its own mail.
    pub domains: Vec<String>,
}

/// Every brand.
pub fn brands() -> &'static [Brand] {
    static BRANDS: OnceLock<Vec<Brand>> = OnceLock::new();
    BRANDS.get_or_init(|| {
        let read = |r: &super::tables::Record| Brand {
            name: r.get("name").to_owned(),
            alone: r.get("alone") == "yes",
            domains: r.get("domains").split_ascii_whitespace().map(str::to_owned).collect(),
        };
        records("brands").iter().map(read).collect()
    })
}

/// The provider of bulk mail that writes this header (lower case).
pub fn mailer_by_header(name: &str) -> Option<&'static str> {
    mailers().headers.get(name).map(String::as_str)
}

/// The provider of bulk mail to which this registered domain belongs (lower case).
pub fn mailer_by_domain(domain: &str) -> Option<&'static str> {
    mailers().domains.get(domain).map(String::as_str)
}

/// Providers by what they are known by.
#[derive(Default)]
struct Mailers {
    headers: HashMap<String, String>,
    domains: HashMap<String, String>,
}

fn mailers() -> &'static Mailers {
    static MAILERS: OnceLock<Mailers> = OnceLock::new();
    MAILERS.get_or_init(|| {
        let mut mailers = Mailers::default();
        for r in records("mailers") {
            let known = match r.get("kind") {
                "header" => &mut mailers.headers,
                "domain" => &mut mailers.domains,
                _ => continue,
            };
            known.insert(r.get("value").to_owned(), r.get("provider").to_owned());
        }
        mailers
    })
}

/// Words that phishing and spam like in a subject, with their kind, lower case.
pub fn subject_words() -> &'static [(String, String)] {
    static WORDS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let read =
            |r: &super::tables::Record| (r.get("words").to_owned(), r.get("kind").to_owned());
        records("subject_words").iter().map(read).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names() {
        assert_eq!(country("de"), Some("Germany"));
        assert_eq!((language("ru_RU"), language("nl")), (Some("Russian"), Some("Dutch")));
        assert_eq!((country("**"), language("")), (None, None));
    }

    #[test]
    fn builds() {
        let product = |text| exchange_build(text).map(|b| b.product.as_str());
        assert_eq!(product("15.20.9100.12"), Some("Exchange Online"));
        assert_eq!(product("15.2.1544.14"), Some("Exchange Server 2019 CU14"));
        assert_eq!(product("15.2.2562.20"), Some("Exchange Server Subscription Edition RTM"));
        assert_eq!(product("15.1.2507.35"), Some("Exchange Server 2016 CU23"));
        assert_eq!(product("14.3.498.0"), Some("Exchange Server 2010 SP3"));
        for text in ["15.2.1", "4RHr4T1wwJz9vNQH", "2.2.3.4", "", "15.2", "15.2.1544.x"] {
            assert_eq!(product(text), None, "{text}");
        }
        assert_eq!(
            exchange_build("15.0.1497.2").unwrap().support_ended.as_deref(),
            Some("2023-04-11")
        );
    }

    #[test]
    fn brands_and_mailers() {
        assert!(brands().iter().all(|b| !b.domains.is_empty() && b.name == b.name.to_lowercase()));
        assert_eq!(mailer_by_header("x-sg-eid"), Some("SendGrid"));
        assert_eq!(mailer_by_domain("amazonses.com"), Some("Amazon SES"));
        let known = mailers().headers.values().chain(mailers().domains.values());
        let providers: std::collections::BTreeSet<_> = known.collect();
        assert!(providers.len() >= 35, "{}", providers.len());
        assert!(subject_words().iter().all(|(w, _)| *w == w.to_lowercase()));
    }
}
