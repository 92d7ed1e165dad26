//! Did a rate or a volume change, or stop, when, how sure?
//!
//! In: series of counts per time bucket, p-values, counts. Out: shifts with onset, interval and
//! p-value; states; steady rates; intervals; discoveries among many.
//!
//! Deliberately absent: everything about mail (what counts as bad, which entities to compare,
//! how much support a finding needs), the clock, randomness, parallelism. Nothing of ours is
//! imported. No NaN leaves this room, whatever comes in.

mod chronic;
mod interval;
mod law;
mod multiple;
mod rhythm;
mod scan;
mod screen;
mod silence;
#[cfg(test)]
mod simulation;
mod special;
mod spread;
mod state;
mod tail_memo;
mod tails;
mod track;
mod windows;

pub use chronic::{Steady, steady};
pub use interval::{LEVEL, poisson, wilson};
pub use multiple::{adjusted, benjamini_hochberg};
pub use rhythm::Rhythm;
pub use scan::{
    Shift, dispersion, rate_shift, rate_shift_below, rate_shift_with, volume_shift,
    volume_shift_below, volume_shift_with,
};
pub use silence::{Silence, silence};
pub use special::{
    beta_i, chi_square_sf, gamma_p, gamma_q, ln_gamma, normal_cdf, normal_quantile, normal_sf,
};
pub use state::{State, state, volume_state};
pub use tails::{
    binomial_at_least, binomial_at_most, hypergeometric_at_least, poisson_at_least, poisson_at_most,
};
pub use track::Bucket;
