//! Differences between what is there and what is described.

use crate::schema_support::Scratch;
use crate::{table, text};
use guruorm::config::DriverName;
use guruorm::dialect::schema::PlanOptions;
use guruorm::dialect::schema::compile_changes;
use guruorm::evolve::diff;
use guruorm::evolve::normalize::settled;
use guruorm::schema::Database;
use serde_json::Value;
use serde_json::json;

#[test]
fn what_was_created_differs_in_nothing_and_what_differs_can_be_changed() {
    let scratch = Scratch::mariadb("diff");
    let id = json!({"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true, "unsigned": true});
    let parent = json!({"name": "parent_id", "type": {"kind": "bigInteger"}, "unsigned": true});
    let number = json!({"name": "n", "type": {"kind": "integer"}});
    let key = |name: &str, columns: Value| json!({"name": name, "columns": columns, "on": "parents", "references": columns_of(&columns)});
    let words = json!({"name": "words", "type": text(30), "charset": "latin1"});
    let own = json!({"name": "own", "type": text(30), "collation": "utf8mb4_unicode_ci"});
    let parents = json!({"name": "parents", "columns": [id, number, own], "options": {"charset": "utf8mb4"},
                         "indexes": [{"kind": "index", "columns": ["id", "n"]}]});
    let child = |more: &Value| {
        let mut all = json!({
            "name": "children",
            "columns": [id, parent, number, words, {"name": "meta", "type": {"kind": "json"}, "nullable": true}],
            "foreignKeys": [key("children_parent", json!(["parent_id"]))],
            "checks": [{"name": "children_n", "expression": "n > 0 and n != 5 and (n < 10 or n = 20)"}],
        });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let driver = DriverName::MariaDb;
    let connection =
        PlanOptions { collation: Some("utf8mb4_unicode_ci".to_owned()), ..PlanOptions::default() };
    let steps = [
        child(&json!({})),
        // The index of a key gives way to one that covers it.
        child(&json!({"indexes": [{"kind": "index", "columns": ["parent_id", "n"]}]})),
        child(
            &json!({"foreignKeys": [key("children_parent", json!(["parent_id"])), key("pair", json!(["parent_id", "n"]))]}),
        ),
        child(&json!({"foreignKeys": [], "comment": "alone", "checks": []})),
        child(
            &json!({"foreignKeys": [key("children_parent", json!(["parent_id"]))], "columns": [id, parent, number]}),
        ),
    ];
    for (at, child) in steps.iter().enumerate() {
        let options = if at % 2 == 0 { &connection } else { &PlanOptions::default() };
        let tables =
            [&parents, child].map(|described| settled(&table(described), driver, "", options).unwrap());
        let wanted = Database { driver: "mariadb".to_owned(), tables: tables.into(), ..Database::default() };
        let changes = diff(&scratch.inspect(), &wanted, driver, options).unwrap();
        assert!(!changes.is_empty(), "step {at}");
        scratch.run(&compile_changes(&changes, driver, "", options, None).unwrap()).unwrap();
        let rest = diff(&scratch.inspect(), &wanted, driver, options).unwrap();
        assert_eq!(rest, [], "step {at}");
    }
}

/// The columns of `parents` that these columns of `children` refer to.
fn columns_of(columns: &Value) -> Value {
    let name = |column: &Value| if column == "parent_id" { json!("id") } else { column.clone() };
    columns.as_array().unwrap().iter().map(name).collect()
}
