//! The headers verb on the command line.

use std::io::Write;
use std::process::{Command, Stdio};

fn headers(args: &[&str], stdin: &[u8]) -> (String, String, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mailtriage"))
        .arg("headers")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("stdin").write_all(stdin).expect("written");
    let output = child.wait_with_output().expect("ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code())
}

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

#[test]
fn one_line_per_message_in_path_order_whatever_the_threads() {
    let eml = format!("{SAMPLES}/eml");
    let (one, _, code) = headers(&[&eml, "--format", "jsonl", "--jobs", "1"], b"");
    let (many, ..) = headers(&[&eml, "--format", "jsonl", "--jobs", "7"], b"");
    assert_eq!((one == many, code), (true, Some(0)));
    let files: Vec<String> = one
        .lines()
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert!(value["trusted"].is_boolean() && value["hops"].is_array());
            value["file"].as_str().expect("a name").to_owned()
        })
        .collect();
    assert!(files.len() > 2 && files.is_sorted(), "{files:?}");
}

#[test]
fn bounces_say_what_they_mean() {
    let (out, ..) = headers(&[&format!("{SAMPLES}/ndr"), "--format", "json"], b"");
    let list: Vec<serde_json::Value> = serde_json::from_str(&out).expect("JSON");
    let bounce = &list[0]["bounce"][0];
    assert!(bounce["status"].as_str().is_some_and(|s| s.starts_with('5')), "{bounce}");
    assert!(bounce["layer"].is_string() && bounce["hard"].is_boolean());
}

#[test]
fn a_pasted_block_and_what_is_no_message() {
    let block = b"> Subject: hello\n> X-Forefront-Antispam-Report: SCL:5;SFV:SPM;\n>  CAT:SPM;\n";
    let (out, _, code) = headers(&["-", "--format", "jsonl"], block);
    let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((value["sfv"].as_str(), value["cat"].as_str()), (Some("SPM"), Some("SPM")));
    assert_eq!((value["trusted"].as_bool(), code), (Some(false), Some(0)));
    let (_, stderr, code) = headers(&[&format!("{SAMPLES}/changes.csv")], b"");
    assert_eq!(code, Some(3));
    assert!(stderr.contains("changes and no message"), "{stderr}");
    let mixed = [SAMPLES, "--format", "jsonl", "--quiet"];
    let (out, stderr, code) = headers(&mixed, b"");
    assert_eq!((code, stderr.is_empty(), out.is_empty()), (Some(1), true, false));
}

#[test]
fn the_page_tells_own_stamps_from_claims() {
    let block = "Received: from mail.fabrikam.com (192.0.2.9) by EX01.contoso.com (192.0.2.1) with\r\n \
        Microsoft SMTP Server; Mon, 2 Nov 2026 08:00:01 +0000\r\n\
        Authentication-Results: spf=pass smtp.mailfrom=fabrikam.com; dmarc=pass\r\n\
        X-MS-Exchange-Organization-SCL: 1\r\n\
        X-MS-Exchange-Organization-AuthSource: EX01.contoso.com\r\n\
        X-Forefront-Antispam-Report-Untrusted: SFV:SKI;\r\n\
        Received-SPF: Pass (mx.fabrikam.com: domain of\r\n fabrikam.com designates 192.0.2.7)\r\n\
        DKIM-Signature: v=1; a=rsa-sha256; d=fabrikam.com; s=\u{1b}[1mk; h=To; l=4; bh=A; b=B\r\n\
        ARC-Seal: i=2; cv=fail; d=lists.example; s=k\r\n\
        From: ann@fabrikam.com\r\n";
    let (page, _, code) = headers(&["-"], block.as_bytes());
    assert_eq!(code, Some(0));
    for line in [
        "What Microsoft's filter wrote  believed: there is a genuine border of trust\n",
        "What the stamps of others say  came in with the message and was renamed: another",
        "    SFV:SKI ",
        "results not believed: they stand below the",
        "  received spf pass for fabrikam.com by mx.fabrikam.com (not believed)\n",
        "  dkim        fabrikam.com, selector [1mk, rsa-sha256: From is not signed, verifiers refuse \
         it; only\n",
        "  arc         i=2 lists.example, selector k, cv=fail\n",
        "  arc chain   broken: i=2 has no ARC-Authentication-Results; i=2 has no \
         ARC-Message-Signature; i=2\n",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let stripped = block.replace("X-MS-Exchange-Organization-AuthSource", "X-Other");
    let (page, ..) = headers(&["-"], stripped.as_bytes());
    let why = "No border of trust: no header names the server that judged the sender (AuthSource).";
    assert!(page.contains(why) && page.contains("not believed: there is no border"), "{page}");
    assert!(page.contains("By its own word, which nothing proves"), "{page}");
}

#[test]
fn many_messages_are_a_table_and_two_can_be_compared() {
    let folder = format!("{SAMPLES}/eml");
    let (table, _, code) = headers(&[&folder], b"");
    assert_eq!(code, Some(0));
    assert!(
        table.starts_with("verdict ") && table.contains("6 messages: 2 junk, 4 inbox"),
        "{table}"
    );
    let (pages, ..) = headers(&[&folder, "--all"], b"");
    assert_eq!(pages.matches("Every header  ").count(), 6);
    let (csv, ..) = headers(&[&folder, "--format", "csv"], b"");
    assert!(csv.starts_with("\u{feff}file,") && csv.matches("\r\n").count() == 7, "{csv}");
    let (html, ..) = headers(&[&folder, "--format", "html"], b"");
    assert!(html.starts_with("<!DOCTYPE html>") && html.matches("<details>").count() == 6);
    let pair = [format!("{folder}/message.eml"), format!("{folder}/partner-passes.eml")];
    let both = ["--compare", &pair[0], &pair[1], "--format", "json"];
    let (json, _, code) = headers(&both, b"");
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(code, Some(0));
    assert!(value["sentence"].as_str().is_some_and(|s| s.starts_with("The first message was")));
    let row = value["compared"].as_array().expect("rows").iter().find(|r| r["key"] == "dmarc");
    let row = row.expect("DMARC is compared");
    assert_eq!((row["first"].as_str(), row["second"].as_str()), (Some("fail"), Some("pass")));
    let (_, why, code) = headers(&["--compare", &folder], b"");
    assert!(code == Some(3) && why.contains("two messages"), "{why}");
    assert_eq!(headers(&[&both[..3], &["--format", "csv"]].concat(), b"").2, Some(2));
}
