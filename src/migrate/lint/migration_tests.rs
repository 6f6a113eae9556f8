//! Rules about what a migration is as a whole, and what lets a finding pass.

use super::script::{Script, rules};
use super::*;
use crate::config::DriverName::{self, MariaDb, MySql, Postgres, SqlServer, Sqlite};

#[test]
fn transactions() {
    assert_eq!(rules(Postgres, &["create index concurrently i on users (a)"]), ["cic-in-tx"]);
    for driver in DriverName::ALL {
        assert_eq!(rules(driver, &["commit"]), ["tx-control-in-body"], "{driver:?}");
    }
    assert_eq!(rules(Postgres, &["set local lock_timeout = '0s'"]), ["unlocked-timeout"]);
    assert_eq!(rules(Postgres, &["select set_config('lock_timeout', '0', true)"]), ["unlocked-timeout"]);
    assert_eq!(rules(Postgres, &["set lock_timeout to '2s'"]), Vec::<&str>::new());
    assert_eq!(rules(SqlServer, &["set lock_timeout -1"]), ["unlocked-timeout"]);
    let outside = Script { within_transaction: false, ..Script::on(Postgres) };
    assert_eq!(outside.rules(&["commit", "vacuum"]), Vec::<&str>::new());
}

#[test]
fn a_value_of_an_enum_is_not_used_by_the_transaction_that_adds_it() {
    let add = "alter type event_kind add value if not exists 'sold'";
    let uses = ["insert into events (kind) values ('sold')", "update events set kind = 'sold' where id = 1"];
    for sql in uses {
        assert_eq!(rules(Postgres, &[add, sql]), ["enum-add-value-in-tx"], "{sql}");
        let outside = Script { within_transaction: false, ..Script::on(Postgres) };
        assert_eq!(outside.rules(&[add, sql]), Vec::<&str>::new(), "{sql}");
    }
    let bound = Script { values: vec!["sold".into()], ..Script::on(Postgres) };
    assert_eq!(bound.rules(&[add, "insert into events (kind) values ($1)"]), ["enum-add-value-in-tx"]);
    // Another table, which has no column of the kind.
    assert_eq!(rules(Postgres, &[add, "update users set name = 'sold' where id = 1"]), Vec::<&str>::new());
    assert_eq!(rules(Postgres, &[add, "insert into events (kind) values ('lost')"]), Vec::<&str>::new());
    assert_eq!(
        Script::on(Postgres).texts(&[add, uses[0]]),
        [
            "enum-add-value-in-tx: 'sold' was added to \"event_kind\" by this migration, and cannot be used before that \
          is committed (55P04). Instead: add the value in a migration before this one, or set withinTransaction = false"
        ]
    );
}

#[test]
fn long_writes() {
    let lock = "alter table users add column a int";
    for sql in ["update events set a = 1 where id < 9", "insert into users (a) select a from events"] {
        assert_eq!(rules(Postgres, &[lock, sql]), ["mixed-ddl-dml"], "{sql}");
        assert_eq!(rules(Postgres, &[sql, lock]), Vec::<&str>::new(), "{sql}");
        assert_eq!(rules(MariaDb, &[lock, sql]), Vec::<&str>::new(), "{sql}");
    }
    let light = "alter table users validate constraint c";
    assert_eq!(rules(Postgres, &[light, "update events set a = 1 where id < 9"]), Vec::<&str>::new());
    for (sql, is_found) in [
        ("update events set a = 1", true),
        ("delete from events where a is null", true),
        ("update events set a = 1 where a <> 2", true),
        ("update events set a = 1 where a not in (1)", true),
        ("delete from events where id between 1 and 9", false),
        ("update events set a = 1 where events.id = 4", false),
        ("delete from events where at >= now()", false),
        ("update users set a = 1", false),
    ] {
        for driver in DriverName::ALL {
            assert_eq!(rules(driver, &[sql]) == ["backfill-unbatched"], is_found, "{driver:?} {sql}");
        }
    }
    assert_eq!(rules(MySql, &["delete from events where a = 1 limit 500"]), Vec::<&str>::new());
    assert_eq!(rules(SqlServer, &["delete top (500) from events"]), Vec::<&str>::new());
}

