//! Every output draws the same awkward reports. What it draws is kept in `tests/golden/awkward.txt`:
//! a hash of every file, and the beginning of the readable ones of the report whose every text is
//! nasty. A report of 100,000 rows stands for the large ones.

use super::{Answer, OUTPUTS, sample, xlsx};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Lines and characters of them that are kept of a readable file.
const LINES: usize = 4;
const WIDTH: usize = 160;

#[test]
fn every_output_draws_the_awkward_reports() {
    let reports = [
        ("empty", sample::empty()),
        ("one_row", sample::one_row()),
        ("rich", sample::rich()),
        ("awkward", sample::awkward()),
        ("100k", sample::large(100_000)),
    ];
    let rejects = sample::rejects();
    let mut kept = String::new();
    for (what, report) in &reports {
        let answer = Answer { rejects: &rejects, rejects_omitted: 7, ..Answer::new(report) };
        for output in OUTPUTS {
            for file in (output.files)(answer) {
                let name = file.name().to_owned();
                let mut bytes = Vec::new();
                file.write(&mut bytes).unwrap();
                assert!(!bytes.is_empty(), "{what}: {name}");
                // Packed bytes depend on the packer: what is inside counts.
                let packed = output.name == "xlsx";
                if packed {
                    let parts = xlsx::tests::parts(&bytes);
                    bytes =
                        parts.into_iter().flat_map(|(n, p)| [n, p].concat().into_bytes()).collect();
                }
                write!(kept, "{what} {name} {} ", bytes.len()).unwrap();
                for byte in Sha256::digest(&bytes).iter().take(8) {
                    write!(kept, "{byte:02x}").unwrap();
                }
                kept.push('\n');
                if *what == "awkward" && !packed {
                    let text = String::from_utf8(bytes).unwrap();
                    for line in text.lines().take(LINES) {
                        let line: String = line.chars().take(WIDTH).collect();
                        writeln!(kept, "    {}", line.escape_debug()).unwrap();
                    }
                }
            }
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/awkward.txt");
    if std::env::var_os("MAILTRIAGE_BLESS").is_some_and(|v| v == "1") {
        std::fs::write(&path, &kept).unwrap();
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let part: Vec<String> = kept
        .lines()
        .zip(before.lines().chain(std::iter::repeat("")))
        .filter(|(now, then)| now != then)
        .take(10)
        .map(|(now, then)| format!("- {then}\n+ {now}"))
        .collect();
    let hint = "if that is wanted, run with MAILTRIAGE_BLESS=1 and look at the difference";
    assert!(kept == before, "tests/golden/awkward.txt differs; {hint}\n{}", part.join("\n"));
}
