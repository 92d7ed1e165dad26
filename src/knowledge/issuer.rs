//! Who speaks: told by marks in the text, then by the code, then by the remote host.

use super::speaker::Speaker;
use super::text::Code;

/// Marks in a masked, lower-cased text and the issuer they prove, most specific first.
const MARKS: &[(&str, &str)] = &[
    ("gsmtp", "gmail"),
    ("google.com", "gmail"),
    ("gmail has detected", "gmail"),
    ("gmail requires", "gmail"),
    ("yahoo", "yahoo"),
    ("verizonmedia.com", "yahoo"),
    ("[tss0", "yahoo"),
    ("[ts0", "yahoo"),
    ("[ph0", "yahoo"),
    ("[bl2", "yahoo"),
    ("icloud.com", "apple"),
    ("apple.com", "apple"),
    ("mimecast", "mimecast"),
    ("pphosted.com", "proofpoint"),
    ("ipcheck.proofpoint.com", "proofpoint"),
    ("support.proofpoint.com", "proofpoint"),
    ("olc.protection.outlook.com", "outlook_com"),
    ("(s2", "outlook_com"),
    ("(s775", "outlook_com"),
    ("(s311", "outlook_com"),
    ("(s31", "outlook_com"),
    ("sc-00", "outlook_com"),
    ("dy-00", "outlook_com"),
    ("ou-00", "outlook_com"),
    ("rp-00", "outlook_com"),
    ("outlook.com", "exchange_online"),
    ("exchangelabs.com", "exchange_online"),
    ("resolver.", "exchange_online"),
    ("storedrv", "exchange_online"),
    ("transport.rules", "exchange_online"),
    ("queue.expired", "exchange_online"),
    ("smtpsend.dns", "exchange_online"),
    ("lastattempted", "exchange_online"),
    ("tenantattribution", "exchange_online"),
    (" as(", "exchange_online"),
    ("(as1", "exchange_online"),
    ("remote server returned", "exchange_online"),
    ("message expired, ", "exchange_online"),
];

/// Ends of remote host names and the issuer that owns them.
const HOSTS: &[(&str, &str)] = &[
    ("olc.protection.outlook.com", "outlook_com"),
    ("hotmail.com", "outlook_com"),
    ("outlook.com", "exchange_online"),
    ("exchangelabs.com", "exchange_online"),
    ("google.com", "gmail"),
    ("googlemail.com", "gmail"),
    ("gmail.com", "gmail"),
    ("yahoodns.net", "yahoo"),
    ("yahoo.com", "yahoo"),
    ("icloud.com", "apple"),
    ("me.com", "apple"),
    ("mimecast.com", "mimecast"),
    ("pphosted.com", "proofpoint"),
    ("ppe-hosted.com", "proofpoint"),
];

/// Least detail number (third part of a code) that only Microsoft uses: the registry ends at 30,
/// Gmail's own numbers at 40.
pub(super) const MICROSOFT_DETAILS: u16 = 50;

/// The issuer of a text; empty where nothing tells. `host` is the issuer by remote host. Marks in
/// the text outweigh what the record states of the speaker.
pub(super) fn of_text(
    lower: &str,
    code: Option<Code>,
    host: &'static str,
    speaker: Speaker,
) -> &'static str {
    if let Some((_, issuer)) = MARKS.iter().find(|(mark, _)| lower.contains(mark)) {
        return issuer;
    }
    let microsoft = code.is_some_and(|c| c[2] >= MICROSOFT_DETAILS);
    match host {
        // The remote host is whom the service tried, not who speaks.
        _ if speaker.is_service() => "exchange_online",
        "outlook_com" => host,
        _ if microsoft => "exchange_online",
        _ => host,
    }
}

/// The issuer that owns a remote host; empty where it is none of the known ones.
pub(super) fn of_host(host: &str) -> &'static str {
    let host = host.trim().trim_end_matches('.').as_bytes();
    let owns = |end: &str| {
        host.len().checked_sub(end.len()).is_some_and(|at| {
            host[at..].eq_ignore_ascii_case(end.as_bytes()) && (at == 0 || host[at - 1] == b'.')
        })
    };
    HOSTS.iter().find(|(end, _)| owns(end)).map_or("", |(_, issuer)| issuer)
}

/// How near the rows of `row` are to a text of `issuer`: 0 its own, higher the family; `None`
/// where they do not apply. A text of nobody known may be Microsoft's, whose texts this tool
/// reads most; the wording of other providers counts only where they are known to speak.
pub(super) fn affinity(issuer: &str, row: &str) -> Option<u8> {
    if row == issuer {
        return Some(0);
    }
    let family: &[&str] = match issuer {
        "exchange_online" | "" => &["exchange_online", "exchange_server", "outlook_com"],
        "outlook_com" => &["outlook_com", "exchange_online", "exchange_server"],
        _ => &[],
    };
    family.iter().position(|f| *f == row).map(|i| i as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_before_hosts_before_codes() {
        assert_eq!(
            of_text("550 5.1.1 x <id> - gsmtp", None, "exchange_online", Speaker::Unknown),
            "gmail"
        );
        assert_eq!(of_text("550 no", None, "yahoo", Speaker::Unknown), "yahoo");
        assert_eq!(
            of_text("550 5.7.509 no", Some([5, 7, 509]), "", Speaker::Unknown),
            "exchange_online"
        );
        assert_eq!(of_text("550 5.7.1 no", Some([5, 7, 1]), "", Speaker::Unknown), "");
        assert_eq!(of_text("550 5.7.1 no", None, "gmail", Speaker::Service), "exchange_online");
        assert_eq!(of_text("550 no - gsmtp", None, "", Speaker::Store), "gmail", "marks win");
        assert_eq!(of_host("gmail-smtp-in.l.GOOGLE.com."), "gmail");
        assert_eq!(of_host("fabrikam-test.olc.protection.outlook.com"), "outlook_com");
        assert_eq!(of_host("fabrikam-test.mail.protection.outlook.com"), "exchange_online");
        assert_eq!(of_host("notgoogle.com"), "");
        assert_eq!(of_host(""), "");
    }

    #[test]
    fn other_providers_need_proof() {
        assert_eq!(affinity("", "gmail"), None);
        assert_eq!(affinity("", "exchange_online"), Some(0));
        assert_eq!(affinity("gmail", "exchange_online"), None);
        assert_eq!(affinity("outlook_com", "exchange_online"), Some(1));
    }
}
