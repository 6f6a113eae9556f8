//! [`SqlWriter`]: text, placeholders and quoted names, in the order they are written.

use std::ops::Range;

use super::contract::Dialect;
use super::inserted_rows::InsertedRows;
use super::json_path::JsonPath;
use super::scanner::{Piece, Scanner};
use crate::error::{Error, Result};

/// Writes one statement for one dialect.
///
/// The only place where a name becomes SQL and where a value becomes a placeholder.
pub struct SqlWriter<'a> {
    dialect: &'a dyn Dialect,
    prefix: &'a str,
    sql: String,
    order: Vec<u32>,
    has_raw: bool,
    rows: Option<MarkedRows>,
}

/// What was written between these places are rows of values.
struct MarkedRows {
    text: Range<usize>,
    first: u32,
    count: u32,
}

impl<'a> SqlWriter<'a> {
    /// An empty statement. `prefix` is put before the names of tables and their aliases.
    #[must_use]
    pub fn new(dialect: &'a dyn Dialect, prefix: &'a str) -> Self {
        Self {
            dialect,
            prefix,
            sql: String::with_capacity(256),
            order: Vec::new(),
            has_raw: false,
            rows: None,
        }
    }

    /// The dialect that is written.
    #[must_use]
    pub fn dialect(&self) -> &'a dyn Dialect {
        self.dialect
    }

    /// The text and which value each placeholder takes.
    #[must_use]
    pub fn finish(self) -> (String, Vec<u32>) {
        (self.sql, self.order)
    }

    /// Writes rows of values, and keeps in mind where.
    ///
    /// # Errors
    /// What `write` says.
    pub fn rows_of_values(
        &mut self,
        (first, count): (u32, u32),
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let start = self.sql.len();
        write(self)?;
        self.rows = Some(MarkedRows { text: start..self.sql.len(), first, count });
        Ok(())
    }

    /// The rows of values, if there is no other value in the statement.
    #[must_use]
    pub fn inserted_rows(&self) -> Option<InsertedRows> {
        let MarkedRows { text, first, count } = self.rows.as_ref()?;
        let (first, count) = (usize::try_from(*first).ok()?, usize::try_from(*count).ok()?);
        let width = self.order.len().checked_div(count)?;
        let is_all = self.order.iter().zip(first..).all(|(place, index)| *place as usize == index);
        (is_all && width * count == self.order.len()).then(|| InsertedRows {
            head: self.sql[..text.start].to_owned(),
            tail: self.sql[text.end..].to_owned(),
            width,
            count,
            first,
        })
    }

    /// Whether a part was written by the user.
    #[must_use]
    pub fn has_raw(&self) -> bool {
        self.has_raw
    }

    /// Writes SQL of our own.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Writes a number of rows.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.sql.push_str(&number.to_string());
        self
    }

    /// Writes a placeholder for the value at this place.
    pub fn bind(&mut self, index: u32) -> &mut Self {
        self.order.push(index);
        self.dialect.placeholder(self.order.len(), &mut self.sql);
        self
    }

    /// Writes one quoted name, as it is.
    ///
    /// # Errors
    /// `InvalidArgument` for a name with a NUL, which no database can hold.
    pub fn name(&mut self, name: &str) -> Result<&mut Self> {
        self.prefixed("", name)
    }

    fn prefixed(&mut self, prefix: &str, name: &str) -> Result<&mut Self> {
        let (open, close) = self.dialect.quotes();
        self.sql.push(open);
        self.sql.push_str(prefix);
        // Names are short, and hardly any holds such a character: one look at each byte is quickest.
        if name.bytes().any(|byte| byte == 0 || char::from(byte) == close) {
            self.unusual(name, close)?;
        } else {
            self.sql.push_str(name);
        }
        self.sql.push(close);
        Ok(self)
    }

    fn unusual(&mut self, name: &str, close: char) -> Result<()> {
        if name.contains('\0') {
            let shown = name.replace('\0', "\u{2400}");
            return Err(Error::invalid(format!("the name \"{shown}\" contains a NUL character")));
        }
        for character in name.chars() {
            if character == close {
                self.sql.push(close);
            }
            self.sql.push(character);
        }
        Ok(())
    }

    /// Writes a table without alias: `users`, `public.users`.
    ///
    /// # Errors
    /// As [`SqlWriter::name`].
    pub fn table(&mut self, table: &str) -> Result<&mut Self> {
        let (namespace, name) = table.rsplit_once('.').map_or(("", table), |(before, last)| (before, last));
        if !namespace.is_empty() {
            for part in namespace.split('.') {
                self.name(part)?.push(".");
            }
        }
        self.prefixed(self.prefix, name)
    }

    /// Writes the name of a table's alias.
    ///
    /// # Errors
    /// As [`SqlWriter::name`].
    pub fn table_alias(&mut self, alias: &str) -> Result<&mut Self> {
        self.prefixed(self.prefix, alias)
    }

    /// Writes a column: `name`, `table.name`, `table.*`, `*`, a JSON path.
    ///
    /// # Errors
    /// As [`SqlWriter::name`].
    pub fn column(&mut self, column: &str) -> Result<&mut Self> {
        if let Some(path) = JsonPath::parse(column)? {
            self.dialect.json_path(&path, super::JsonUse::Scalar, self)?;
            return Ok(self);
        }
        self.plain_column(column)
    }

    /// Writes a column in which `->` is part of the name.
    ///
    /// # Errors
    /// As [`SqlWriter::name`].
    pub fn plain_column(&mut self, column: &str) -> Result<&mut Self> {
        if !column.contains(['.', '*']) {
            return self.name(column);
        }
        // In `users.id` the first part is a table.
        let mut is_table = column.contains('.');
        for part in column.split('.') {
            if is_table {
                self.prefixed(self.prefix, part)?;
            } else if part == "*" {
                self.sql.push('*');
            } else {
                self.name(part)?;
            }
            is_table = false;
            self.sql.push('.');
        }
        self.sql.pop();
        Ok(self)
    }

    /// Writes a column with its alias, if it has one: `name as alias`.
    ///
    /// # Errors
    /// As [`SqlWriter::name`].
    pub fn selected_column(&mut self, column: &str) -> Result<&mut Self> {
        match split_alias(column) {
            Some((column, alias)) => self.column(column)?.push(" as ").name(alias),
            None => self.column(column),
        }
    }

    /// Writes a text literal. For names inside of functions, never for values.
    pub fn literal(&mut self, text: &str) -> &mut Self {
        self.sql.push('\'');
        self.sql.push_str(&text.replace('\'', "''"));
        self.sql.push('\'');
        self
    }

    /// Writes SQL of the user with its own placeholders.
    ///
    /// # Errors
    /// `InvalidArgument` when placeholders and values do not match.
    pub fn raw(&mut self, sql: &str, values: &[u32]) -> Result<&mut Self> {
        self.has_raw = true;
        let question_is_operator = self.dialect.capabilities().question_is_operator;
        let mut used = 0;
        let mut highest = 0;
        for piece in Scanner::new(sql, self.dialect.driver()) {
            match piece {
                Piece::Code(text) | Piece::Quoted(text) | Piece::Comment(text) => self.sql.push_str(text),
                Piece::Escaped => self.sql.push('?'),
                Piece::Question if values.is_empty() && question_is_operator => self.sql.push('?'),
                Piece::Question => {
                    if let Some(index) = values.get(used) {
                        self.bind(*index);
                    }
                    used += 1;
                }
                Piece::Numbered(_, number) => {
                    let place = number as usize;
                    if let Some(index) = place.checked_sub(1).and_then(|place| values.get(place)) {
                        self.bind(*index);
                    }
                    highest = highest.max(place.max(1));
                }
                Piece::Named(name) => {
                    self.sql.push(':');
                    self.sql.push_str(name);
                }
                Piece::Semicolon => {
                    return Err(Error::invalid("raw SQL inside of a query cannot hold a semicolon"));
                }
            }
        }
        let wanted = used + highest;
        if wanted != values.len() || (used > 0 && highest > 0) {
            let given = values.len();
            return Err(Error::invalid(format!(
                "raw SQL with {wanted} placeholder{} was given {given} value{}: {sql}",
                if wanted == 1 { "" } else { "s" },
                if given == 1 { "" } else { "s" },
            )));
        }
        Ok(self)
    }
}

