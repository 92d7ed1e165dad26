//! Escapes, one per kind of output. Subjects, addresses, server replies and paths are written by
//! strangers; none of them may steer a terminal, a spreadsheet or a JSON reader.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// Most characters a spreadsheet keeps in a cell (Microsoft, "Excel specifications and limits":
/// total number of characters that a cell can contain). Counted in UTF-16 units.
pub const CELL_LIMIT: usize = 32_767;

/// Text that a terminal shows as it is: control characters, line ends, direction overrides and
/// invisible characters become a visible `\u{..}`. Lossless: a backslash that already begins
/// such an escape becomes `\u{5c}`.
pub fn terminal(text: &str) -> Cow<'_, str> {
    let Some(first) = text.char_indices().position(|(at, c)| must_show(c, &text[at..])) else {
        return Cow::Borrowed(text);
    };
    let mut safe = String::with_capacity(text.len() + 16);
    for (index, (at, c)) in text.char_indices().enumerate() {
        if index >= first && must_show(c, &text[at..]) {
            // Writing to a String cannot fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Appends text as HTML, fit for content and for quoted attributes: what would steer becomes
/// visible as in [`terminal`], and what a parser would act on becomes a character reference.
pub fn html(out: &mut String, text: &str) {
    for c in terminal(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// A sentence in Markdown (CommonMark and GitHub's): shown as [`terminal`] shows it, and nothing in
/// it is read as markup, HTML or a link. Words that GitHub would make a link or a mention of
/// whatever is escaped (`a@b`, `http://`, `www.`, `#12`) become code spans.
pub fn markdown(text: &str) -> String {
    let safe = terminal(text);
    let mut out = String::with_capacity(safe.len() + 16);
    for (index, word) in safe.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let lower = word.to_lowercase();
        if word.contains(['@', '#', '`']) || lower.contains("://") || lower.contains("www.") {
            out.push_str(&markdown_code(word));
        } else {
            markdown_word(&mut out, word, index == 0);
        }
    }
    out
}

fn markdown_word(out: &mut String, word: &str, first: bool) {
    let mut before = ' ';
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in word.char_indices() {
        let next = word.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let escape = match c {
            '\\' | '*' | '[' | ']' | '<' | '|' | '~' | '&' | '$' => true,
            // Between letters an underscore emphasises nothing.
            '_' => !before.is_alphanumeric() || !next.is_some_and(char::is_alphanumeric),
            // At the beginning of a line these make lists, quotes and headings.
            '-' | '+' | '>' | '=' | ':' => first && at == 0,
            '.' | ')' => first && digits > 0 && at == digits && next.is_none(),
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
}

/// A value as a code span of Markdown, in a table, too: shown as [`terminal`] shows it, a pipe as
/// `\u{7c}`, because tables are split before code is read.
pub fn markdown_code(text: &str) -> String {
    let safe = terminal(text).replace('|', "\\u{7c}");
    if safe.trim().is_empty() {
        return String::new();
    }
    let mut longest = 0;
    let mut run = 0;
    for c in safe.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let edge = |c: Option<char>| matches!(c, Some('`' | ' '));
    // Of a blank at both ends one is taken away again.
    let pad = if edge(safe.chars().next()) || edge(safe.chars().next_back()) { " " } else { "" };
    format!("{fence}{pad}{safe}{pad}{fence}")
}

fn must_show(c: char, rest: &str) -> bool {
    is_unseen(c) || (c == '\\' && rest.starts_with("\\u{"))
}

/// True for characters that steer instead of showing: C0, DEL, C1, bidirectional controls, line
/// and paragraph separators, zero-width and other default-ignorable characters. Variation
/// selectors stay, for they only choose how the character before them looks.
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A CSV cell that a spreadsheet takes as text. A cell that begins (leading spaces aside) with
/// `=`, `+`, `-`, `@`, their full-width forms, TAB, CR or LF gets a leading `'`; NUL becomes the
/// visible `\u{0}`; a cell beyond [`CELL_LIMIT`] is cut and says so. Everything else stays as it
/// is: identifiers that look like numbers or dates are not decorated, so that scripts can join
/// on them.
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let mut cell = Cow::Borrowed(text);
    if cell.contains('\0') {
        cell = Cow::Owned(cell.replace('\0', "\\u{0}"));
    }
    if begins_formula(&cell) {
        cell = Cow::Owned(format!("'{cell}"));
    }
    let units = utf16_units(&cell);
    if units > CELL_LIMIT {
        cell = Cow::Owned(cut_cell(&cell, units));
    }
    cell
}

/// Text for a cell of a workbook, where the kind of the cell is text by itself and no formula can
/// begin: what XML cannot hold and what turns the direction of text becomes a visible `\u{..}`, line
/// ends are LF, and a cell beyond [`CELL_LIMIT`] is cut and says so. Joiners and marks stay, so that
/// scripts and emoji look as they were written.
pub fn workbook_cell(text: &str) -> Cow<'_, str> {
    let mut cell = Cow::Borrowed(text);
    if cell.contains("\r\n") {
        cell = Cow::Owned(cell.replace("\r\n", "\n"));
    }
    if cell.contains(no_cell_character) {
        let mut safe = String::with_capacity(cell.len() + 16);
        for (at, c) in cell.char_indices() {
            let escape = c == '\\' && cell.get(at..).is_some_and(|rest| rest.starts_with("\\u{"));
            if no_cell_character(c) || escape {
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(c));
            } else {
                safe.push(c);
            }
        }
        cell = Cow::Owned(safe);
    }
    let units = utf16_units(&cell);
    if units > CELL_LIMIT {
        cell = Cow::Owned(cut_cell(&cell, units));
    }
    cell
}

/// Control characters but TAB and LF, direction marks that reach beyond their word, what is no
/// character at all (XML 1.0, 2.2).
fn no_cell_character(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}' | '\u{feff}'
        | '\u{fffe}' | '\u{ffff}')
}

