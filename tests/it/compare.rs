//! `compare --verify` on the binary: a fault, a report of it, and the exports after the repair.

use crate::harness::run;
use crate::traffic::{Row, week, write_bounce, write_trace};
use std::path::Path;

/// When it begins, and when somebody repairs it.
const ONSET: u32 = 3 * 24 + 9;
const REPAIRED: u32 = 5 * 24 + 6;

fn fault(rows: &mut [Row], until: u32) {
    let ours = |address: &str| address.ends_with("@contoso.com");
    for row in rows.iter_mut().filter(|r| (ONSET..until).contains(&r.hour)) {
        if ours(&row.sender) && !ours(&row.recipient) {
            row.status = "Failed";
        }
    }
}

/// Writes the week up to an hour, with bounces of what failed.
fn export(folder: &Path, until: u32, repaired: u32) {
    std::fs::create_dir_all(folder).unwrap();
    let mut rows = week();
    fault(&mut rows, repaired);
    rows.retain(|r| r.hour < until);
    write_trace(folder, &rows);
    let failed = rows.iter().filter(|r| r.hour >= ONSET && r.status == "Failed");
    for row in failed.step_by(7).take(12) {
        write_bounce(
            folder,
            row,
            "5.7.705",
            "550 5.7.705 Access denied, tenant has exceeded threshold",
        );
    }
}

#[test]
fn has_the_repair_held() {
    let temp = tempfile::tempdir().unwrap();
    let path = |name: &str| temp.path().join(name).to_str().unwrap().to_owned();
    export(&temp.path().join("then"), REPAIRED, REPAIRED);
    let analyzed = run(&["analyze", &path("then"), "-o", &path("report"), "--quiet"]);
    assert_eq!(analyzed.code, 0, "{}", analyzed.stderr);
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(path("report/report.json")).unwrap()).unwrap();
    let key = report["findings"][0]["key"].as_str().unwrap().to_owned();
    assert_eq!(report["findings"][0]["status"], "incident");

    let ask = |export: &str, key: &str| {
        let run = run(&["compare", "--verify", key, &path("report"), export, "--format", "json"]);
        (run.code, run)
    };
    export(&temp.path().join("mended"), 7 * 24, REPAIRED);
    let (code, mended) = ask(&path("mended"), &key);
    let mended = mended.json();
    assert_eq!((code, &mended["verdict"]), (0, &"held".into()), "{mended}");
    assert!(mended["confidence"].as_f64().unwrap() > 0.95);
    assert_eq!(mended["finding"]["key"], key.as_str());

    export(&temp.path().join("broken"), 7 * 24, 7 * 24);
    let (code, broken) = ask(&path("broken"), &key[..6]);
    let broken = broken.json();
    assert_eq!((code, &broken["verdict"]), (1, &"not_held".into()), "{broken}");

    let (code, same) = ask(&path("then"), &key);
    assert_eq!((code, &same.json()["verdict"]), (1, &"not_observable".into()));

    let (code, none) = ask(&path("mended"), "ffffffff");
    assert_eq!(code, 3);
    assert!(none.stderr.contains(&key), "{}", none.stderr);
    let text = run(&["compare", "--verify", &key, &path("report"), &path("mended")]);
    assert!(text.stdout.starts_with("The repair has held (confidence 0.9"), "{}", text.stdout);
}
