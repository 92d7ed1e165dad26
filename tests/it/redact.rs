//! `--redact`: no original name survives in any byte of any output, equal names stay equal, and the
//! numbers are the same.

mod keys;
#[cfg(feature = "frame")]
mod parquet;

use crate::harness::{Run, files, root, run_in};
use aho_corasick::AhoCorasick;
use flate2::read::DeflateDecoder;
use mailtriage::model::Encoding;
use regex::{Captures, Regex};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Read;
use std::net::IpAddr;
use std::path::Path;

/// What every name of the inputs begins with. Seven letters do not come up by chance.
const MARK: &str = "zqxmark";

/// Local parts that stay: roles, and the address Exchange writes from.
const ROLES: &[&str] = &["postmaster", "mailer-daemon", "noreply", "no-reply", "bounces"];

/// Every sample, with marked addresses and domains; and inputs that hold names where nobody looks
/// for them.
fn lay(folder: &Path) {
    let inputs = folder.join("zqxmarkfolder");
    std::fs::create_dir(&inputs).unwrap();
    let samples = root().join("samples");
    for path in files(&samples) {
        let name = path.strip_prefix(&samples).unwrap().to_str().unwrap().replace(['/', '\\'], "-");
        let bytes = std::fs::read(&path).unwrap();
        // An Outlook message is a binary file: its names are found in the facts.
        let bytes =
            if bytes.starts_with(b"\xd0\xcf") { bytes } else { marked(&bytes).into_bytes() };
        std::fs::write(inputs.join(format!("{MARK}-{name}")), bytes).unwrap();
    }
    std::fs::write(inputs.join("zqxmarktrace.csv"), hostile_trace()).unwrap();
    std::fs::write(
        inputs.join("zqxmarkchanges.csv"),
        "time,what,who\n\
         2026-10-12T06:59:00Z,Set-TransportRule for Zqxmarkjane Zqxmarkdoe (zqxmarkjane@zqxmarkco.com) on ZQXMARKPC,Zqxmarkjane Zqxmarkdoe\n\
         2026-10-12T07:01:00Z,\"DKIM: zqxmarkselector moved to 203.0.113.201, ask zqxmarkteam, phone 0491701234567\",zqxmarkadmin\n",
    )
    .unwrap();
    std::fs::write(inputs.join("zqxmarkunknown.csv"), "Zqxmarkcolumn,Other\n1,2\n").unwrap();
    std::fs::write(inputs.join("zqxmarkempty.eml"), "").unwrap();
}

/// A trace with unreadable cells, an unknown status, and a server's words that name a person.
fn hostile_trace() -> String {
    let mut text = "\"MessageTraceId\",\"MessageId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\"FromIP\",\"ToIP\",\"Subject\",\"Status\",\"Size\"\n".to_owned();
    for n in 0..40 {
        let status = ["Delivered", "Failed", "Zqxmarkstatus", "Pending"][n % 4];
        let _ = writeln!(
            text,
            "\"5a5a5a5a-0000-4000-8000-0000000000{n:02x}\",\"<zqxmarkid{n}@zqxmarkco.com>\",\"10/13/2026 1:{n:02}:00 PM\",\"zqxmarkkim{n}@zqxmarkco.com\",\"Zqxmark.Recipient{n}@zqxmarkfab.co.uk\",\"203.0.113.{n}\",\"2001:db8:77:{n}::9\",\"=Zqxmarksubject {n}\",\"{status}\",\"{n}\""
        );
    }
    text.push_str("\"5a5a5a5a-0000-4000-8000-0000000000ff\",\"<zqxmarkbad@zqxmarkco.com>\",\"zqxmarktime\",\"a@zqxmarkco.com\",\"b@zqxmarkco.com\",\"\",\"\",\"\",\"Failed\",\"1\"\n");
    text.push_str("\"zqxmarknoid\",\"\",\"10/13/2026 1:00:00 PM\",\"a@zqxmarkco.com\",\"b@zqxmarkco.com\",\"\",\"\",\"\",\"Failed\",\"1\"\n");
    text.push_str("\"zqxmarktorn\",\"\n");
    text
}

