//! Measured, not hoped: false alarms under no change, power, and how well onsets are placed.
//!
//! The seeds are fixed. The ignored tests run the same experiments longer and print them:
//! `cargo test --lib stats::simulation -- --ignored --nocapture`.

use super::{Bucket, Shift, rate_shift, volume_shift};

/// xorshift64* (S. Vigna 2016): small, fixed, good enough for counts.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        // Neighbouring seeds begin alike.
        for _ in 0..20 {
            dice.unit();
        }
        dice
    }

    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn binomial(&mut self, n: u64, p: f64) -> u64 {
        (0..n).filter(|_| self.unit() < p).count() as u64
    }

    fn poisson(&mut self, mean: f64) -> u64 {
        let (mut events, mut time) = (0, -self.unit().ln());
        while time < mean {
            events += 1;
            time -= self.unit().ln();
        }
        events
    }
}

/// Traffic of hour `at`, by name of the shape.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Constant,
    DayNight,
    Weekend,
    Sparse,
}

const SHAPES: [Shape; 4] = [Shape::Constant, Shape::DayNight, Shape::Weekend, Shape::Sparse];

impl Shape {
    fn traffic(self, at: i64) -> f64 {
        let office = (8..18).contains(&(at % 24));
        match self {
            Self::Constant => 20.0,
            Self::DayNight => {
                if office {
                    40.0
                } else {
                    1.0
                }
            }
            Self::Weekend => match (at / 24 % 7 >= 5, office) {
                (true, _) => 1.0,
                (false, true) => 40.0,
                (false, false) => 6.0,
            },
            Self::Sparse => 0.5,
        }
    }
}

fn steady_share(dice: &mut Dice, shape: Shape, hours: i64, p: f64) -> Vec<Bucket> {
    (0..hours)
        .map(|index| {
            let total = dice.poisson(shape.traffic(index));
            Bucket { index, bad: dice.binomial(total, p), total }
        })
        .collect()
}

fn alarm(shift: Option<Shift>) -> bool {
    shift.is_some_and(|shift| shift.p_value < 0.01)
}

fn part(runs: u64, mut hit: impl FnMut(&mut Dice) -> bool) -> f64 {
    (1..=runs).filter(|&run| hit(&mut Dice::new(run))).count() as f64 / runs as f64
}

fn false_alarms(runs: u64) -> Vec<(String, f64)> {
    let mut out = Vec::new();
    for shape in SHAPES {
        for p in [0.02, 0.2] {
            let share = part(runs, |dice| alarm(rate_shift(&steady_share(dice, shape, 336, p))));
            out.push((format!("share {shape:?} p={p}"), share));
        }
        let weights: Vec<f64> = (0..336).map(|at| shape.traffic(at)).collect();
        let volume = part(runs, |dice| {
            let counts: Vec<(i64, u64)> =
                (0..336).map(|at| (at, dice.poisson(shape.traffic(at) * 0.1))).collect();
            alarm(volume_shift(&counts, 0, 335, Some(&weights)))
        });
        out.push((format!("volume {shape:?}"), volume));
    }
    out.push((
        "share of 40 buckets".to_owned(),
        part(runs, |dice| alarm(rate_shift(&steady_share(dice, Shape::Constant, 40, 0.1)))),
    ));
    out
}

/// Failures come as messages to 1..=`most` recipients each, all failing, among single successes.
fn clumped(dice: &mut Dice, hours: i64, messages: f64, most: u64) -> Vec<Bucket> {
    (0..hours)
        .map(|index| {
            let bad: u64 =
                (0..dice.poisson(messages)).map(|_| 1 + (dice.unit() * most as f64) as u64).sum();
            Bucket { index, bad, total: bad + dice.poisson(60.0) }
        })
        .collect()
}

fn clumped_alarms(runs: u64) -> Vec<(String, f64)> {
    let mut out = Vec::new();
    for (messages, most) in [(0.02, 10), (0.05, 10), (0.05, 30), (0.2, 10), (0.2, 30), (1.0, 30)] {
        let share = part(runs, |dice| alarm(rate_shift(&clumped(dice, 336, messages, most))));
        out.push((format!("clumped {messages}/h of 1..={most}"), share));
    }
    // A rate that itself has a day: 2 % by day, 8 % at night.
    let daily = part(runs, |dice| {
        let series: Vec<Bucket> = (0..336)
            .map(|index| {
                let p = if (8..18).contains(&(index % 24)) { 0.02 } else { 0.08 };
                Bucket { index, bad: dice.binomial(20, p), total: 20 }
            })
            .collect();
        alarm(rate_shift(&series))
    });
    out.push(("rate with a day of its own".to_owned(), daily));
    out
}

