//! Letters of two scripts in one word, and characters that nobody sees.
//!
//! Source: Unicode Technical Standard 39 (mixed scripts), Unicode Technical Report 36.

use super::case::{Case, quoted};
use super::domain::readable;
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check =
    Check { name: "script", remarks: &["mixed_script", "hidden_characters"], run };

fn run(case: &Case<'_>, out: &mut Said) {
    let name = case.from.and_then(|from| from.name.as_deref()).unwrap_or("");
    let subject = case.text("Subject").unwrap_or("");
    let domain = case.author_domain().map(readable);
    let texts = [
        ("The display name", name),
        ("The subject", subject),
        ("The sender's domain", domain.as_deref().unwrap_or("")),
    ];
    for (what, text) in texts {
        if let Some(word) = mixed(text) {
            let headline =
                format!("{what} mixes letters of two scripts in one word: {}", quoted(word));
            out.say("mixed_script", Weight::Alarm, headline, quoted(text), "UTS 39");
        }
    }
    for (what, text) in texts.into_iter().take(2) {
        if let Some(hidden) = hidden(text) {
            let headline =
                format!("{what} holds characters that nobody sees (U+{:04X})", u32::from(hidden));
            out.say("hidden_characters", Weight::Notice, headline, quoted(text), "UTR 36");
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    /// Letters made for formulas that look like Latin.
    Styled,
}

fn script(c: char) -> Option<Script> {
    Some(match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Script::Latin,
        '\u{370}'..='\u{3ff}' if c != '\u{3bc}' && c != '\u{3a9}' && c != '\u{3c0}' => {
            Script::Greek
        }
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{531}'..='\u{587}' => Script::Armenian,
        '\u{13a0}'..='\u{13fd}' => Script::Cherokee,
        '\u{1d400}'..='\u{1d7ff}' => Script::Styled,
        _ => return None,
    })
}

/// The first word with letters of two of the scripts that look alike.
fn mixed(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphanumeric()).take(200).find(|word| {
        let mut scripts = word.chars().filter_map(script);
        let Some(first) = scripts.next() else { return false };
        scripts.any(|other| other != first)
    })
}

/// The first character that takes no room and has no use where it stands.
fn hidden(text: &str) -> Option<char> {
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let plain = |c: char| c.is_ascii_alphanumeric();
        match c {
            // Joiners have their use in many scripts and in emoji; a soft hyphen in long words.
            '\u{200c}' | '\u{200d}' | '\u{ad}' if plain(before) && plain(after) => return Some(c),
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{180e}' | '\u{3164}'
                if plain(before) || plain(after) =>
            {
                return Some(c);
            }
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => return Some(c),
            '\u{e0000}'..='\u{e007f}'
                if !('\u{1f000}'..='\u{1faff}').contains(&before)
                    && !('\u{e0000}'..='\u{e007f}').contains(&before) =>
            {
                return Some(c);
            }
            _ => {}
        }
        before = c;
    }
    None
}
