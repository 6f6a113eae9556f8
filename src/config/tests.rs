//! What users may write, and what they hear when it cannot work.

use serde_json::{Value, json};

use super::{BigIntMode, ConnectionConfig, DriverName, Endpoint, SslMode, parse};
use crate::error::ErrorCode;

fn config(options: &Value) -> ConnectionConfig {
    parse("main", &options.to_string()).unwrap_or_else(|error| panic!("{}: {options}", error.message))
}

fn refusal(options: &Value) -> String {
    let error = parse("main", &options.to_string()).expect_err(&options.to_string());
    assert_eq!(error.code, ErrorCode::Config);
    error.message
}

fn server(options: &Value) -> Endpoint {
    config(options).write.remove(0)
}

#[test]
fn every_spelling_of_a_driver_is_known_in_any_case() {
    for (spellings, driver) in [
        (&["postgres", "pgsql", "PostgreSQL", "PG"][..], DriverName::Postgres),
        (&["mysql", "MySQL"], DriverName::MySql),
        (&["mariadb"], DriverName::MariaDb),
        (&["sqlserver", "mssql", "sqlsrv"], DriverName::SqlServer),
    ] {
        for spelling in spellings {
            assert_eq!(config(&json!({ "driver": spelling })).driver, driver);
        }
    }
    for spelling in ["sqlite", "SQLite3"] {
        assert_eq!(config(&json!({ "driver": spelling, "database": ":memory:" })).driver, DriverName::Sqlite);
    }
}

#[test]
fn an_unknown_driver_hears_the_known_ones() {
    let message = refusal(&json!({ "driver": "oracle" }));
    assert!(message.starts_with("Connection [main]: there is no driver 'oracle'"), "{message}");
    assert!(message.contains("'mariadb'") && message.contains("'sqlserver'"), "{message}");
    assert!(refusal(&json!({})).contains("`driver` is missing"));
}

#[test]
fn what_is_left_out_has_the_documented_defaults() {
    let postgres = config(&json!({ "driver": "pgsql" }));
    let endpoint = &postgres.write[0];
    assert_eq!((endpoint.host.as_str(), endpoint.port), ("127.0.0.1", 5432));
    assert_eq!((endpoint.username.as_str(), endpoint.database.as_str()), ("postgres", "postgres"));
    let pool = &postgres.pool;
    assert_eq!((pool.min, pool.max, pool.acquire_timeout_ms), (0, 10, 30_000));
    assert_eq!(
        (pool.idle_timeout_ms, pool.create_timeout_ms, pool.max_lifetime_ms),
        (30_000, 3_000, 1_800_000)
    );
    assert_eq!((postgres.ssl.mode, postgres.strict, postgres.sticky), (SslMode::Disable, true, false));
    let mysql = config(&json!({ "driver": "mysql" }));
    assert_eq!((mysql.write[0].port, mysql.charset.as_str(), mysql.collation), (3306, "utf8mb4", None));
}

#[test]
fn options_come_as_numbers_or_as_text_from_the_environment() {
    let options = json!({ "driver": "mysql", "port": "3307", "strict": "false", "pool": { "max": 20.0 }, "password": 1234 });
    let given = config(&options);
    assert_eq!((given.write[0].port, given.strict, given.pool.max), (3307, false, 20));
    assert_eq!(given.write[0].password.as_deref(), Some("1234"));
}

#[test]
fn null_means_not_given() {
    let given =
        config(&json!({ "driver": "mysql", "password": null, "engine": null, "url": null, "pool": null }));
    assert_eq!((given.write[0].password.as_deref(), given.engine), (None, None));
}

#[test]
fn an_unknown_key_hears_the_nearest_known_one_with_its_path() {
    assert!(
        refusal(&json!({ "driver": "pg", "pasword": "x" })).contains("`pasword`; did you mean `password`?")
    );
    let pool = refusal(&json!({ "driver": "pg", "pool": { "idleTimeoutMilis": 1 } }));
    assert!(pool.contains("`pool.idleTimeoutMilis`; did you mean `pool.idleTimeoutMillis`?"), "{pool}");
    assert!(
        refusal(&json!({ "driver": "pg", "pool": { "qqq": 1 } })).contains("the known ones are `min`, `max`")
    );
    assert!(
        refusal(&json!({ "driver": "pg", "read": { "hots": "a" } })).contains("did you mean `read.host`?")
    );
}

