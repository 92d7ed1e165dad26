//! Values of options: times, lengths of time, sizes, shares, domains. Errors name what would do.

use mailtriage::decode::DateOrder;
use mailtriage::decode::time::{self, Written};
use mailtriage::model::time::{DAY, HOUR, MINUTE};

/// A bucket width (`30m`, `1h`, `1d`) in microseconds: whole minutes that divide a day, or whole
/// days up to 31, so that buckets stand at the same time of every day.
pub(super) fn bucket(text: &str) -> Result<i64, String> {
    const HELP: &str = "write minutes, hours or days, such as 15m, 1h or 1d";
    let (digits, unit) = split(text);
    let unit = match unit.to_ascii_lowercase().as_str() {
        "m" | "min" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => return Err(HELP.to_owned()),
    };
    let count: i64 = digits.parse().map_err(|_| HELP.to_owned())?;
    let bucket = count.checked_mul(unit).unwrap_or(i64::MAX);
    if !(MINUTE..=31 * DAY).contains(&bucket) {
        return Err("a bucket is at least 1m and at most 31d wide".to_owned());
    }
    if DAY % bucket != 0 && bucket % DAY != 0 {
        return Err(
            "a bucket must divide a day evenly (such as 15m, 30m, 1h, 2h, 6h) or be whole days"
                .to_owned(),
        );
    }
    Ok(bucket)
}

/// Least memory with which the fold is worth its partitions.
const LEAST_MEMORY: u64 = 16 << 20;

/// A size in bytes: `K`, `M`, `G`, `KiB`, `MiB`, `GiB` count in 1024, `KB`, `MB`, `GB` in 1000.
pub(super) fn memory(text: &str) -> Result<u64, String> {
    const HELP: &str = "write a size such as 192MiB, 200MB or 1G";
    let (digits, unit) = split(text);
    let unit: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err(HELP.to_owned()),
    };
    let count: u64 = digits.parse().map_err(|_| HELP.to_owned())?;
    let size = count.checked_mul(unit).ok_or_else(|| HELP.to_owned())?;
    if size < LEAST_MEMORY {
        return Err("at least 16MiB are needed".to_owned());
    }
    Ok(size)
}

/// A share as `1%` or `0.01`, in parts per million: exact, so that 29 of 100 are not more than
/// 29%.
pub(super) fn share(text: &str) -> Result<u32, String> {
    const HELP: &str = "write a share such as 1% or 0.01, from 0 to 100%";
    let text = text.trim();
    let (number, digits) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 4),
        None => (text, 6),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(HELP.to_owned());
    }
    if fraction.trim_end_matches('0').len() > digits {
        return Err("no finer than one part in a million (0.0001%)".to_owned());
    }
    let scaled = format!("{whole}{fraction:0<digits$.digits$}");
    let ppm: u32 = scaled.parse().map_err(|_| HELP.to_owned())?;
    if ppm > 1_000_000 {
        return Err(if digits == 6 {
            format!("{HELP}; did you mean {text}%?")
        } else {
            HELP.to_owned()
        });
    }
    Ok(ppm)
}

/// A domain, in lower case, without a leading `@` or a trailing dot.
pub(super) fn domain(text: &str) -> Result<String, String> {
    let domain = text.trim().trim_start_matches('@').trim_end_matches('.');
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && l.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    if domain.len() > 253 || !domain.split('.').all(label) {
        return Err("write a domain such as contoso.com".to_owned());
    }
    Ok(domain.to_lowercase())
}

/// A date or a time with the year first, its zone not yet settled where none is written.
pub(super) fn moment(text: &str) -> Result<Written, String> {
    const HELP: &str = "write a date or a time such as 2026-11-16, 2026-11-16T08:14 or \
                        2026-11-16T08:14:00+01:00, the year first";
    let written = time::parse(text.as_bytes()).ok_or_else(|| HELP.to_owned())?;
    if !written.year_first() {
        return Err(HELP.to_owned());
    }
    if written.instant(DateOrder::Ymd).is_none() {
        return Err("there is no such date in the calendar".to_owned());
    }
    Ok(written)
}

