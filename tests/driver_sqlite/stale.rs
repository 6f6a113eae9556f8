//! Statements that are kept while the schema changes under them.

use guruorm::value::ValueRef;

use crate::support::*;

#[test]
fn an_explained_statement_follows_the_schema() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table users (id integer, name text)", &[]);
    for explain in ["explain query plan", " /* why */ EXPLAIN Query Plan"] {
        let sql = format!("{explain} select * from users where name = 'x'");
        run(connection, "create index users_name on users (name)", &[]);
        assert!(format!("{:?}", rows(connection, &sql)).contains("SEARCH users USING INDEX"), "{sql}");
        run(connection, "drop index users_name", &[]);
        assert!(format!("{:?}", rows(connection, &sql)).contains("SCAN users"), "{sql}");
    }
}

/// SQLite lists the program of an `explain` without looking whether its tables are still there.
#[test]
fn a_table_may_go_between_two_explains_of_one_text() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    for _ in 0..5 {
        block_on(
            connection.execute_script("drop table if exists users; create table users (id int, name text)"),
        )
        .unwrap();
        for sql in [
            "explain insert into users (id, name) values (?, ?)",
            "explain update users set id = ?, name = ?",
        ] {
            let (_, read) = try_run(connection, sql, &[ValueRef::Integer(1), ValueRef::Integer(1)]).unwrap();
            assert!(read.rows.len() > 5, "{sql}");
        }
    }
}

#[test]
fn pragmas_and_virtual_tables_follow_the_schema() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    let asked = [
        "pragma table_info(users)",
        "pragma index_list(users)",
        "pragma foreign_key_list(users)",
        "pragma table_list(users)",
        "select name from pragma_table_info('users')",
        "select name from pragma_index_list('users')",
        "select * from words",
        "select * from sqlite_schema where name like 'u%'",
    ];
    let mut seen: Vec<Vec<String>> = vec![Vec::new(); asked.len()];
    for round in 1..=4 {
        let columns: Vec<String> =
            (0..round).map(|column| format!("c{round}_{column} text unique")).collect();
        let columns = columns.join(", ");
        block_on(connection.execute_script(&format!(
            "drop table if exists users; drop table if exists words;
            create table users ({columns}, parent references users (c{round}_0));
            create virtual table words using fts5(w{round}); insert into words values ('w{round}')"
        )))
        .unwrap();
        for (sql, seen) in asked.iter().zip(&mut seen) {
            let (_, read) = try_run(connection, sql, &[]).unwrap();
            let answer = format!("{:?} {:?}", read.columns, read.rows);
            assert!(!seen.contains(&answer) || sql.contains("_list"), "{sql} answered again: {answer}");
            seen.push(answer);
        }
    }
    assert!(seen.iter().all(|answers| answers.last() != answers.first()), "{seen:#?}");
}
