//! [`compile`]: the one way from a query to SQL.

use super::ansi;
use super::contract::Dialect;
use super::inserted_rows::InsertedRows;
use super::writer::SqlWriter;
use crate::ast::{Fragment, Query};
use crate::error::{Error, Result};

/// A query as one database takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub struct Compiled {
    /// The text, with the database's own placeholders.
    pub sql: String,
    /// For each placeholder, in the order of the text, the place of the value that it takes.
    pub order: Vec<u32>,
    /// Whether it has to go to a server that takes writes. A select that locks rows has to.
    pub is_write: bool,
    /// Whether its rows are the answer; otherwise the number of rows it touched is.
    pub returns_rows: bool,
    /// Whether the key that the insert made is asked for, and the driver has to report it.
    pub wants_insert_id: bool,
    /// Whether a part of it was written by the user.
    pub has_raw: bool,
    /// Whether there is nothing to do where its table does not exist.
    pub may_lack_table: bool,
    /// The rows of an insert that has no other values.
    pub rows: Option<InsertedRows>,
}

/// Compiles a query into the statements that run it, all or nothing: an insert with more values than
/// one statement may carry is cut, and some databases reset a counter in a statement of its own.
///
/// # Errors
/// As [`compile`].
pub fn compile_all(query: Query, dialect: &dyn Dialect, prefix: &str) -> Result<Vec<Compiled>> {
    match query {
        Query::Insert(insert) => {
            let limits = dialect.capabilities();
            insert
                .split(limits.max_bindings, limits.max_rows_per_insert, limits.default_cells)
                .into_iter()
                .map(|piece| compile(&Query::Insert(Box::new(piece)), dialect, prefix))
                .collect()
        }
        Query::Truncate(truncate) => {
            let mut writer = SqlWriter::new(dialect, prefix);
            let has_counter = dialect.reset_counter(&truncate, &mut writer)?;
            let emptied = compile(&Query::Truncate(truncate), dialect, prefix)?;
            if !has_counter {
                return Ok(vec![emptied]);
            }
            let (sql, order) = writer.finish();
            Ok(vec![Compiled { sql, order, may_lack_table: true, ..emptied.clone() }, emptied])
        }
        other => Ok(vec![compile(&other, dialect, prefix)?]),
    }
}

/// Compiles a query. `prefix` is put before the names of tables.
///
/// # Errors
/// `Unsupported` for what the database lacks; `InvalidArgument` for a name, an operator or raw SQL
/// that cannot work, and for more values than one statement may carry.
pub fn compile(query: &Query, dialect: &dyn Dialect, prefix: &str) -> Result<Compiled> {
    let mut writer = SqlWriter::new(dialect, prefix);
    let sql = &mut writer;
    let capabilities = dialect.capabilities();
    let (is_write, returns_rows) = match query {
        Query::Select { query } => {
            ansi::select::select(query, sql)?;
            (query.lock.is_some(), true)
        }
        Query::Exists { query } => {
            dialect.exists(query, sql)?;
            (query.lock.is_some(), true)
        }
        Query::Count { query } => {
            sql.push("select count(*) as ").name("aggregate")?.push(" from (");
            ansi::select::select(query, sql)?;
            sql.push(") as ").name("aggregate_table")?;
            (query.lock.is_some(), true)
        }
        Query::Explain { query, analyze } => {
            let what = if *analyze { "explain({ analyze: true })" } else { "explain()" };
            let words = dialect.explain(*analyze).ok_or_else(|| dialect.lacks(what))?;
            sql.push(words);
            ansi::select::select(query, sql)?;
            (query.lock.is_some(), true)
        }
        Query::Insert(query) => {
            let answered = ansi::insert::answered(query, capabilities.reports_insert_id);
            if !answered.is_empty() && !capabilities.insert_returning {
                return Err(dialect.lacks("`returning` for inserts"));
            }
            dialect.insert(query, sql)?;
            (true, !answered.is_empty())
        }
        Query::Update(query) => {
            if !query.returning.is_empty() && !capabilities.update_returning {
                return Err(dialect.lacks("`returning` for updates"));
            }
            dialect.update(query, sql)?;
            (true, !query.returning.is_empty())
        }
        Query::Delete(query) => {
            if !query.returning.is_empty() && !capabilities.delete_returning {
                return Err(dialect.lacks("`returning` for deletes"));
            }
            dialect.delete(query, sql)?;
            (true, !query.returning.is_empty())
        }
        Query::Truncate(query) => {
            dialect.truncate(&query.table, sql)?;
            (true, false)
        }
        Query::Fragment(piece) => {
            fragment(piece, sql)?;
            (false, true)
        }
    };
    let (has_raw, rows) = (writer.has_raw(), writer.inserted_rows());
    let (sql, order) = writer.finish();
    if order.len() > capabilities.max_bindings {
        return Err(Error::invalid(format!(
            "the statement carries {} values; {} takes at most {}",
            order.len(),
            dialect.driver().label(),
            capabilities.max_bindings
        )));
    }
    let wants_insert_id = capabilities.reports_insert_id
        && matches!(query, Query::Insert(insert) if insert.key.is_some() && insert.returning.is_empty());
    Ok(Compiled { sql, order, is_write, returns_rows, wants_insert_id, has_raw, may_lack_table: false, rows })
}

/// Writes a piece of SQL that is asked for by itself.
fn fragment(fragment: &Fragment, sql: &mut SqlWriter<'_>) -> Result<()> {
    let dialect = sql.dialect();
    match fragment {
        Fragment::Columns { columns } => ansi::operand::selected(columns, sql)?,
        Fragment::Table { source } => ansi::source::source(source, sql)?,
        Fragment::Savepoint { name } => {
            sql.push(dialect.savepoint_words()[0]).push(plain_word(name)?);
        }
        Fragment::SavepointRollBack { name } => {
            sql.push(dialect.savepoint_words()[1]).push(plain_word(name)?);
        }
        Fragment::ThreadCount {} => match dialect.thread_count() {
            Some(question) => {
                sql.push(question);
            }
            None => return Err(dialect.lacks("server whose clients could be counted")),
        },
    }
    Ok(())
}

/// The name of a savepoint, which stands without quotes.
fn plain_word(name: &str) -> Result<&str> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_word = name.bytes().all(is_part) && name.starts_with(|first: char| !first.is_ascii_digit());
    if is_word { Ok(name) } else { Err(Error::invalid("the name of a savepoint has letters, digits and _")) }
}
