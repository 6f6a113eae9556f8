//! SQLite's catalogue as a whole: the questions, and the [`Database`] that their answers mean.
//!
//! The pragmas say what columns and foreign keys are; everything else is only in the texts of
//! `sqlite_schema`, which [`super::ddl`] reads.

use std::collections::HashMap;

use super::described::{Described, describe};
use super::schema::Sqlite;
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::{Catalogue, CatalogueQuery, CatalogueRows, Inspection};
use crate::error::Result;
use crate::schema::expression::names_column;
use crate::schema::{Database, Definition, LeftOut, View};

/// The namespace of the file that a connection opened; others are attached to it.
pub const MAIN: &str = "main";

impl Catalogue for Sqlite {
    fn queries(&self, inspection: &Inspection) -> Vec<CatalogueQuery> {
        let namespaces = namespaces(inspection);
        let of_each = |about, select: &str, order: &str| {
            let selects: Vec<_> =
                namespaces.iter().map(|name| select.replace("{schema}", &schema_of(name))).collect();
            let bound = select.matches('?').count();
            CatalogueQuery {
                about,
                sql: format!("{} order by {order}", selects.join(" union all ")),
                texts: namespaces.iter().flat_map(|name| std::iter::repeat_n(name.clone(), bound)).collect(),
            }
        };
        let version = "select sqlite_version() as version".to_owned();
        vec![
            CatalogueQuery { about: "version", sql: version, texts: Vec::new() },
            of_each("objects", OBJECTS, "namespace, place"),
            of_each("columns", COLUMNS, "namespace, \"table\", place"),
            of_each("foreignKeys", FOREIGN_KEYS, "namespace, \"table\", id desc, place"),
        ]
    }

    fn read(&self, inspection: &Inspection, rows: &CatalogueRows) -> Result<Database> {
        let mut database = Database { namespace: Some(MAIN.to_owned()), ..Database::default() };
        if let Some(row) = rows.about("version")?.first() {
            database.server_version = row.text("version")?.unwrap_or_default();
        }
        let (mut columns, mut keys) =
            (by_table(rows.about("columns")?)?, by_table(rows.about("foreignKeys")?)?);
        let mut indexes = Vec::new();
        for row in rows.about("objects")? {
            let object = Object::read(row, inspection)?;
            match object.kind.as_str() {
                _ if object.name.contains('.') => {
                    database
                        .left_out
                        .push(LeftOut { name: object.full_name(), reason: HAS_A_DOT.to_owned() });
                }
                "table" => {
                    let place = (object.namespace.clone(), object.name.clone());
                    let columns = columns.remove(&place).unwrap_or_default();
                    match describe(&object, &columns, &keys.remove(&place).unwrap_or_default())? {
                        Described::Table(table, left_out) => {
                            database.tables.push(*table);
                            database.left_out.extend(left_out);
                        }
                        Described::Not(reason) => {
                            database.left_out.push(LeftOut { name: object.full_name(), reason });
                        }
                    }
                }
                "index" => indexes.push(object),
                "view" => database.views.push(View {
                    name: object.full_name(),
                    definition: object.sql,
                    materialized: false,
                }),
                _ => database.triggers.push(Definition {
                    name: object.full_name(),
                    table: Some(object.full_table()),
                    definition: object.sql,
                }),
            }
        }
        for index in indexes {
            super::described::add_index(&mut database, &index);
        }
        super::described::resolve_references(&mut database);
        keep_asked(&mut database, inspection);
        database.tables.sort_by(|one, other| one.name.cmp(&other.name));
        database.views.sort_by(|one, other| one.name.cmp(&other.name));
        database.triggers.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(database)
    }
}

/// Rows by namespace and table, each in its order.
type ByTable<'r> = HashMap<(String, String), Vec<Row<'r>>>;

