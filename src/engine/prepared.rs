//! Texts made ready for a server: compiled queries and translated raw SQL, from one cache.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::quality::RandomState;
use serde::Serialize;

use super::engine::Text;
use crate::ast::Query;
use crate::config::ConnectionConfig;
use crate::dialect::placeholders::{self, BindingStyle, StatementKind};
use crate::dialect::{self, Compiled};
use crate::driver::DriverStatement;
use crate::error::{Error, Result};

/// Texts longer than this are hardly ever met twice.
const MAX_CACHED_LENGTH: usize = 16 * 1024;

/// From so many rows on the driver is told that an insert is nothing but rows. Fewer are as quick in
/// one text.
const MANY_ROWS: usize = 16;

/// How many texts are kept. When it is full, it starts again: a program that makes ever new texts
/// gains nothing from a cache, and one that does not never gets here.
const CAPACITY: usize = 4096;

/// A statement with what the engine must know to route it.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub struct Prepared {
    /// What the driver runs.
    pub statement: DriverStatement,
    /// What it runs after that, all or nothing: an insert with more values than one statement may
    /// carry is cut into several, and a counter may have to be reset apart from its table.
    pub rest: Vec<DriverStatement>,
    /// The first statement has nothing to do where its table does not exist.
    pub may_lack_table: bool,
    /// It only reads: it may go to a read server.
    pub only_reads: bool,
    /// Something in it was written by the program.
    pub has_raw: bool,
    /// It begins, ends or marks a transaction.
    pub controls_transaction: bool,
    /// It changes the session (`set`, `use`, `pragma`, temporary tables): the connection is reset
    /// before anybody else gets it.
    pub changes_session: bool,
}

type Entries = RefCell<HashMap<Box<str>, Rc<Prepared>, RandomState>>;

/// Prepared texts of one connection.
#[derive(Debug, Default)]
pub(super) struct Cache {
    queries: Entries,
    raw: Entries,
}

impl Prepared {
    /// Whether it is compiled and only reads tables.
    pub(super) fn is_plain_read(&self) -> bool {
        self.only_reads && !self.has_raw
    }
}

impl Cache {
    /// Prepares a text, or finds it prepared. `values`: how many values came with it.
    pub(super) fn prepare(
        &self,
        text: &Text,
        values: usize,
        config: &ConnectionConfig,
    ) -> Result<Rc<Prepared>> {
        match text {
            Text::Query(shape) => find_or(&self.queries, shape, |_| true, || prepare(shape, config)),
            Text::Sql { sql, names: None } => {
                let fits = |found: &Prepared| found.statement.placeholders == values;
                find_or(&self.raw, sql, fits, || translate(sql, None, values, config))
            }
            // With other names the same text means another order, so it is translated each time.
            Text::Sql { sql, names: Some(names) } => translate(sql, Some(names), values, config).map(Rc::new),
            Text::Script(_) => Err(Error::internal("a script is not prepared")),
        }
    }
}

fn find_or(
    entries: &Entries,
    text: &str,
    fits: impl Fn(&Prepared) -> bool,
    prepare: impl FnOnce() -> Result<Prepared>,
) -> Result<Rc<Prepared>> {
    if let Some(found) = entries.borrow().get(text)
        && fits(found)
    {
        return Ok(Rc::clone(found));
    }
    let mut prepared = prepare()?;
    prepared.statement.is_cached = text.len() <= MAX_CACHED_LENGTH;
    let prepared = Rc::new(prepared);
    if prepared.statement.is_cached {
        let mut entries = entries.borrow_mut();
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        entries.insert(text.into(), Rc::clone(&prepared));
    }
    Ok(prepared)
}

/// A compiled query for people to read.
#[derive(Serialize)]
struct Shown<'sql> {
    sql: &'sql str,
    /// For each placeholder, which of the query's values it takes.
    order: &'sql [u32],
    /// The statements that run after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rest: Vec<Shown<'sql>>,
}

/// What `toSql()` shows. One statement, which is nearly every query, is a line and its text: the line is the number of its
/// placeholders where they take the values in their order, and `:2,0,1` where they take others. Several are JSON
/// `{sql, order}`, and the same as `rest` for each further statement.
///
/// # Errors
/// As the compiler.
pub fn compile_for_display(shape: &str, config: &ConnectionConfig) -> Result<String> {
    let compiled = compile(shape, config)?;
    let Some((first, rest)) = compiled.split_first() else { return Err(nothing()) };
    if rest.is_empty() {
        return Ok(lines(first));
    }
    let shown = Shown { rest: rest.iter().map(shown).collect(), ..shown(first) };
    serde_json::to_string(&shown)
        .map_err(|error| Error::internal(format!("a query cannot be shown: {error}")))
}

