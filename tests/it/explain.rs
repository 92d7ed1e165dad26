//! The dictionary on the command line.

use std::process::Command;

fn explain(args: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_mailtriage"))
        .arg("explain")
        .args(args)
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn codes_stamps_events_and_texts() {
    for (query, words) in [
        ("5.7.708", "sender_reputation"),
        ("550 5.4.1", "5.4.1"),
        ("421", "tries again"),
        ("SFV:SKN", "mail flow rule"),
        ("scl=-1", "SCL:-1"),
        ("BCL:7", "BCL:7"),
        ("reason=001", "compauth.reason:001"),
        ("FilteredAsSpam", "FilteredAsSpam"),
        ("DEFER", "delay"),
        ("X-MS-Exchange-Organization-AuthAs", "header"),
        ("x-mimecast-spam-score", "Mimecast"),
        ("550 5.1.1 <nobody@fabrikam.example>: user unknown in local table", "recipient"),
        (
            "Reason: [{LED=550 5.7.1 TRANSPORT.RULES.RejectMessage; by policy};{MSG=",
            "transport_rule",
        ),
    ] {
        let (stdout, stderr, code) = explain(&[query, "--format", "json"]);
        let list: Vec<serde_json::Value> = serde_json::from_str(&stdout).expect("JSON");
        assert_eq!(code, Some(0), "{query}: {stderr}");
        assert!(!list.is_empty(), "{query}");
        let (page, ..) = explain(&[query]);
        let both = format!("{stdout}{page}").to_lowercase();
        assert!(both.contains(&words.to_lowercase()), "{query}: {both}");
        for meaning in &list {
            let keys: Vec<&str> = meaning.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(
                keys.join(" "),
                "code family meaning layer side next_steps source confidence"
            );
            assert!(!meaning["source"].as_str().unwrap().is_empty(), "{query}");
        }
    }
}

#[test]
fn what_nobody_knows_is_said() {
    let (stdout, stderr, code) = explain(&["FilterdAsSpam", "--format", "json"]);
    assert_eq!((stdout.trim(), code), ("[]", Some(1)));
    assert!(stderr.contains("did you mean") && stderr.contains("FilteredAsSpam"), "{stderr}");
    let (_, stderr, code) = explain(&["\u{1b}[31mzebra", "5.7.708"]);
    assert_eq!(code, Some(1), "one argument is unknown");
    assert!(!stderr.contains('\u{1b}'));
}
