//! Cisco Secure Email (IronPort, ESA): antivirus record, anti-spam, reputation, sender groups.
//!
//! Sources: Cisco's administration guides for the reputation bands and policies (default sender
//! groups: block list up to -3, suspect list up to -1); mgeeky/decode-spam-headers for the letters
//! of the antivirus record; real messages.

use super::parts::{by_words, first_word, number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Cisco IronPort",
    stamps: &[
        reads("x-ironport-av", antivirus),
        reads("x-ironport-anti-spam-filtered", |v| {
            plain(if v.eq_ignore_ascii_case("true") {
                "the anti-spam engine scanned it: no verdict"
            } else {
                "the anti-spam engine did not scan it"
            })
        }),
        says(
            "x-ironport-anti-spam-result",
            "result of the anti-spam engine, encrypted: only Cisco reads it",
        ),
        says("x-ipas-result", "result of the anti-spam engine, encrypted: only Cisco reads it"),
        reads("x-ironport-remoteip", |v| {
            plain(format!("address that connected to the appliance: {}", shown(v)))
        }),
        reads("x-remote-ip", |v| plain(format!("address that connected: {}", shown(v)))),
        reads("x-remoteip", |v| plain(format!("address that connected: {}", shown(v)))),
        reads("x-ironport-reputation", reputation),
        reads("x-sbrs", reputation),
        reads("x-ironport-sendergroup", group),
        reads("x-sendergroup", group),
        reads("x-ironport-mailflowpolicy", policy),
        reads("x-mailflowpolicy", policy),
        reads("x-policy", |v| plain(format!("policy that applied: {}", shown(v)))),
        reads("x-ironport-listener", |v| plain(format!("listener that took it: {}", shown(v)))),
        reads("x-amp-result", malware),
        reads("x-amp-original-verdict", malware),
        says("x-amp-file-uploaded", "whether a file was sent away to be analysed"),
        reads("x-threatscanner-verdict", |v| by_words("threat scanner", v)),
        reads("x-ironport-dmarc-check-result", |v| by_words("DMARC as the appliance saw it", v)),
        reads("x-ironport-spf*", |v| by_words("SPF as the appliance saw it", v)),
        says("x-ironport-sid", "id of the message on the appliance"),
        says("x-ironport-mid", "number of the message on the appliance"),
        says("x-cse-connectionguid", "id of the connection for Cisco's support"),
        says("x-cse-msgguid", "id of the message for Cisco's support"),
        says("ironport-data", "data for Cisco, opaque"),
        says("ironport-phdr", "the headers as they were received, opaque"),
        says("ironport-hdrordr", "the order of the headers as received, opaque"),
        says("ironport-hdrorder", "the order of the headers as received, opaque"),
        says("ironport-sdr", "reputation of the sender's domain, opaque"),
        reads("x-ironport-*", |v| {
            plain(format!("of the appliance, not further known: {}", shown(v)))
        }),
    ],
    source: "Cisco Secure Email administration guide; mgeeky/decode-spam-headers",
};

/// `E=Sophos;i="5.60,413,1549954800"; d="scan'208,217";a="30982719"`
fn antivirus(value: &str) -> Said {
    let mut said = Vec::new();
    let (mut viruses, mut unscannable) = (false, false);
    // Quotes hide semicolons.
    for item in outside_quotes(value) {
        let Some((key, text)) = item.split_once('=') else { continue };
        let text = shown(text.trim().trim_matches('"'));
        let first = text.split(',').next().unwrap_or("");
        match key.trim() {
            "E" => said.push(format!("scanned by {text}")),
            "i" => said.push(format!("product version {first}")),
            "d" => said.push(format!("parts {text}")),
            "e" => {
                unscannable = text.contains(['u', 's']);
                said.push(format!("errors: {}", errors(text)));
            }
            "v" if !text.is_empty() => {
                viruses = true;
                said.push(format!("viruses found: {text}"));
            }
            "a" => said.push(format!("action record {text}")),
            _ => {}
        }
    }
    let meaning = if said.is_empty() { shown(value).to_owned() } else { said.join(", ") };
    match (viruses, unscannable) {
        (true, _) => judged(meaning, true),
        (false, true) => plain(format!("{meaning}; could not be scanned as a whole")),
        _ if said.is_empty() => plain(meaning),
        _ => judged(format!("{meaning}; no virus found"), false),
    }
}

fn outside_quotes(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
}

fn errors(letters: &str) -> String {
    let word = |letter: char| match letter {
        'i' => "ignored",
        'u' => "unscannable",
        'e' => "encrypted",
        't' => "timeout",
        'f' => "fatal",
        'j' => "engine fault, ignored",
        's' => "engine fault, unscannable",
        _ => "unknown",
    };
    let letters = letters.chars().filter(char::is_ascii_alphabetic).take(8);
    letters.map(word).collect::<Vec<_>>().join(", ")
}

fn reputation(value: &str) -> Said {
    let Some(score) = number(value) else {
        return plain(match first_word(value).as_str() {
            "none" | "" => "no reputation is known of the sender's address".to_owned(),
            _ => format!("reputation of the sender's address: {}", shown(value)),
        });
    };
    let of = format!("reputation {score} of the sender's address (-10 to 10)");
    match score {
        s if s < -3.0 => judged(format!("{of}: the default block list"), true),
        s if s < -1.0 => judged(format!("{of}: the default suspect list, throttled"), true),
        s if s < 1.0 => plain(format!("{of}: neutral")),
        _ => judged(format!("{of}: good"), false),
    }
}

fn group(value: &str) -> Said {
    let meaning = format!("sender group {}", shown(value));
    let lower = value.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["black", "block"]) {
        judged(format!("{meaning}: connections are refused"), true)
    } else if has(&["suspect", "grey", "gray"]) {
        judged(format!("{meaning}: poor reputation, throttled"), true)
    } else if has(&["white", "allow", "trust", "relay"]) {
        judged(format!("{meaning}: trusted, scanned less or not at all"), false)
    } else {
        plain(meaning)
    }
}

fn policy(value: &str) -> Said {
    match value.trim().trim_start_matches('$').to_uppercase().as_str() {
        "ACCEPTED" => plain("mail flow policy ACCEPTED: taken and scanned"),
        "TRUSTED" => judged("mail flow policy TRUSTED: anti-spam was skipped", false),
        "THROTTLED" => judged("mail flow policy THROTTLED: poor reputation, slowed down", true),
        "BLOCKED" => judged("mail flow policy BLOCKED: the connection is refused", true),
        "RELAYED" => plain("mail flow policy RELAYED: mail of the organisation on its way out"),
        _ => plain(format!("mail flow policy {}", shown(value))),
    }
}

fn malware(value: &str) -> Said {
    match first_word(value).as_str() {
        "clean" => judged("file reputation: clean", false),
        "malicious" => judged("file reputation: malicious", true),
        "unknown" => plain("file reputation: nothing known"),
        "unscannable" => plain("file reputation: could not be scanned"),
        "skipped" => plain("file reputation: not asked"),
        _ => plain(format!("file reputation: {}", shown(value))),
    }
}
