//! The calendar as arithmetic: days since 1970-01-01 and civil dates, for every year.
//!
//! A year is taken to begin in March, so that the leap day is its last; eras of 400 years repeat
//! exactly. The method is Howard Hinnant's, <https://howardhinnant.github.io/date_algorithms.html>.

/// Days in 400 years, after which the Gregorian calendar repeats, weekdays included.
pub const DAYS_IN_ERA: i64 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar. Year 0 is 1 BC.
#[must_use]
pub fn days_from_civil(year: i32, month: u8, day: u8) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i64::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_IN_ERA + day_of_era - EPOCH
}

/// Year, month and day of a count of days since 1970-01-01.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // months and days are small; years fit for every f64 instant
pub fn civil_from_days(days: i64) -> (i32, u8, u8) {
    let days = days + EPOCH;
    let era = days.div_euclid(DAYS_IN_ERA);
    let day_of_era = days.rem_euclid(DAYS_IN_ERA);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as u8, day as u8)
}

/// How many days a month has.
#[must_use]
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates_have_their_known_numbers() {
        for (date, days) in [
            ((1970, 1, 1), 0),
            ((1969, 12, 31), -1),
            ((2000, 2, 29), 11_016),
            ((2000, 3, 1), 11_017),
            ((1, 1, 1), -719_162),
            ((0, 12, 31), -719_163),
            ((9999, 12, 31), 2_932_896),
            // From PostgreSQL 15: `date - date '1970-01-01'`.
            ((294_276, 12, 31), 106_762_939),
            ((-4712, 11, 24), -2_440_222),
        ] {
            assert_eq!(days_from_civil(date.0, date.1, date.2), days, "{date:?}");
            assert_eq!(civil_from_days(days), date, "{days}");
        }
    }

    #[test]
    fn every_day_of_two_eras_follows_the_one_before() {
        let mut previous = civil_from_days(-DAYS_IN_ERA - 1);
        for days in -DAYS_IN_ERA..DAYS_IN_ERA {
            let (year, month, day) = civil_from_days(days);
            let (last_year, last_month, last_day) = previous;
            let expected = if last_day < days_in_month(last_year, last_month) {
                (last_year, last_month, last_day + 1)
            } else if last_month < 12 {
                (last_year, last_month + 1, 1)
            } else {
                (last_year + 1, 1, 1)
            };
            assert_eq!((year, month, day), expected);
            assert_eq!(days_from_civil(year, month, day), days);
            previous = expected;
        }
    }
}
