//! [`Overlay::answer`]: what the catalogue would say after what a pretended run has recorded.

use serde_json::{Value, json};

use super::overlay::Overlay;
use crate::config::DriverName;
use crate::dialect::ansi::table::Scope;
use crate::dialect::schema::{PlanOptions, Question, dialect};
use crate::schema::{Column, DefaultValue, ForeignKey, Index, IndexKind, Scalar, Table};

impl Overlay {
    /// The answer to a question, from what the catalogue says now (`found`). What would be as it is keeps the
    /// catalogue's own words; the rest is described as its statement does.
    #[must_use]
    pub fn answer(&self, question: &Question, driver: DriverName, prefix: &str, found: Value) -> Value {
        let options = PlanOptions::default();
        let scope = Scope { driver, prefix, options: &options };
        match question {
            Question::HasTable { table } => match self.altered(table, &scope) {
                Some((_, after)) => Value::Bool(after.is_some()),
                None => found,
            },
            Question::Columns { table } => self.parts(table, &scope, found, |table| {
                table.columns.iter().map(|column| described(table, column, &scope)).collect()
            }),
            Question::Indexes { table } => self.parts(table, &scope, found, |table| {
                table.indexes.iter().map(|index| index_of(table, index, driver)).collect()
            }),
            Question::ForeignKeys { table } => self.parts(table, &scope, found, |table| {
                table
                    .foreign_keys
                    .iter()
                    .map(|key| foreign_key(key, self.database.namespace.as_deref()))
                    .collect()
            }),
            Question::Tables { schema, .. } => self.tables(schema.as_deref(), found),
            Question::Views { schema, .. } => self.views(schema.as_deref(), found),
            Question::Types { .. } | Question::Schemas | Question::CurrentSchemas => found,
        }
    }

    /// A table that would be otherwise, as it is and as it would be; none for any other.
    fn altered(&self, table: &str, scope: &Scope<'_>) -> Option<(Option<&Table>, Option<&Table>)> {
        let (namespace, name) = scope.split(table);
        let mut name = namespace.map_or_else(|| name.clone(), |namespace| format!("{namespace}.{name}"));
        self.database.shorten(&mut name);
        let before = self.before.get(&name)?;
        Some((before.as_ref(), self.database.table(&name)))
    }

    /// What `describe` says of the table, in the catalogue's words where it says the same of the table as it is.
    fn parts(
        &self,
        table: &str,
        scope: &Scope<'_>,
        found: Value,
        describe: impl Fn(&Table) -> Vec<Value>,
    ) -> Value {
        let Some((before, after)) = self.altered(table, scope) else { return found };
        let before = before.map(&describe).unwrap_or_default();
        let found = found.as_array().cloned().unwrap_or_default();
        let catalogues = |part: Value| {
            let is_same = before.contains(&part);
            let known = found.iter().find(|known| is_same && known["name"] == part["name"]);
            known.cloned().unwrap_or(part)
        };
        after.map(describe).unwrap_or_default().into_iter().map(catalogues).collect()
    }

    fn tables(&self, schema: Option<&str>, found: Value) -> Value {
        let entry = |name: &str, namespace: Option<&str>| json!({"name": name, "schema": namespace, "size": null, "comment": null, "collation": null, "engine": null});
        let gone = |name: &String| self.database.table(name).is_none();
        let new: Vec<_> =
            self.before.iter().filter(|(name, before)| before.is_none() && !gone(name)).collect();
        self.listed(
            schema,
            found,
            |name| self.before.contains_key(name) && gone(name),
            new.iter().map(|(name, _)| name.as_str()),
            entry,
        )
    }

    fn views(&self, schema: Option<&str>, found: Value) -> Value {
        let Some(before) = &self.views else { return found };
        let has = |name: &String| self.database.views.iter().any(|view| view.name == *name);
        let new = self.database.views.iter().map(|view| &view.name).filter(|name| !before.contains(name));
        let entry = |name: &str, namespace: Option<&str>| json!({"name": name, "schema": namespace, "definition": null});
        self.listed(schema, found, |name| before.contains(name) && !has(name), new.map(String::as_str), entry)
    }

    /// A list of the catalogue without what would be gone, and with what would be new.
    fn listed<'n>(
        &self,
        schema: Option<&str>,
        found: Value,
        is_gone: impl Fn(&String) -> bool,
        new: impl Iterator<Item = &'n str>,
        entry: impl Fn(&str, Option<&str>) -> Value,
    ) -> Value {
        let own = self.database.namespace.as_deref();
        let name_of = |known: &Value| {
            let name = known["name"].as_str().unwrap_or_default();
            match known["schema"].as_str() {
                Some(schema) if Some(schema) != own => format!("{schema}.{name}"),
                _ => name.to_owned(),
            }
        };
        let mut all = found.as_array().cloned().unwrap_or_default();
        all.retain(|known| !is_gone(&name_of(known)));
        for name in new {
            let (namespace, name) =
                name.rsplit_once('.').map_or((own, name), |(left, right)| (Some(left), right));
            if schema.is_none_or(|schema| Some(schema) == namespace) {
                all.push(entry(name, namespace));
            }
        }
        all.sort_by_key(|known| (known["schema"].to_string(), known["name"].to_string()));
        Value::Array(all)
    }
}