/// Digits, and the unit behind them.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    (digits, unit.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn buckets() {
        assert_eq!(bucket("1h"), Ok(HOUR));
        assert_eq!(bucket(" 30 m "), Ok(30 * MINUTE));
        assert_eq!(bucket("90min"), Ok(90 * MINUTE));
        assert_eq!(bucket("1D"), Ok(DAY));
        assert_eq!(bucket("7d"), Ok(7 * DAY));
        for wrong in [
            "",
            "h",
            "1",
            "1s",
            "-1h",
            "1.5h",
            "0m",
            "7h",
            "25h",
            "32d",
            "1h1h",
            "99999999999999999999h",
        ] {
            assert!(bucket(wrong).is_err(), "{wrong}");
        }
        assert!(bucket("7h").unwrap_err().contains("divide a day"));
    }

    #[test]
    fn sizes() {
        assert_eq!(memory("192MiB"), Ok(192 << 20));
        assert_eq!(memory("200MB"), Ok(200_000_000));
        assert_eq!(memory("1G"), Ok(1 << 30));
        assert_eq!(memory("20000 k"), Ok(20_000 << 10));
        assert_eq!(memory("33554432"), Ok(32 << 20));
        for wrong in
            ["", "MiB", "1.5G", "1T", "-1G", "15MiB", "99999999999999999999", "99999999999G"]
        {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares() {
        assert_eq!(share("1%"), Ok(10_000));
        assert_eq!(share("0.01"), Ok(10_000));
        assert_eq!(share(".5%"), Ok(5_000));
        assert_eq!(share("0"), Ok(0));
        assert_eq!(share("100%"), Ok(1_000_000));
        assert_eq!(share("1"), Ok(1_000_000));
        assert_eq!(share("0.0001%"), Ok(1));
        assert_eq!(share("29.000000%"), Ok(290_000));
        for wrong in ["", "%", ".", "-1%", "101%", "5", "1e-2", "0.00001%", "1,5%", "nan"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
        assert!(share("5").unwrap_err().contains("did you mean 5%?"));
    }

    #[test]
    fn moments() {
        let read = |text| moment(text).map(|w| w.instant(DateOrder::Ymd).unwrap().rfc3339());
        for (text, expected) in [
            ("2026-11-16", "2026-11-16T00:00:00Z"),
            ("2026-11-16T08:14", "2026-11-16T08:14:00Z"),
            ("2026-11-16 08:14:02", "2026-11-16T08:14:02Z"),
            ("2026-11-16T08:14:02Z", "2026-11-16T08:14:02Z"),
            ("2026-11-16T08:14+01:00", "2026-11-16T07:14:00Z"),
        ] {
            assert_eq!(read(text), Ok(expected.to_owned()), "{text}");
        }
        for wrong in ["", "yesterday", "16.11.2026", "11/16/2026", "2026-11", "2026-11-16T25:00"] {
            assert!(moment(wrong).unwrap_err().contains("2026-11-16T08:14"), "{wrong}");
        }
        assert!(moment("2026-02-30").unwrap_err().contains("no such date"));
    }

    #[test]
    fn domains() {
        assert_eq!(domain("@Contoso.COM."), Ok("contoso.com".to_owned()));
        assert_eq!(domain("münchen.example"), Ok("münchen.example".to_owned()));
        for wrong in ["", "@", "a b.test", "user@contoso.com", "a..b", "a,b", &"x".repeat(64)] {
            assert!(domain(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,20}|[0-9.]{0,30}[a-zA-Z%]{0,3}") {
            let _ = (bucket(&text), memory(&text), share(&text), domain(&text), moment(&text));
        }

        #[test]
        fn shares_are_exact(ppm in 0u32..=1_000_000) {
            let text = format!("{}.{:04}%", ppm / 10_000, ppm % 10_000);
            prop_assert_eq!(share(&text), Ok(ppm));
        }
    }
}
