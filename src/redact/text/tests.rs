//! What stays of a text, and what does not.

use super::super::Key;
use super::*;
use proptest::prelude::*;

fn redactor() -> Redactor {
    Redactor::new(Key::lasting(b"a key that is for tests").unwrap(), &[])
}

fn machine(text: &str) -> String {
    redactor().text(text, Writer::Machine, &Known::default())
}

#[test]
fn what_says_something_about_mail_stays() {
    for text in [
        "550 5.1.1 <address>: User unknown",
        "550 5.7.708 Access denied, traffic not accepted from this IP AS(7230) [outlook.com <time> <id>]",
        "550 5.7.606 Access denied, banned sending IP (AS16012609)",
        "STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded"
            .replace("Shutoff", "")
            .as_str(),
        "RESOLVER.ADR.RecipientNotFound; not found",
        "Get-MessageTraceV2 -StartDate 2026-11-16 | Export-Csv",
        "see tables/affected.csv and report.md",
        "dns_auth.dkim_broken, mailbox_rule; SFV:SKN SCL=-1",
        "https://support.google.com/mail/?p=NoSuchUser",
        "loop ATTR34 (Socket error code 10061) 0x8004010F",
        "  two  blanks\tand a tab ",
    ] {
        assert_eq!(machine(text), text);
    }
}

#[test]
fn what_names_somebody_does_not() {
    let r = redactor();
    assert_eq!(
        machine("550 5.1.1 <kim@fabrikam.com>: User unknown"),
        format!("550 5.1.1 <{}>: User unknown", r.address("kim@fabrikam.com"))
    );
    assert_eq!(
        machine("host mx7.fabrikam.com[192.0.2.7]:25 said"),
        format!("host {}[{}]:25 said", r.domain("mx7.fabrikam.com"), r.host("192.0.2.7"))
    );
    let jane = machine("mailbox of Jane Doe is full");
    assert!(jane.starts_with("mailbox of text-") && jane.ends_with(" is full"), "{jane}");
    assert_eq!(jane.matches("text-").count(), 1, "one for both words: {jane}");
    assert_eq!(
        machine("MAILBOX of jane doe"),
        jane.replace("mailbox", "MAILBOX").replace(" is full", "")
    );
    let id = "9e943ce7-9fc8-436a-965c-08de00000005";
    assert_eq!(machine(&format!("id={id}.")), format!("id={}.", r.name("rule", id)));
    for hidden in [
        "Müller",
        "山田太郎",
        "/srv/kimdoe/x",
        "D:\\mail\\kimdoe",
        "kim\u{200b}doe",
        "49170123456",
        "http://kim.example/kimdoe?u=kimdoe",
        "kimdoe...kimdoe",
        "\"kimdoe\"@contoso.com",
        "mailto:kimdoe@contoso.com",
        "smtp:kimdoe@contoso.com",
        "x/kimdoe@contoso.com",
        "KIMDOE-PC",
        "srvkimdoe01",
        "kimdoe's",
        "kimdoe=contoso.com@lists.example",
        "contoso.com.",
        "(contoso.com)",
        "contoso.com/x",
        "192.0.2.17-192.0.2.99",
        "ip-192-0-2-17",
        "x192.0.2.17y",
        "2001:db8:77::17/64",
        "a:2001:db8:77:0:0:0:0:17",
        "192.0.2.17/24",
        "192.0.2.17:25",
        "17.2.0.192.in-addr.arpa",
        "sip:contoso.com:5061;x",
        "ünïcontoso.com",
    ] {
        let out = machine(hidden).to_lowercase();
        for name in
            ["kim", "doe", "müller", "山田", "49170", "contoso", "192.0", "192-0", "0.192", ":77:"]
        {
            assert!(!out.contains(name), "{name} of {hidden} in {out}");
        }
    }
}

#[test]
fn numbers_of_people_are_theirs() {
    let r = redactor();
    let said = |text: &str| r.text(text, Writer::Person, &Known::default());
    assert!(!said("call 030 123 4567").contains("123"));
    assert!(said("Set-TransportRule: SCL -1, DKIM 5.7.26").contains("SCL -1, DKIM 5.7.26"));
    assert_eq!(r.text("1048576 messages", Writer::Ours, &Known::default()), "1048576 messages");
}

#[test]
fn names_of_the_report_are_found() {
    let r = redactor();
    let names = ["To mail gateway", "Relay", "K2", "in/kim.csv"];
    let pairs = names.iter().map(|n| ((*n).to_owned(), r.name("connector", n))).collect();
    let known = Known::new(pairs);
    let said = |text: &str| r.text(text, Writer::Ours, &known);
    let gateway = r.name("connector", "To mail gateway");
    assert_eq!(
        said("Mail over the connector To mail gateway fails."),
        format!("Mail over the connector {gateway} fails.")
    );
    assert_eq!(said("the to MAIL gateway: x"), format!("the {gateway}: x"));
    assert_eq!(said("a relay is open"), "a relay is open", "a word like any other");
    assert_eq!(said("K2 moved"), format!("{} moved", r.name("connector", "K2")));
    assert_eq!(said("K2@contoso.com"), r.address("k2@contoso.com"));
    assert!(!said("K20").contains("connector"));
    assert_eq!(said("in/kim.csv: read"), format!("{}: read", r.name("connector", "in/kim.csv")));
}

proptest! {
    #[test]
    fn nothing_unknown_comes_through(text in "\\PC{0,60}|[ -~]{0,60}", name in "[b-df-hj-np-tv-z]{7,9}",
                                     left in "[ -/:-@\\[-`{-~]{0,2}", right in "[ -/:-@\\[-`{-~]{0,2}") {
        // Whatever stands around a name, the name does not come through.
        let r = redactor();
        for writer in [Writer::Ours, Writer::Machine, Writer::Person] {
            let out = r.text(&format!("{text}{left}{name}{right}{text}"), writer, &Known::default());
            prop_assert!(!out.contains(&name), "{}", out);
        }
    }

    #[test]
    fn never_panics_and_stays_bounded(text in "\\PC{0,300}") {
        let out = machine(&text);
        prop_assert!(out.len() <= text.len() * 60 + 60);
    }
}
