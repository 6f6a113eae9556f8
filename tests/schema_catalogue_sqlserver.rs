//! What SQL Server's catalogue means, and how its tables are altered. There is no such server where this
//! is tested: `corpus/catalogues/sqlserver` has rows as its documentation and its scripts show them.

#![allow(clippy::unwrap_used)] // a test ends where something is not as it should be

use guruorm::config::DriverName;
use guruorm::dialect::catalogue::{CatalogueRows, Inspection, catalogue};
use guruorm::dialect::schema::{PlanOptions, compile_changes, needed_tables};
use guruorm::evolve::normalize;
use guruorm::evolve::normalize::settled;
use guruorm::schema::{Change, Check, ColumnType, Database, DefaultValue, IndexKind, Table};
use serde_json::{Value, json};

const SHOP: &str = include_str!("../corpus/catalogues/sqlserver/shop.json");
const ODD: &str = include_str!("../corpus/catalogues/sqlserver/odd.json");

fn read(text: &str) -> (Database, Value) {
    let case: Value = serde_json::from_str(text).unwrap();
    let (inspection, mut rows) = (Inspection::default(), CatalogueRows::default());
    for query in catalogue(DriverName::SqlServer).queries(&inspection) {
        let answer = case["rows"][query.about].as_array().unwrap();
        for name in answer.iter().flat_map(|row| row.as_object().unwrap().keys()) {
            // The first column of a union names it.
            let is_asked =
                [format!(" as {name}"), format!(" as [{name}]")].iter().any(|text| query.sql.contains(text));
            assert!(is_asked, "{} does not ask for {name}", query.about);
        }
        rows.insert(query.about, answer.clone());
    }
    (catalogue(DriverName::SqlServer).read(&inspection, &rows).unwrap(), case)
}

fn reasons(database: &Database, name: &str) -> Vec<String> {
    let of = database.left_out.iter().filter(|left_out| left_out.name == name);
    of.map(|left_out| left_out.reason.clone()).collect()
}

#[test]
fn at_most_twelve_questions_are_asked_and_their_values_are_bound() {
    let all = Inspection::default();
    let named = Inspection { namespaces: vec!["it's".to_owned(), "app".to_owned()], tables: Vec::new() };
    let some =
        Inspection { namespaces: Vec::new(), tables: vec!["users".to_owned(), "it's.jobs".to_owned()] };
    for (inspection, number) in [(&all, 11), (&named, 11), (&some, 6)] {
        let queries = catalogue(DriverName::SqlServer).queries(inspection);
        assert_eq!(queries.len(), number);
        for query in queries {
            assert_eq!(query.sql.matches('?').count(), query.texts.len(), "{}", query.sql);
            assert!(!query.sql.contains("it's") && !query.sql.contains('{'), "{}", query.sql);
            assert!(query.about == "server" || query.sql.contains("n.name "), "{}", query.sql);
        }
    }
    let queries = catalogue(DriverName::SqlServer).queries(&some);
    let columns = queries.iter().find(|query| query.about == "columns").unwrap();
    assert_eq!(columns.texts, ["users", "it's", "jobs"]);
    assert!(columns.sql.contains("(n.name = schema_name() and t.name = ? or n.name = ? and t.name = ?)"));
}

#[test]
fn a_table_that_was_made_as_described_is_read_as_the_same() {
    let (database, case) = read(SHOP);
    assert_eq!(database.namespace.as_deref(), Some("dbo"));
    assert_eq!(database.server_version, "16.0.1000.6");
    assert_eq!(database.left_out, []);
    let options = PlanOptions { storage: database.storage.clone(), ..PlanOptions::default() };
    let normal = |table: &Table| normalize(table, DriverName::SqlServer, &options).unwrap();
    let text = |table: &Table| serde_json::to_string_pretty(table).unwrap();
    let described: Vec<Table> = serde_json::from_value(case["described"].clone()).unwrap();
    assert_eq!(database.tables.len(), described.len());
    for table in described {
        let wanted = normal(&settled(&table, DriverName::SqlServer, "", &options).unwrap());
        let found = normal(database.table(&table.name).unwrap());
        assert_eq!(text(&found), text(&wanted));
        assert_eq!(text(&normal(&found)), text(&found), "its normal form is no normal form");
    }
}

