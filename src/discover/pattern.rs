//! Patterns, expanded here because the shells of Windows do not.

use super::walk::is_leftover;
use globset::GlobBuilder;
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};

/// True where the text has a character that a pattern may have.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// Files and folders that match, in path order. Hidden ones only where the pattern names them.
pub(super) fn expand(text: &str) -> Result<Vec<PathBuf>, globset::Error> {
    let matcher = GlobBuilder::new(text).literal_separator(true).build()?.compile_matcher();
    let mut base = PathBuf::new();
    let mut depth = 0;
    let mut hidden = false;
    for part in Path::new(text).components() {
        let named = part.as_os_str().to_str().unwrap_or_default();
        if depth > 0 || is_pattern(named) {
            depth += 1;
            hidden |= named.starts_with('.');
        } else {
            base.push(part);
        }
    }
    let bare = base.as_os_str().is_empty();
    let start = if bare { Path::new(".") } else { &base };
    let mut walk = WalkBuilder::new(start);
    walk.standard_filters(false).follow_links(false);
    // Braces may hold separators; the depth is then not to be told from the text.
    if !text.contains("**") && !text.contains('{') {
        walk.max_depth(Some(depth));
    }
    let mut hits: Vec<PathBuf> = (walk.build().flatten())
        .filter(|entry| entry.depth() > 0)
        .map(ignore::DirEntry::into_path)
        .map(|path| match path.strip_prefix(".") {
            Ok(inner) if bare => inner.to_owned(),
            _ => path,
        })
        .filter(|path| matcher.is_match(path) && (hidden || !is_hidden(path, &base)))
        .collect();
    hits.sort();
    Ok(hits)
}

/// Something below the pattern's fixed part is hidden or a leftover.
fn is_hidden(path: &Path, base: &Path) -> bool {
    let below = path.strip_prefix(base).unwrap_or(path);
    below.components().any(|part| is_leftover(part.as_os_str()))
}