#[test]
fn a_wrong_type_names_the_key_and_what_was_expected_but_not_the_value() {
    let port = refusal(&json!({ "driver": "pg", "port": "secret" }));
    assert!(port.contains("`port` must be a whole number"), "{port}");
    assert!(!port.contains("secret"), "{port}");
    assert!(
        refusal(&json!({ "driver": "pg", "pool": 5 })).contains("`pool` must be an object, but a number")
    );
    assert!(
        refusal(&json!({ "driver": "pg", "host": true }))
            .contains("`host` must be a string or a list of strings")
    );
    assert!(
        refusal(&json!({ "driver": "pg", "sticky": "maybe" })).contains("`sticky` must be true or false")
    );
    assert!(refusal(&json!({ "driver": "pg", "port": 70_000 })).contains("1 to 65535"));
    assert!(
        refusal(&json!({ "driver": "pg", "pool": { "max": -1 } }))
            .contains("`pool.max` must be a whole number")
    );
    assert!(refusal(&json!([])).contains("must be an object"));
}

#[test]
fn a_pool_that_cannot_work_is_refused() {
    assert!(
        refusal(&json!({ "driver": "pg", "pool": { "min": 5, "max": 2 } }))
            .contains("`pool.min` (5) is over `pool.max` (2)")
    );
    assert!(
        refusal(&json!({ "driver": "pg", "pool": { "min": 50 } })).contains("`pool.max` (10, the default)")
    );
    assert!(refusal(&json!({ "driver": "pg", "pool": { "max": 0 } })).contains("at least 1"));
}

#[test]
fn the_acquire_timeout_has_two_names_and_the_pools_own_wins() {
    assert_eq!(
        config(&json!({ "driver": "pg", "acquireConnectionTimeout": 500 })).pool.acquire_timeout_ms,
        500
    );
    let both =
        json!({ "driver": "pg", "acquireConnectionTimeout": 500, "pool": { "acquireTimeoutMillis": 700 } });
    assert_eq!(config(&both).pool.acquire_timeout_ms, 700);
}

#[test]
fn a_url_is_read_part_by_part_and_percent_decoded() {
    let url = "postgres://us%40er:p%2Fss%3Aw%C3%B6rd@db.example:6543/my%20db?sslmode=require&schema=app&connect_timeout=5";
    let given = config(&json!({ "url": url }));
    let endpoint = &given.write[0];
    assert_eq!((endpoint.username.as_str(), endpoint.password.as_deref()), ("us@er", Some("p/ss:wörd")));
    assert_eq!(
        (endpoint.host.as_str(), endpoint.port, endpoint.database.as_str()),
        ("db.example", 6543, "my db")
    );
    assert_eq!((given.ssl.mode, given.search_path.as_slice()), (SslMode::Require, &["app".to_owned()][..]));
    assert_eq!((given.driver, given.pool.create_timeout_ms), (DriverName::Postgres, 5000));
}

#[test]
fn every_scheme_names_its_driver() {
    for (url, driver) in [
        ("postgresql://h/d", DriverName::Postgres),
        ("mysql://root:@localhost/test?charset=utf8mb4", DriverName::MySql),
        ("MariaDB://localhost/test", DriverName::MariaDb),
        ("mssql://sa:x@localhost:1433/master", DriverName::SqlServer),
        ("sqlite::memory:", DriverName::Sqlite),
    ] {
        assert_eq!(config(&json!({ "url": url })).driver, driver, "{url}");
    }
}