#[test]
fn what_is_read_can_be_made_again() {
    let (database, _) = read(SHOP);
    let users = database.table("users").unwrap();
    let default = |name: &str| users.column(name).unwrap().default.clone();
    assert_eq!(users.comment.as_deref(), Some("Who votes"));
    assert_eq!(users.column("nick").unwrap().collation.as_deref(), Some("Latin1_General_BIN2"));
    assert_eq!(users.column("email").unwrap().collation, None);
    assert_eq!(default("born"), Some(DefaultValue::Current));
    assert_eq!(default("token"), Some(DefaultValue::Raw { sql: "newid()".to_owned() }));
    let values = vec!["open".to_owned(), "it's done".to_owned()];
    assert_eq!(users.column("state").unwrap().column_type, ColumnType::Enum { values });
    let expressions: Vec<_> = users.checks.iter().map(|check| check.expression.as_str()).collect();
    assert_eq!(
        expressions,
        [
            "NOT \"nick\" like '%[0-9]%'",
            "CONVERT(\"int\",\"balance\")>=(0)",
            "\"votes\">=(0) AND \"votes\"<=(1000) AND NOT (\"nick\"='admin' OR \"nick\"='root')",
        ]
    );
    let covering = users.indexes.iter().find(|index| !index.include.is_empty()).unwrap();
    assert_eq!(covering.include, ["email", "born"]);
    assert_eq!(users.primary_key().unwrap().name.as_deref(), Some("PK__users__3213E83F1A14E395"));
}

#[test]
fn what_cannot_be_said_is_left_out_with_a_reason() {
    let (database, _) = read(ODD);
    let log = database.table("log").unwrap();
    assert!(database.table("a.b").is_none());
    assert_eq!(reasons(&database, "dbo.a.b")[0], "its name holds a dot");
    assert!(reasons(&database, "log")[0].contains("kept in memory, versioned by the server"));
    assert_eq!(reasons(&database, "log.id"), ["only integers can be said to number the rows"]);
    assert!(!log.column("id").unwrap().auto_increment);
    assert_eq!(reasons(&database, "log.note"), ["that the column is sparse, masked cannot be said"]);
    assert!(reasons(&database, "log.hidden")[0].contains("may not be read"));
    assert_eq!(
        reasons(&database, "log.UQ__log__0123"),
        ["that the index is a constraint, filled to 80 % cannot be said"]
    );
    assert_eq!(
        reasons(&database, "log.everything"),
        ["an index of the type clustered columnstore cannot be said"]
    );
    assert_eq!(log.indexes.len(), 1);
    assert_eq!(log.indexes[0].kind, IndexKind::Unique);
    assert!(log.foreign_keys.is_empty() && reasons(&database, "log.to_dotted")[0].contains("refers to"));
    assert_eq!(reasons(&database, "log.unreadable"), ["its condition may not be read"]);
    assert_eq!(reasons(&database, "app.jobs.id"), ["that it counts by 10 cannot be said"]);
    assert!(reasons(&database, "bare.id")[0].contains("without being the primary key"));
    assert_eq!(reasons(&database, "voters"), ["that the view is indexed cannot be said"]);
    assert_eq!(reasons(&database, "on_log"), ["that the trigger is disabled cannot be said"]);
    assert_eq!(reasons(&database, "app.phone"), ["types of users are not read"]);
}

#[test]
fn a_check_that_is_not_enforced_makes_no_enumeration() {
    let (database, _) = read(ODD);
    let log = database.table("log").unwrap();
    assert_eq!(log.column("note").unwrap().column_type, ColumnType::String { length: Some(255) });
    assert_eq!(log.checks.len(), 1);
    assert!(log.checks[0].not_valid);
    assert_eq!(reasons(&database, "log.CK__log__note__1"), ["that the check is disabled cannot be said"]);
}

#[test]
fn names_and_types_of_other_namespaces_have_it_in_front() {
    let (database, _) = read(ODD);
    let log = database.table("log").unwrap();
    let spelled = |name: &str| match &log.column(name).unwrap().column_type {
        ColumnType::Raw { sql } => sql.clone(),
        _ => String::new(),
    };
    assert_eq!([spelled("phone"), spelled("code")], ["\"app\".\"phone\"", "\"code\""]);
    let jobs = database.table("app.jobs").unwrap();
    assert_eq!(jobs.foreign_keys[0].on, "log");
    assert!(jobs.foreign_keys[0].not_valid);
    assert_eq!(jobs.column("id").unwrap().starting_value, Some(100));
    assert_eq!(log.column("price").unwrap().default, Some(DefaultValue::Raw { sql: "0".to_owned() }));
}

