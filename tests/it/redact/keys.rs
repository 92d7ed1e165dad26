//! The key of `--redact`.

use crate::harness::{root, run_in};

#[test]
fn a_key_that_is_none_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    let sample = root().join("samples/MessageTrace.csv");
    let sample = sample.to_str().unwrap();
    std::fs::write(temp.path().join("short"), "too short\n").unwrap();
    for (key, words) in [("short", "fewer than 16 bytes"), ("missing", "missing")] {
        for verb in ["analyze", "facts"] {
            let run = run_in(temp.path(), &[verb, sample, "--redact", "--redact-key", key]);
            assert_eq!(run.code, 2, "{}", run.stderr);
            assert!(run.stderr.contains(words), "{}", run.stderr);
        }
    }
    let run = run_in(temp.path(), &["analyze", sample, "--redact-key", "short"]);
    assert_eq!(run.code, 2, "a key alone replaces nothing: {}", run.stderr);
    let facts = run_in(temp.path(), &["facts", sample, "--redact", "--quiet"]);
    assert!(facts.code < 2 && !facts.stdout.contains("contoso"), "{}", facts.stderr);
}
