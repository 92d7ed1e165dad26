//! Shapes that several parts draw. Charts are drawn in pixels of height and per cent of width, so
//! that their words keep their size on every screen; no shape says anything by colour alone.

use crate::model::LayerState;
use crate::render::headline::Mood;
use maud::{Markup, html};

/// A number for an attribute: at most two decimals.
pub(super) fn num(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A part of a width, 0 to 1, as a percentage for an attribute.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", num(share.clamp(0.0, 1.0) * 100.0))
}

/// Shapes and patterns that the others refer to.
pub(super) fn definitions() -> Markup {
    html! {
        svg.defs width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                pattern id="p-held" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.held-ground width="5" height="5" {}
                    rect.held-line width="2" height="5" {}
                }
                pattern id="p-gap" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)" {
                    rect.gap-line width="1" height="7" {}
                }
                symbol id="i-failing" viewBox="0 0 16 16" {
                    rect x="1" y="1" width="14" height="14" rx="3" {}
                    path.cut d="M5 5l6 6M11 5l-6 6" {}
                }
                symbol id="i-risk" viewBox="0 0 16 16" {
                    path d="M8 .8 15.6 14.6H.4z" {}
                    path.cut d="M8 5.6v4.2M8 11.6v1.2" {}
                }
                symbol id="i-clear" viewBox="0 0 16 16" {
                    circle cx="8" cy="8" r="7" {}
                    path.cut d="M4.6 8.3l2.3 2.4 4.4-5" {}
                }
                symbol id="i-not_observable" viewBox="0 0 16 16" {
                    circle.hollow cx="8" cy="8" r="6.4" stroke-dasharray="2.4 2.6" {}
                }
                symbol id="i-insufficient_data" viewBox="0 0 16 16" {
                    circle.hollow cx="8" cy="8" r="6.4" {}
                    path.ink d="M6 6.4a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.2v1.1" {}
                }
            }
        }
    }
}

/// The sign of a layer's state. The word stands beside it.
pub(super) fn state(state: LayerState) -> Markup {
    icon(state.as_str())
}

/// The sign of a verdict.
pub(super) fn mood(mood: Mood) -> Markup {
    icon(match mood {
        Mood::Bad => "failing",
        Mood::Warn => "risk",
        Mood::Good => "clear",
    })
}

fn icon(name: &str) -> Markup {
    html! {
        svg class={ "icon " (name) } width="16" height="16" aria-hidden="true" focusable="false" {
            use href={ "#i-" (name) } {}
        }
    }
}

/// A bar of so much of its width, failing and held parts first. The numbers stand beside it.
pub(super) fn bar(all: f64, failing: f64, held: f64) -> Markup {
    let sound = (all - failing - held).max(0.0);
    html! {
        svg.bar height="10" aria-hidden="true" focusable="false" {
            rect.track width="100%" height="10" {}
            @if failing > 0.0 { rect.failing width=(percent(failing)) height="10" {} }
            @if held > 0.0 { rect.held x=(percent(failing)) width=(percent(held)) height="10" {} }
            @if sound > 0.0 { rect.sound x=(percent(failing + held)) width=(percent(sound)) height="10" {} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_finite() {
        assert_eq!(num(12.0), "12");
        assert_eq!(num(0.126), "0.13");
        assert_eq!(num(-0.001), "0");
        assert_eq!(num(f64::NAN), "0");
        assert_eq!(percent(0.625), "62.5%");
        assert_eq!(percent(7.0), "100%");
    }

    #[test]
    fn every_state_has_a_sign() {
        let all = definitions().into_string();
        for state in LayerState::ALL {
            assert!(all.contains(&format!("id=\"i-{state}\"")), "{state}");
        }
    }

    #[test]
    fn a_bar_is_cut_in_its_parts() {
        let bar = bar(0.5, 0.1, 0.2).into_string();
        assert!(bar.contains("class=\"failing\" width=\"10%\""), "{bar}");
        assert!(bar.contains("class=\"held\" x=\"10%\" width=\"20%\""), "{bar}");
        assert!(bar.contains("class=\"sound\" x=\"30%\" width=\"20%\""), "{bar}");
    }
}
