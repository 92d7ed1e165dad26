//! An Outlook message (`.msg`): an OLE compound file with MAPI properties. Source: [MS-OXMSG].

use super::eml;
use super::rule::{DialectRule, Recognition};
use crate::model::Form;
use memchr::memmem;

pub(super) const RULE: DialectRule = DialectRule {
    name: "msg",
    title: "Outlook message (.msg)",
    form: Form::Outlook,
    recognition: Recognition::Bytes(judge),
    recognised: "An OLE compound file whose directory names message properties. Its internet \
        headers are read as they came; without them headers are made of its properties.",
    sample: "message.msg",
    ..eml::RULE
};

/// Names of streams stand in the directory as UTF-16; where it lies behind the head, its reader
/// decides.
fn judge(bytes: &[u8]) -> bool {
    const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    let wide = |name: &str| name.bytes().flat_map(|b| [b, 0]).collect::<Vec<u8>>();
    let Some(number) = bytes.get(48..52).filter(|_| bytes.starts_with(MAGIC)) else { return false };
    let first = u32::from_le_bytes([number[0], number[1], number[2], number[3]]) as usize;
    let sector = if bytes.get(30) == Some(&12) { 4096 } else { 512 };
    let Some(directory) = bytes.get(first.saturating_add(1).saturating_mul(sector)..) else {
        return true;
    };
    let directory = directory.get(..sector).unwrap_or(directory);
    let has = |name: &str| memmem::find(directory, &wide(name)).is_some();
    !["Workbook", "Book", "WordDocument", "PowerPoint"].into_iter().any(has)
}
