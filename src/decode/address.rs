//! Addresses as keys: lower case, trimmed.

/// Writes `cell` trimmed and in lower case into `out`. Bytes that are not UTF-8 become U+FFFD:
/// an odd address is kept, not refused.
pub fn lower_into(cell: &[u8], out: &mut String) {
    out.clear();
    let cell = cell.trim_ascii();
    match std::str::from_utf8(cell) {
        Ok(text) if text.is_ascii() => {
            out.push_str(text);
            out.make_ascii_lowercase();
        }
        _ => out.push_str(&String::from_utf8_lossy(cell).to_lowercase()),
    }
}
