//! Every naming of an incident fires on a case of its own, and none on an ordinary week.

use crate::harness::run;
use crate::traffic::{
    Row, Seen, Way, week, write_bounce, write_hunting, write_message, write_quarantine,
    write_report, write_trace,
};
use std::path::Path;

/// One fault put into an ordinary week.
struct Case {
    /// The naming that must answer.
    naming: &'static str,
    /// Identity of the finding it makes.
    id: &'static str,
    /// Changes the rows of the week.
    fault: fn(&mut Vec<Row>),
    /// Writes evidence beside the trace.
    evidence: fn(&Path, &[Row]),
}

/// When it begins: Thursday, 09:00.
pub(crate) const ONSET: u32 = 3 * 24 + 9;

/// A mailbox of ours.
const MAILBOX: &str = "user3@contoso.com";

fn reply(reply: &'static str) -> Way {
    Way { reply, ..Way::default() }
}

const CASES: &[Case] = &[
    Case {
        naming: "symptom",
        id: "unknown.no_reason_in_export",
        fault: ours_fail,
        evidence: |_, _| {},
    },
    Case {
        naming: "by_cause",
        id: "sender_reputation.",
        fault: ours_fail,
        evidence: |folder, rows| {
            bounces(
                folder,
                rows,
                "5.7.705",
                "550 5.7.705 Access denied, tenant has exceeded threshold",
            );
        },
    },
    Case {
        naming: "dkim_broken",
        id: "dns_auth.dkim_broken",
        fault: ours_fail,
        evidence: |folder, rows| {
            refused(folder, rows);
            messages(folder, rows, "pass", "fail (no key for signature)");
        },
    },
    Case {
        naming: "spf_missing_source",
        id: "dns_auth.spf_missing_source",
        fault: ours_fail,
        evidence: |folder, rows| {
            refused(folder, rows);
            messages(folder, rows, "fail", "pass");
        },
    },
    Case {
        naming: "own_mail_held",
        id: "dns_auth.own_mail_unauthenticated",
        fault: |rows| {
            change(rows, |r| ours(&r.sender) && ours(&r.recipient), "FilteredAsSpam");
        },
        evidence: |_, _| {},
    },
    Case {
        naming: "held_legitimate",
        id: "anti_spam.legitimate_mail_held",
        fault: |rows| change(rows, |r| !ours(&r.sender), "Quarantined"),
        evidence: |_, _| {},
    },
    Case {
        naming: "backscatter",
        id: "anti_spam.backscatter",
        fault: |rows| {
            for hour in ONSET..ONSET + 30 {
                for minute in 0..20 {
                    rows.push(Row {
                        number: 100_000 + hour * 60 + minute,
                        hour,
                        minute,
                        sender: "<>".into(),
                        recipient: format!("nobody{}@contoso.com", minute * hour),
                        status: "Failed",
                    });
                }
            }
        },
        evidence: |_, _| {},
    },
    Case {
        naming: "delayed",
        id: "service.service_delay",
        fault: |_| {},
        evidence: |folder, rows| {
            write_report(folder, rows, |r| {
                let slow = (ONSET..ONSET + 8).contains(&r.hour) && r.number % 5 != 0;
                Way { seconds: if slow { 1500 } else { 3 }, ..Way::default() }
            });
        },
    },
    Case {
        naming: "forwarding_loop",
        id: "mailbox_rule.forwarding_loop",
        fault: |rows| {
            for row in rows.iter_mut().filter(|r| r.hour >= ONSET && r.recipient == MAILBOX) {
                row.status = "Failed";
            }
        },
        evidence: |folder, rows| {
            write_report(folder, rows, |r| match r.recipient.as_str() {
                MAILBOX => reply("554 5.4.14 Hop count exceeded - possible mail loop"),
                _ => Way::default(),
            });
        },
    },
    Case {
        naming: "by_rule",
        id: "transport_rule.rule_rejected",
        fault: ours_fail,
        evidence: |folder, rows| {
            write_report(folder, rows, |r| Way {
                custom: if r.hour >= ONSET && r.status == "Failed" && ours(&r.sender) {
                    "S:TRA=ETR|ruleId=0a1b2c3d-0000-4000-8000-00000000f001|st=9/1/2026 8:00:00 AM\
                     |action=RejectMessage|sev=1|mode=Enforce"
                } else {
                    ""
                },
                ..reply("550 5.7.1 Card numbers must not leave the house")
            });
        },
    },
    Case {
        naming: "at_connector",
        id: "connector.certificate_expired",
        fault: |rows| {
            let there = |r: &Row| {
                r.recipient == "ann@partner2.example" || r.recipient == "ann@partner5.example"
            };
            for row in rows.iter_mut().filter(|r| r.hour >= ONSET && there(r)) {
                row.status = "Failed";
            }
        },
        evidence: |folder, rows| {
            write_report(folder, rows, |r| match r.recipient.as_str() {
                "ann@partner2.example" | "ann@partner5.example" => Way {
                    connector: "To head office",
                    ..reply(
                        "550 5.4.317 Message expired, cannot connect to remote server (certificate has expired)",
                    )
                },
                to if !ours(to) => Way { connector: "To everybody", ..Way::default() },
                _ => Way::default(),
            });
        },
    },
    Case {
        naming: "recipients_gone",
        id: "recipient.recipient_unknown",
        fault: |rows| {
            let gone = |r: &Row| (3..9).any(|n| r.recipient == format!("user{n}@contoso.com"));
            for row in rows.iter_mut().filter(|r| r.hour >= ONSET && gone(r)) {
                row.status = "Failed";
            }
            // Guesses at addresses that never were, all week.
            for hour in 0..7 * 24 {
                rows.push(Row {
                    number: 100_000 + hour,
                    hour,
                    minute: 7,
                    sender: format!("x{hour}@list{hour}.example"),
                    recipient: format!("guess{hour}@contoso.com"),
                    status: "Failed",
                });
            }
        },
        evidence: |folder, rows| write_report(folder, rows, |_| Way::default()),
    },
    Case {
        naming: "policy_holds_more",
        id: "anti_spam.policy_holds_more",
        fault: |_| {},
        evidence: |folder, rows| {
            write_quarantine(folder, rows, |r| {
                let strict = r.hour >= ONSET && r.number % 4 == 0;
                if strict { "Strict" } else { "Default" }
            });
        },
    },
    Case {
        naming: "filed",
        id: "mailbox_rule.mailbox_rule_moved",
        fault: |_| {},
        evidence: |folder, rows| {
            write_hunting(folder, rows, |r| {
                let filed = r.hour >= ONSET && r.recipient == MAILBOX;
                Seen { place: if filed { "RSS Feeds" } else { "Inbox/folder" }, ..Seen::default() }
            });
        },
    },
    Case {
        naming: "allow_list_bypass",
        id: "anti_spam.allow_list_bypass",
        fault: |rows| {
            for n in 0..60 {
                rows.push(Row {
                    number: 100_000 + n,
                    hour: ONSET + n / 2,
                    minute: n % 2 * 30,
                    sender: "pay@invoices.example".into(),
                    recipient: format!("user{}@contoso.com", n % 23),
                    status: "Delivered",
                });
            }
        },
        evidence: |folder, rows| {
            write_hunting(folder, rows, |r| match r.sender.as_str() {
                "pay@invoices.example" => Seen {
                    authentication: r#"{"SPF":"softfail","DKIM":"none","DMARC":"fail"}"#,
                    allowed: "Allowed sender domain",
                    ..Seen::default()
                },
                _ => Seen::default(),
            });
        },
    },
    Case {
        naming: "sender_blocked",
        id: "sender_reputation.sender_blocked",
        fault: |rows| {
            for n in 0..60 {
                rows.push(Row {
                    number: 100_000 + n,
                    hour: ONSET + n / 20,
                    minute: n % 20 * 3,
                    sender: "user7@contoso.com".into(),
                    recipient: format!("p{n}@partner{}.example", n % 9),
                    status: "Failed",
                });
            }
        },
        evidence: |folder, rows| {
            write_report(folder, rows, |r| match r.number {
                100_000..100_036 => reply("550 5.1.1 User unknown"),
                100_036.. => reply("550 5.1.8 Access denied, bad outbound sender AS(42004)"),
                _ => Way::default(),
            });
        },
    },
];

