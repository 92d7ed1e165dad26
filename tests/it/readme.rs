//! What the documents say of the command line is true.

use crate::harness::{blessing, root, run};
use regex::Regex;
use std::collections::BTreeSet;

fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap().replace("\r\n", "\n")
}

/// Indented command lines of a document, comments cut off.
fn commands(document: &str) -> Vec<String> {
    let shell = ["cargo ", "mailtriage ", ".ci/", "MAILTRIAGE"];
    let mut lines: Vec<String> = text(document)
        .lines()
        .filter_map(|l| l.strip_prefix("    "))
        .filter(|l| shell.iter().any(|s| l.starts_with(s)))
        .map(|l| l.split(" #").next().unwrap().trim().to_owned())
        .collect();
    lines.dedup();
    lines
}

#[test]
fn the_two_commands_exist() {
    let commands = commands("README.md");
    assert_eq!(commands[0], "cargo quick analyze samples -o report");
    let alias = text(".cargo/config.toml");
    let alias = alias.lines().find(|l| l.starts_with("quick = ")).unwrap();
    assert!(alias.contains("run --release --no-default-features --features cli --"), "{alias}");
    assert!(commands.iter().any(|c| c.starts_with("cargo test")), "{commands:?}");
    for document in ["README.md", "CONTRIBUTING.md"] {
        for command in self::commands(document) {
            let known = [
                "cargo quick analyze ",
                "cargo quick headers ",
                "cargo quick explain ",
                "cargo quick facts ",
                "cargo quick inspect ",
                "mailtriage query ",
                "mailtriage facts ",
                "mailtriage compare ",
                "cargo test",
                "cargo bench",
                ".ci/run",
                "MAILTRIAGE_BLESS=1 cargo test",
                "MAILTRIAGE_FUZZ_SECONDS=",
            ];
            assert!(known.iter().any(|k| command.starts_with(k)), "{document}: {command}");
        }
    }
}

#[test]
fn the_build_machine_runs_the_test_command_of_the_readme() {
    let readme = text("README.md");
    let section = readme.split("\n## Test\n").nth(1).expect("README.md has a heading Test");
    let section = section.split("\n## ").next().unwrap();
    let first = section.lines().find_map(|l| l.strip_prefix("    ")).unwrap();
    assert!(first.starts_with("cargo test"), "{first}");
    let ci = text(".ci/run");
    assert!(ci.contains("README.md") && ci.contains("step $test_command"));
    assert!(!ci.contains("step cargo test"), ".ci/run takes the command from README.md");
}

#[test]
fn every_option_and_verb_exists() {
    let help: String =
        ["analyze", "compare", "headers"].map(|verb| run(&[verb, "--help"]).stdout).concat();
    let verbs = run(&["--help"]).stdout;
    let option = Regex::new(r"(?m)(?:^|[\s`(])(--[a-z][a-z-]+)").unwrap();
    let long: BTreeSet<&str> =
        option.captures_iter(&help).map(|c| c.get(1).unwrap().as_str()).collect();
    // Options of cargo, of scripts and of the shell in the same documents.
    let others = [
        "--release",
        "--write",
        "--no-default-features",
        "--features",
        "--test",
        "--path",
        "--locked",
        "--ignored",
        "--nocapture",
        "--bench",
        "--shots",
    ];
    let verb = Regex::new(r"`mailtriage ([a-z]+)").unwrap();
    for document in
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/samples.md"]
    {
        let text = text(document);
        for named in option.captures_iter(&text) {
            let named = named.get(1).unwrap().as_str();
            assert!(
                long.contains(named) || others.contains(&named),
                "{document}: no verb has {named}"
            );
        }
        for named in verb.captures_iter(&text) {
            assert!(
                verbs.contains(&format!("  {} ", &named[1])),
                "{document}: no verb {}",
                &named[1]
            );
        }
    }
    assert!(long.len() > 10, "{long:?}");
}

#[test]
fn every_exit_code_is_in_the_readme() {
    let readme = text("README.md");
    let help = run(&["--help"]).stdout;
    for code in 0..=4 {
        assert!(readme.contains(&format!("\n| {code} |")), "README.md: exit code {code}");
        assert!(help.contains(&format!("\n  {code}  ")), "--help: exit code {code}");
    }
}

#[test]
fn every_file_the_documents_name_is_there() {
    let link = Regex::new(r"\]\(([^)#:]+)\)").unwrap();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        for named in link.captures_iter(&text(document)) {
            assert!(root().join(&named[1]).exists(), "{document}: {}", &named[1]);
        }
    }
    let samples = text("docs/samples.md");
    for entry in std::fs::read_dir(root().join("samples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(samples.contains(&format!("`{name}")), "docs/samples.md does not describe {name}");
    }
}

/// The excerpt in README.md is what the tool prints; blessing renews it, too.
#[test]
fn the_excerpt_is_the_answer() {
    let answer = run(&["analyze", "samples"]).stdout;
    let head = answer.split("\nLAYERS").next().unwrap().trim_end();
    let readme = text("README.md");
    let (before, rest) = readme.split_once("```text\n").expect("README.md has a text block");
    let (kept, after) = rest.split_once("\n```").unwrap();
    if kept == head {
        return;
    }
    if blessing() {
        std::fs::write(root().join("README.md"), format!("{before}```text\n{head}\n```{after}"))
            .unwrap();
        return;
    }
    assert_eq!(kept, head, "README.md shows another answer; see CONTRIBUTING.md, kept answers");
}
