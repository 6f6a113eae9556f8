//! What `MySQL` 8's catalogue says of a table is what was described.
//!
//! No such server runs where this is tested. The rows are those that its manual describes (8.4 §28.3.5
//! `CHECK_CONSTRAINTS`, §28.3.8 `COLUMNS`, §28.3.34 `STATISTICS`) and that reports about real ones show:
//! values without quotes as defaults, `DEFAULT_GENERATED` for expressions, expressions with their quotes
//! escaped once more and `_utf8mb4` before each text.

#![allow(clippy::unwrap_used, clippy::panic)] // a test ends where something is not as it should be

use guruorm::config::DriverName;
use guruorm::dialect::catalogue::{CatalogueRows, Inspection, catalogue};
use guruorm::dialect::schema::PlanOptions;
use guruorm::evolve::normalize;
use guruorm::evolve::normalize::settled;
use guruorm::schema::{Database, DefaultValue, Table};
use serde_json::{Value, json};

fn inspected(answers: &[(&'static str, Value)]) -> Database {
    let (catalogue, inspection) = (catalogue(DriverName::MySql), Inspection::default());
    let mut rows = CatalogueRows::default();
    for query in catalogue.queries(&inspection) {
        let answer = answers.iter().find(|(about, _)| *about == query.about);
        rows.insert(query.about, answer.map_or_else(Vec::new, |(_, rows)| rows.as_array().unwrap().clone()));
    }
    let database = catalogue.read(&inspection, &rows).unwrap();
    Database { driver: "mysql".to_owned(), ..database }
}

/// Rows of a table `shop.t`, each with the cells that it names and `shared` behind them.
fn rows(shared: &Value, rows: &[Value]) -> Value {
    rows.iter()
        .map(|row| {
            let mut all = json!({"schema": "shop", "table": "t"});
            for cells in [shared, row] {
                all.as_object_mut().unwrap().extend(cells.as_object().unwrap().clone());
            }
            all
        })
        .collect()
}

fn server() -> (&'static str, Value) {
    let row = |charset: &str, collation: &str| {
        json!({"version": "8.4.2", "namespace": "shop", "engine": "InnoDB",
               "database_collation": "utf8mb4_0900_ai_ci", "charset": charset, "collation": collation})
    };
    ("server", json!([row("utf8mb4", "utf8mb4_0900_ai_ci"), row("latin1", "latin1_swedish_ci")]))
}

fn tables() -> (&'static str, Value) {
    let table = json!({"kind": "BASE TABLE", "engine": "InnoDB", "collation": "utf8mb4_0900_ai_ci",
                       "comment": "", "options": ""});
    ("tables", rows(&table, &[json!({})]))
}

fn columns(columns: &[Value]) -> (&'static str, Value) {
    let unsaid = json!({"default": null, "nullable": "NO", "charset": null, "collation": null, "extra": "",
                        "comment": "", "expression": "", "srid": null});
    let mut columns = columns.to_vec();
    for (at, column) in columns.iter_mut().enumerate() {
        column["position"] = json!(at + 1);
    }
    ("columns", rows(&unsaid, &columns))
}

fn same(database: &Database, described: &Value) {
    let driver = DriverName::MySql;
    let options = PlanOptions { storage: database.storage.clone(), ..PlanOptions::default() };
    let described: Table = serde_json::from_value(described.clone()).unwrap();
    let wanted = settled(&described, driver, "", &options).unwrap();
    let wanted = normalize(&wanted, driver, &options).unwrap();
    let found = normalize(database.table("t").unwrap(), driver, &options).unwrap();
    let text = |table: &Table| serde_json::to_string_pretty(table).unwrap();
    assert_eq!(text(&found), text(&wanted));
    assert_eq!(normalize(&found, driver, &options).unwrap(), found);
}

#[test]
fn columns_with_bare_defaults_and_marked_expressions_are_read() {
    let utf8 = |mut column: Value| {
        column["charset"] = json!("utf8mb4");
        column["collation"] = json!("utf8mb4_0900_ai_ci");
        column
    };
    let generated = "DEFAULT_GENERATED";
    let database = inspected(&[
        server(),
        tables(),
        columns(&[
            json!({"name": "id", "type": "bigint unsigned", "extra": "auto_increment"}),
            json!({"name": "flag", "type": "tinyint(1)", "default": "1"}),
            json!({"name": "votes", "type": "int", "default": "-5", "nullable": "YES"}),
            json!({"name": "price", "type": "decimal(8,2) unsigned", "default": "1.50"}),
            utf8(json!({"name": "kind", "type": "enum('a','b''c')", "default": "b'c"})),
            utf8(json!({"name": "word", "type": "varchar(20)", "default": "NULL"})),
            utf8(json!({"name": "token", "type": "char(36)", "default": "uuid()", "extra": generated})),
            utf8(json!({"name": "joined", "type": "varchar(20)", "extra": generated,
                        "default": r"concat(_utf8mb4\'a\',_utf8mb4\'it\\\'s\')"})),
            json!({"name": "made", "type": "timestamp(3)", "default": "CURRENT_TIMESTAMP(3)",
                   "extra": "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)"}),
            json!({"name": "day", "type": "date", "default": "curdate()", "extra": generated}),
            json!({"name": "year", "type": "year", "default": "year(curdate())", "extra": generated}),
            json!({"name": "meta", "type": "json", "nullable": "YES"}),
            json!({"name": "bits", "type": "bit(3)", "default": "b'101'"}),
            json!({"name": "bytes", "type": "binary(4)", "default": "0x41420000"}),
            json!({"name": "place", "type": "point", "srid": 4326}),
            json!({"name": "shapes", "type": "geomcollection"}),
            json!({"name": "total", "type": "int", "nullable": "YES", "extra": "STORED GENERATED",
                   "expression": "(`votes` * 2)"}),
            utf8(json!({"name": "label", "type": "varchar(40)", "nullable": "YES",
                        "extra": "VIRTUAL GENERATED INVISIBLE",
                        "expression": r"concat(`word`,_utf8mb4\'it\\\'s\')"})),
            json!({"name": "latin", "type": "varchar(9)", "charset": "latin1", "collation": "latin1_swedish_ci",
                   "comment": "it's"}),
            json!({"name": "vector", "type": "vector(3)"}),
        ]),
        (
            "indexes",
            rows(
                &json!({"repeats": 0, "direction": "A", "length": null, "type": "BTREE", "comment": "",
                        "expression": null, "hidden": 0}),
                &[json!({"name": "PRIMARY", "column": "id", "position": 1})],
            ),
        ),
    ]);
    let of = |kind: &str| json!({"kind": kind});
    let string = json!({"kind": "string", "length": 20});
    let raw = |sql: &str| json!({"kind": "raw", "sql": sql});
    let value = |value: Value| json!({"kind": "value", "value": value});
    let current = json!({"kind": "current"});
    let described = json!({"name": "t", "columns": [
        {"name": "id", "type": of("bigInteger"), "unsigned": true, "autoIncrement": true},
        {"name": "flag", "type": of("boolean"), "default": value(json!(true))},
        {"name": "votes", "type": of("integer"), "default": value(json!(-5)), "nullable": true},
        {"name": "price", "type": {"kind": "decimal", "precision": 8, "scale": 2}, "unsigned": true,
         "default": value(json!("1.5"))},
        {"name": "kind", "type": {"kind": "enum", "values": ["a", "b'c"]}, "default": value(json!("b'c"))},
        {"name": "word", "type": string, "default": value(json!("NULL"))},
        {"name": "token", "type": of("uuid"), "default": raw("(uuid())")},
        {"name": "joined", "type": string, "default": raw("(concat('a', 'it''s'))")},
        {"name": "made", "type": {"kind": "timestamp", "precision": 3}, "default": current,
         "currentOnUpdate": true},
        {"name": "day", "type": of("date"), "default": current},
        {"name": "year", "type": of("year"), "default": current},
        {"name": "meta", "type": of("jsonb"), "nullable": true},
        {"name": "bits", "type": raw("bit(3)"), "default": raw("b'101'")},
        {"name": "bytes", "type": {"kind": "binary", "length": 4, "fixed": true}, "default": value(json!("AB"))},
        {"name": "place", "type": {"kind": "geometry", "subtype": "point", "srid": 4326}},
        {"name": "shapes", "type": {"kind": "geometry", "subtype": "geometrycollection"}},
        {"name": "total", "type": of("integer"), "generated": {"expression": "votes * 2", "stored": true}},
        {"name": "label", "type": {"kind": "string", "length": 40}, "invisible": true,
         "generated": {"expression": "concat(word, 'it''s')", "stored": false}},
        {"name": "latin", "type": {"kind": "string", "length": 9}, "charset": "latin1", "comment": "it's"},
        {"name": "vector", "type": {"kind": "vector", "dimensions": 3}},
    ]});
    same(&database, &described);
    let default = database.table("t").and_then(|table| table.column("token")?.default.clone());
    assert_eq!(default, Some(DefaultValue::Raw { sql: "(uuid())".to_owned() }));
}

#[test]
fn indexes_on_expressions_and_hidden_ones_are_read() {
    let part = json!({"repeats": 1, "position": 1, "direction": "A", "length": null, "type": "BTREE",
                      "comment": "", "expression": null, "column": null, "hidden": 0});
    let database = inspected(&[
        server(),
        tables(),
        columns(&[
            json!({"name": "id", "type": "int"}),
            json!({"name": "n", "type": "varchar(20)", "charset": "utf8mb4", "collation": "utf8mb4_0900_ai_ci"}),
        ]),
        (
            "indexes",
            rows(
                &part,
                &[
                    json!({"name": "PRIMARY", "column": "id", "repeats": 0}),
                    json!({"name": "t_lower", "expression": r"concat(lower(`n`),_utf8mb4\'x\')"}),
                    json!({"name": "t_lower", "position": 2, "column": "id", "direction": "D"}),
                    json!({"name": "t_n_index", "column": "n", "length": 5, "hidden": 1}),
                    json!({"name": "t_n_fulltext", "column": "n", "type": "FULLTEXT", "direction": null}),
                ],
            ),
        ),
    ]);
    same(
        &database,
        &json!({
            "name": "t",
            "columns": [{"name": "id", "type": {"kind": "integer"}},
                        {"name": "n", "type": {"kind": "string", "length": 20}, "indexes": [{"kind": "fulltext"}]}],
            "indexes": [
                {"kind": "primary", "columns": ["id"]},
                {"kind": "index", "name": "t_lower", "columns": [], "expression": "(concat(LOWER(n), 'x')), id desc"},
                {"kind": "index", "columns": [{"column": "n", "length": 5}]},
            ],
        }),
    );
    let left_out: Vec<_> = database.left_out.iter().map(|left| left.name.as_str()).collect();
    assert_eq!(left_out, ["t.t_n_index"]);
}

#[test]
fn checks_and_foreign_keys_are_read() {
    let key = json!({"foreign_schema": "shop", "foreign_table": "p", "name": "t_pair_foreign"});
    let check = json!({"level": "Table", "enforced": "YES"});
    let database = inspected(&[
        server(),
        tables(),
        columns(&[json!({"name": "a", "type": "int"}), json!({"name": "b", "type": "int"})]),
        (
            "indexes",
            rows(
                &json!({"name": "t_pair_foreign", "repeats": 1, "direction": "A", "length": null,
                        "type": "BTREE", "comment": "", "expression": null, "hidden": 0}),
                &[json!({"column": "a", "position": 1}), json!({"column": "b", "position": 2})],
            ),
        ),
        (
            "keys",
            rows(
                &key,
                &[
                    json!({"column": "b", "position": 2, "foreign_column": "y"}),
                    json!({"column": "a", "position": 1, "foreign_column": "x"}),
                ],
            ),
        ),
        (
            "actions",
            rows(
                &json!({"name": "t_pair_foreign"}),
                &[json!({"on_update": "NO ACTION", "on_delete": "CASCADE"})],
            ),
        ),
        (
            "checks",
            rows(
                &check,
                &[
                    json!({"name": "t_chk_1", "expression": "(`a` >= 0)"}),
                    json!({"name": "quoted", "expression": r"(`b` <> _utf8mb4\'it\\\'s\')", "enforced": "NO"}),
                ],
            ),
        ),
    ]);
    let integer = |name: &str| json!({"name": name, "type": {"kind": "integer"}});
    same(
        &database,
        &json!({
            "name": "t",
            "columns": [integer("a"), integer("b")],
            "foreignKeys": [{"name": "t_pair_foreign", "columns": ["a", "b"], "on": "p", "references": ["x", "y"],
                             "onDelete": "cascade", "onUpdate": "restrict"}],
            "checks": [{"name": "t_chk_1", "expression": "a >= 0"}, {"name": "quoted", "expression": "b <> 'it''s'"}],
        }),
    );
    let left_out: Vec<_> = database.left_out.iter().map(|left| left.name.as_str()).collect();
    assert_eq!(left_out, ["t.quoted"]);
}

#[test]
fn every_answer_has_names_of_its_own_and_there_are_no_more_than_twelve() {
    for driver in [DriverName::MySql, DriverName::MariaDb] {
        let queries = catalogue(driver).queries(&Inspection::default());
        assert!(queries.len() <= 12, "{} questions", queries.len());
        for query in queries {
            let list = query.sql.split(" from ").next().unwrap();
            let columns = list.trim_start_matches("select ").split(", ").count();
            assert_eq!(list.matches(" as `").count(), columns, "{}", query.sql);
        }
    }
}
