//! Which exports could show a fault of a layer.

use crate::model::Layer;

/// Dialects that could show a fault of this layer, most telling first: what the report asks for
/// where no input speaks of the layer. Names are those of the dialects.
pub const fn needs(layer: Layer) -> &'static [&'static str] {
    match layer {
        // Latencies need events; an incident is the service's own word.
        Layer::Service => &["service_health", "mtdetail", "tracking_log", "eml"],
        // Results stand in headers, refusals in bounces, the records in DNS.
        Layer::DnsAuth => &["ndr", "eml", "dmarc", "hunting_emailevents", "dns", "mtdetail"],
        // A connector that refuses at the edge leaves no trace row in the receiving tenant.
        Layer::Connector => &["mtdetail", "connectors", "ndr", "tracking_log", "smtp_log", "certs"],
        Layer::SenderReputation => &["ndr", "mtdetail", "messagetracev2", "hunting_emailevents"],
        Layer::AntiSpam => &["quarantine", "hunting_emailevents", "eml", "policies", "mtdetail"],
        Layer::TransportRule => &["mtdetail", "rules", "ndr", "tracking_log"],
        // Folder and rule show in headers and in hunting tables only.
        Layer::MailboxRule => &["eml", "hunting_emailevents", "inbox_rules", "mtdetail"],
        Layer::Recipient | Layer::Message => {
            &["ndr", "mtdetail", "messagetracedetail", "tracking_log"]
        }
        Layer::Unknown => &["mtdetail", "ndr", "eml"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_names_exports_once() {
        for layer in Layer::ALL {
            let list = needs(*layer);
            assert!(!list.is_empty());
            for (i, name) in list.iter().enumerate() {
                assert!(!list[..i].contains(name), "{layer}: {name} twice");
            }
        }
    }
}
