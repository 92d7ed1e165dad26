//! Change logs: time, what, who. Recognised by their columns when they lie among the inputs.

use super::dates::DateOrder;
use super::rows::excerpt;
use super::time;
use super::zone::Zone;
use crate::model::{Change, ColumnRole, Dialect, RawRecord, RejectReason};

/// Longest text kept of a cell, in bytes.
const LONGEST: usize = 500;

/// Decodes one entry of a change log, or of an audit log, where `None` is an entry that changed no
/// setting; `zone` is for times that state none. Also yields whether the
/// clocks of the zone showed its time twice, or skipped it.
///
/// # Errors
/// [`RejectReason::Time`] where the time cannot be read.
pub fn decode(
    dialect: &Dialect,
    order: DateOrder,
    zone: &Zone,
    record: &RawRecord<'_>,
) -> Result<(Option<Change>, bool), RejectReason> {
    let mut scratch = Vec::new();
    let mut cell = |role| match dialect.column(role) {
        Some(column) => record.field(column, &mut scratch).to_vec(),
        None => Vec::new(),
    };
    let when = cell(ColumnRole::Time);
    let Some(placed) = time::parse(&when).and_then(|w| w.instant_in(order, zone)) else {
        return Err(RejectReason::Time(excerpt(&when)));
    };
    let text = |mut bytes: Vec<u8>| {
        bytes.truncate(LONGEST);
        String::from_utf8_lossy(&bytes).trim().to_owned()
    };
    let mut what = text(cell(ColumnRole::What));
    let who = text(cell(ColumnRole::Who));
    let object = text(cell(ColumnRole::Related));
    let audit = dialect.column(ColumnRole::DetailData).map(|_| cell(ColumnRole::DetailData));
    if audit.is_some() && !is_setting(&what) {
        return Ok((None, placed.ambiguous));
    }
    for more in [object, audit.as_deref().map_or_else(String::new, audited)] {
        if !more.is_empty() {
            what = format!("{what} {more}");
        }
    }
    what.truncate(what.floor_char_boundary(LONGEST));
    let change = Change { time: placed.instant, what, who, origin: record.origin };
    Ok((Some(change), placed.ambiguous))
}

/// An operation of the unified audit log that changes a setting: a cmdlet. What users do with mail
/// stands in the same log.
fn is_setting(operation: &str) -> bool {
    const VERBS: &[&str] =
        &["new-", "set-", "remove-", "enable-", "disable-", "add-", "update-", "install-"];
    let operation = operation.to_ascii_lowercase();
    VERBS.iter().any(|verb| operation.starts_with(verb))
}

/// Object and parameters of an entry, as its JSON states them.
fn audited(cell: &[u8]) -> String {
    let Ok(entry) = serde_json::from_slice::<serde_json::Value>(cell) else {
        return String::new();
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let object = text(&entry["ObjectId"]);
    let mut out = object.clone();
    for parameter in entry["Parameters"].as_array().into_iter().flatten().take(20) {
        let (name, value) = (text(&parameter["Name"]), text(&parameter["Value"]));
        if value != object && !name.is_empty() && !name.eq_ignore_ascii_case("Identity") {
            out.extend([" -", &name, " ", &value]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_an_audit_log() {
        let cell = br#"{"ObjectId":"contoso.com","Parameters":[{"Name":"Identity","Value":"contoso.com"},{"Name":"Enabled","Value":"False"}]}"#;
        assert_eq!(audited(cell), "contoso.com -Enabled False");
        assert_eq!(audited(b"{"), "");
        assert!(is_setting("Set-TransportRule") && !is_setting("MailItemsAccessed"));
    }
}
