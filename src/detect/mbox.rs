//! An mbox: many messages in one file, as Thunderbird, Dovecot, Google Takeout and mailing-list
//! archives keep them. Sources: RFC 4155; Mozilla's separators bear no date.

use super::eml;
use super::rule::{Answer, DialectRule, Recognition};
use crate::model::Form;

pub(super) const RULE: DialectRule = DialectRule {
    name: "mbox",
    title: "mbox, many messages in one file",
    form: Form::Mbox,
    recognition: Recognition::Text(judge),
    recognised: "The first line is a separator (`From address date`, or Mozilla's `From - `), with \
        header fields below it. All flavours; each message is a row.",
    sample: "mail.mbox",
    ..eml::RULE
};

fn judge(text: &[u8]) -> Answer {
    if eml::is_mbox(text) {
        Answer::Yes(600)
    } else {
        Answer::No("the first line is no separator of an mbox".to_owned())
    }
}