fn lines(Compiled { sql, order, .. }: &Compiled) -> String {
    if order.iter().zip(0..).all(|(value, place)| *value == place) {
        return format!("{}\n{sql}", order.len());
    }
    let mut line = String::with_capacity(order.len() * 3 + sql.len() + 1);
    for (at, value) in order.iter().enumerate() {
        line.push(if at == 0 { ':' } else { ',' });
        line.push_str(&value.to_string());
    }
    line.push('\n');
    line.push_str(sql);
    line
}

fn shown(compiled: &Compiled) -> Shown<'_> {
    Shown { sql: &compiled.sql, order: &compiled.order, rest: Vec::new() }
}

/// Compiles a query given as its shape.
fn compile(shape: &str, config: &ConnectionConfig) -> Result<Vec<Compiled>> {
    let query: Query = serde_json::from_str(shape)
        .map_err(|error| Error::invalid(format!("the query cannot be read: {error}")))?;
    dialect::compile_all(query, dialect::dialect_of(config), &config.prefix)
}

fn nothing() -> Error {
    Error::internal("a query was compiled into nothing")
}

/// Makes a compiled query ready for the driver.
fn prepare(shape: &str, config: &ConnectionConfig) -> Result<Prepared> {
    let mut pieces = compile(shape, config)?.into_iter();
    let first = pieces.next().ok_or_else(nothing)?;
    let (only_reads, may_lack_table) = (!first.is_write, first.may_lack_table);
    let has_raw = first.has_raw;
    Ok(Prepared {
        statement: statement_of(first),
        rest: pieces.map(statement_of).collect(),
        may_lack_table,
        only_reads,
        has_raw,
        controls_transaction: false,
        changes_session: false,
    })
}

fn statement_of(compiled: Compiled) -> DriverStatement {
    DriverStatement {
        sql: Rc::from(compiled.sql),
        placeholders: compiled.order.len(),
        order: Some(Rc::from(compiled.order)),
        is_cached: true,
        rows: compiled.rows.filter(|rows| rows.count >= MANY_ROWS).map(Rc::new),
    }
}

/// Writes raw SQL with the server's own placeholders.
fn translate(
    sql: &str,
    names: Option<&[String]>,
    values: usize,
    config: &ConnectionConfig,
) -> Result<Prepared> {
    let style = names.map_or(BindingStyle::Positional(values), BindingStyle::Named);
    let translated = placeholders::translate(sql, style, dialect::lookup(config.driver))?;
    Ok(Prepared {
        statement: DriverStatement {
            sql: Rc::from(translated.sql),
            order: translated.order.map(Rc::from),
            placeholders: translated.placeholders,
            is_cached: true,
            rows: None,
        },
        rest: Vec::new(),
        may_lack_table: false,
        has_raw: true,
        only_reads: translated.kind == StatementKind::Select,
        controls_transaction: translated.kind == StatementKind::TransactionControl,
        changes_session: translated.kind == StatementKind::Session,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    fn shown(driver: &str, shape: &str) -> String {
        let options = format!(r#"{{"driver":"{driver}","database":"none"}}"#);
        let config = config::parse("main", &options).expect("a configuration");
        compile_for_display(shape, &config).expect(shape)
    }

    #[test]
    fn one_statement_is_shown_as_a_line_and_its_text() {
        let table = r#"{"kind":"select","query":{"from":"t"}}"#;
        assert_eq!(shown("pgsql", table), "0\nselect * from \"t\"");
        let condition = |value| format!(r#"{{"from":"t","wheres":[["a","=",{value}]]}}"#);
        let select = |value| format!(r#"{{"kind":"select","query":{}}}"#, condition(value));
        assert_eq!(shown("pgsql", &select(0)), "1\nselect * from \"t\" where \"a\" = $1");
        assert_eq!(shown("pgsql", &select(1)), ":1\nselect * from \"t\" where \"a\" = $1");
        let update = format!(r#"{{"kind":"update","rows":{},"set":[["b",1]]}}"#, condition(0));
        assert_eq!(shown("pgsql", &update), ":1,0\nupdate \"t\" set \"b\" = $1 where \"a\" = $2");
    }

    #[test]
    fn several_statements_are_shown_as_json() {
        let truncate = shown("sqlite", r#"{"kind":"truncate","table":"t","name":0}"#);
        assert!(truncate.starts_with(r#"{"sql":"delete from sqlite_sequence"#), "{truncate}");
        assert!(
            truncate.contains(r#""order":[0],"rest":[{"sql":"delete from \"t\"","order":[]}]"#),
            "{truncate}"
        );
    }
}