#[test]
fn a_sqlite_url_may_be_relative_absolute_in_memory_or_a_file() {
    for (url, database) in [
        ("sqlite:data/app.db", "data/app.db"),
        ("sqlite://data/app.db", "data/app.db"),
        ("sqlite:///var/app.db", "/var/app.db"),
        ("sqlite:/var/app.db?busyTimeout=100", "/var/app.db"),
        ("sqlite::memory:", ":memory:"),
        ("sqlite://:memory:", ":memory:"),
        (":memory:", ":memory:"),
        ("file:./my%20app.db", "./my app.db"),
        ("file:///var/app.db", "/var/app.db"),
    ] {
        assert_eq!(server(&json!({ "url": url })).database, database, "{url}");
    }
    assert_eq!(config(&json!({ "url": "sqlite:a.db?busyTimeout=100" })).sqlite.busy_timeout_ms, 100);
}

#[test]
fn an_ipv6_host_loses_its_brackets() {
    assert_eq!(server(&json!({ "url": "postgres://[::1]:5433/d" })).host, "::1");
}

#[test]
fn single_keys_override_the_url() {
    let url = "mysql://root:old@one/test?ssl=true";
    let given = config(
        &json!({ "url": url, "host": "two", "password": "new", "sslmode": "disable", "pool": { "max": 3 } }),
    );
    assert_eq!((given.write[0].host.as_str(), given.write[0].password.as_deref()), ("two", Some("new")));
    assert_eq!((given.ssl.mode, given.pool.max), (SslMode::Disable, 3));
    let limited = json!({ "url": "mysql://one/test?connection_limit=7", "pool": { "min": 1 } });
    assert_eq!((config(&limited).pool.min, config(&limited).pool.max), (1, 7));
}

