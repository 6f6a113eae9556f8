//! Questions to the catalogue about one thing: each answers `found`, 0 when it is not there.

use super::sql::{Constraint, ConstraintKind, Name};
use super::statement::Sql;
use crate::config::DriverName;

pub(super) fn table(driver: DriverName, name: &Name) -> Sql {
    match driver {
        DriverName::Postgres => question("from pg_class where oid = to_regclass(?)", &[&name.text]),
        DriverName::MySql | DriverName::MariaDb => {
            in_schema("from information_schema.tables where table_name = ?", name, &[&name.name])
        }
        DriverName::Sqlite => {
            question("from sqlite_schema where type = 'table' and lower(name) = lower(?)", &[&name.name])
        }
        DriverName::SqlServer => question("from sys.tables where object_id = object_id(?)", &[&name.text]),
    }
}

pub(super) fn column(driver: DriverName, table: &Name, column: &Name) -> Sql {
    let name = &column.name;
    match driver {
        DriverName::Postgres => question(
            "from pg_attribute where attrelid = to_regclass(?) and attname = ? and not attisdropped",
            &[&table.text, name],
        ),
        DriverName::MySql | DriverName::MariaDb => in_schema(
            "from information_schema.columns where table_name = ? and column_name = ?",
            table,
            &[&table.name, name],
        ),
        DriverName::Sqlite => {
            question("from pragma_table_xinfo(?) where lower(name) = lower(?)", &[&table.name, name])
        }
        DriverName::SqlServer => {
            question("from sys.columns where object_id = object_id(?) and name = ?", &[&table.text, name])
        }
    }
}

/// Of an index; without its table where its name is enough. None: the database cannot tell.
pub(super) fn index(driver: DriverName, table: Option<&Name>, index: &Name) -> Option<Sql> {
    Some(match (driver, table) {
        (DriverName::Postgres, table) => {
            let qualifier = table.map_or("", Name::qualifier);
            let text = if index.namespace.is_some() {
                index.text.clone()
            } else {
                format!("{qualifier}{}", index.text)
            };
            question("from pg_class where oid = to_regclass(?)", &[&text])
        }
        (DriverName::Sqlite, _) => {
            question("from sqlite_schema where type = 'index' and lower(name) = lower(?)", &[&index.name])
        }
        (DriverName::MySql | DriverName::MariaDb, Some(table)) => in_schema(
            "from information_schema.statistics where table_name = ? and index_name = ?",
            table,
            &[&table.name, &index.name],
        ),
        (DriverName::SqlServer, Some(table)) => question(
            "from sys.indexes where object_id = object_id(?) and name = ?",
            &[&table.text, &index.name],
        ),
        (DriverName::MySql | DriverName::MariaDb | DriverName::SqlServer, None) => return None,
    })
}

/// Of a constraint. None: the database cannot tell.
pub(super) fn constraint(driver: DriverName, table: &Name, constraint: &Name) -> Option<Sql> {
    let name = &constraint.name;
    Some(match driver {
        DriverName::Postgres => question(
            "from pg_constraint where conrelid = to_regclass(?) and conname = ?",
            &[&table.text, name],
        ),
        DriverName::MySql | DriverName::MariaDb => in_schema(
            "from information_schema.table_constraints where table_name = ? and constraint_name = ?",
            table,
            &[&table.name, name],
        ),
        DriverName::SqlServer => question(
            "from sys.objects where parent_object_id = object_id(?) and name = ?",
            &[&table.text, name],
        ),
        DriverName::Sqlite => return None,
    })
}

/// Whether what a constraint adds is there; none when nobody can tell.
pub(super) fn added(table: &Name, constraint: &Constraint<'_>, driver: DriverName) -> Option<Sql> {
    let name = constraint.name.as_ref()?;
    match constraint.kind {
        ConstraintKind::Primary => None,
        ConstraintKind::Foreign | ConstraintKind::Check | ConstraintKind::Exclude => {
            self::constraint(driver, table, name)
        }
        _ => index(driver, Some(table), name),
    }
}

fn question(from: &str, bindings: &[&str]) -> Sql {
    Sql::new(format!("select count(*) as found {from}"), bindings)
}

/// In the schema that qualifies the name, else in the current one.
fn in_schema(from: &str, name: &Name, bindings: &[&str]) -> Sql {
    match &name.namespace {
        Some(schema) => {
            question(&format!("{from} and table_schema = ?"), &[bindings, &[schema.as_str()]].concat())
        }
        None => question(&format!("{from} and table_schema = database()"), bindings),
    }
}
