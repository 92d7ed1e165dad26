//! Links of a terminal (OSC 8): only to files, and only where the terminal is known to take them.

use std::fmt::Write as _;

/// Ends a link.
pub(super) const CLOSE: &str = "\u{1b}]8;;\u{1b}\\";

/// Begins a link. The URI holds nothing but what a URI may hold, so that no stranger's path ends
/// the code and begins another.
pub(super) fn open(uri: &str) -> String {
    format!("\u{1b}]8;;{uri}\u{1b}\\")
}

/// The link to a file; `None` for what is none (`-`, nothing).
pub(super) fn uri(folder: &str, path: &str) -> Option<String> {
    if path.is_empty() || path == "-" {
        return None;
    }
    let path = path_of_uri(path);
    let drive = path.as_bytes().get(2) == Some(&b':');
    Some(if path.starts_with('/') && (drive || !path.starts_with("//")) {
        format!("file://{path}")
    } else if path.starts_with('/') {
        // A share of another machine stands as it is: //server/share.
        format!("file:{path}")
    } else {
        format!("file://{}/{path}", folder.trim_end_matches('/'))
    })
}

/// A path as a URI spells it (RFC 8089): slashes, everything else but plain signs as `%XX`. A
/// drive begins with a slash.
pub(super) fn path_of_uri(path: &str) -> String {
    let windows = path.as_bytes().get(1) == Some(&b':') || path.starts_with("\\\\");
    let mut out = String::with_capacity(path.len() + 8);
    if windows && !path.starts_with('\\') {
        out.push('/');
    }
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'\\' if windows => out.push('/'),
            b':' if windows && at == 1 => out.push(':'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_links() {
        for (folder, path, expected) in [
            ("/data", "in/trace 1.csv", "file:///data/in/trace%201.csv"),
            ("/data/", "/else/a.csv", "file:///else/a.csv"),
            ("/data", "a\u{1b}]8;;x\u{7}é", "file:///data/a%1B%5D8%3B%3Bx%07%C3%A9"),
            ("/C:/data", "in.csv", "file:///C:/data/in.csv"),
            ("/data", "C:\\in\\a.csv", "file:///C:/in/a.csv"),
            ("/data", "\\\\server\\share\\a.csv", "file://server/share/a.csv"),
        ] {
            assert_eq!(uri(folder, path).as_deref(), Some(expected), "{path:?}");
        }
        assert_eq!(uri("/data", "-"), None);
        assert_eq!(path_of_uri("C:\\my data"), "/C:/my%20data");
    }

    proptest::proptest! {
        #[test]
        fn no_path_leaves_its_code(path in "\\PC{0,20}|[\\x00-\\x7f]{0,20}") {
            if let Some(uri) = uri("/data", &path) {
                proptest::prop_assert!(uri.bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }
}