/// A sample as UTF-8 text, its addresses and domains marked.
fn marked(bytes: &[u8]) -> String {
    let bytes = match bytes.get(..2) {
        Some([0xff, 0xfe]) => Encoding::Utf16Le.decode(&bytes[2..]),
        Some([_, 0]) => Encoding::Utf16Le.decode(bytes),
        _ => bytes.into(),
    };
    let text = String::from_utf8_lossy(&bytes);
    let text = text.replace("contoso", "zqxmarkco").replace("fabrikam", "zqxmarkfab");
    let domain = Regex::new(r"([a-z0-9-]+)\.example\b").unwrap();
    let text = domain.replace_all(&text, |c: &Captures<'_>| format!("{MARK}{}", &c[0]));
    let local = Regex::new(r"([A-Za-z0-9._+-]+)@((?:[A-Za-z0-9-]+\.)+(?:com|example)\b)").unwrap();
    let address = |c: &Captures<'_>| {
        let role = ROLES.contains(&c[1].to_lowercase().as_str())
            || c[1].starts_with("MicrosoftExchange329e");
        if role { c[0].to_owned() } else { format!("{MARK}{}@{}", &c[1], &c[2]) }
    };
    local.replace_all(&text, address).into_owned()
}

/// Runs over the folder.
fn analyze(folder: &Path, more: &[&str]) -> Run {
    let first = [
        "analyze",
        "zqxmarkfolder",
        "--tenant-domain",
        "zqxmarkco.com",
        "--tz",
        "zqxmark*.log=UTC",
    ];
    run_in(folder, &[&first[..], more].concat())
}

/// Every byte that the run shows or writes, by the name of the output; packed ones unpacked.
fn everything(folder: &Path, run: &Run) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![("stdout".to_owned(), run.stdout.clone().into_bytes())];
    for path in files(folder).into_iter().filter(|p| p.starts_with(folder.join("out"))) {
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        let bytes = std::fs::read(&path).unwrap();
        if bytes.starts_with(b"PK\x03\x04") {
            for (part, content) in unpacked(&bytes) {
                all.push((format!("{name}/{part}"), content));
            }
        }
        all.push((name, bytes));
    }
    all
}

/// The members of a ZIP file.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let mut member = archive.by_index_raw(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let stored = member.size() == member.compressed_size();
        let mut raw = Vec::new();
        member.read_to_end(&mut raw).unwrap();
        let mut content = Vec::new();
        match DeflateDecoder::new(&raw[..]).read_to_end(&mut content) {
            Ok(_) => {}
            Err(_) if stored => content = raw,
            Err(error) => panic!("{name}: {error}"),
        }
        members.push((name, content));
    }
    members
}

/// Names of the inputs: what stands in columns of names of the facts and of the tables, and network
/// addresses and GUIDs wherever they stand.
fn originals(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let facts = run_in(
        folder,
        &[
            "facts",
            "zqxmarkfolder",
            "--tenant-domain",
            "zqxmarkco.com",
            "--format",
            "jsonl",
            "--quiet",
        ],
    );
    for line in facts.stdout.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        for column in [
            "tenant",
            "network_message_id",
            "message_id",
            "sender",
            "header_from",
            "recipient",
            "subject",
            "client_ip",
            "remote_host",
            "connector",
            "policy",
            "dkim_domain",
            "source",
        ] {
            names.extend(row[column].as_str().map(str::to_owned));
        }
        names.extend(
            row["rules"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|r| r.as_str().map(str::to_owned)),
        );
    }
    let report = analyze(folder, &["--format", "json", "--quiet"]).json();
    for (table, columns) in [
        ("connectors", &["connector"][..]),
        ("changes", &["who"]),
        ("settings", &["name", "id"]),
        ("smtp_sessions", &["connector", "remote"]),
        ("dmarc_reports", &["email", "report_id", "domain"]),
        ("findings", &["key", "entity"]),
    ] {
        let at = |name: &str| {
            let all = report["tables"][table]["columns"].as_array().unwrap();
            all.iter().position(|c| c["name"] == name).unwrap()
        };
        for row in report["tables"][table]["rows"].as_array().unwrap() {
            names.extend(columns.iter().filter_map(|c| row[at(c)].as_str().map(str::to_owned)));
        }
    }
    let address = Regex::new(r"[0-9a-fA-F:]*:[0-9a-fA-F:]+|\d+\.\d+\.\d+\.\d+").unwrap();
    let guid = Regex::new(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    for path in files(&folder.join("zqxmarkfolder")) {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        let real = |t: &&str| t.len() > 6 && t.parse::<IpAddr>().is_ok_and(|ip| !ip.is_loopback());
        names.extend(address.find_iter(&text).map(|m| m.as_str()).filter(real).map(str::to_owned));
        names.extend(guid.find_iter(&text).map(|m| m.as_str().to_owned()));
    }
    names.retain(|name| !kept(name));
    assert!(names.len() > 5_000, "only {} names", names.len());
    names
}

