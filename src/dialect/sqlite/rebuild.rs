//! The statements that replace a table by an altered copy of itself.

use super::catalogue::MAIN;
use super::define::{Keys, create, define};
use super::legality::is_constraint;
use super::schema::add_index;
use crate::dialect::ansi::table::Scope;
use crate::dialect::rebuild::{Asked, FOREIGN_KEYS_ON, Guard, Rebuild};
use crate::error::{ErrorCode, Result};
use crate::schema::{Column, Database, Definition, Index, IndexKind, Table};

/// What the name of an altered copy begins with, until it takes the name of its table.
pub const COPY: &str = "__temp__";

/// Replaces the table `before` by what `database` says of it.
///
/// # Errors
/// `Unsupported` where something of the table would be lost, as [`create`] else.
pub fn rebuild(before: &Table, database: &Database, name: &str, scope: &Scope<'_>) -> Result<Rebuild> {
    refuse_losses(database, name, scope)?;
    let Some(after) = database.table(name) else {
        return Err(crate::error::Error::internal(format!("{name} is not there after its changes")));
    };
    let (namespace, bare) = scope.split(name);
    let copy_name = namespace.map_or_else(String::new, |namespace| format!("{namespace}.")) + COPY + &bare;
    let (old, new) = (scope.table(name), scope.table(&copy_name));
    let names = common_columns(before, after);
    let columns = scope.quote_list(&names);
    let schema = namespace.unwrap_or(MAIN);
    let own = |one: &str| scope.qualify(namespace, one);
    let mut indexes = Vec::new();
    for index in
        after.indexes.iter().filter(|index| index.kind != IndexKind::Primary && !is_constraint(index))
    {
        indexes.push(add_index(name, index, false, scope)?);
    }
    let known: Vec<_> = database
        .triggers
        .iter()
        .filter(|trigger| trigger.table.as_deref() == Some(name))
        .filter_map(|trigger| trigger.definition.clone())
        .collect();
    Ok(Rebuild {
        table: name.to_owned(),
        referrers: referrers(after, &bare, schema, scope),
        probes: probes(after, database, scope),
        violations: Asked {
            sql: "select \"table\" as name, parent as parent, count(*) as number \
                  from pragma_foreign_key_check(null, ?) group by 1, 2"
                .to_owned(),
            texts: vec![schema.to_owned()],
        },
        triggers: triggers(namespace, &bare, scope),
        copy: vec![
            copy_of(after, &copy_name, scope)?,
            format!("insert into {new} ({columns}) select {columns} from {old}"),
        ],
        missing: Guard {
            asked: Asked {
                sql: format!(
                    "select 'rows' as name where (select count(*) from {new}) <> (select count(*) from {old})"
                ),
                texts: Vec::new(),
            },
            message: format!("{name}: its altered copy has not as many rows as it; nothing was changed"),
            code: ErrorCode::Internal,
            native_code: None,
        },
        keep_counter: keep_counter(
            before,
            after,
            &own("sqlite_sequence"),
            [&bare, &format!("{COPY}{bare}")],
            scope,
        ),
        drop: format!("drop table {old}"),
        rename: format!("alter table {new} rename to {}", scope.quote(&bare)),
        indexes,
        known_triggers: known,
    })
}

