//! Where Defender says a message went: actions and places in words.
//!
//! Source: Microsoft Learn, "EmailEvents table" and "About Threat Explorer" (delivery action and
//! location); folders of the user appear under their own names.

use crate::model::Status;

/// What a place means for the delivery: its status, and the folder where it is a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) status: Status,
    /// As in [`crate::model::Detail`]; empty where the place does not tell inbox from folder.
    pub(super) folder: &'a str,
}

const JUNK: &str = "DefaultFolderType:JunkEmail";

/// Places by their words, lower case.
const PLACES: &[(&str, Status, &str)] = &[
    ("inbox/folder", Status::Delivered, ""),
    ("inbox folder", Status::Delivered, ""),
    ("inbox", Status::Delivered, "DefaultFolderType:Inbox"),
    ("junk folder", Status::Delivered, JUNK),
    ("junk", Status::Delivered, JUNK),
    ("junk email", Status::Delivered, JUNK),
    ("on-premises/external", Status::Sent, ""),
    ("on-prem/external", Status::Sent, ""),
    ("external", Status::Sent, ""),
    ("quarantine", Status::Quarantined, ""),
    ("quarantined", Status::Quarantined, ""),
    ("failed", Status::Failed, ""),
    ("dropped", Status::Dropped, ""),
    ("deleted items", Status::Delivered, "DefaultFolderType:DeletedItems"),
    ("deleted folder", Status::Delivered, "DefaultFolderType:DeletedItems"),
    ("forwarded", Status::Delivered, ""),
    ("unknown", Status::Unknown, ""),
];

/// Actions by their words, where no place is stated.
const ACTIONS: &[(&str, Status, &str)] = &[
    ("delivered", Status::Delivered, ""),
    ("replaced", Status::Delivered, ""),
    ("junked", Status::Delivered, JUNK),
    ("delivered to junk", Status::Delivered, JUNK),
    ("blocked", Status::Failed, ""),
    ("quarantined", Status::Quarantined, ""),
    ("dropped", Status::Dropped, ""),
];

/// What action and place say together: the place, where it is stated.
pub(super) fn of<'a>(action: &str, location: &'a str) -> Place<'a> {
    let location = location.trim();
    let known = |list: &'static [(&str, Status, &'static str)], word: &str| {
        let hit = list.iter().find(|(name, ..)| name.eq_ignore_ascii_case(word));
        hit.map(|(_, status, folder)| Place { status: *status, folder })
    };
    if let Some(place) = known(PLACES, location).filter(|p| p.status != Status::Unknown) {
        return place;
    }
    if location.is_empty() || location.eq_ignore_ascii_case("unknown") {
        let unknown = Place { status: Status::Unknown, folder: "" };
        return known(ACTIONS, action.trim()).unwrap_or(unknown);
    }
    // A folder of the user's own, by its name.
    Place { status: Status::Delivered, folder: location }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        assert_eq!(of("Delivered", "Inbox/folder").folder, "");
        assert_eq!(of("Junked", "Junk folder").folder, JUNK);
        assert_eq!(of("Blocked", "Quarantine").status, Status::Quarantined);
        assert_eq!(of("Blocked", "").status, Status::Failed);
        assert_eq!(of("", "").status, Status::Unknown);
        assert_eq!(of("Delivered", "Rechnungen 2026").folder, "Rechnungen 2026");
        assert_eq!(of("Delivered", "On-premises/external").status, Status::Sent);
    }
}
