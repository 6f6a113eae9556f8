//! [`translate`]: raw SQL of the user with its placeholders made the database's own.

use std::collections::HashMap;

use super::Dialect;
use super::scanner::{Piece, Scanner};
use super::statement_kind::Keywords;
pub use super::statement_kind::StatementKind;
use crate::error::{Error, Result};

/// How the values of a raw statement are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingStyle<'a> {
    /// A list of this many values, for `?` (and `$n` on PostgreSQL).
    Positional(usize),
    /// Values by name, for `:name`: the names, in the order of the values.
    Named(&'a [String]),
}

/// A raw statement as the database takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The text with the database's own placeholders.
    pub sql: String,
    /// Which value each placeholder takes. `None`: the n-th takes the n-th.
    pub order: Option<Vec<u32>>,
    /// How many placeholders there are.
    pub placeholders: usize,
    /// What the statement does.
    pub kind: StatementKind,
}

/// Finds the placeholders of `sql` and writes them as `dialect` spells them.
///
/// `?` works on every database, `$n` on PostgreSQL, `:name` with values by name; `??` is a literal
/// `?`. Literals, quoted names, comments and dollar quotes are left alone. Without values a `?` stays
/// on PostgreSQL, where it is an operator.
///
/// # Errors
/// `InvalidArgument` when placeholders and values do not match, when two styles are mixed, when a
/// name is missing, or when there is more than one statement.
pub fn translate(sql: &str, bindings: BindingStyle<'_>, dialect: &dyn Dialect) -> Result<Translated> {
    let indexes: HashMap<&str, usize> = match bindings {
        BindingStyle::Named(names) => names.iter().map(String::as_str).zip(0..).collect(),
        BindingStyle::Positional(_) => HashMap::new(),
    };
    let numbers = vec![0; indexes.len()];
    let mut output =
        Output { sql: String::with_capacity(sql.len() + 16), order: Vec::new(), numbers, dialect };
    let mut seen = Seen::default();
    let mut keywords = Keywords::default();
    let mut is_ended = false;
    for piece in Scanner::new(sql, dialect.driver()) {
        if is_ended && !is_blank(piece) && !keywords.may_hold_statements() {
            return Err(Error::invalid(
                "more than one statement: send one statement per call, or use unprepared() for a script without values",
            ));
        }
        keywords.see(piece);
        match piece {
            Piece::Code(text) | Piece::Quoted(text) | Piece::Comment(text) => output.sql.push_str(text),
            Piece::Semicolon => {
                is_ended = !keywords.is_empty();
                output.sql.push(';');
            }
            Piece::Escaped => output.sql.push('?'),
            Piece::Question => {
                seen.questions += 1;
                if bindings == BindingStyle::Positional(0) {
                    output.sql.push('?');
                } else {
                    output.next();
                }
            }
            Piece::Numbered(text, number) => {
                seen.highest = seen.highest.max(number as usize);
                seen.has_zero |= number == 0;
                output.sql.push_str(text);
            }
            Piece::Named(name) => match bindings {
                BindingStyle::Named(_) => match indexes.get(name) {
                    Some(index) => output.named(*index),
                    None => seen.missing.push(name.to_owned()),
                },
                BindingStyle::Positional(_) => {
                    output.sql.push(':');
                    output.sql.push_str(name);
                }
            },
        }
    }
    let kind = keywords.kind();
    let placeholders = seen.check(bindings, dialect, &output, &keywords)?;
    let is_plain = output.order.iter().enumerate().all(|(at, index)| at == *index as usize);
    let order = (!is_plain).then_some(output.order);
    Ok(Translated { sql: output.sql, order, placeholders, kind })
}

fn is_blank(piece: Piece<'_>) -> bool {
    match piece {
        Piece::Code(text) => text.trim().is_empty(),
        Piece::Comment(_) | Piece::Semicolon => true,
        _ => false,
    }
}

/// The text written so far.
struct Output<'a> {
    sql: String,
    order: Vec<u32>,
    /// For each name, the number of its placeholder; 0 while it has none.
    numbers: Vec<usize>,
    dialect: &'a dyn Dialect,
}

