//! Connectors that fall silent, and those that only seem to.

use crate::harness::run;
use crate::traffic::{Row, Way, week, write_report};

/// Thursday, 09:00.
const ONSET: u32 = 3 * 24 + 9;

/// Adds mail over one connector: `per_hour` deliveries in the hours that `when` allows. The sender
/// tells the connector.
fn over(rows: &mut Vec<Row>, sender: &str, per_hour: u32, when: impl Fn(u32) -> bool) {
    for hour in (0..7 * 24).filter(|hour| when(*hour)) {
        for n in 0..per_hour {
            let number = 200_000 + rows.len() as u32;
            rows.push(Row {
                number,
                hour,
                minute: 7 + 13 * n,
                sender: sender.into(),
                recipient: format!("user{}@contoso.com", number % 23),
                status: "Delivered",
            });
        }
    }
}

fn way(row: &Row) -> Way {
    let connector = match row.sender.as_str() {
        "scan@devices.example" => "From scanners",
        "pay@payroll.example" => "From payroll",
        "old@relay.example" => "From old relay",
        "new@relay.example" => "From new relay",
        "rare@rare.example" => "From rare",
        _ => "",
    };
    Way { connector, ..Way::default() }
}

/// Status, id, entity and onset of what is told about connectors.
fn told(rows: &[Row]) -> Vec<(String, String, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    write_report(folder.path(), rows, way);
    let run = run(&["analyze", folder.path().to_str().unwrap(), "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().filter(|f| f["status"] != "chronic");
    found
        .map(|f| {
            (text(&f["status"]), text(&f["id"]), text(&f["entity"]["value"]), text(&f["onset"]))
        })
        .collect()
}

fn office(hour: u32) -> bool {
    (6..18).contains(&(hour % 24)) && hour < 5 * 24
}

#[test]
fn a_connector_falls_silent() {
    let mut rows = week();
    over(&mut rows, "scan@devices.example", 2, |hour| hour < ONSET);
    over(&mut rows, "pay@payroll.example", 2, |_| true);
    let found = told(&rows);
    assert_eq!(found.len(), 1, "{found:?}");
    let (status, id, entity, onset) = &found[0];
    assert_eq!((status.as_str(), id.as_str()), ("incident", "connector.connector_silent"));
    assert_eq!(entity, "From scanners");
    assert!(("2026-09-10T08:00".."2026-09-10T10:30").contains(&onset.as_str()), "{onset}");
}

#[test]
fn rests_and_rare_senders_are_no_silence() {
    let mut rows = week();
    over(&mut rows, "scan@devices.example", 3, office);
    over(&mut rows, "rare@rare.example", 1, |hour| [10, 40, 60].contains(&hour));
    assert_eq!(told(&rows), []);
}

/// The whole tenant is silent, and then comes back: a gap of the export.
#[test]
fn a_gap_of_the_export_is_no_silence() {
    let mut rows = week();
    over(&mut rows, "scan@devices.example", 2, |_| true);
    rows.retain(|r| !(ONSET..ONSET + 12).contains(&r.hour));
    assert_eq!(told(&rows), []);
}

#[test]
fn a_connector_that_moved_is_told_as_such() {
    let mut rows = week();
    over(&mut rows, "old@relay.example", 2, |hour| hour < ONSET);
    over(&mut rows, "new@relay.example", 2, |hour| hour >= ONSET);
    let found = told(&rows);
    assert!(found.iter().all(|f| f.0 == "info"), "{found:?}");
    assert!(found.iter().any(|f| f.1 == "connector.connector_replaced"), "{found:?}");
}