/// What a scenario came to.
#[derive(Debug, Default)]
struct Score {
    found: f64,
    within_two: f64,
    covered: f64,
    right_shape: f64,
}

/// `(hours, rate)` stretches on constant traffic; the second one is the incident.
fn score(runs: u64, traffic: f64, parts: &[(i64, f64)]) -> Score {
    let mut score = Score::default();
    let onset = parts[0].0 as usize;
    for run in 1..=runs {
        let dice = &mut Dice::new(run);
        let mut series = Vec::new();
        for &(hours, p) in parts {
            for _ in 0..hours {
                let total = dice.poisson(traffic);
                let index = series.len() as i64;
                series.push(Bucket { index, bad: dice.binomial(total, p), total });
            }
        }
        let Some(shift) = rate_shift(&series).filter(|shift| shift.p_value < 0.01) else {
            continue;
        };
        score.found += 1.0;
        score.within_two += f64::from(u8::from(shift.start.abs_diff(onset) <= 2));
        score.covered += f64::from(u8::from((shift.earliest..=shift.latest).contains(&onset)));
        score.right_shape += f64::from(u8::from(shift.end.is_some() == (parts.len() > 2)));
    }
    score.within_two /= score.found.max(1.0);
    score.covered /= score.found.max(1.0);
    score.right_shape /= score.found.max(1.0);
    score.found /= runs as f64;
    score
}

fn powers(runs: u64) -> Vec<(&'static str, Score)> {
    vec![
        ("0 of 40, then 77 % of 30, 1 an hour", score(runs, 1.0, &[(40, 0.0), (30, 0.77)])),
        ("3 % to 8 % half way through 5,000", score(runs, 14.9, &[(168, 0.03), (168, 0.08)])),
        ("3 % to 8 % in the last fifth of 5,000", score(runs, 14.9, &[(268, 0.03), (68, 0.08)])),
        (
            "1 % to 50 % for 4 hours of 336, 5 an hour",
            score(runs, 5.0, &[(200, 0.01), (4, 0.5), (132, 0.01)]),
        ),
        (
            "0 to 20 % for 24 hours of 720, 5 an hour",
            score(runs, 5.0, &[(400, 0.0), (24, 0.2), (296, 0.0)]),
        ),
        (
            "2 % to 30 % in the last 10 of 110 hours, 5 an hour",
            score(runs, 5.0, &[(100, 0.02), (10, 0.3)]),
        ),
        ("0 to 90 % in the last 3 hours, 3 an hour", score(runs, 3.0, &[(333, 0.0), (3, 0.9)])),
    ]
}

#[test]
fn no_change_is_no_alarm() {
    for (name, share) in false_alarms(150) {
        assert!(share <= 0.015, "{name}: {share}");
    }
}

#[test]
fn clumps_are_no_alarm() {
    // Seven clumps in all are too few: without the largest, little is left to learn from.
    for (name, share) in clumped_alarms(100) {
        let limit = if name.starts_with("clumped 0.02/h") { 0.12 } else { 0.015 };
        assert!(share <= limit, "{name}: {share}");
    }
}

#[test]
fn changes_are_found_where_they_are() {
    for (name, score) in powers(60) {
        assert!(score.found >= 0.85 && score.right_shape >= 0.9, "{name}: {score:?}");
        assert!(score.covered >= 0.8, "{name}: {score:?}");
    }
}

#[test]
#[ignore = "long; prints the figures"]
fn figures_without_change() {
    for (name, share) in false_alarms(4000) {
        println!("false alarms, {name}: {share}");
    }
}

#[test]
#[ignore = "long; prints the figures"]
fn figures_of_clumps() {
    for (name, share) in clumped_alarms(2000) {
        println!("false alarms, {name}: {share}");
    }
}

#[test]
#[ignore = "long; prints the figures"]
fn figures_of_power() {
    for (name, score) in powers(500) {
        println!("power, {name}: {score:.3?}");
    }
}