/// What stays by decision (see `src/redact/kept.rs`), is a word like any other in a sentence, or is
/// too short to be looked for.
fn kept(name: &str) -> bool {
    let local = name.split('@').next().unwrap_or_default();
    let public = [".prod.outlook.com", ".google.com", ".outbound.protection.outlook.com"];
    let host = public.iter().any(|end| name.ends_with(end)) && !name.contains('@');
    name.len() < 4
        || host
        || matches!(
            name,
            "Default" | "SMTP" | "Disclaimer" | "00000000-0000-0000-0000-000000000000"
        )
        || (name.contains('@') && ROLES.contains(&local) && !name.contains(MARK))
}

#[test]
fn no_original_survives() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    lay(folder);
    let names = originals(folder);
    let marks = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([MARK, "49170", "1701234"])
        .unwrap();
    let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(&names).unwrap();
    std::fs::create_dir(folder.join("out")).unwrap();
    // With a key of its own for each run, the digits that are searched for come up in a pseudonym
    // now and then.
    std::fs::write(folder.join("key"), "a secret that is kept in the house\n").unwrap();
    let pseudonyms = Regex::new(r"p-[0-9a-z]{12}@(?:[a-z0-9-]+\.)?d-[0-9a-z]{12}\.com").unwrap();
    for (format, facts) in [("text", "out/facts.csv"), ("json", "out/facts.jsonl")] {
        let run = analyze(
            folder,
            &[
                "--redact",
                "--redact-key",
                "key",
                "-o",
                "out/report",
                "--force",
                "--facts",
                facts,
                "--format",
                format,
                "--no-progress",
            ],
        );
        assert_eq!(run.code, 1, "{}", run.stderr);
        let outputs = everything(folder, &run);
        assert!(outputs.len() > 18, "{}", outputs.len());
        for (output, bytes) in &outputs {
            for (what, finder) in [("mark", &marks), ("name", &finder)] {
                if let Some(hit) = finder.find(bytes) {
                    let around =
                        &bytes[hit.start().saturating_sub(80)..(hit.end() + 80).min(bytes.len())];
                    panic!("{output}: {what} in ...{}...", String::from_utf8_lossy(around));
                }
            }
        }
        // What is searched is not empty of what it is about.
        assert!(pseudonyms.find_iter(&run.stdout).count() > 2, "{}", run.stdout);
    }
    // The search finds what is there: without --redact the same outputs are full of names.
    let open = analyze(folder, &["-o", "out/report", "--force", "--format", "text"]);
    for (output, bytes) in everything(folder, &open) {
        let expected = output == "stdout"
            || output.ends_with("affected.csv")
            || output.ends_with("report.json");
        assert!(
            !expected || (marks.find(&bytes).is_some() && finder.find(&bytes).is_some()),
            "{output}"
        );
    }
}

