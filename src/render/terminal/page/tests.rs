//! Lines, cuts and tones of a page.

use super::*;
use proptest::prelude::*;

fn page(width: usize) -> Page {
    Page::new(Style { width, ..Style::default() })
}

#[test]
fn wraps_at_words_and_breaks_endless_ones() {
    let mut p = page(60);
    p.field("label", &Text::plain(format!("{} {}", "word ".repeat(12), "x".repeat(100))));
    let text = p.finish();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("  label       word word"));
    assert!(lines[1..].iter().all(|l| l.starts_with("              ")), "{text}");
    assert!(lines.iter().all(|l| columns_of(l) <= 60), "{text}");
    assert_eq!(text.matches('x').count(), 100);
}

#[test]
fn cuts_show() {
    let p = page(80);
    assert_eq!(p.stranger("会議室の変更", 12), "会議室の変更");
    assert_eq!(p.stranger("会議室の変更", 11), "会議室の変…");
    assert_eq!(p.stranger("a\u{1b}b", 20), "a\\u{1b}b");
    let endless = p.stranger(&"\u{301}".repeat(1000), 10);
    assert!(endless.ends_with('…'));
}

#[test]
fn colour_only_where_wanted() {
    for colour in [false, true] {
        let mut p = Page::new(Style { colour, ..Style::default() });
        p.put("", 0, &Text::of(Tone::Bad, "bad"));
        assert_eq!(p.finish().contains('\u{1b}'), colour);
    }
}

proptest! {
    #[test]
    fn no_line_is_too_wide(words in "\\PC{0,200}", width in 60usize..100) {
        let mut p = page(width);
        let text = Text::of(Tone::Bad, p.stranger(&words, 120)).more(" and more");
        let before = text.words().replace(' ', "");
        p.field("label", &text);
        let laid_out = p.finish();
        for line in laid_out.lines() {
            prop_assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{}", line);
        }
        let after: String = laid_out.replace(['\n', ' '], "");
        prop_assert_eq!(after, format!("label{before}"));
    }
}

#[test]
fn ends_and_sides() {
    let p = page(80);
    assert_eq!(p.path("a/b/c.eml", 20), "a/b/c.eml");
    assert_eq!(p.path("folder/message.eml", 8), "…age.eml");
    assert_eq!(p.path("x\u{202e}y", 20), "x\\u{202e}y");
}

#[test]
fn a_lead_of_its_own_tones() {
    let mut p = page(60);
    p.hung(&Text::of(Tone::Bad, "ab"), 6, &Text::plain("word ".repeat(20)));
    let text = p.finish();
    assert!(text.starts_with("ab    word"), "{text}");
    assert!(text.lines().skip(1).all(|line| line.starts_with("      word")), "{text}");
}
