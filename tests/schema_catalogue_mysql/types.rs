//! Types.

use crate::schema_support::Scratch;
use crate::{column, of_columns, raw, text};
use guruorm::config::DriverName;
use guruorm::dialect::ansi::table::Scope;
use guruorm::dialect::schema::PlanOptions;
use guruorm::dialect::schema::dialect;
use serde_json::Value;
use serde_json::json;

/// Every type that MariaDB has.
pub(crate) fn types() -> Vec<Value> {
    let mut types: Vec<Value> = [
        "tinyInteger",
        "smallInteger",
        "mediumInteger",
        "integer",
        "bigInteger",
        "double",
        "boolean",
        "char",
        "string",
        "tinyText",
        "text",
        "mediumText",
        "longText",
        "json",
        "jsonb",
        "date",
        "dateTime",
        "dateTimeTz",
        "time",
        "timeTz",
        "timestamp",
        "timestampTz",
        "year",
        "uuid",
        "ulid",
        "ipAddress",
        "macAddress",
        "float",
        "binary",
        "geometry",
        "geography",
    ]
    .iter()
    .map(|kind| json!({"kind": kind}))
    .collect();
    types.extend([
        json!({"kind": "float", "precision": 10}),
        json!({"kind": "float", "precision": 53}),
        json!({"kind": "decimal", "precision": 8, "scale": 2}),
        json!({"kind": "decimal", "precision": 20, "scale": 0}),
        json!({"kind": "char", "length": 7}),
        text(20),
        json!({"kind": "enum", "values": ["a", "b'c", "d\\e", "ü", "", "f,g (h)", "\"q\""]}),
        json!({"kind": "set", "values": ["a", "b'c", "d\\e"]}),
        json!({"kind": "dateTime", "precision": 3}),
        json!({"kind": "dateTime", "precision": 0}),
        json!({"kind": "time", "precision": 2}),
        json!({"kind": "timestamp", "precision": 6}),
        json!({"kind": "binary", "length": 16, "fixed": true}),
        json!({"kind": "binary", "length": 16}),
        json!({"kind": "geometry", "subtype": "point", "srid": 4326}),
        json!({"kind": "geometry", "subtype": "Polygon"}),
        json!({"kind": "geometry", "subtype": "geometrycollection"}),
        json!({"kind": "geography", "subtype": "point", "srid": 0}),
        raw("inet6"),
        raw("INET4"),
        raw("bit"),
        raw("bit(3)"),
        raw("mediumblob"),
        raw("double(8, 2)"),
        raw("integer unsigned"),
        raw("boolean"),
        raw("int(6) zerofill"),
        raw("numeric(5)"),
    ]);
    types
}

#[test]
fn every_type_is_read_as_it_was_described() {
    let scratch = Scratch::mariadb("types");
    let columns: Vec<_> = types().into_iter().map(|of| json!({"type": of})).collect();
    scratch.round_trip(&of_columns("plain", &columns));
    let columns: Vec<_> = types().into_iter().map(|of| json!({"type": of, "nullable": true})).collect();
    scratch.round_trip(&of_columns("nullable", &columns));
}

#[test]
fn every_type_read_back_is_spelled_the_same() {
    let options = PlanOptions::default();
    for driver in [DriverName::MariaDb, DriverName::MySql] {
        let (dialect, scope) = (dialect(driver), Scope { driver, prefix: "", options: &options });
        for of in types() {
            let mut column = column(&json!({"name": "c", "type": of}));
            let spelled = dialect.sql_type("t", &column, &scope).unwrap();
            dialect.read_type(&spelled, &mut column);
            let canonical = column.clone();
            let again = dialect.sql_type("t", &column, &scope).unwrap();
            dialect.read_type(&again, &mut column);
            assert_eq!(column, canonical, "{driver:?}: {spelled}, then {again}");
        }
    }
}