/// What the data cannot say is not in the copy.
fn refuse_losses(database: &Database, name: &str, scope: &Scope<'_>) -> Result<()> {
    let of_table = |left: &&crate::schema::LeftOut| {
        left.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    match database.left_out.iter().find(of_table) {
        None => Ok(()),
        Some(left) => Err(scope.refuse(
            &format!(
                "such change of a table without a copy, which would lose {} ({})",
                left.reason, left.name
            ),
            name,
            None,
        )),
    }
}

/// The columns whose values are copied: the others are new, or computed.
fn common_columns(before: &Table, after: &Table) -> Vec<String> {
    let copied = |column: &&Column| column.generated.is_none() && before.column(&column.name).is_some();
    after.columns.iter().filter(copied).map(|column| column.name.clone()).collect()
}

fn copy_of(after: &Table, copy_name: &str, scope: &Scope<'_>) -> Result<String> {
    for column in &after.columns {
        define(&after.name, column, None, scope)?; // an error names the table itself
    }
    let uniques: Vec<&Index> = after.indexes.iter().filter(|index| is_constraint(index)).collect();
    let keys = Keys { primary: after.primary_key(), foreign: &after.foreign_keys, uniques: &uniques };
    create(&Table { name: copy_name.to_owned(), ..after.clone() }, &keys, &after.checks, scope)
}

/// Dropping the old table deletes its rows first where foreign keys are checked, with what others do
/// about that ("SQLite Foreign Key Support" §5). The copy may be one of them.
fn referrers(after: &Table, bare: &str, schema: &str, scope: &Scope<'_>) -> Guard {
    let name = &after.name;
    let master = scope.qualify(Some(schema), "sqlite_schema");
    let itself = if after.foreign_keys.iter().any(|key| key.on.eq_ignore_ascii_case(name)) {
        format!(" union select {}", scope.literal(bare))
    } else {
        String::new()
    };
    let sql = format!(
        "select o.name as name from (select s.name from {master} s join pragma_foreign_key_list(s.name, ?) k \
         where s.type = 'table' and k.\"table\" = ? collate nocase{itself}) o \
         where (select foreign_keys from pragma_foreign_keys) and exists (select 1 from {}) order by 1",
        scope.table(name)
    );
    let message = format!(
        "SQLite alters {name} by a copy, and dropping the old table in this transaction would delete or change the \
         rows of {{}} that refer to it. Foreign keys cannot be switched off in a transaction: begin it inside of \
         Schema.withoutForeignKeyConstraints(), or alter the table outside of one"
    );
    Guard {
        asked: Asked { sql, texts: vec![schema.to_owned(), bare.to_owned()] },
        message,
        code: ErrorCode::Unsupported,
        native_code: Some(FOREIGN_KEYS_ON),
    }
}

/// Statements that compile what reads the table: views, and the triggers of tables and views.
fn probes(after: &Table, database: &Database, scope: &Scope<'_>) -> Vec<String> {
    let mut probes: Vec<_> = database
        .views
        .iter()
        .map(|view| format!("explain select * from {}", scope.table(&view.name)))
        .collect();
    let mut others: Vec<_> =
        database.triggers.iter().filter_map(|Definition { table, .. }| table.as_deref()).collect();
    others.sort_unstable();
    others.dedup();
    for table in others {
        let table_name = scope.table(table);
        probes.push(format!("explain insert into {table_name} default values"));
        probes.push(format!("explain delete from {table_name}"));
        if table == after.name {
            let set = |column: &Column| format!("{0} = {0}", scope.quote(&column.name));
            let plain = after.columns.iter().filter(|column| column.generated.is_none());
            let sets: Vec<_> = plain.map(set).collect();
            probes.push(format!("explain update {table_name} set {}", sets.join(", ")));
        }
    }
    probes
}

/// The triggers that go with the table: its own, and those that this session alone has on it. A text begins
/// with the trigger's own name, without a namespace.
fn triggers(namespace: Option<&str>, bare: &str, scope: &Scope<'_>) -> Asked {
    let text = |start: &str| {
        format!("{} || substr(sql, length('create trigger ') + 1) as sql", scope.literal(start))
    };
    let own = namespace.map_or_else(
        || "sql".to_owned(),
        |namespace| text(&format!("create trigger {}.", scope.quote(namespace))),
    );
    let of_table = "where type = 'trigger' and tbl_name = ? collate nocase";
    let sql = format!(
        "select {own} from {} {of_table} union all select {} from sqlite_temp_schema {of_table} and not exists \
         (select 1 from sqlite_temp_schema t where t.type = 'table' and t.name = ? collate nocase)",
        scope.qualify(namespace, "sqlite_schema"),
        text("create temp trigger ")
    );
    Asked { sql, texts: vec![bare.to_owned(); 3] }
}

/// The counter of a table that numbers its rows stands in a row of `sqlite_sequence`, which the copy
/// has only if it has rows, and which then forgets the numbers of deleted ones.
fn keep_counter(
    before: &Table,
    after: &Table,
    sequence: &str,
    names: [&str; 2],
    scope: &Scope<'_>,
) -> Vec<String> {
    let numbers = |table: &Table| table.columns.iter().any(Column::numbers_rows);
    if !numbers(before) || !numbers(after) {
        return Vec::new();
    }
    let [old, copy] = names.map(|name| scope.literal(name));
    vec![
        format!("delete from {sequence} where name = {copy}"),
        format!("insert into {sequence} (name, seq) select {copy}, seq from {sequence} where name = {old}"),
    ]
}