/// Report and rows of facts.
fn both(folder: &Path, more: &[&str]) -> (Value, Vec<Value>) {
    let facts = folder.join("facts.jsonl");
    let facts = facts.to_str().unwrap();
    let run = analyze(
        folder,
        &[&["--format", "json", "--quiet", "--facts", facts, "--force"], more].concat(),
    );
    let text = std::fs::read_to_string(facts).unwrap();
    (run.json(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn equal_names_stay_equal_and_numbers_stay() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    lay(folder);
    std::fs::write(folder.join("key"), "a secret that is kept in the house\n").unwrap();
    let (open, open_facts) = both(folder, &[]);
    let (report, facts) = both(folder, &["--redact", "--redact-key", "key"]);
    // The numbers are those of the report with names.
    for key in ["totals", "layers"] {
        assert_eq!(open[key], report[key]);
    }
    for key in
        ["deliveries", "messages", "rows", "rejected", "duplicates", "files", "bytes", "gaps"]
    {
        assert_eq!(open["input"][key], report["input"][key]);
    }
    let numbers = |report: &Value| {
        let of = |f: &Value| {
            (f["id"].clone(), f["deliveries"].clone(), f["onset"].clone(), f["confidence"].clone())
        };
        report["findings"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&open), numbers(&report));
    // As many different names as before, in the facts, and joined with the report.
    for column in [
        "sender",
        "recipient",
        "sender_domain",
        "recipient_domain",
        "message_id",
        "network_message_id",
        "subject",
        "client_ip",
        "connector",
    ] {
        let distinct = |rows: &[Value]| {
            rows.iter().map(|r| r[column].to_string().to_lowercase()).collect::<BTreeSet<_>>().len()
        };
        // Subjects are told apart by case, Message-IDs are not.
        assert_eq!(distinct(&open_facts), distinct(&facts), "{column}");
    }
    let entity = report["findings"][0]["entity"]["value"].as_str().unwrap();
    assert!(facts.iter().any(|r| r["sender_domain"] == entity), "{entity} is in the facts");
    let top = report["tables"]["sender_domains"]["rows"][0][0].as_str().unwrap();
    assert!(facts.iter().any(|r| r["sender_domain"] == top));
    let id = report["findings"][0]["evidence"][0]["network_message_id"].as_str().unwrap();
    assert!(facts.iter().any(|r| r["network_message_id"] == id));
    // Rows are in the order of what they show.
    let order = |r: &Value| {
        (r["time"].to_string(), r["network_message_id"].to_string(), r["recipient"].to_string())
    };
    let known =
        facts.iter().filter(|r| !r["network_message_id"].is_null()).map(order).collect::<Vec<_>>();
    assert!(known.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0] <= pair[1]));
    // The same key, the same pseudonyms; no key, others.
    let (again, facts_again) =
        both(folder, &["--redact", "--redact-key", "key", "--jobs", "1", "--memory", "16MiB"]);
    let quiet = |mut r: Value| {
        r["tool"]["arguments"].take();
        r
    };
    assert_eq!(quiet(again), quiet(report.clone()));
    assert_eq!(facts_again, facts);
    let (other, _) = both(folder, &["--redact"]);
    assert_ne!(other["findings"][0]["entity"], report["findings"][0]["entity"]);
    let says =
        |report: &Value, words: &str| report["window"]["assumptions"].to_string().contains(words);
    assert!(says(&other, "of this run alone") && says(&report, "in all reports of this key"));
}

#[test]
fn our_own_words_stay() {
    let open = run_in(root(), &["analyze", "samples", "--format", "json", "--quiet"]).json();
    let report =
        run_in(root(), &["analyze", "samples", "--format", "json", "--quiet", "--redact"]).json();
    for (at, finding) in report["findings"].as_array().unwrap().iter().enumerate() {
        for key in ["title", "next_steps", "codes", "id", "cause", "signatures"] {
            assert!(!finding[key].to_string().contains("text-"), "{}", finding[key]);
        }
        assert_eq!(finding["id"], open["findings"][at]["id"]);
    }
    for warning in report["input"]["sources"].as_array().unwrap() {
        assert!(!warning["warnings"].to_string().contains("text-"), "{warning}");
    }
    for text in report["window"]["assumptions"].as_array().unwrap() {
        assert!(!text.to_string().contains("text-"), "{text}");
    }
    assert_eq!(
        open["signatures"].as_array().unwrap().len(),
        report["signatures"].as_array().unwrap().len()
    );
}
