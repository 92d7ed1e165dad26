//! Overdispersion: mail fails in clumps (one message to thirty dead addresses, a mailing), so
//! counts scatter more than single events would.

use std::ops::Range;

use super::law::Kind;
use super::special::chi_square_sf;
use super::track::Track;
use super::windows::{Family, best};

/// Stretches left out besides the one in question: what happened twice more is still an
/// incident each time; what happens all the time is scatter.
const LEFT_OUT: usize = 2;
/// Fewer buckets than this say nothing about scatter.
const LEAST_BUCKETS: usize = 8;
/// Weight of the assumption "no clumps", in degrees of freedom: a few buckets move it little.
const PRIOR: f64 = 2.0;
/// Clumps differ in size, and the far tail is made by the large ones: it behaves like clumps of
/// `E[g^3] / E[g^2]` events, where the variance shows `E[g^2] / E[g]`. For sizes that fall
/// exponentially the first is one and a half times the second.
const UNEVEN: f64 = 1.5;
/// Scatter over longer blocks counts only if it is this unlikely to be chance.
const DOUBT: f64 = 0.01;

/// Variance inflation around the two rates of `stretch` and its outside, at least 1 and finite:
/// Pearson's chi-square over its degrees of freedom (P. McCullagh & J. Nelder, *Generalized
/// Linear Models*, 1989, 4.5.2), over blocks of at least one expected event, and over long blocks
/// too, where slow scatter (a rhythm of the rate itself, bursts over several buckets) shows.
/// What goes beyond 1 is raised by [`UNEVEN`].
///
/// The larger of the two sides counts: where a stretch is nearly all there is, its outside is too
/// small to show the clumps. A stretch too short to show scatter is judged by its outside alone.
///
/// Robust: the stretch and the two most striking others do not count, if they last: a spike in
/// one bucket is just what a clump looks like.
pub(super) fn around(track: &Track, stretch: &Range<usize>) -> f64 {
    let mut rest = track.without(stretch);
    for _ in 0..LEFT_OUT {
        let least = (rest.len() as f64).ln() + 2.0;
        let striking = [Family::Late, Family::Early, Family::Inner]
            .into_iter()
            .filter_map(|family| best(&rest, family))
            .filter(|found| found.ratio > least && lasting(&rest, &found.range))
            .max_by(|a, b| a.ratio.total_cmp(&b.ratio));
        let Some(found) = striking else { break };
        rest = rest.without(&found.range);
    }
    if stretch.len() < LEAST_BUCKETS {
        return scatter(&rest);
    }
    scatter(&rest).max(scatter(&track.only(stretch)))
}

/// Is it a short part of the whole, and hit in at least three and in most of its buckets?
fn lasting(rest: &Track, range: &Range<usize>) -> bool {
    let hit = rest.cells.iter().take(range.end).skip(range.start).filter(|cell| cell.bad > 0.0);
    let hit = hit.count();
    hit >= 3 && hit * 2 >= range.len() && range.len() * 3 <= rest.len()
}

fn scatter(rest: &Track) -> f64 {
    if rest.len() < LEAST_BUCKETS || !rest.can_shift() {
        return 1.0;
    }
    let estimate = |(chi, df): (f64, f64)| {
        let inflation = (chi + PRIOR) / (df + PRIOR);
        1.0 + UNEVEN * (inflation - 1.0).max(0.0)
    };
    let mut out = estimate(pearson(rest, 1.0));
    for blocks in [32.0, 12.0] {
        let least = rest.law.bad / blocks;
        if least > 2.0 {
            let (chi, df) = pearson(rest, least);
            if chi_square_sf(chi / out, df) < DOUBT {
                out = out.max(estimate((chi, df)));
            }
        }
    }
    if out.is_finite() { out } else { 1.0 }
}

/// Pearson's chi-square and its degrees of freedom over blocks of neighbouring buckets with at
/// least `least` expected events each.
fn pearson(rest: &Track, least: f64) -> (f64, f64) {
    let rate = rest.law.bad / rest.law.exposure;
    let good = if rest.law.kind == Kind::Share { (1.0 - rate).max(f64::EPSILON) } else { 1.0 };
    let (mut chi, mut blocks, mut from) = (0.0, 0.0, 0);
    for end in 1..=rest.len() {
        let mean = rate * rest.exposure(from, end);
        if mean >= least {
            let gap = rest.bad(from, end) - mean;
            chi += gap * gap / (mean * good);
            blocks += 1.0;
            from = end;
        }
    }
    (chi, f64::max(blocks - 1.0, 0.0))
}
