//! On folders made for the test.

use super::*;
use tempfile::TempDir;

fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        write(&folder, file, "x");
    }
    folder
}

fn write(folder: &TempDir, file: &str, text: &str) {
    let path = folder.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Names below the folder, and the rest of what was found.
fn look(folder: &TempDir, paths: &[&str]) -> (Vec<String>, Found) {
    let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
    let found = discover(&paths).unwrap();
    let names = (found.inputs.iter())
        .map(|input| {
            let below = input.path.strip_prefix(folder.path()).unwrap();
            below.to_str().unwrap().replace('\\', "/")
        })
        .collect();
    (names, found)
}

#[test]
fn files_and_folders_once_and_in_order() {
    let folder =
        folder(&["b.csv", "a/2.eml", "a/1.eml", "a/.hidden", "a/~$1.eml", ".git/x", "Thumbs.db"]);
    let (names, found) = look(&folder, &[""]);
    assert_eq!(names, ["a/1.eml", "a/2.eml", "b.csv"]);
    assert_eq!(found.notes.len(), 1);
    assert!(found.notes[0].contains("4 hidden"), "{:?}", found.notes);
    assert!(found.unreadable.is_empty());
    assert!(found.inputs.iter().all(|input| !input.explicit && input.bytes == 1));

    let (names, mixed) = look(&folder, &["b.csv", "a/../b.csv", "", "a/.hidden"]);
    assert_eq!(names, ["a/.hidden", "a/1.eml", "a/2.eml", "b.csv"]);
    let (_, turned) = look(&folder, &["a/.hidden", "", "a/../b.csv", "b.csv"]);
    assert_eq!(mixed, turned);
    let explicit: Vec<bool> = mixed.inputs.iter().map(|input| input.explicit).collect();
    assert_eq!(explicit, [true, false, false, true]);
}

#[test]
fn what_is_missing_is_named() {
    let folder = folder(&["a.csv"]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    let (names, found) = look(&folder, &["a.csv", "b.csv", "empty", "*.eml", "x[.csv"]);
    assert_eq!(names, ["a.csv"]);
    let reasons: Vec<&str> = found.unreadable.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(reasons.len(), 4);
    assert!(
        found.unreadable.iter().all(|(path, _)| path.starts_with(folder.path().to_str().unwrap()))
    );
    for words in ["does not exist", "holds no files", "matches no file", "cannot be read"] {
        assert!(reasons.iter().any(|why| why.contains(words)), "{words}: {reasons:?}");
    }
    assert_eq!(discover(&[]), Err(DiscoverError::NoPath));
    assert_eq!(discover(&[PathBuf::from("-")]), Err(DiscoverError::StandardInput));
}

#[test]
fn patterns() {
    let folder = folder(&["1.csv", "2.csv", "3.txt", ".4.csv", "d/5.csv", "d/e/6.csv", "[7].csv"]);
    assert_eq!(look(&folder, &["*.csv"]).0, ["1.csv", "2.csv", "[7].csv"]);
    assert_eq!(look(&folder, &["[7].csv"]).0, ["[7].csv"]);
    assert_eq!(look(&folder, &["[12].csv"]).0, ["1.csv", "2.csv"]);
    assert_eq!(look(&folder, &["{1,d/5}.csv"]).0, ["1.csv", "d/5.csv"]);
    assert_eq!(look(&folder, &["*/*.csv"]).0, ["d/5.csv"]);
    assert_eq!(look(&folder, &["**/?.csv"]).0, ["1.csv", "2.csv", "d/5.csv", "d/e/6.csv"]);
    assert_eq!(look(&folder, &["d*"]).0, ["d/5.csv", "d/e/6.csv"]);
    let (_, found) = look(&folder, &["1*.csv"]);
    assert!(!found.inputs[0].explicit);
}

#[test]
fn output_of_an_earlier_run_is_passed_over() {
    let report = r#"{"schema_version": 1, "tool": {"name": "mailtriage", "version": "1"}}"#;
    let folder = folder(&["a.csv", "out/tables/x.csv", "out/facts.csv", "other/report.json"]);
    write(&folder, "out/report.json", report);
    let (names, found) = look(&folder, &[""]);
    assert_eq!(names, ["a.csv", "other/report.json"]);
    assert!(found.notes[0].contains("output of an earlier run"));
    // A run into the folder of the evidence itself.
    write(&folder, "report.json", report);
    write(&folder, "tables/y.csv", "x");
    let (names, found) = look(&folder, &[""]);
    assert_eq!(names, ["a.csv", "other/report.json"]);
    assert_eq!(found.notes.len(), 2);
    // A path that the user names is never left out.
    assert_eq!(look(&folder, &["out/tables/x.csv"]).0, ["out/tables/x.csv"]);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_astray() {
    use std::os::unix::fs::symlink;
    let folder = folder(&["d/a.csv", "z/b.csv"]);
    let at = |name: &str| folder.path().join(name);
    symlink(at("d"), at("d/loop")).unwrap();
    symlink(at("z/b.csv"), at("d/b.csv")).unwrap();
    symlink(at("nowhere"), at("d/dead")).unwrap();
    symlink(at("d"), at("link")).unwrap();
    let (names, found) = look(&folder, &[""]);
    assert_eq!(names, ["d/a.csv", "d/b.csv"]);
    assert_eq!(found.unreadable.len(), 3);
    // The user's own link is followed.
    assert_eq!(look(&folder, &["link"]).0, ["link/a.csv", "link/b.csv"]);
}
