//! Opening and closing: settings, folders that are not there, files that are something else.

use guruorm::driver::{Connection, Driver};
use guruorm::error::{Error, ErrorCode};

use crate::support::*;

fn refusal(path: &str) -> Error {
    block_on(driver(config(), path, true).connect()).err().unwrap()
}

#[test]
fn a_connection_begins_with_the_settings_of_the_configuration() {
    let folder = Folder::new();
    let mut connection = open(&folder.file("a.db"));
    let settings = |connection: &mut dyn Connection| {
        ["journal_mode", "foreign_keys", "synchronous", "busy_timeout", "query_only"]
            .map(|name| cell(connection, &format!("pragma {name}")))
    };
    let number = Value::Integer;
    assert_eq!(settings(connection.as_mut()), [text("wal"), number(1), number(1), number(0), number(0)]);

    let mut other = config();
    other.sqlite.journal_mode = "DELETE".to_owned();
    other.sqlite.synchronous = "full".to_owned();
    other.sqlite.foreign_keys = false;
    let mut connection = block_on(connect(&driver(other, &folder.file("b.db"), true)));
    assert_eq!(settings(connection.as_mut()), [text("delete"), number(0), number(2), number(0), number(0)]);
}

#[test]
fn a_setting_that_sqlite_does_not_know_is_a_mistake_in_the_configuration() {
    let mut settings = config();
    settings.sqlite.journal_mode = "wal; drop table users".to_owned();
    let error = block_on(driver(settings, ":memory:", true).connect()).err().unwrap();
    assert_eq!(error.code, ErrorCode::Config);
    assert!(error.message.contains("delete, truncate, persist, memory, wal, off"), "{error}");
}

#[test]
fn a_database_that_cannot_be_opened_says_which_and_why() {
    let folder = Folder::new();
    std::fs::write(folder.file("text.db"), "this is a text of more than one hundred bytes ".repeat(10))
        .unwrap();
    for (path, why) in [
        (folder.file("missing/deep/a.db"), "does not exist; create it"),
        (folder.path().to_str().unwrap().to_owned(), "it is a folder"),
        (folder.file("text.db"), "not a SQLite database"),
        (folder.file("text.db/a.db"), "does not exist"),
        (format!("file:{}?mode=rw", folder.file("none.db")), "unable to open"),
    ] {
        let error = refusal(&path);
        assert_eq!(error.code, ErrorCode::Connection, "{path}: {error}");
        assert!(error.message.contains(&path), "{path}: {error}");
        assert!(error.message.contains(why), "{path}: {error}");
        assert!(error.detail.driver_code.is_some_and(|code| code.starts_with("SQLITE_")), "{path}");
    }
    assert!(!folder.path().join("missing").exists());
    assert_eq!(refusal("a\0b").code, ErrorCode::Config);
}

#[test]
fn closing_leaves_no_file_open_however_it_happens() {
    let folder = Folder::new();
    let path = folder.file("closing.db");
    let open_files = || {
        let all = std::fs::read_dir("/proc/self/fd").unwrap();
        all.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
            .filter(|target| target.starts_with(folder.path()))
            .count()
    };
    for how in ["close", "drop", "drop inside a transaction", "a canceller is left"] {
        let mut connection = open(&path);
        run(connection.as_mut(), "create table if not exists t (v)", &[]);
        run(connection.as_mut(), "insert into t values (1)", &[]);
        rows(connection.as_mut(), "select * from t");
        assert!(open_files() >= 2, "{how}: the test sees no open file");
        let canceller = connection.canceller();
        match how {
            "close" => block_on(connection.close()),
            "drop inside a transaction" => {
                run(connection.as_mut(), "begin immediate", &[]);
                run(connection.as_mut(), "insert into t values (2)", &[]);
                drop(connection);
            }
            _ => drop(connection),
        }
        assert_eq!(open_files(), 0, "{how}");
        block_on(canceller()).unwrap();
    }
    assert!(!std::path::Path::new(&format!("{path}-wal")).exists(), "the last connection tidies up");
}

#[test]
fn memory_is_one_database_for_one_connection_and_outlives_it() {
    let memory = driver(config(), ":memory:", true);
    assert_eq!(memory.max_connections(), Some(1));
    let mut connection = block_on(connect(&memory));
    run(connection.as_mut(), "create table t (v)", &[]);
    run(connection.as_mut(), "insert into t values (1)", &[]);
    let error = block_on(memory.connect()).err().unwrap();
    assert_eq!(error.code, ErrorCode::Connection);
    assert!(error.message.contains("in use"), "{error}");

    run(connection.as_mut(), "begin", &[]);
    run(connection.as_mut(), "insert into t values (2)", &[]);
    block_on(connection.close());
    let mut connection = block_on(connect(&memory));
    assert_eq!(rows(connection.as_mut(), "select v from t"), [[Value::Integer(1)]]);

    let mut other = open(":memory:");
    assert!(try_run(other.as_mut(), "select v from t", &[]).is_err(), "another driver has another memory");
    assert_eq!(driver(config(), "a.db", true).max_connections(), None);
}

#[test]
fn a_connection_that_only_reads_refuses_to_write_and_says_so() {
    let folder = Folder::new();
    let path = folder.file("reader.db");
    let mut reader = block_on(connect(&driver(config(), &path, false)));
    let mut writer = open(&path);
    run(writer.as_mut(), "create table t (v)", &[]);
    for sql in ["insert into t values (1)", "create table u (v)", "drop table t", "begin immediate"] {
        let error = try_run(reader.as_mut(), sql, &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::Query, "{sql}");
        assert_eq!(
            error.message, "this statement writes, but was sent to a connection that only reads",
            "{sql}"
        );
        assert_eq!(error.detail.driver_code.as_deref(), Some("SQLITE_READONLY"), "{sql}");
    }
    run(writer.as_mut(), "insert into t values (1)", &[]);
    assert_eq!(rows(reader.as_mut(), "select v from t"), [[Value::Integer(1)]]);
}

#[test]
fn sessions_have_numbers_of_their_own() {
    let (first, second) = (open(":memory:"), open(":memory:"));
    assert_ne!(first.session_id(), 0);
    assert_ne!(first.session_id(), second.session_id());
}