#[test]
fn programs_are_kept_as_the_statements_that_make_them() {
    let (database, _) = read(ODD);
    let views: Vec<_> =
        database.views.iter().map(|view| (view.name.as_str(), view.definition.is_some())).collect();
    assert_eq!(views, [("app.closed", false), ("voters", true)]);
    assert_eq!(database.triggers[0].table.as_deref(), Some("log"));
    assert_eq!(database.routines[0].definition.as_deref(), Some("CREATE PROCEDURE tidy AS RETURN"));
    assert_eq!(
        database.sequences[0].definition.as_deref(),
        Some(
            "create sequence \"dbo\".\"counter\" as bigint start with 1 increment by 1 \
             minvalue -9223372036854775808 maxvalue 9223372036854775807 no cycle"
        )
    );
}

#[test]
fn the_collation_of_the_database_says_nothing() {
    let (database, case) = read(SHOP);
    let mut table: Table = serde_json::from_value(case["described"][0].clone()).unwrap();
    let options = PlanOptions { storage: database.storage.clone(), ..PlanOptions::default() };
    let normal = |table: &Table| normalize(table, DriverName::SqlServer, &options).unwrap();
    let unsaid = normal(&table);
    table.columns[1].collation = Some("sql_latin1_general_cp1_CI_AS".to_owned());
    assert_eq!(normal(&table), unsaid);
    table.columns[1].collation = Some("Latin1_General_BIN2".to_owned());
    assert_ne!(normal(&table), unsaid);
}

fn check(expression: &str) -> Table {
    let check = Check { name: Some("c".to_owned()), expression: expression.to_owned(), not_valid: false };
    let table = Table { checks: vec![check], ..Table::new("t") };
    normalize(&table, DriverName::SqlServer, &PlanOptions::default()).unwrap()
}

#[test]
fn a_condition_is_the_same_as_the_server_prints_it() {
    let same = [
        ("role in ('a', 'b')", "([role]='b' OR [role]='a')"),
        ("role in ('a', 'b')", "([role]=N'b' OR [role]=N'a')"),
        ("a > 0 and role in (1, 2)", "([a]>(0) AND ([role]=(2) OR [role]=(1)))"),
        ("role not in (-1, 2)", "(NOT ([role]=(2) OR [role]=(-1)))"),
        ("role not in (1, 2)", "([role]<>(2) AND [role]<>(1))"),
        ("role <> 1", "([role]<>(1))"),
        ("role in (1)", "([role]=(1))"),
        ("lower(role) = 'x' or lower(role) = 'y'", "(lower([role])='y' OR lower([role])='x')"),
        ("a between 1 and 5", "([a]>=(1) AND [a]<=(5))"),
        ("a not between 1 and 5", "(NOT ([a]>=(1) AND [a]<=(5)))"),
        ("name not like 'a%'", "(NOT [name] like 'a%')"),
        ("cast(a + 1 as decimal(8, 2)) > 0", "(CONVERT([decimal](8,2),[a]+(1))>(0))"),
        ("year(born) > 1900", "(datepart(year,[born])>(1900))"),
        ("a is not null or b is null", "([a] IS NOT NULL OR [b] IS NULL)"),
    ];
    for (author, server) in same {
        assert_eq!(check(author), check(server), "{author}");
    }
    for (one, other) in
        [("a in (1, 2)", "a in (1, 3)"), ("a = 1 or b = 2", "a in (1, 2)"), ("a in (1)", "a not in (1)")]
    {
        assert_ne!(check(one), check(other), "{one}");
    }
}

/// The statements of a change of a column of `users`.
fn changed(column: &Value) -> Vec<String> {
    let (database, _) = read(SHOP);
    let change = json!([{"kind": "changeColumn", "table": "users", "column": column}]);
    let changes: Vec<Change> = serde_json::from_value(change).unwrap();
    let options = PlanOptions::default();
    assert_eq!(needed_tables(&changes, DriverName::SqlServer, "", &options), ["users"]);
    let statements = compile_changes(&changes, DriverName::SqlServer, "", &options, Some(&database)).unwrap();
    // Statements that look for what the server has named.
    statements.into_iter().filter(|sql| !sql.contains("OBJECT_NAME([default_object_id])")).collect()
}

