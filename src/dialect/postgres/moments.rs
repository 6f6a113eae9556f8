//! Constants of days and times, as the server writes them.

use std::borrow::Cow;

/// A day and time without zone: `2026-01-31 00:00:00`.
pub(super) fn without_zone(text: &str) -> String {
    let text = text.replacen('T', " ", 1);
    let is_day = text.len() == "2026-01-31".len() && text.matches('-').count() == 2;
    if is_day { text + " 00:00:00" } else { without_zeros(&text).into_owned() }
}

/// A moment without its offset. The server writes `+01`, that of the session, in which one without
/// offset was read as well; any other offset is taken for what it says.
pub(super) fn in_utc(text: &str) -> String {
    let local = without_offset(text);
    if local.len() < text.len() {
        return without_zone(local);
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(moment) => without_zone(&moment.strftime("%Y-%m-%d %H:%M:%S%.f").to_string()),
        Err(_) => without_zone(text),
    }
}

/// A time without the offset that the server writes behind it.
pub(super) fn without_offset(text: &str) -> &str {
    match text.rsplit_once(['+', '-']) {
        Some((time, hours))
            if hours.len() == 2 && hours.bytes().all(|byte| byte.is_ascii_digit()) && time.contains(':') =>
        {
            time
        }
        _ => text,
    }
}

/// A fraction of a second without the zeros at its end.
fn without_zeros(text: &str) -> Cow<'_, str> {
    match text.rsplit_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            let fraction = fraction.trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            Cow::Owned(format!("{whole}{point}{fraction}"))
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_moment_is_the_same_text() {
        let same = [
            ("2026-01-31", "2026-01-31 00:00:00"),
            ("2026-01-31T10:00:00.500", "2026-01-31 10:00:00.5"),
            ("2026-01-31 10:00:00.000", "2026-01-31 10:00:00"),
            ("infinity", "infinity"),
        ];
        for (text, spelled) in same {
            assert_eq!(without_zone(text), spelled);
            assert_eq!(in_utc(text), spelled);
        }
        for text in ["2026-01-31 10:00:00+00", "2026-01-31T10:00:00Z", "2026-01-31 12:00:00+02:00"] {
            assert_eq!(in_utc(text), "2026-01-31 10:00:00", "{text}");
        }
        assert_eq!(without_offset("10:00:00+00"), "10:00:00");
    }
}