#[test]
fn names_and_new_tables() {
    let long = "n".repeat(64);
    for sql in [
        format!("create table {long} (id int)"),
        format!("create table t (\"{long}\" int)"),
        format!("create table t (a int, constraint {long} check (a > 0))"),
        format!("create index {long} on users (a)"),
        format!("alter table users add {long} int"),
    ] {
        assert_eq!(rules(Postgres, &[&sql]), ["identifier-too-long"], "{sql}");
        assert_eq!(rules(Sqlite, &[&sql]), Vec::<&str>::new(), "{sql}");
        assert_eq!(rules(MySql, &[&sql]), Vec::<&str>::new(), "{sql}");
    }
    let umlauts = format!("create table {} (id int)", "ü".repeat(40));
    assert_eq!(rules(Postgres, &[&umlauts]), ["identifier-too-long"]);
    let on = Script { options: r#"{"rules":{"int-primary-key":"warn"}}"#, ..Script::on(Postgres) };
    assert_eq!(on.rules(&["create table t (id serial primary key)"]), ["int-primary-key"]);
    assert_eq!(
        on.rules(&["create table t (id int generated always as identity, primary key (id))"]),
        ["int-primary-key"]
    );
    assert_eq!(on.rules(&["create table t (id bigserial primary key)"]), Vec::<&str>::new());
    assert_eq!(rules(Postgres, &["create table t (id serial primary key)"]), Vec::<&str>::new());
}

#[test]
fn tables_of_this_run_are_exempt() {
    let statements = [
        "create table if not exists fresh (id int)",
        "create index i on fresh (id)",
        "alter table fresh add a int not null",
        "alter table fresh rename to newer",
        "alter table newer drop column a",
        "drop table newer",
        "drop table users",
        "create table users (id int)",
        "alter table users drop column id",
    ];
    for driver in [Postgres, Sqlite, MariaDb] {
        assert_eq!(rules(driver, &statements), ["drop-table"], "{driver:?}");
    }
    // It was there.
    assert_eq!(
        rules(Postgres, &["create table if not exists users (id int)", "alter table users drop column name"]),
        ["drop-column"]
    );
}

#[test]
fn changes_of_mysql_are_counted() {
    let two = ["alter table users add a int", "alter table users add b int", "alter table users add c int"];
    assert_eq!(rules(MariaDb, &two), ["mysql-multi-ddl"]);
    assert_eq!(rules(Postgres, &two), Vec::<&str>::new());
    let made = ["create table fresh (id int)", "alter table fresh add index i (id)", two[0]];
    assert_eq!(rules(MySql, &made), Vec::<&str>::new());
}

#[test]
fn a_rebuild_of_sqlite_is_no_loss() {
    let rebuild = "create table \"__temp__events\" (id int);\ninsert into \"__temp__events\" (id) select id from \"events\";\n\
                   drop table \"events\";\nalter table \"__temp__events\" rename to \"events\"";
    assert_eq!(rules(Sqlite, &[rebuild]), ["sqlite-table-rebuild"]);
    assert_eq!(rules(Sqlite, &[&rebuild.replace("events", "users")]), Vec::<&str>::new());
    assert_eq!(
        rules(Sqlite, &[rebuild, "alter table events drop column id"]),
        ["sqlite-table-rebuild", "drop-column"]
    );
}

#[test]
fn findings_are_allowed_by_comments_by_their_author_and_by_the_project() {
    let sql = "alter table users drop column name, drop column id";
    assert_eq!(rules(Postgres, &[sql]).len(), 2);
    assert_eq!(rules(Postgres, &[&format!("-- guruorm: allow drop-column\n{sql}")]), Vec::<&str>::new());
    assert_eq!(rules(Postgres, &[&format!("-- guruorm: allow drop-table\n{sql}")]).len(), 2);
    let assured = Script { is_assured: true, ..Script::on(Postgres) };
    assert_eq!(assured.rules(&[sql]), Vec::<&str>::new());
    for options in [
        r#"{"ignore":["drop-column"]}"#,
        r#"{"ignore":["drop-column:Users"]}"#,
        r#"{"rules":{"drop-column":"off"}}"#,
    ] {
        assert_eq!(Script { options, ..Script::on(Postgres) }.rules(&[sql]), Vec::<&str>::new(), "{options}");
    }
    let other = Script { options: r#"{"ignore":["drop-column:events"]}"#, ..Script::on(Postgres) };
    assert_eq!(other.rules(&[sql]).len(), 2);
    // An index keeps its comment, and its rewrite begins with the statement.
    let index = "-- guruorm: allow drop-table\ncreate index i on events (a)";
    assert!(
        Script::on(Postgres).texts(&[index])[0]
            .contains("Instead: create index concurrently i on events (a)")
    );
}

#[test]
fn a_comment_that_allows_what_there_is_not_is_told() {
    let request = LintRequest {
        sql: "-- guruorm: allow drop-colum\nselect 1".into(),
        values: vec![],
        number: 1,
        within_transaction: true,
        is_assured: false,
        ends: false,
        settings: LintSettings::default(),
        tables: vec![],
        is_complete: false,
        state: LintState::default(),
    };
    let answer = lint(Postgres, &request);
    assert_eq!(answer.doubts, ["There is no lint rule \"drop-colum\": did you mean \"drop-column\"?"]);
}

#[test]
fn any_text_is_read_to_its_end() {
    let words = [
        "alter", "table", "create", "index", "on", "add", "drop", "(", ")", ",", "'", "rename", "to",
        "update", ".",
    ];
    let mut seed = 11_u32;
    for _ in 0..3000 {
        let mut sql = String::new();
        for _ in 0..(seed % 11) {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            sql.push_str(words[(seed >> 16) as usize % words.len()]);
            sql.push(' ');
        }
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        for driver in DriverName::ALL {
            rules(driver, &[&sql]);
        }
    }
}