#[test]
fn a_url_that_cannot_be_read_is_not_repeated() {
    for url in [
        "postgres://user:hunter2@host:99999999/db",
        "postgres://user:hunter2@ho st/db",
        "hunter2",
        "redis://:hunter2@h/0",
    ] {
        let message = refusal(&json!({ "url": url }));
        assert!(message.contains("`url`"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    assert!(refusal(&json!({ "url": "postgres://h/d?sslmod=require" })).contains("did you mean `sslmode`?"));
}

#[test]
fn a_driver_that_contradicts_the_url_is_refused_but_mariadb_may_use_mysql_urls() {
    assert!(refusal(&json!({ "driver": "pg", "url": "mysql://h/d" })).contains("`driver` says PostgreSQL"));
    assert_eq!(config(&json!({ "driver": "mariadb", "url": "mysql://h/d" })).driver, DriverName::MariaDb);
}

#[test]
fn ssl_true_verifies_and_turning_verification_off_takes_its_name() {
    let mode = |options: Value| {
        let mut all = json!({ "driver": "pg" });
        all.as_object_mut()
            .into_iter()
            .for_each(|all| all.extend(options.as_object().cloned().unwrap_or_default()));
        config(&all).ssl.mode
    };
    assert_eq!(mode(json!({ "ssl": true })), SslMode::VerifyFull);
    assert_eq!(mode(json!({ "ssl": false })), SslMode::Disable);
    assert_eq!(mode(json!({ "ssl": {} })), SslMode::VerifyFull);
    assert_eq!(mode(json!({ "ssl": { "rejectUnauthorized": false } })), SslMode::Require);
    assert_eq!(mode(json!({ "ssl": "require" })), SslMode::Require);
    assert_eq!(mode(json!({ "sslmode": "VERIFY-FULL" })), SslMode::VerifyFull);
    assert_eq!(mode(json!({ "sslmode": "REQUIRED" })), SslMode::Require);
    assert_eq!(
        mode(json!({ "ssl": { "rejectUnauthorized": true }, "sslmode": "verify-ca" })),
        SslMode::VerifyCa
    );
}

#[test]
fn ssl_options_that_contradict_each_other_are_refused() {
    for options in [
        json!({ "driver": "pg", "ssl": false, "sslmode": "require" }),
        json!({ "driver": "pg", "ssl": true, "sslmode": "disable" }),
        json!({ "driver": "pg", "ssl": { "rejectUnauthorized": false }, "sslmode": "verify-full" }),
    ] {
        assert!(refusal(&options).contains("contradict"), "{options}");
    }
    assert!(refusal(&json!({ "driver": "pg", "sslmode": "sometimes" })).contains("'verify-full'"));
    assert!(refusal(&json!({ "driver": "pg", "ssl": 5 })).contains("`ssl` must be"));
}

#[test]
fn a_root_certificate_makes_require_verify_it_as_in_libpq() {
    let pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----";
    let required = config(&json!({ "driver": "pg", "sslmode": "require", "ssl": { "ca": pem } }));
    assert_eq!((required.ssl.mode, required.ssl.ca), (SslMode::VerifyCa, Some(pem.as_bytes().to_vec())));
    let unverified = json!({ "driver": "pg", "ssl": { "ca": pem, "rejectUnauthorized": false } });
    assert_eq!(config(&unverified).ssl.mode, SslMode::Require);
}

#[test]
fn certificates_that_cannot_be_read_are_refused_without_showing_them() {
    let missing = refusal(&json!({ "driver": "pg", "ssl": { "ca": "/no/such/file.pem" } }));
    assert!(missing.contains("`ssl.ca` is neither PEM text nor a file"), "{missing}");
    let damaged = refusal(&json!({ "driver": "pg", "ssl": { "key": "c2VjcmV0\nc2VjcmV0" } }));
    assert!(!damaged.contains("c2VjcmV0"), "{damaged}");
    let alone = json!({ "driver": "pg", "ssl": { "cert": "-----BEGIN CERTIFICATE-----" } });
    assert!(refusal(&alone).contains("both `cert` and `key`"));
}

#[test]
fn secrets_are_not_part_of_debug_output() {
    let key = "-----BEGIN PRIVATE KEY-----hunter2";
    let options =
        json!({ "driver": "pg", "password": "hunter2", "ssl": { "key": key, "cert": "-----BEGIN" } });
    let shown = format!("{:?}", config(&options));
    assert!(!shown.contains("hunter2") && !shown.contains("104, 117, 110"), "{shown}");
}

#[test]
fn replicas_take_what_they_leave_out_from_the_connection() {
    let given = config(&json!({
        "driver": "mysql", "username": "app", "password": "x", "database": "shop", "port": 3310, "sticky": true,
        "read": { "host": ["r1", "r2"] },
        "write": [{ "host": "w1" }, { "host": "w2", "port": 3311, "user": "writer" }],
    }));
    let hosts = |list: &[Endpoint]| list.iter().map(|server| format!("{server:?}")).collect::<Vec<_>>();
    assert_eq!(hosts(&given.read), ["app@r1:3310/shop", "app@r2:3310/shop"]);
    assert_eq!(hosts(&given.write), ["app@w1:3310/shop", "writer@w2:3311/shop"]);
    assert!(given.sticky);
    let by_url = config(
        &json!({ "url": "postgres://u:p@main/d", "replication": { "read": "postgres://u:q@replica/d" } }),
    );
    assert_eq!((by_url.read[0].host.as_str(), by_url.read[0].password.as_deref()), ("replica", Some("q")));
}

#[test]
fn the_url_of_a_replica_names_a_server_and_nothing_else() {
    let tls = refusal(&json!({ "driver": "pg", "read": { "url": "postgres://r/d?sslmode=require" } }));
    assert!(tls.contains("`sslmode` belongs to the connection"), "{tls}");
    let other = refusal(&json!({ "driver": "pg", "read": "mysql://r/d" }));
    assert!(other.contains("not one of PostgreSQL"), "{other}");
}

#[test]
fn sqlite_has_no_replicas_and_needs_a_database() {
    assert!(
        refusal(&json!({ "driver": "sqlite", "database": "a", "read": { "host": "b" } }))
            .contains("no servers")
    );
    assert!(refusal(&json!({ "driver": "sqlite" })).contains("`database` is missing"));
}

#[test]
fn a_socket_replaces_host_and_port() {
    let mysql = server(&json!({ "driver": "mysql", "host": "h", "socketPath": "/run/mysqld.sock" }));
    assert_eq!(mysql.socket.as_deref(), Some(std::path::Path::new("/run/mysqld.sock")));
    for options in [
        json!({ "driver": "pg", "host": "/run/postgresql", "port": 5433 }),
        json!({ "url": "postgres://u@%2Frun%2Fpostgresql:5433/d" }),
        json!({ "url": "postgres:///d?host=/run/postgresql&port=5433" }),
    ] {
        let expected = std::path::Path::new("/run/postgresql/.s.PGSQL.5433");
        assert_eq!(server(&options).socket.as_deref(), Some(expected), "{options}");
    }
}

#[test]
fn the_search_path_has_three_names() {
    for options in [
        json!({ "driver": "pg", "searchPath": ["app", "public"] }),
        json!({ "driver": "pg", "search_path": "app, public" }),
        json!({ "driver": "pg", "schema": ["app", "public"] }),
        json!({ "driver": "pg", "schema": "other", "searchPath": ["app", "public"] }),
    ] {
        assert_eq!(config(&options).search_path, ["app", "public"], "{options}");
    }
}

#[test]
fn an_option_of_another_database_is_refused_instead_of_ignored() {
    assert!(
        refusal(&json!({ "driver": "mysql", "searchPath": "x" }))
            .contains("`searchPath` is an option of PostgreSQL")
    );
    assert!(refusal(&json!({ "driver": "pg", "journalMode": "wal" })).contains("SQLite"));
    assert!(refusal(&json!({ "driver": "pg", "engine": "InnoDB" })).contains("MySQL and MariaDB"));
    assert!(refusal(&json!({ "driver": "pg", "charset": "latin1" })).contains("`charset` must be 'utf8'"));
    assert!(
        refusal(&json!({ "driver": "pg", "wrapIdentifier": true }))
            .contains("`wrapIdentifier` is not supported")
    );
    assert!(
        refusal(&json!({ "url": "postgres://h/d?channel_binding=require" })).contains("sslmode=verify-full")
    );
}

#[test]
fn words_that_become_sql_text_cannot_carry_sql() {
    let injected = json!({ "driver": "mysql", "charset": "utf8mb4'; drop table users; --" });
    assert!(refusal(&injected).contains("`charset` must consist of letters"));
    let journal = json!({ "driver": "sqlite", "database": "a", "journalMode": "wal; drop" });
    assert!(refusal(&journal).contains("one of 'delete'"));
}

#[test]
fn the_remaining_options_arrive() {
    let given = config(&json!({
        "driver": "pg", "bigint": "bigint", "dates": "string", "json": "string", "statementTimeout": 250, "prefix": "app_",
        "application_name": "shop", "pgbouncer": true, "nullableByDefault": true, "useNullAsDefault": true, "debug": true,
        "log": {}, "name": "x",
    }));
    assert_eq!((given.bigint, given.dates_as_text, given.json_as_text), (BigIntMode::BigInt, true, true));
    assert_eq!((given.statement_timeout_ms, given.prefix.as_str()), (Some(250), "app_"));
    assert_eq!(
        (given.application_name.as_str(), given.pgbouncer, given.nullable_by_default),
        ("shop", true, true)
    );
    let sqlite = config(&json!({
        "driver": "sqlite", "filename": "a.db", "foreignKeyConstraints": false, "busyTimeout": 1, "journalMode": "DELETE",
        "synchronous": 2,
    }));
    assert_eq!((sqlite.sqlite.foreign_keys, sqlite.sqlite.busy_timeout_ms), (false, 1));
    assert_eq!((sqlite.sqlite.journal_mode.as_str(), sqlite.sqlite.synchronous.as_str()), ("delete", "full"));
    let mysql = config(
        &json!({ "driver": "mysql", "engine": "InnoDB", "collation": "utf8mb4_bin", "charset": "latin1" }),
    );
    assert_eq!((mysql.engine.as_deref(), mysql.collation.as_deref()), (Some("InnoDB"), Some("utf8mb4_bin")));
}
