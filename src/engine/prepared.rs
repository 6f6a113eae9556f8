//! Texts made ready for a server: compiled queries and translated raw SQL, from one cache.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::engine::Text;
use crate::ast::Query;
use crate::config::ConnectionConfig;
use crate::dialect::placeholders::{self, BindingStyle, StatementKind};
use crate::dialect;
use crate::driver::DriverStatement;
use crate::error::{Error, Result};

/// Texts longer than this are hardly ever met twice.
const MAX_CACHED_LENGTH: usize = 16 * 1024;

/// How many texts are kept. When it is full, it starts again: a program that makes ever new texts
/// gains nothing from a cache, and one that does not never gets here.
const CAPACITY: usize = 4096;

/// A statement with what the engine must know to route it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// What the driver runs.
    pub statement: DriverStatement,
    /// It only reads: it may go to a read server, and may be tried again when its connection died.
    pub only_reads: bool,
    /// It changes the session (`set`, `use`, `pragma`, temporary tables): the connection is reset
    /// before anybody else gets it.
    pub changes_session: bool,
}

/// Prepared texts of one connection.
#[derive(Debug, Default)]
pub(super) struct Cache {
    entries: RefCell<HashMap<(bool, Box<str>), Rc<Prepared>>>,
}

impl Cache {
    /// Prepares a text, or finds it prepared. `values`: how many values came with it.
    pub(super) fn prepare(&self, text: &Text, values: usize, config: &ConnectionConfig) -> Result<Rc<Prepared>> {
        let (is_query, source) = match text {
            Text::Query(shape) => (true, shape),
            // With names the same text can mean another order, so it is translated each time.
            Text::Sql { sql, names: None } => (false, sql),
            Text::Script(_) => return Err(Error::internal("a script is not prepared")),
            Text::Sql { sql, names: Some(names) } => return translate(sql, Some(names), values, config).map(Rc::new),
        };
        let key = (is_query, source.clone().into_boxed_str());
        if let Some(found) = self.entries.borrow().get(&key)
            && (is_query || found.statement.placeholders == values)
        {
            return Ok(Rc::clone(found));
        }
        let mut prepared = if is_query { compile(source, config)? } else { translate(source, None, values, config)? };
        let is_short = source.len() <= MAX_CACHED_LENGTH;
        prepared.statement.is_cached = is_short;
        let prepared = Rc::new(prepared);
        if is_short {
            let mut entries = self.entries.borrow_mut();
            if entries.len() >= CAPACITY {
                entries.clear();
            }
            entries.insert(key, Rc::clone(&prepared));
        }
        Ok(prepared)
    }
}

/// What `toSql()` shows: `{sql, order}`.
///
/// # Errors
/// As the compiler.
pub fn compile_for_display(shape: &str, config: &ConnectionConfig) -> Result<serde_json::Value> {
    let prepared = compile(shape, config)?;
    let statement = prepared.statement;
    let order: Vec<usize> = (0..statement.placeholders).map(|index| statement.binding_of(index)).collect();
    Ok(serde_json::json!({ "sql": &*statement.sql, "order": order }))
}

/// Compiles a query given as its shape.
fn compile(shape: &str, config: &ConnectionConfig) -> Result<Prepared> {
    let query: Query = serde_json::from_str(shape)
        .map_err(|error| Error::invalid(format!("the query cannot be read: {error}")))?;
    let compiled = dialect::compile(&query, dialect::lookup(config.driver), &config.prefix)?;
    Ok(Prepared {
        statement: DriverStatement {
            sql: Rc::from(compiled.sql),
            placeholders: compiled.order.len(),
            order: Some(Rc::from(compiled.order)),
            is_cached: true,
        },
        only_reads: !compiled.is_write,
        changes_session: false,
    })
}

/// Writes raw SQL with the server's own placeholders.
fn translate(sql: &str, names: Option<&[String]>, values: usize, config: &ConnectionConfig) -> Result<Prepared> {
    let style = names.map_or(BindingStyle::Positional(values), BindingStyle::Named);
    let translated = placeholders::translate(sql, style, dialect::lookup(config.driver))?;
    Ok(Prepared {
        statement: DriverStatement {
            sql: Rc::from(translated.sql),
            order: translated.order.map(Rc::from),
            placeholders: translated.placeholders,
            is_cached: true,
        },
        only_reads: translated.kind == StatementKind::Select,
        changes_session: translated.kind == StatementKind::Session,
    })
}
