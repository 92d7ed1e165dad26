//! X-MS-Exchange-Organization-*: what the receiving organisation wrote.

use super::headers::HeaderList;
use super::pairs::{LIMIT, keep_scl};
use super::{Scope, Stamp, words};
use crate::model::message::Stamps;

/// The stamp.
pub(super) const STAMP: Stamp = Stamp {
    name: "organization",
    headers: &[SCL, AUTH_AS, AUTH_SOURCE, DIRECTIONALITY, NETWORK_MESSAGE_ID],
    decode,
};

/// Header of the spam confidence level.
pub(super) const SCL: &str = "X-MS-Exchange-Organization-SCL";
/// Header of the sender's standing (Anonymous, Internal, Partner).
pub(super) const AUTH_AS: &str = "X-MS-Exchange-Organization-AuthAs";
/// Header of the server that judged the sender.
pub(super) const AUTH_SOURCE: &str = "X-MS-Exchange-Organization-AuthSource";
/// Header of the direction.
const DIRECTIONALITY: &str = "X-MS-Exchange-Organization-MessageDirectionality";
/// Header of the network message id.
pub(super) const NETWORK_MESSAGE_ID: &str = "X-MS-Exchange-Organization-Network-Message-Id";

fn decode(scope: &Scope<'_, '_>, out: &mut Stamps) {
    let headers = scope.headers;
    out.auth_as = value(headers, AUTH_AS);
    out.auth_source = value(headers, AUTH_SOURCE);
    out.directionality = value(headers, DIRECTIONALITY);
    if let Some(level) = value(headers, SCL) {
        keep_scl(SCL, &level, out);
    }
    if let Some(id) = value(headers, NETWORK_MESSAGE_ID)
        && network_id(&id).is_none()
    {
        super::pairs::remember(&mut out.unknown, NETWORK_MESSAGE_ID, &id);
    }
}

/// The topmost value of a header; `None` where it is missing or blank.
pub(super) fn value(headers: &HeaderList<'_>, name: &str) -> Option<String> {
    let field = headers.first(name)?;
    let text = field.text();
    let text = words::clipped(&text, LIMIT);
    (!text.is_empty()).then(|| text.to_owned())
}

/// A network message id: 32 hexadecimal digits, dashed or not, perhaps in braces. The nil id is
/// none.
pub(super) fn network_id(text: &str) -> Option<u128> {
    let text = text.trim();
    let text = text.strip_prefix('{').unwrap_or(text);
    let text = text.strip_suffix('}').unwrap_or(text);
    let dashed = text.len() == 36;
    if !(dashed || text.len() == 32) {
        return None;
    }
    let mut id = 0u128;
    for (at, byte) in text.bytes().enumerate() {
        if dashed && matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        id = id << 4 | u128::from(words::hex(byte)?);
    }
    (id != 0).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::super::tests::stamps;
    use super::*;

    #[test]
    fn headers_of_the_organisation() {
        let s = stamps(
            "X-MS-Exchange-Organization-SCL: -1\nX-MS-Exchange-Organization-AuthAs: Internal\n\
             X-MS-Exchange-Organization-AuthSource:\n\tEX01.contoso.com\n\
             x-ms-exchange-organization-messagedirectionality: Originating\n",
        );
        assert_eq!(s.scl, Some(-1));
        assert_eq!(s.auth_as.as_deref(), Some("Internal"));
        assert_eq!(s.auth_source.as_deref(), Some("EX01.contoso.com"));
        assert_eq!(s.directionality.as_deref(), Some("Originating"));
    }

    #[test]
    fn network_ids() {
        let id = Some(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(network_id("01234567-89ab-cdef-0123-456789abcdef"), id);
        assert_eq!(network_id(" {0123456789ABCDEF0123456789ABCDEF} "), id);
        for text in [
            "",
            "0123",
            "01234567+89ab-cdef-0123-456789abcdef",
            "0123456789abcdef0123456789abcdeg",
            "00000000-0000-0000-0000-000000000000",
            "01234567-89ab-cdef-0123-456789abcde\u{e9}",
        ] {
            assert_eq!(network_id(text), None, "{text}");
        }
    }
}