/// `name as alias` in its two parts. The word is read in any case, as SQL reads it.
pub(super) fn split_alias(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let at = bytes.windows(4).position(|window| {
        window[0].is_ascii_whitespace()
            && window[1].eq_ignore_ascii_case(&b'a')
            && window[2].eq_ignore_ascii_case(&b's')
            && window[3].is_ascii_whitespace()
    })?;
    let (name, alias) = (text[..at].trim(), text[at + 4..].trim());
    (!name.is_empty() && !alias.is_empty()).then_some((name, alias))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DriverName;
    use crate::dialect::lookup;

    fn write(
        driver: DriverName,
        prefix: &str,
        act: impl FnOnce(&mut SqlWriter<'_>) -> Result<()>,
    ) -> Result<String> {
        let mut writer = SqlWriter::new(lookup(driver), prefix);
        act(&mut writer)?;
        Ok(writer.finish().0)
    }

    fn column(driver: DriverName, prefix: &str, name: &str) -> String {
        write(driver, prefix, |sql| sql.selected_column(name).map(|_| ())).expect("a column")
    }

    #[test]
    fn names_are_quoted_and_quotes_are_doubled() {
        assert_eq!(column(DriverName::Postgres, "", "a\"b"), "\"a\"\"b\"");
        assert_eq!(column(DriverName::MySql, "", "a`b"), "`a``b`");
        assert_eq!(column(DriverName::SqlServer, "", "a]b"), "[a]]b]");
        assert_eq!(column(DriverName::Sqlite, "", ""), "\"\"");
    }

    #[test]
    fn a_nul_in_a_name_is_refused() {
        let refused = write(DriverName::Sqlite, "", |sql| sql.name("a\0b").map(|_| ()));
        assert!(refused.expect_err("an error").message.contains("NUL"));
    }

    #[test]
    fn columns_have_tables_stars_and_aliases() {
        assert_eq!(column(DriverName::Postgres, "", "public.users.id"), "\"public\".\"users\".\"id\"");
        assert_eq!(column(DriverName::Postgres, "", "users.*"), "\"users\".*");
        assert_eq!(column(DriverName::Postgres, "", "*"), "*");
        assert_eq!(column(DriverName::Postgres, "", "users.name AS n"), "\"users\".\"name\" as \"n\"");
        assert_eq!(column(DriverName::Postgres, "", "x as y.z"), "\"x\" as \"y.z\"");
    }

    #[test]
    fn the_prefix_goes_before_tables() {
        assert_eq!(column(DriverName::Postgres, "pre_", "users.id"), "\"pre_users\".\"id\"");
        assert_eq!(column(DriverName::Postgres, "pre_", "id"), "\"id\"");
        let table = write(DriverName::Postgres, "pre_", |sql| sql.table("public.users").map(|_| ()));
        assert_eq!(table.expect("a table"), "\"public\".\"pre_users\"");
    }

    #[test]
    fn raw_sql_takes_its_values_in_order() {
        let sql = write(DriverName::Postgres, "", |sql| {
            sql.raw("a ?? 'x?' and b = ? and c = ?", &[4, 2]).map(|_| ())
        });
        assert_eq!(sql.expect("sql"), "a ? 'x?' and b = $1 and c = $2");
        let sql = write(DriverName::Postgres, "", |sql| sql.raw("a = $2 and b = $1", &[4, 2]).map(|_| ()));
        assert_eq!(sql.expect("sql"), "a = $1 and b = $2");
    }

    #[test]
    fn raw_sql_with_a_wrong_number_of_values_is_refused() {
        for (text, values) in [("a = ?", vec![]), ("a = ?", vec![0, 1]), ("now()", vec![0])] {
            let refused = write(DriverName::MySql, "", |sql| sql.raw(text, &values).map(|_| ()));
            assert!(refused.is_err(), "{text} {values:?}");
        }
        assert!(write(DriverName::Postgres, "", |sql| sql.raw("a ? 'b'", &[]).map(|_| ())).is_ok());
    }

    #[test]
    fn raw_sql_cannot_end_the_statement() {
        assert!(write(DriverName::Sqlite, "", |sql| sql.raw("1; drop table t", &[]).map(|_| ())).is_err());
    }
}
