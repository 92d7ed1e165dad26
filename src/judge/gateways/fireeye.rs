//! FireEye (Trellix) Email Security.
//!
//! Source: mgeeky/decode-spam-headers; community header references.

use super::parts::by_words;
use super::{Family, reads};

pub(super) const FAMILY: Family = Family {
    product: "FireEye",
    stamps: &[
        reads("x-fireeye", |v| by_words("scan of attachments and links", v)),
        reads("x-fireeye-*", |v| by_words("scan of attachments and links", v)),
        reads("x-fe-etp-*", |v| by_words("Email Threat Prevention", v)),
    ],
    source: "mgeeky/decode-spam-headers; community header references",
};