impl Output<'_> {
    /// The next positional value.
    fn next(&mut self) {
        let index = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        self.order.push(index);
        self.dialect.placeholder(self.order.len(), &mut self.sql);
    }

    /// A value by name. Where placeholders have numbers, a name that comes again takes the same
    /// one, so that `group by f(:a)` is the same expression as `select f(:a)`.
    fn named(&mut self, index: usize) {
        let known = self.numbers[index];
        if known > 0 && self.dialect.capabilities().numbered_placeholders {
            self.dialect.placeholder(known, &mut self.sql);
            return;
        }
        self.order.push(u32::try_from(index).unwrap_or(u32::MAX));
        self.numbers[index] = self.order.len();
        self.dialect.placeholder(self.order.len(), &mut self.sql);
    }
}

/// The placeholders that were met.
#[derive(Default)]
struct Seen {
    questions: usize,
    highest: usize,
    has_zero: bool,
    missing: Vec<String>,
}

impl Seen {
    /// How many placeholders the statement has, if they fit the values.
    fn check(
        &self,
        bindings: BindingStyle<'_>,
        dialect: &dyn Dialect,
        output: &Output<'_>,
        keywords: &Keywords,
    ) -> Result<usize> {
        let has_numbers = self.highest > 0 || self.has_zero;
        match bindings {
            BindingStyle::Named(_) if self.questions > 0 || has_numbers => Err(Error::invalid(
                "the values have names, but the statement also has positional placeholders: use one style, and ?? for the operator ?",
            )),
            BindingStyle::Named(_) if !self.missing.is_empty() => {
                let names: Vec<_> = self.missing.iter().map(|name| format!(":{name}")).collect();
                Err(Error::invalid(format!("no value was given for {}", names.join(", "))))
            }
            BindingStyle::Named(_) => Ok(output.order.len()),
            BindingStyle::Positional(0) if dialect.capabilities().question_is_operator && !has_numbers => {
                Ok(0)
            }
            BindingStyle::Positional(0) if keywords.prepares() => Ok(0),
            BindingStyle::Positional(_) if self.questions > 0 && has_numbers => {
                Err(Error::invalid("the statement mixes ? and $n: use one style, and ?? for the operator ?"))
            }
            BindingStyle::Positional(_) if self.has_zero => {
                Err(Error::invalid("placeholders are counted from $1 to $65535"))
            }
            BindingStyle::Positional(given) => {
                let wanted = self.questions + self.highest;
                if wanted == given {
                    return Ok(given);
                }
                let hint = if self.questions > given && dialect.capabilities().question_is_operator {
                    " (write ?? for the operator ?)"
                } else {
                    ""
                };
                Err(Error::invalid(format!(
                    "the statement has {wanted} placeholder{}, but {given} value{} {} given{hint}",
                    if wanted == 1 { "" } else { "s" },
                    if given == 1 { "" } else { "s" },
                    if given == 1 { "was" } else { "were" },
                )))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DriverName;
    use crate::dialect::lookup;

    fn positional(sql: &str, values: usize, driver: DriverName) -> Result<Translated> {
        translate(sql, BindingStyle::Positional(values), lookup(driver))
    }

    fn named(sql: &str, names: &[&str], driver: DriverName) -> Result<Translated> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        translate(sql, BindingStyle::Named(&names), lookup(driver))
    }

    fn message(outcome: Result<Translated>) -> String {
        outcome.map(|translated| translated.sql).expect_err("an error").message
    }

    #[test]
    fn question_marks_become_the_databases_own() {
        let sql = "select * from t where a = ? and b = ?";
        let of = |driver| positional(sql, 2, driver).expect("translates").sql;
        assert_eq!(of(DriverName::Postgres), "select * from t where a = $1 and b = $2");
        assert_eq!(of(DriverName::SqlServer), "select * from t where a = @p1 and b = @p2");
        assert_eq!(of(DriverName::MySql), sql);
        assert_eq!(of(DriverName::Sqlite), sql);
    }

    #[test]
    fn positional_values_need_no_order() {
        let translated = positional("select ?, ?", 2, DriverName::Postgres).expect("translates");
        assert_eq!((translated.order, translated.placeholders), (None, 2));
    }

    #[test]
    fn a_doubled_question_mark_is_the_operator() {
        let translated =
            positional("select meta ?? 'a' where b = ?", 1, DriverName::Postgres).expect("translates");
        assert_eq!(translated.sql, "select meta ? 'a' where b = $1");
    }

    #[test]
    fn without_values_postgres_keeps_its_operators() {
        let sql = "select '{}'::jsonb ? 'a', '{}'::jsonb ?| array['b']";
        let translated = positional(sql, 0, DriverName::Postgres).expect("translates");
        assert_eq!((translated.sql.as_str(), translated.placeholders), (sql, 0));
    }

    #[test]
    fn numbered_placeholders_are_postgres_own() {
        let translated =
            positional("select $2::int, $1::text, $1", 2, DriverName::Postgres).expect("translates");
        assert_eq!((translated.sql.as_str(), translated.placeholders), ("select $2::int, $1::text, $1", 2));
        assert!(positional("select $1", 1, DriverName::Sqlite).is_err());
        assert!(positional("select $1, ?", 2, DriverName::Postgres).is_err());
        assert!(positional("select $0", 1, DriverName::Postgres).is_err());
        assert!(positional("select $99999999999", 1, DriverName::Postgres).is_err());
        assert!(positional("prepare p as select $1::int", 0, DriverName::Postgres).is_ok());
    }

    #[test]
    fn names_are_resolved_and_repeat() {
        let sql = "select :b, :a, :b";
        let postgres = named(sql, &["a", "b"], DriverName::Postgres).expect("translates");
        assert_eq!((postgres.sql.as_str(), postgres.order), ("select $1, $2, $1", Some(vec![1, 0])));
        let mysql = named(sql, &["a", "b"], DriverName::MySql).expect("translates");
        assert_eq!((mysql.sql.as_str(), mysql.order), ("select ?, ?, ?", Some(vec![1, 0, 1])));
        assert_eq!(mysql.placeholders, 3);
    }

    #[test]
    fn missing_names_are_named() {
        let error = message(named("select :a, :nobody, :either", &["a"], DriverName::MySql));
        assert_eq!(error, "no value was given for :nobody, :either");
    }

    #[test]
    fn names_do_not_mix_with_question_marks() {
        assert!(message(named("select :a, ?", &["a"], DriverName::MySql)).contains("one style"));
    }

    #[test]
    fn a_wrong_number_of_values_is_counted_out() {
        let few = message(positional("select ?, ?", 1, DriverName::MySql));
        assert_eq!(few, "the statement has 2 placeholders, but 1 value was given");
        let many = message(positional("select 1", 2, DriverName::Sqlite));
        assert_eq!(many, "the statement has 0 placeholders, but 2 values were given");
        let hinted = message(positional("select a ? 'b', ?", 1, DriverName::Postgres));
        assert!(hinted.ends_with("(write ?? for the operator ?)"), "{hinted}");
        assert!(positional("select ?", 0, DriverName::MySql).is_err());
        assert!(positional("select $1", 0, DriverName::Postgres).is_err());
    }

    #[test]
    fn one_statement_a_call() {
        let two = message(positional("select 1; drop table t", 0, DriverName::Postgres));
        assert!(two.contains("unprepared()"), "{two}");
        for sql in ["select 1;", "select 1 ; -- done\n", "select ';'; ;", "; select 1"] {
            assert!(positional(sql, 0, DriverName::Postgres).is_ok(), "{sql}");
        }
        let trigger = "create trigger a after insert on t begin update u set b = 1; delete from v; end";
        assert!(positional(trigger, 0, DriverName::Sqlite).is_ok());
        assert!(positional("create table a (b int); drop table c", 0, DriverName::Sqlite).is_err());
    }

    #[test]
    fn a_long_statement_takes_linear_time() {
        let sql = format!("select {} 1", "?, '?' /* ? */ || ".repeat(20_000));
        let started = std::time::Instant::now();
        let translated = positional(&sql, 20_000, DriverName::Postgres).expect("translates");
        assert_eq!(translated.placeholders, 20_000);
        assert!(started.elapsed().as_secs() < 2);
    }
}