fn described(table: &Table, column: &Column, scope: &Scope<'_>) -> Value {
    let spelled = dialect(scope.driver).sql_type(&table.name, column, scope).unwrap_or_default();
    // What follows a type in a definition is no part of it: ` check (…)`.
    let spelled = spelled.split(" check ").next().unwrap_or_default().to_owned();
    let full = if scope.driver == DriverName::Postgres { postgres_type(&spelled) } else { spelled };
    json!({
        "name": column.name,
        "type_name": type_name(&full, scope.driver),
        "type": full,
        "collation": column.collation,
        "nullable": column.nullable.unwrap_or(false),
        "default": column.default.as_ref().map(default),
        "auto_increment": column.auto_increment,
        "comment": column.comment,
        "generation": column.generated.as_ref().map(|generated| json!({
            "type": if generated.stored { "stored" } else { "virtual" },
            "expression": generated.expression,
        })),
    })
}

/// A type as `format_type` spells it, for those that definitions spell otherwise.
fn postgres_type(spelled: &str) -> String {
    let (name, rest) = spelled.split_at(spelled.find(['(', ' ']).unwrap_or(spelled.len()));
    let name = match name {
        "bigserial" => "bigint",
        "serial" => "integer",
        "smallserial" => "smallint",
        "varchar" => "character varying",
        "char" => "character",
        "decimal" => "numeric",
        "float" => "double precision",
        _ => name,
    };
    format!("{name}{}", rest.replace(", ", ","))
}

/// The name of a type without lengths, as the catalogue calls it.
fn type_name(full: &str, driver: DriverName) -> String {
    let name = full.split('(').next().unwrap_or_default().trim();
    if driver != DriverName::Postgres {
        return name.split(' ').next().unwrap_or_default().to_lowercase();
    }
    match name.split(' ').next().unwrap_or_default() {
        "bigint" => "int8",
        "integer" => "int4",
        "smallint" => "int2",
        "boolean" => "bool",
        "double" => "float8",
        "real" => "float4",
        "character" if name == "character varying" => "varchar",
        "character" => "bpchar",
        "timestamp" if full.ends_with("with time zone") => "timestamptz",
        "time" if full.ends_with("with time zone") => "timetz",
        other => other,
    }
    .to_owned()
}

fn default(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Value { value: Scalar::Bool(value) } => format!("'{}'", i32::from(*value)),
        DefaultValue::Value { value: Scalar::Number(number) } => format!("'{number}'"),
        DefaultValue::Value { value: Scalar::Text(text) } => format!("'{}'", text.replace('\'', "''")),
        DefaultValue::Raw { sql } => sql.clone(),
        DefaultValue::Current => "CURRENT_TIMESTAMP".to_owned(),
    }
}

fn index_of(table: &Table, index: &Index, driver: DriverName) -> Value {
    let is_primary = index.kind == IndexKind::Primary;
    let name = match (&index.name, driver) {
        (Some(name), _) if !is_primary || driver == DriverName::Postgres => name.clone(),
        (_, DriverName::Postgres) if is_primary => format!("{}_pkey", table.name),
        _ if is_primary => "primary".to_owned(),
        _ => String::new(),
    };
    let algorithm = index.algorithm.clone().unwrap_or_else(|| "btree".to_owned());
    json!({
        "name": name,
        "columns": index.columns.iter().filter_map(|part| part.column.clone()).collect::<Vec<_>>(),
        "type": if driver == DriverName::Sqlite { None } else { Some(algorithm) },
        "unique": matches!(index.kind, IndexKind::Primary | IndexKind::Unique),
        "primary": is_primary,
    })
}

fn foreign_key(key: &ForeignKey, own: Option<&str>) -> Value {
    let (namespace, table) =
        key.on.rsplit_once('.').map_or((own, key.on.as_str()), |(left, right)| (Some(left), right));
    let action = |action: Option<_>| match action {
        Some(action) => json!(action),
        None => json!("no action"),
    };
    json!({
        "name": key.name,
        "columns": key.columns,
        "foreign_schema": namespace,
        "foreign_table": table,
        "foreign_columns": key.references,
        "on_update": action(key.on_update),
        "on_delete": action(key.on_delete),
    })
}
