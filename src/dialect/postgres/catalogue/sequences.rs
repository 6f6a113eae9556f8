//! [`Counting`]: how a sequence counts.

use crate::dialect::ansi::inspect::Row;
use crate::error::{Error, Result};
use crate::schema::ColumnType;
use crate::schema::expression::{Token, significant};

/// How a sequence counts; none is what PostgreSQL chooses itself ("CREATE SEQUENCE").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counting {
    increment: Option<i64>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    start: Option<i64>,
    cache: Option<i64>,
    cycle: bool,
}

impl Counting {
    /// Reads the options of an identity column: `start with 100 increment by 10`. None for options
    /// that say more than how it counts.
    #[must_use]
    pub fn parse(options: &str) -> Option<Self> {
        let words = significant(options);
        let mut counting = Self::default();
        let mut rest = words.as_slice();
        while let Some((Token::Word(word), after)) = rest.split_first() {
            rest = after;
            let word = word.to_lowercase();
            match word.as_str() {
                "no" => {
                    let (Token::Word(_), after) = rest.split_first()? else { return None };
                    rest = after;
                }
                "cycle" => counting.cycle = true,
                "increment" | "start" | "minvalue" | "maxvalue" | "cache" => {
                    if let Some((Token::Word("by" | "BY" | "with" | "WITH"), after)) = rest.split_first() {
                        rest = after;
                    }
                    let (number, after) = number(rest)?;
                    rest = after;
                    *match word.as_str() {
                        "increment" => &mut counting.increment,
                        "start" => &mut counting.start,
                        "minvalue" => &mut counting.minimum,
                        "maxvalue" => &mut counting.maximum,
                        _ => &mut counting.cache,
                    } = Some(number);
                }
                _ => return None,
            }
        }
        rest.is_empty().then_some(counting)
    }

    /// Reads the sequence of a column; none where it has none.
    ///
    /// # Errors
    /// `Internal` for a row of another statement.
    pub fn read(row: Row<'_>) -> Result<Option<Self>> {
        if row.text("kind")?.is_none() {
            return Ok(None);
        }
        let number = |name: &str| {
            let text = row.text(name)?.unwrap_or_default();
            text.parse().map(Some).map_err(|_| Error::internal(format!("{name} of a sequence is {text}")))
        };
        Ok(Some(Self {
            increment: number("increment")?,
            minimum: number("minimum")?,
            maximum: number("maximum")?,
            start: number("start")?,
            cache: number("cache")?,
            cycle: row.is_true("cycle")?,
        }))
    }

    /// The same without what PostgreSQL chooses itself for a column of this type.
    #[must_use]
    pub fn without_defaults(self, column_type: &ColumnType) -> Self {
        let (least, greatest) = match column_type {
            ColumnType::SmallInteger | ColumnType::TinyInteger => (i64::from(i16::MIN), i64::from(i16::MAX)),
            ColumnType::BigInteger => (i64::MIN, i64::MAX),
            _ => (i64::from(i32::MIN), i64::from(i32::MAX)),
        };
        let is_rising = self.increment.unwrap_or(1) > 0;
        let (least, greatest) = if is_rising { (1, greatest) } else { (least, -1) };
        let first = if is_rising { self.minimum.unwrap_or(least) } else { self.maximum.unwrap_or(greatest) };
        let unless = |number: Option<i64>, default: i64| number.filter(|number| *number != default);
        Self {
            increment: unless(self.increment, 1),
            minimum: unless(self.minimum, least),
            maximum: unless(self.maximum, greatest),
            start: unless(self.start, first),
            cache: unless(self.cache, 1),
            cycle: self.cycle,
        }
    }

    /// The options of an identity column; none when PostgreSQL chooses all of them.
    #[must_use]
    pub fn options(&self) -> Option<String> {
        let numbers = [
            ("increment by", self.increment),
            ("minvalue", self.minimum),
            ("maxvalue", self.maximum),
            ("start with", self.start),
            ("cache", self.cache),
        ];
        let said = numbers.into_iter().filter_map(|(words, number)| Some(format!("{words} {}", number?)));
        let parts: Vec<_> = said.chain(self.cycle.then(|| "cycle".to_owned())).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

fn number<'t, 's>(tokens: &'t [Token<'s>]) -> Option<(i64, &'t [Token<'s>])> {
    match tokens {
        [Token::Number(number), rest @ ..] => Some((number.parse().ok()?, rest)),
        [Token::Sign("-"), Token::Number(number), rest @ ..] => {
            Some((format!("-{number}").parse().ok()?, rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(options: &str) -> Option<String> {
        Counting::parse(options)?.without_defaults(&ColumnType::Integer).options()
    }

    #[test]
    fn options_are_spelled_in_one_order_without_what_is_chosen_anyway() {
        assert_eq!(
            spelled("START WITH 100 increment 10 no cycle").as_deref(),
            Some("increment by 10 start with 100")
        );
        assert_eq!(spelled("start with 1 cache 1 no minvalue maxvalue 2147483647"), None);
        assert_eq!(spelled("increment by -1 start with -1").as_deref(), Some("increment by -1"));
        assert_eq!(spelled("minvalue 5 start 5 cycle").as_deref(), Some("minvalue 5 cycle"));
        assert_eq!(Counting::parse("sequence name s"), None);
        assert_eq!(Counting::parse("start with"), None);
    }
}