#[test]
fn every_naming_answers_to_its_case() {
    let names: Vec<&str> = mailtriage::diagnose::NAMINGS.iter().map(|(name, _)| *name).collect();
    for case in CASES {
        assert!(names.contains(&case.naming), "{} is no naming", case.naming);
        let folder = tempfile::tempdir().unwrap();
        let mut rows = week();
        (case.fault)(&mut rows);
        write_trace(folder.path(), &rows);
        (case.evidence)(folder.path(), &rows);
        let found = incidents(folder.path());
        assert!(
            found.first().is_some_and(|(id, _)| id.starts_with(case.id)),
            "{}: expected {}, found {found:?}",
            case.naming,
            case.id
        );
        assert_eq!(found.len(), 1, "{}: one fault is one incident: {found:?}", case.naming);
        let onset = found[0].1.as_str();
        assert!(
            ("2026-09-10T08:00".."2026-09-10T11:00").contains(&onset),
            "{}: began {onset}, not on 2026-09-10 at 09:00",
            case.naming
        );
    }
}

#[test]
fn an_ordinary_week_has_no_incident() {
    let folder = tempfile::tempdir().unwrap();
    write_trace(folder.path(), &week());
    assert_eq!(incidents(folder.path()), []);
    write_report(folder.path(), &week(), |_| Way::default());
    assert_eq!(incidents(folder.path()), []);
    std::fs::remove_file(folder.path().join("report.csv")).ok();
    write_hunting(folder.path(), &week(), |_| Seen::default());
    assert_eq!(incidents(folder.path()), []);
}

