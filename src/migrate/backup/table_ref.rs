//! How statements about backups name tables and columns.

use crate::config::DriverName;
use crate::migrate::quote::quoted;
use crate::schema::TableName;

/// `"schema"."table"`.
pub(super) fn table_ref(driver: DriverName, table: &TableName) -> String {
    match &table.schema {
        Some(schema) => format!("{}.{}", quoted(driver, schema), quoted(driver, &table.name)),
        None => quoted(driver, &table.name),
    }
}

/// `"a", "b"`, each behind `alias.` where there is one.
pub(super) fn columns(driver: DriverName, names: &[String], alias: &str) -> String {
    names.iter().map(|name| format!("{alias}{}", quoted(driver, name))).collect::<Vec<_>>().join(", ")
}

/// ` where "a" is not null or …`; nothing without columns.
pub(super) fn having_values(driver: DriverName, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let present: Vec<_> = names.iter().map(|name| format!("{} is not null", quoted(driver, name))).collect();
    format!(" where {}", present.join(" or "))
}

/// `a."id" = b."id" and …`
pub(super) fn same_key(driver: DriverName, key: &[String], a: &str, b: &str) -> String {
    let same = |name: &String| format!("{a}.{0} = {b}.{0}", quoted(driver, name));
    key.iter().map(same).collect::<Vec<_>>().join(" and ")
}
