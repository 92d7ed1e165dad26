//! Documents of every kind, whole and broken.

use super::*;
use crate::model::documents::{DmarcReport, Setting};
use proptest::prelude::*;

const REPORT: &str = r#"<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><report_metadata><org_name>A &amp; B</org_name>
<report_id>1</report_id><date_range><begin>1791849600</begin><end>1791936000</end></date_range></report_metadata>
<policy_published><domain>Contoso.com</domain><p>reject</p></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>REJECT</disposition>
<dkim>Fail</dkim><spf>fail</spf><reason></reason><reason><type>local_policy</type></reason></policy_evaluated></row>
<identifiers><header_from>contoso.com</header_from></identifiers>
<auth_results><dkim><domain>contoso.com</domain><selector>s1</selector><result>fail</result></dkim>
<spf><domain>contoso.com</domain><scope>mfrom</scope><result>none</result></spf></auth_results></record>
<record><row><source_ip>192.0.2.2</source_ip><count>4</count><policy_evaluated><disposition>none</disposition>
<dkim>pass</dkim><spf>fail</spf></policy_evaluated></row></record></feedback>"#;

fn dmarc(text: &str) -> (DmarcReport, Vec<String>) {
    let read = read("dmarc", Layout::Xml, text.as_bytes());
    match read.documents.into_iter().next() {
        Some(Content::Dmarc(report)) => (*report, read.notes),
        other => panic!("{other:?} {:?}", read.rejects),
    }
}

fn settings(dialect: &str, layout: Layout, text: &str) -> Vec<Setting> {
    let read = read(dialect, layout, text.as_bytes());
    assert!(read.rejects.is_empty(), "{:?}", read.rejects);
    let all = read.documents.into_iter().map(|content| match content {
        Content::Setting(setting) => *setting,
        other => panic!("{other:?}"),
    });
    all.collect()
}

#[test]
fn aggregate_reports() {
    let (report, notes) = dmarc(REPORT);
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!((report.org_name.as_str(), report.domain.as_str()), ("A & B", "contoso.com"));
    assert_eq!(report.begin.unwrap().rfc3339(), "2026-10-13T00:00:00Z");
    let [bad, good] = &report.rows[..] else { panic!("{:?}", report.rows) };
    assert_eq!((bad.count, bad.disposition.as_str(), bad.dkim.as_str()), (3, "reject", "fail"));
    assert_eq!((bad.passes(), bad.reasons.as_slice()), (false, &["local_policy".to_owned()][..]));
    assert_eq!(bad.auth_dkim[0].1, "s1");
    assert!(good.passes() && good.auth_dkim.is_empty());
    assert_eq!(report.messages(|_| true), 7);
}

#[test]
fn broken_reports_give_what_can_be_made_out() {
    let unclosed = REPORT.replace("</identifiers>", "").replace("A &amp; B", "A & <b");
    let (report, notes) = dmarc(&unclosed);
    assert_eq!((report.rows.len(), report.messages(|_| true)), (2, 7));
    assert!(!notes.is_empty());
    let cut = &REPORT[..REPORT.rfind("<record>").unwrap()];
    assert_eq!(dmarc(cut).0.rows.len(), 1);
    for bad in ["<feedback>", "<feedback></feedback>", "<html></html>"] {
        let read = read("dmarc", Layout::Xml, bad.as_bytes());
        assert!(read.documents.is_empty() && read.rejects.len() == 1, "{bad}");
    }
}

#[test]
fn settings_in_json_and_csv() {
    let json = r#"{"value":[{"Name":"Out","Enabled":false,"SmartHosts":["a","b"],"Guid":"AB","WhenChangedUTC":"/Date(1791849600000)/"}]}"#;
    let csv = "\"Name\",\"Enabled\",\"SmartHosts\",\"Guid\",\"WhenChangedUTC\"\r\n\"Out\",\"False\",\"System.Collections.ArrayList\",\"AB\",\"10/13/2026 12:00:00 AM\"\r\n";
    let [one] = &settings("outbound_connector", Layout::Json, json)[..] else { panic!() };
    let [two] = &settings("outbound_connector", Layout::Csv { delimiter: b',' }, csv)[..] else {
        panic!()
    };
    assert_eq!((one.state.as_str(), one.id.as_str(), one.since), ("disabled", "ab", two.since));
    assert_eq!((one.get("SmartHosts"), two.get("SmartHosts")), ("a;b", ""));
    let issues = r#"[{"service":"Exchange Online","status":"x","issues":[{"id":"EX1","title":"t","classification":"advisory","status":"open","startDateTime":"2026-10-13T00:00:00Z","endDateTime":null}]}]"#;
    let [issue] = &settings("health_issue", Layout::Json, issues)[..] else { panic!() };
    assert_eq!((issue.id.as_str(), issue.state.as_str(), issue.until), ("ex1", "open", None));
}