fn by_table(rows: Vec<Row<'_>>) -> Result<ByTable<'_>> {
    let mut tables = ByTable::new();
    for row in rows {
        let text = |column| Ok::<_, crate::error::Error>(row.text(column)?.unwrap_or_default());
        tables.entry((text("namespace")?, text("table")?)).or_default().push(row);
    }
    Ok(tables)
}

/// The tables that a virtual table keeps its rows in belong to it.
const OBJECTS: &str = "select ? as namespace, s.rowid as place, s.type as type, s.name as name, \
    s.tbl_name as \"table\", s.sql as sql from {schema} s where s.name not like 'sqlite\\_%' escape '\\' \
    and s.name not in (select l.name from pragma_table_list l where l.schema = ? and l.type = 'shadow')";

const COLUMNS: &str = "select ? as namespace, s.name as \"table\", c.cid as place, c.name as name, c.type as type, \
    c.\"notnull\" as required, c.dflt_value as \"default\", c.hidden as hidden \
    from {schema} s join pragma_table_xinfo(s.name, ?) c where s.type = 'table' and s.sql not like 'create virtual%'";

const FOREIGN_KEYS: &str = "select ? as namespace, s.name as \"table\", k.id as id, k.seq as place, \
    k.\"from\" as \"column\" from {schema} s join pragma_foreign_key_list(s.name, ?) k \
    where s.type = 'table' and s.sql not like 'create virtual%'";

const HAS_A_DOT: &str = "its name holds a dot";

/// A row of `sqlite_schema`.
#[derive(Debug)]
pub struct Object {
    /// The namespace in front of names; none in the current one.
    pub prefix: Option<String>,
    namespace: String,
    kind: String,
    /// Its own name.
    pub name: String,
    table: String,
    /// How its table was called by who asks.
    asked_as: Option<String>,
    /// The text that defines it.
    pub sql: Option<String>,
}

impl Object {
    fn read(row: Row<'_>, inspection: &Inspection) -> Result<Self> {
        let text = |column| Ok::<_, crate::error::Error>(row.text(column)?.unwrap_or_default());
        let (namespace, table) = (text("namespace")?, text("table")?);
        let is_it = |asked: &&String| {
            let (of, name) = asked.rsplit_once('.').unwrap_or((MAIN, asked));
            of.eq_ignore_ascii_case(&namespace) && name.eq_ignore_ascii_case(&table)
        };
        Ok(Self {
            prefix: (namespace != MAIN).then(|| namespace.clone()),
            kind: text("type")?,
            name: text("name")?,
            asked_as: inspection.tables.iter().find(is_it).cloned(),
            sql: row.text("sql")?,
            namespace,
            table,
        })
    }

    /// Its name, with the namespace where that is not the current one.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.kind == "table" { self.full_table() } else { self.place(&self.name) }
    }

    /// The name of its table: as it was asked for, else the catalogue's.
    #[must_use]
    pub fn full_table(&self) -> String {
        self.asked_as.clone().unwrap_or_else(|| self.place(&self.table))
    }

    /// A name in its namespace.
    #[must_use]
    pub fn place(&self, name: &str) -> String {
        self.prefix.as_ref().map_or_else(|| name.to_owned(), |prefix| format!("{prefix}.{name}"))
    }
}

/// Everything was read: what refers to a table that was asked for may be anywhere.
fn keep_asked(database: &mut Database, inspection: &Inspection) {
    if inspection.tables.is_empty() {
        return;
    }
    let asked = |name: &str| inspection.tables.iter().any(|table| table == name);
    database.tables.retain(|table| asked(&table.name));
    database.left_out.retain(|left| {
        inspection.tables.iter().any(|table| {
            left.name
                .strip_prefix(table.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    });
    let mentions = |sql: &Option<String>| {
        let names = inspection.tables.iter().map(|table| table.rsplit('.').next().unwrap_or(table));
        sql.as_ref().is_some_and(|sql| names.into_iter().any(|name| names_column(sql, name)))
    };
    database.views.retain(|view| mentions(&view.definition));
    database
        .triggers
        .retain(|trigger| trigger.table.as_deref().is_some_and(asked) || mentions(&trigger.definition));
}

fn namespaces(inspection: &Inspection) -> Vec<String> {
    let mut names = inspection.namespaces.clone();
    names.extend(inspection.tables.iter().filter_map(|table| Some(table.rsplit_once('.')?.0.to_owned())));
    if inspection.namespaces.is_empty() {
        names.push(MAIN.to_owned());
    }
    names.sort();
    names.dedup();
    names
}

fn schema_of(namespace: &str) -> String {
    format!("\"{}\".sqlite_schema", namespace.replace('"', "\"\""))
}
