//! Marks that phishing kits and simulations leave in the headers.
//!
//! Sources: the tools' own documentation (Gophish, King Phisher); list archives; real messages.

use super::case::{Case, quoted};
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check = Check { name: "kits", remarks: &["kit_mark", "simulation"], run };

/// Header names that only kits write.
const NAMES: &[(&str, &str)] = &[
    ("x-uminacjp-nodemailersenderz", "a Node.js mailer kit"),
    ("x-gophish-contact", "Gophish"),
    ("x-gophish-signature", "Gophish"),
    ("x-kingphisher", "King Phisher"),
    ("x-king-phisher", "King Phisher"),
    ("x-mailer-ninja", "a mailer kit"),
    ("x-sender-kit", "a mailer kit"),
];

/// Words in X-Mailer, User-Agent and X-Server that name kits.
const WORDS: &[(&str, &str)] = &[
    ("gophish", "Gophish"),
    ("king phisher", "King Phisher"),
    ("leaf phpmailer", "Leaf PHPMailer"),
    ("leafmailer", "Leaf PHPMailer"),
    ("alexus mailer", "Alexus Mailer"),
    ("sendblaster", "SendBlaster"),
    ("atomic mail sender", "Atomic Mail Sender"),
    ("turbo mailer", "Turbo-Mailer"),
    ("turbo-mailer", "Turbo-Mailer"),
    ("gammadyne", "Gammadyne Mailer"),
    ("dark mailer", "Dark Mailer"),
    ("heart sender", "Heart Sender"),
    ("heartsender", "Heart Sender"),
    ("xleet", "a mailer kit"),
    ("priv8", "a mailer kit"),
];

/// Headers that name the program that wrote the message.
const PROGRAMS: &[&str] = &["x-mailer", "user-agent", "x-server", "x-sender-program"];

/// Headers of sold phishing simulations.
const SIMULATIONS: &[(&str, &str)] = &[
    ("x-phishtest", "KnowBe4"),
    ("x-phish-crid", "KnowBe4"),
    ("x-threatsim-header", "Proofpoint (ThreatSim)"),
    ("x-threatsim-id", "Proofpoint (ThreatSim)"),
    ("x-phishmetrailer", "Cofense PhishMe"),
    ("x-phishme", "Cofense PhishMe"),
    ("x-hoxhunt", "Hoxhunt"),
    ("x-sophosphishthreat", "Sophos Phish Threat"),
    ("x-lucy-version", "Lucy"),
];

fn run(case: &Case<'_>, out: &mut Said) {
    for (name, value) in case.examined.fields.iter().take(1024) {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let begins = |known: &str| {
            name.get(..known.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(known))
        };
        let detail = || format!("{name}: {}", quoted(value));
        if let Some((_, kit)) = NAMES.iter().find(|(known, _)| is(known)) {
            let headline = format!("A header of {kit} is in the message");
            out.say("kit_mark", Weight::Alarm, headline, detail(), "public mailing-list archives");
            return;
        }
        if let Some((_, vendor)) = SIMULATIONS.iter().find(|(known, _)| begins(known)) {
            let headline =
                format!("A header of a phishing simulation by {vendor} is in the message");
            out.say(
                "simulation",
                Weight::Notice,
                headline,
                detail(),
                "documentation of the vendors",
            );
            return;
        }
        if PROGRAMS.iter().any(|known| is(known)) {
            let text = value.to_lowercase();
            if let Some((_, kit)) = WORDS.iter().find(|(word, _)| text.contains(word)) {
                let headline = format!("It was written by {kit}, which phishing kits use");
                out.say(
                    "kit_mark",
                    Weight::Alarm,
                    headline,
                    detail(),
                    "documentation of the tools",
                );
                return;
            }
        }
    }
}