/// Id and onset of the incidents found in a folder.
pub(crate) fn incidents(folder: &Path) -> Vec<(String, String)> {
    let run = run(&["analyze", folder.to_str().unwrap(), "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap();
    let incidents = findings.iter().filter(|f| f["status"] == "incident");
    incidents.map(|f| (text(&f["id"]), text(&f["onset"]))).collect()
}

pub(crate) fn ours(address: &str) -> bool {
    address.ends_with("@contoso.com")
}

/// From the onset on, two of three of these rows have another status.
fn change(rows: &mut [Row], which: impl Fn(&Row) -> bool, status: &'static str) {
    let hit = rows.iter_mut().filter(|r| r.hour >= ONSET && which(r));
    for (n, row) in hit.enumerate() {
        if n % 3 != 2 {
            row.status = status;
        }
    }
}

/// What we send to others fails.
#[allow(clippy::ptr_arg)] // as all faults
pub(crate) fn ours_fail(rows: &mut Vec<Row>) {
    change(rows, |r| ours(&r.sender) && !ours(&r.recipient), "Failed");
}

fn bounces(folder: &Path, rows: &[Row], code: &str, reply: &str) {
    let failed = rows.iter().filter(|r| r.hour >= ONSET && r.status == "Failed" && ours(&r.sender));
    for row in failed.step_by(7).take(12) {
        write_bounce(folder, row, code, reply);
    }
}

fn refused(folder: &Path, rows: &[Row]) {
    bounces(
        folder,
        rows,
        "5.7.509",
        "550 5.7.509 Access denied, sending domain contoso.com does not pass DMARC verification and \
         has a DMARC policy of reject.",
    );
}

fn messages(folder: &Path, rows: &[Row], spf: &str, dkim: &str) {
    let internal = rows.iter().filter(|r| {
        r.hour >= ONSET && r.status == "Delivered" && ours(&r.sender) && ours(&r.recipient)
    });
    for row in internal.take(4) {
        write_message(folder, row, spf, dkim);
    }
}