#[test]
fn tls_reports() {
    let text = r#"{"organization-name":"A","date-range":{"start-datetime":"2026-10-13T00:00:00Z"},"report-id":"1","policies":[{"policy":{"policy-type":"sts","policy-domain":"contoso.com"},"summary":{"total-successful-session-count":"5","total-failure-session-count":2},"failure-details":[{"result-type":"starttls-not-supported","failed-session-count":2}]}]}"#;
    let read = read("tlsrpt", Layout::Json, text.as_bytes());
    let [Content::Tls(report)] = &read.documents[..] else { panic!("{read:?}") };
    assert_eq!((report.policies[0].successful, report.policies[0].failed), (5, 2));
}

#[test]
fn sessions_are_put_together() {
    let text = "#Software: x\r\n#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\r\n\
        2026-10-13T08:00:01.000Z,Out,A,0,,192.0.2.1:25,+,,\r\n2026-10-13T08:00:01.500Z,Out,B,0,,[2001:db8::1]:25,+,,\r\n\
        2026-10-13T08:00:02.000Z,Out,A,1,,192.0.2.1:25,>,MAIL FROM:<a@contoso.com>,\r\n2026-10-13T08:00:02.100Z,Out,A,2,,192.0.2.1:25,<,451 4.7.500 Server busy,\r\n\
        2026-10-13T08:00:02.200Z,Out,B,1,,[2001:db8::1]:25,-,,Remote(SocketError)\r\nno line\r\n";
    let read = read("smtp_log", Layout::Csv { delimiter: b',' }, text.as_bytes());
    let [Content::Session(a), Content::Session(b)] = &read.documents[..] else {
        panic!("{read:?}")
    };
    assert_eq!((a.failure.as_str(), a.messages, a.lines), ("MAIL: 451 4.7.500 Server busy", 1, 3));
    assert_eq!((b.remote.as_str(), b.lines), ("2001:db8::1", 2));
    assert!(b.failure.contains("closed by the other side"));
    assert_eq!(read.rejects.len(), 1);
}

#[test]
fn reports_in_mail() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, REPORT.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let base64: String = packed.iter().fold(String::new(), |mut text, byte| {
        let _ = std::fmt::Write::write_fmt(&mut text, format_args!("={byte:02X}"));
        if text.len() % 75 == 0 {
            text.push_str("=\n");
        }
        text
    });
    let mail = format!(
        "Subject: Report Domain: contoso.com Submitter: a.example Report-ID: <1>\nContent-Type: application/gzip\nContent-Transfer-Encoding: quoted-printable\n\n{base64}\n"
    );
    let found = in_mail(mail.as_bytes());
    assert!(matches!(&found.documents[..], [Content::Dmarc(r)] if r.rows.len() == 2), "{found:?}");
    let complaint = "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nSource-IP: 192.0.2.1\n\n--b--\n";
    let found = in_mail(complaint.as_bytes());
    let [Content::Feedback(feedback)] = &found.documents[..] else { panic!("{found:?}") };
    assert_eq!(feedback.get("source-ip"), "192.0.2.1");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damage_is_survived(cut in 0usize..2000, at in 0usize..2000, byte: u8, text in "[<>/a&;{}\"\\[\\],:#\n]{0,60}") {
        let mut bytes = REPORT.as_bytes().to_vec();
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
        bytes.truncate(cut);
        for (dialect, _) in KINDS {
            for layout in [Layout::Xml, Layout::Json, Layout::Csv { delimiter: b',' }] {
                read(dialect, layout, &bytes);
                read(dialect, layout, text.as_bytes());
            }
        }
        in_mail(&bytes);
    }
}
