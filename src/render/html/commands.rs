//! Commands within a sentence, so that they can be set apart and copied: PowerShell cmdlets with
//! their parameters, pipes, and `openssl`.

/// A piece of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// A command, without the punctuation behind it.
    Command(&'a str),
}

/// Verbs with which the cmdlets of our steps begin.
const VERBS: &[&str] = &[
    "Add", "Clear", "Connect", "Disable", "Enable", "Export", "Get", "Import", "Invoke", "New",
    "Release", "Remove", "Resolve", "Resume", "Rotate", "Search", "Set", "Start", "Stop",
    "Suspend", "Test", "Update",
];

/// The sentence in pieces; together they are the sentence.
pub(super) fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut at = 0;
    while let Some((start, word)) = next_word(sentence, at) {
        at = start + word.len();
        let lead = word.len() - word.trim_start_matches(['(', '"', '`']).len();
        let (start, word) = (start + lead, word.get(lead..).unwrap_or_default());
        if !begins_command(word) {
            continue;
        }
        let end = end_of_command(sentence, start, word);
        if let (Some(words), Some(command)) = (sentence.get(done..start), sentence.get(start..end))
        {
            if !words.is_empty() {
                pieces.push(Piece::Words(words));
            }
            pieces.push(Piece::Command(command));
            (done, at) = (end, end.max(at));
        }
    }
    match sentence.get(done..) {
        Some(rest) if !rest.is_empty() => pieces.push(Piece::Words(rest)),
        _ => {}
    }
    pieces
}

fn next_word(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = text.get(from..)?;
    let start = rest.find(|c: char| c != ' ')?;
    let rest = rest.get(start..)?;
    let word = rest.split(' ').next()?;
    Some((from + start, word))
}

fn begins_command(word: &str) -> bool {
    let word = bare(word);
    let cmdlet = word.split_once('-').is_some_and(|(verb, noun)| {
        let capital = noun.starts_with(|c: char| c.is_ascii_uppercase());
        VERBS.contains(&verb) && capital && noun.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    cmdlet || word == "openssl"
}

/// A word without the punctuation that ends a sentence or a clause.
fn bare(word: &str) -> &str {
    // An ellipsis stands for a value.
    match word.get(..3) {
        Some("...") => "...",
        _ => word.trim_end_matches(['.', ',', ';', ':', ')', '"', '`']),
    }
}

/// What a word of a command may be followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Cmdlet,
    /// `fl`, `where`, `openssl`: one bare argument may follow.
    Tool,
    Parameter,
    Value,
    Pipe,
}

fn end_of_command(sentence: &str, start: usize, first: &str) -> usize {
    let mut end = start + bare(first).len();
    let mut after = if bare(first) == "openssl" { After::Tool } else { After::Cmdlet };
    let mut at = start + first.len();
    if bare(first) != first {
        return end;
    }
    while let Some((from, word)) = next_word(sentence, at) {
        let kind = match after {
            _ if word == "|" => After::Pipe,
            After::Pipe if begins_command(word) => After::Cmdlet,
            After::Pipe => After::Tool,
            After::Parameter | After::Tool if !word.starts_with('-') => After::Value,
            // `-eq -1`: a number is a value.
            After::Parameter
                if word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()) =>
            {
                After::Value
            }
            _ if word.starts_with('-') && word.len() > 1 => After::Parameter,
            _ => break,
        };
        let word_end = from + bare(word).len();
        if kind != After::Pipe {
            end = word_end;
        }
        (after, at) = (kind, from + word.len());
        if bare(word) != word {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn commands(sentence: &str) -> Vec<&str> {
        pieces(sentence)
            .into_iter()
            .filter_map(|p| match p {
                Piece::Command(c) => Some(c),
                Piece::Words(_) => None,
            })
            .collect()
    }

    #[test]
    fn commands_are_found_to_their_end() {
        let cases: &[(&str, &[&str])] = &[
            (
                "Get-DkimSigningConfig -Identity contoso.com | fl Status,Selector1CNAME and resolve both CNAMEs",
                &["Get-DkimSigningConfig -Identity contoso.com | fl Status,Selector1CNAME"],
            ),
            (
                "Export more (10 days: Get-MessageTraceV2 -StartDate ... -EndDate ...) without a filter",
                &["Get-MessageTraceV2 -StartDate ... -EndDate ..."],
            ),
            (
                "Find it: Get-TenantAllowBlockListItems -ListType Sender -Allow; Get-TransportRule | where SetSCL -eq -1; Get-HostedConnectionFilterPolicy | fl IPAllowList.",
                &[
                    "Get-TenantAllowBlockListItems -ListType Sender -Allow",
                    "Get-TransportRule | where SetSCL -eq -1",
                    "Get-HostedConnectionFilterPolicy | fl IPAllowList",
                ],
            ),
            (
                "Test the host with openssl s_client -starttls smtp -connect HOST:25: the greeting must",
                &["openssl s_client -starttls smtp -connect HOST:25"],
            ),
            (
                "On a server check with Get-ExchangeCertificate that a certificate",
                &["Get-ExchangeCertificate"],
            ),
            (
                "Read the Defer events with Get-MessageTraceDetailV2: a named server",
                &["Get-MessageTraceDetailV2"],
            ),
            ("Wait for the retries; Re-Enable nothing, pre-Get-X", &[]),
        ];
        for (sentence, wanted) in cases {
            assert_eq!(commands(sentence), *wanted, "{sentence}");
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_sentence(sentence in "(Get-Abc|-Xy|\\||[a-z.;:()é]{0,4}|\u{202e}| ){0,30}") {
            let joined: String = pieces(&sentence)
                .into_iter()
                .map(|p| match p { Piece::Words(t) | Piece::Command(t) => t })
                .collect();
            prop_assert_eq!(joined, sentence);
        }
    }
}