#[test]
fn what_stands_on_a_column_goes_before_its_change_and_comes_back() {
    assert_eq!(
        changed(&json!({"name": "nick", "type": {"kind": "string", "length": 20}, "nullable": true})),
        [
            "alter table \"users\" drop constraint \"no_digits\"",
            "alter table \"users\" drop constraint \"some_votes\"",
            "drop index \"by_votes\" on \"users\"",
            "drop index \"one_nick\" on \"users\"",
            "drop index \"users_nick_votes_index\" on \"users\"",
            "alter table \"users\" alter column \"nick\" nvarchar(20) null",
            "create index \"by_votes\" on \"users\" (\"votes\" desc, \"nick\")",
            "create unique index \"one_nick\" on \"users\" (\"nick\") where \"nick\" IS NOT NULL",
            "create index \"users_nick_votes_index\" on \"users\" (\"nick\", \"votes\" desc) include (\"email\", \"born\")",
            "alter table \"users\" add constraint \"no_digits\" check (NOT \"nick\" like '%[0-9]%')",
            "alter table \"users\" add constraint \"some_votes\" check (\"votes\">=(0) AND \"votes\"<=(1000) AND NOT (\"nick\"='admin' OR \"nick\"='root'))",
        ]
    );
}

#[test]
fn a_text_that_only_grows_keeps_its_indexes() {
    let statements = changed(&json!({"name": "email", "type": {"kind": "string", "length": 300}}));
    assert_eq!(statements, ["alter table \"users\" alter column \"email\" nvarchar(300) not null"]);
}

#[test]
fn a_new_default_alters_no_column() {
    let votes =
        json!({"name": "votes", "type": {"kind": "integer"}, "default": {"kind": "value", "value": 1}});
    assert_eq!(changed(&votes), ["alter table \"users\" add default '1' for \"votes\""]);
}

#[test]
fn an_enumeration_changes_with_its_check() {
    let wider = changed(&json!({"name": "state", "type": {"kind": "enum", "values": ["open", "shut"]}}));
    assert_eq!(wider.len(), 3, "{wider:#?}");
    assert!(
        wider[0].contains("FROM sys.check_constraints") && wider[0].contains("[is_system_named] = 1"),
        "{}",
        wider[0]
    );
    assert_eq!(
        wider[1..],
        [
            "alter table \"users\" alter column \"state\" nvarchar(255) not null",
            "alter table \"users\" add check (\"state\" in (N'open', N'shut'))",
        ]
    );
    let text = changed(&json!({"name": "state", "type": {"kind": "text"}}));
    assert_eq!(text.len(), 2, "{text:#?}");
    assert!(text[0].contains("FROM sys.check_constraints"), "{}", text[0]);
    assert_eq!(text[1], "alter table \"users\" alter column \"state\" nvarchar(max) not null");
}

#[test]
fn a_dropped_column_takes_what_stands_on_it_along() {
    let (database, _) = read(SHOP);
    let change = json!([{"kind": "dropColumns", "table": "members", "columns": ["shape"]}]);
    let changes: Vec<Change> = serde_json::from_value(change).unwrap();
    let options = PlanOptions::default();
    let statements = compile_changes(&changes, DriverName::SqlServer, "", &options, Some(&database)).unwrap();
    assert_eq!(statements[0], "drop index \"members_shape_spatialindex\" on \"members\"");
    assert!(statements[1].ends_with("alter table \"members\" drop column \"shape\""), "{statements:#?}");
    assert_eq!(statements.len(), 2);
}

#[test]
fn a_key_carries_no_columns_along_and_has_all_rows() {
    for more in [json!({"include": ["nick"]}), json!({"where": "nick is not null"})] {
        let mut index = json!({"kind": "primary", "columns": ["id"]});
        index.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let change = json!([{"kind": "addIndex", "table": "users", "index": index}]);
        let changes: Vec<Change> = serde_json::from_value(change).unwrap();
        let refused = compile_changes(&changes, DriverName::SqlServer, "", &PlanOptions::default(), None);
        let message = refused.map_or_else(|error| error.message, |_| String::new());
        assert!(
            message.starts_with("SQL Server has no primary key that") && message.ends_with("(users.id)"),
            "{message}"
        );
    }
}