/// True where a spreadsheet could read the text as a formula.
pub fn begins_formula(text: &str) -> bool {
    let steers = |c: &char| matches!(c, '\t' | '\r' | '\n');
    text.chars().find(|c| steers(c) || !(c.is_whitespace() || is_unseen(*c))).is_some_and(|c| {
        steers(&c) || matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
    })
}

fn utf16_units(text: &str) -> usize {
    // Most cells are short; their byte length bounds the units from above.
    if text.len() <= CELL_LIMIT {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}

fn cut_cell(text: &str, units: usize) -> String {
    let mark = format!(" [cut: {units} characters]");
    let room = CELL_LIMIT - mark.len();
    let mut used = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= room
        })
        .collect();
    cut.push_str(&mark);
    cut
}

/// Writes a fragment of a JSON string (quotes, backslashes and C0 already taken care of by the
/// serialiser) in ASCII: everything from DEL on becomes `\uXXXX`, so that the file survives any
/// code page on its way.
pub fn json_fragment<W: io::Write + ?Sized>(out: &mut W, fragment: &str) -> io::Result<()> {
    let mut rest = fragment;
    while let Some(at) = rest.find(|c: char| c >= '\u{7f}') {
        let (plain, tail) = rest.split_at(at);
        out.write_all(plain.as_bytes())?;
        let mut chars = tail.chars();
        if let Some(c) = chars.next() {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        rest = chars.as_str();
    }
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Undoes [`terminal`]; the proof that nothing is lost.
    fn seen_again(safe: &str) -> String {
        let mut text = String::new();
        let mut rest = safe;
        while let Some(at) = rest.find("\\u{") {
            text.push_str(&rest[..at]);
            let end = rest[at..].find('}').unwrap() + at;
            let code = u32::from_str_radix(&rest[at + 3..end], 16).unwrap();
            text.push(char::from_u32(code).unwrap());
            rest = &rest[end + 1..];
        }
        text + rest
    }

    #[test]
    fn terminal_shows_what_would_steer() {
        assert_eq!(terminal("Re: Grüße, 会議"), "Re: Grüße, 会議");
        assert!(matches!(terminal("plain"), Cow::Borrowed(_)));
        assert_eq!(terminal("\u{1b}[31mred\u{9b}0m"), "\\u{1b}[31mred\\u{9b}0m");
        assert_eq!(terminal("a\tb\r\nc"), "a\\u{9}b\\u{d}\\u{a}c");
        assert_eq!(terminal("inv\u{202e}fdp.exe"), "inv\\u{202e}fdp.exe");
        assert_eq!(terminal("pay\u{200b}pal"), "pay\\u{200b}pal");
        assert_eq!(terminal("\\u{1b} C:\\users"), "\\u{5c}u{1b} C:\\users");
    }

    #[test]
    fn html_cannot_be_left() {
        let mut out = String::new();
        html(&mut out, "</script><!--&amp; \"'> \u{202e}\0\u{1b}[2J 👩 שלום");
        let safe =
            "&lt;/script&gt;&lt;!--&amp;amp; &quot;&#39;&gt; \\u{202e}\\u{0}\\u{1b}[2J 👩 שלום";
        assert_eq!(out, safe);
    }

    #[test]
    fn markdown_is_text() {
        for (text, expected) in [
            ("plain words, dkim_broken: 5.7.26 - fine", "plain words, dkim_broken: 5.7.26 - fine"),
            (
                "*a* _b_ [c](d) <e> f|g ~h~ &amp;",
                "\\*a\\* \\_b\\_ \\[c\\](d) \\<e> f\\|g \\~h\\~ \\&amp;",
            ),
            ("- a", "\\- a"),
            ("12. a", "12\\. a"),
            ("> a", "\\> a"),
            ("see https://x.test/<b>", "see `https://x.test/<b>`"),
            ("mail kim@x.test, #12", "mail `kim@x.test,` `#12`"),
            ("a`b", "``a`b``"),
            ("C:\\dir\\*", "C:\\\\dir\\\\\\*"),
        ] {
            assert_eq!(markdown(text), expected, "{text}");
        }
        assert_eq!(markdown_code("`x"), "`` `x ``");
        assert_eq!(markdown_code("a|b"), "`a\\u{7c}b`");
        assert_eq!(markdown_code(" "), "");
        assert_eq!(markdown_code("\n\u{202e}"), "`\\u{a}\\u{202e}`");
    }

    #[test]
    fn csv_formulas_are_text() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@x",
            "\tx",
            "\rx",
            "\nx",
            "  =1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "\u{a0}=1",
            "\u{feff}=1",
            " \t=1",
        ] {
            assert_eq!(csv_cell(formula), format!("'{formula}"), "{formula:?}");
        }
        for plain in ["", "a=b", "12", "2026-11-16", "'=1", "a\nb", "1-2", "<>"] {
            assert_eq!(csv_cell(plain), plain);
        }
        assert_eq!(csv_cell("a\0b"), "a\\u{0}b");
        assert_eq!(csv_cell("\0=1"), "\\u{0}=1");
    }

    #[test]
    fn long_cells_are_cut_visibly() {
        let cell = "é".repeat(CELL_LIMIT);
        assert_eq!(csv_cell(&cell), cell, "exactly full");
        let cut = csv_cell(&"é".repeat(CELL_LIMIT + 1)).into_owned();
        assert!(cut.ends_with(" [cut: 32768 characters]"), "{}", &cut[cut.len() - 40..]);
        let wide = csv_cell(&"😀".repeat(20_000)).into_owned();
        assert!(wide.encode_utf16().count() <= CELL_LIMIT);
        assert!(wide.ends_with(" [cut: 40000 characters]"));
    }

    #[test]
    fn workbook_cells_hold_what_xml_holds() {
        for plain in ["", "=1+1", "a\nb\tc", "שלום 会議 👩\u{200d}💻", "C:\\users"] {
            assert!(matches!(workbook_cell(plain), Cow::Borrowed(p) if p == plain), "{plain:?}");
        }
        assert_eq!(workbook_cell("a\r\nb\rc\0"), "a\nb\\u{d}c\\u{0}");
        assert_eq!(
            workbook_cell("inv\u{202e}fdp\u{1b}[2J\u{ffff}"),
            "inv\\u{202e}fdp\\u{1b}[2J\\u{ffff}"
        );
        assert_eq!(
            workbook_cell("\0\\u{0}"),
            "\\u{0}\\u{5c}u{0}",
            "lossless where it had to change"
        );
        let cut = workbook_cell(&"\0".repeat(CELL_LIMIT)).into_owned();
        assert!(cut.encode_utf16().count() <= CELL_LIMIT && cut.contains(" [cut: "));
    }

    #[test]
    fn json_is_ascii() {
        let mut out = Vec::new();
        json_fragment(&mut out, "aé\u{7f}😀\u{202e}z").unwrap();
        assert_eq!(out, br"a\u00e9\u007f\ud83d\ude00\u202ez");
    }

    proptest! {
        #[test]
        fn terminal_is_inert_and_lossless(text in "(\\PC|[\\x00-\\x1f\\x7f-\\x9f\u{200b}-\u{202e}]|\\\\u\\{){0,40}") {
            let safe = terminal(&text);
            prop_assert!(!safe.chars().any(is_unseen));
            prop_assert_eq!(seen_again(&safe), text);
        }

        #[test]
        fn a_code_span_holds_its_text(text in "[`a |\\n]{0,12}|\\PC{0,20}") {
            let code = markdown_code(&text);
            let fence = code.chars().take_while(|c| *c == '`').count();
            prop_assert!(!code.contains('|') && !code.contains('\n'));
            if fence > 0 {
                let inner = &code[fence..code.len() - fence];
                prop_assert!(code.ends_with(&"`".repeat(fence)));
                let runs = inner.split(|c| c != '`').map(str::len);
                prop_assert!(runs.max().unwrap_or(0) < fence && !inner.starts_with('`') && !inner.ends_with('`'));
            }
        }

        #[test]
        fn no_cell_begins_a_formula(text in "[ \\t\\r\\n\\x00=+@\u{ff1d}\u{feff}-]{0,4}.{0,20}") {
            let cell = csv_cell(&text);
            prop_assert!(!begins_formula(&cell));
            prop_assert!(!cell.contains('\0'));
        }

        #[test]
        fn a_workbook_cell_is_xml(text in any::<String>()) {
            prop_assert!(!workbook_cell(&text).contains(no_cell_character));
        }

        #[test]
        fn any_cell_fits(c in any::<char>(), n in 32_700usize..33_000) {
            let cell = csv_cell(&c.to_string().repeat(n)).into_owned();
            prop_assert!(cell.encode_utf16().count() <= CELL_LIMIT);
        }
    }
}
