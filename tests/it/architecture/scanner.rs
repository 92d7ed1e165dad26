//! Paths and use trees of a Rust file, from its tokens.

/// A path with its use tree spread out.
pub(super) struct Spread {
    pub(super) segments: Vec<String>,
    /// Inline modules around it.
    pub(super) inline: usize,
}

/// All paths of two or more segments, and what `use` names in one.
pub(super) fn paths(tokens: &[String]) -> Vec<Spread> {
    let mut found = Vec::new();
    // For every open brace: does it open an inline module?
    let mut braces: Vec<bool> = Vec::new();
    let mut in_use = false;
    for (at, token) in tokens.iter().enumerate() {
        let before = |n: usize| at.checked_sub(n).map_or("", |i| tokens[i].as_str());
        match token.as_str() {
            "{" => braces.push(before(2) == "mod"),
            "}" => drop(braces.pop()),
            "use" => in_use = true,
            ";" => in_use = false,
            _ => {}
        }
        let head = is_word(token) && (before(1) != "::" || !is_word(before(2)) && before(2) != ">");
        let inside_tree = in_use && before(1) == "::";
        let longer = tokens.get(at + 1).is_some_and(|t| t == "::");
        let named = in_use && token != "use" && before(1) != "as" && token != "as";
        if head && !inside_tree && (longer || named) || (before(1) == "::" && before(2) == "use") {
            let inline = braces.iter().filter(|m| **m).count();
            let mut all = Vec::new();
            spread(tokens, at, &mut Vec::new(), &mut all);
            found.extend(all.into_iter().map(|segments| Spread { segments, inline }));
        }
    }
    found
}

/// Spreads the path or use tree that begins at `at`; returns the place behind it.
fn spread(
    tokens: &[String],
    mut at: usize,
    prefix: &mut Vec<String>,
    out: &mut Vec<Vec<String>>,
) -> usize {
    let start = prefix.len();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|t| t != "}") {
                    at = spread(tokens, at, prefix, out);
                    while tokens.get(at).is_some_and(|t| t != "," && t != "}") {
                        at += 1; // `as name`
                    }
                    at += usize::from(tokens.get(at).is_some_and(|t| t == ","));
                }
                at += 1;
                break;
            }
            Some(word) if is_word(word) || word == "*" => {
                prefix.push(word.to_owned());
                at += 1;
                if tokens.get(at).is_some_and(|t| t == "::") {
                    at += 1;
                    continue;
                }
                out.push(prefix.clone());
                break;
            }
            _ => {
                // `::<` of a turbofish, or the end.
                out.push(prefix.clone());
                at += 1;
                break;
            }
        }
    }
    prefix.truncate(start);
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::`, plain strings and single signs; comments and lifetimes left out.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = at(i);
        if c == '/' && at(i + 1) == '/' {
            while i < chars.len() && at(i) != '\n' {
                i += 1;
            }
        } else if c == '/' && at(i + 1) == '*' {
            let mut open = 0;
            loop {
                match (at(i), at(i + 1)) {
                    ('/', '*') => open += 1,
                    ('*', '/') => open -= 1,
                    ('\0', _) => break,
                    _ => {
                        i += 1;
                        continue;
                    }
                }
                i += 2;
                if open == 0 {
                    break;
                }
            }
        } else if c == '"' {
            let from = i;
            i = end_of_quoted(&chars, i, '"').min(chars.len());
            out.push(chars[from..i].iter().collect());
        } else if c == '\'' {
            let character = at(i + 1) == '\\' || at(i + 2) == '\'';
            i = if character { end_of_quoted(&chars, i, '\'') } else { i + 1 };
            while !character && (at(i).is_alphanumeric() || at(i) == '_') {
                i += 1; // a lifetime
            }
        } else if c.is_alphanumeric() || c == '_' {
            let from = i;
            while at(i).is_alphanumeric() || at(i) == '_' {
                i += 1;
            }
            let word: String = chars[from..i].iter().collect();
            let hashes = (i..chars.len()).take_while(|n| at(*n) == '#').count();
            if matches!(word.as_str(), "r" | "br" | "cr") && at(i + hashes) == '"' {
                i = end_of_raw(&chars, i + hashes + 1, hashes);
            } else if !(matches!(word.as_str(), "b" | "c") && matches!(at(i), '"' | '\'')) {
                out.push(word);
            }
        } else if c == ':' && at(i + 1) == ':' {
            out.push("::".to_owned());
            i += 2;
        } else {
            if !c.is_whitespace() {
                out.push(c.to_string());
            }
            i += 1;
        }
    }
    out
}

fn end_of_quoted(chars: &[char], start: usize, quote: char) -> usize {
    let mut i = start + 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn end_of_raw(chars: &[char], mut i: usize, hashes: usize) -> usize {
    while i < chars.len() {
        if chars[i] == '"' && (1..=hashes).all(|n| chars.get(i + n) == Some(&'#')) {
            return i + 1 + hashes;
        }
        i += 1;
    }
    i
}
