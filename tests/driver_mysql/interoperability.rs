//! sqlx, which speaks the protocol by itself, reads what is written here, and the other way round.

use guruorm::config::Endpoint;
use guruorm::value::ValueRef::{
    self, Bool, Bytes, Float, Instant, Integer, Json, Null, Numeral, Text, Unsigned,
};
use guruorm::value::temporal::Zone;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlConnection, MySqlRow, MySqlSslMode};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Column as _, ConnectOptions as _, MySql, Row as _, TypeInfo as _};

use crate::rows::Value;
use crate::server::{Session, on_each_server};

/// A type, a value for it, and how the server shows that as text.
type Case = (&'static str, ValueRef<'static>, &'static [u8]);

const CASES: &[Case] = &[
    ("tinyint", Integer(-128), b"-128"),
    ("tinyint(1)", Bool(true), b"1"),
    ("tinyint unsigned", Integer(255), b"255"),
    ("smallint", Integer(-32_768), b"-32768"),
    ("smallint unsigned", Integer(65_535), b"65535"),
    ("mediumint", Integer(-8_388_608), b"-8388608"),
    ("mediumint unsigned", Integer(16_777_215), b"16777215"),
    ("int", Integer(-2_147_483_648), b"-2147483648"),
    ("int unsigned", Integer(4_294_967_295), b"4294967295"),
    ("int(5) unsigned zerofill", Integer(7), b"00007"),
    ("bigint", Integer(i64::MIN), b"-9223372036854775808"),
    ("bigint", Integer(i64::MAX), b"9223372036854775807"),
    ("bigint unsigned", Unsigned(u64::MAX), b"18446744073709551615"),
    ("year", Integer(2155), b"2155"),
    ("float", Float(1.1), b"1.1"),
    ("float", Float(-0.5), b"-0.5"),
    ("double", Float(0.1), b"0.1"),
    ("double", Float(f64::MAX), b"1.7976931348623157e308"),
    ("double", Float(5e-324), b"5e-324"),
    ("double", Integer(-9_007_199_254_740_991), b"-9.007199254740991e15"),
    (
        "decimal(65,30)",
        Numeral("99999999999999999999999999999999999"),
        b"99999999999999999999999999999999999.000000000000000000000000000000",
    ),
    ("decimal(4,2)", Text("-1.10"), b"-1.10"),
    ("char(5)", Text("ab"), b"ab"),
    ("varchar(250)", Text(""), b""),
    (
        "varchar(250)",
        Text("NUL \0, ' and \\, naïve 日本 🦀 e\u{301}"),
        "NUL \0, ' and \\, naïve 日本 🦀 e\u{301}".as_bytes(),
    ),
    ("varchar(250) character set latin1", Text("größe"), "größe".as_bytes()),
    ("longtext collate utf8mb4_bin", Text("\u{10FFFF}"), "\u{10FFFF}".as_bytes()),
    ("enum('a','b')", Text("b"), b"b"),
    ("set('a','b','c')", Text("a,c"), b"a,c"),
    ("date", Text("2024-02-29"), b"2024-02-29"),
    ("date", Text("9999-12-31"), b"9999-12-31"),
    ("datetime", Text("1000-01-01 00:00:00"), b"1000-01-01 00:00:00"),
    ("datetime(6)", Text("2024-02-29 23:59:58.123456"), b"2024-02-29 23:59:58.123456"),
    ("datetime(3)", Instant(1_709_251_198_123.0), b"2024-02-29 23:59:58.123"),
    ("timestamp(6) null", Text("2038-01-19 03:14:07.999999"), b"2038-01-19 03:14:07.999999"),
    ("time", Text("-838:59:59"), b"-838:59:59"),
    ("time(6)", Text("-00:00:00.000001"), b"-00:00:00.000001"),
    ("time(3)", Text("838:59:58.999"), b"838:59:58.999"),
    ("blob", Bytes(&[0, 39, 92, 255]), &[0, 39, 92, 255]),
    ("longblob", Bytes(&[]), b""),
    ("binary(3)", Bytes(b"a"), b"a\0\0"),
    ("varbinary(3)", Bytes(&[0xFB, 0xFE, 0xFF]), &[0xFB, 0xFE, 0xFF]),
    ("bit(1)", Integer(1), &[1]),
    ("bit(64)", Unsigned(u64::MAX), &[0xFF; 8]),
    ("json", Json("{\"a\": [1, null, \"🦀\"]}"), "{\"a\": [1, null, \"🦀\"]}".as_bytes()),
];

/// Runs work on a connection of sqlx's, on a thread of its own: this one has a runtime already.
fn sqlx<T: Send>(endpoint: &Endpoint, work: impl AsyncFnOnce(&mut MySqlConnection) -> T + Send) -> T {
    let mut options = MySqlConnectOptions::new()
        .host(&endpoint.host)
        .port(endpoint.port)
        .username(&endpoint.username)
        .database(&endpoint.database)
        .ssl_mode(MySqlSslMode::Disabled)
        .statement_cache_capacity(0);
    if let Some(password) = &endpoint.password {
        options = options.password(password);
    }
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut connection = options.connect().await.unwrap();
            work(&mut connection).await
        })
    };
    std::thread::scope(|scope| scope.spawn(run).join().unwrap())
}

async fn read_prepared(connection: &mut MySqlConnection, sql: &str) -> Vec<MySqlRow> {
    sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await.unwrap()
}

/// The last cell of each row of text.
async fn read_text(connection: &mut MySqlConnection, sql: &str) -> Vec<Option<Vec<u8>>> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| row.get_unchecked(row.len() - 1)).collect()
}

/// A prepared row's first cell as sqlx understands it. `None`: it needs more features for that.
fn understood(row: &MySqlRow) -> Option<Value> {
    const EXACT: u64 = 1 << 53;
    #[allow(clippy::cast_precision_loss)] // within what is exact
    let integer = |value: i64| match value.unsigned_abs() {
        0..EXACT => Value::Number(value as f64),
        _ => Value::Text(value.to_string()),
    };
    let cell = match row.column(0).type_info().name() {
        "DATE" | "TIME" | "DATETIME" | "TIMESTAMP" => return None,
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
            row.get_unchecked::<Option<i64>, _>(0).map(integer)
        }
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
        | "BIGINT UNSIGNED" | "YEAR" => row
            .get_unchecked::<Option<u64>, _>(0)
            .map(|value| i64::try_from(value).map_or_else(|_| Value::Text(value.to_string()), integer)),
        "FLOAT" => row
            .get_unchecked::<Option<f32>, _>(0)
            .map(|value| Value::Number(value.to_string().parse().unwrap())),
        "DOUBLE" => row.get_unchecked::<Option<f64>, _>(0).map(Value::Number),
        "BLOB" | "LONGBLOB" | "BINARY" | "VARBINARY" | "BIT" => {
            row.get_unchecked::<Option<Vec<u8>>, _>(0).map(Value::Bytes)
        }
        _ => row.get_unchecked::<Option<String>, _>(0).map(Value::Text),
    };
    Some(cell.unwrap_or(Value::Null))
}

fn bind<'a>(
    query: Query<'a, MySql, MySqlArguments>,
    value: ValueRef<'a>,
) -> Query<'a, MySql, MySqlArguments> {
    match value {
        Null => query.bind(None::<String>),
        Bool(value) => query.bind(value),
        Integer(value) => query.bind(value),
        Unsigned(value) => query.bind(value),
        Float(value) => query.bind(value),
        Bytes(value) => query.bind(value),
        Instant(_) => query.bind("2024-02-29 23:59:58.123"),
        Numeral(value) | Text(value) | Json(value) | ValueRef::Array(value) => query.bind(value),
    }
}

/// The same with rows that are prepared, and with rows of text, which `execute immediate` sends.
async fn read_here(session: &mut Session, select: &str) -> Vec<Value> {
    let prepared = session.run(select, &[]).await;
    if session.0.is_mariadb() {
        let text = session.run(&format!("execute immediate '{select}'"), &[]).await;
        assert_eq!((text.kinds(), text.column()), (prepared.kinds(), prepared.column()), "{select}");
    }
    prepared.column()
}

fn bytes_of(value: &Value) -> Vec<u8> {
    match value {
        Value::Text(text) => text.clone().into_bytes(),
        Value::Bytes(bytes) => bytes.clone(),
        other => panic!("{other:?}"),
    }
}

fn is_shown_as(value: &Value, shown: &[u8]) -> bool {
    match value {
        Value::Bytes(bytes) => bytes == shown,
        Value::Number(number) => {
            std::str::from_utf8(shown).unwrap().parse::<f64>().unwrap().to_bits() == number.to_bits()
        }
        Value::Text(text) => text.as_bytes() == shown,
        Value::Json(json) => serde_json::from_slice::<serde_json::Value>(shown).unwrap() == *json,
        Value::Null | Value::Boolean(_) => false,
    }
}

#[test]
fn sqlx_reads_what_is_written_here_and_the_other_way_round() {
    on_each_server("interoperability", async |server| {
        let mut session = server.connect_with(|config| config.dates_as_text = true).await;
        let (select, insert) = ("select c from t order by id", "insert into t (c) values (?)");
        for (column, value, shown) in CASES {
            let nullable = if column.ends_with("null") { "" } else { " null" };
            session
                .script(&format!(
                    "drop table if exists t; \
                     create table t (id int auto_increment primary key, c {column}{nullable})"
                ))
                .await;
            session.run(insert, &[*value]).await;
            session.run(insert, &[Null]).await;
            let (text, prepared) = sqlx(&server.endpoint, async |connection| {
                for value in [*value, Null] {
                    bind(sqlx::query(insert), value).execute(&mut *connection).await.unwrap();
                }
                let text = read_text(connection, select).await;
                let rows = read_prepared(connection, select).await;
                (text, rows.iter().map(understood).collect::<Vec<_>>())
            });
            let once = Some(shown.to_vec());
            let name = format!("{column} {value:?}");
            assert_eq!(text, [once.clone(), None, once, None], "{name}");
            let here = read_here(&mut session, select).await;
            for (here, there) in here.iter().zip(&prepared) {
                let there = there.as_ref().unwrap_or(here);
                let is_same = match (here, there) {
                    // To sqlx texts of a binary collation are bytes, and MariaDB's JSON is one of them.
                    (Value::Text(_) | Value::Json(_), Value::Text(_) | Value::Bytes(_)) => {
                        is_shown_as(here, &bytes_of(there))
                    }
                    _ => here == there,
                };
                assert!(is_same, "{name}: {here:?}, but sqlx reads {there:?}");
            }
            assert_eq!((&here[1], &here[3]), (&Value::Null, &Value::Null), "{name}");
            assert!(
                here.len() == 4 && here[0] == here[2] && is_shown_as(&here[0], shown),
                "{name}: {here:?}"
            );
        }
    });
}

#[test]
fn dates_are_the_same_instant_for_sqlx_in_every_zone() {
    on_each_server("interoperable_zones", async |server| {
        // On both sides of 1970, of a leap day, and of the hour that Berlin does not have.
        let instants: [f64; 5] =
            [-1_001.0, 951_868_799_001.0, 1_711_846_799_999.0, 1_711_846_800_000.0, 1_709_251_198_500.0];
        for zone in [Zone::Utc, Zone::Offset(19_800), Zone::Offset(-12_600)] {
            let mut session = server.connect_with(|config| config.timezone = zone.clone()).await;
            session.script("drop table if exists t; create table t (id int auto_increment primary key, c datetime(3), ts timestamp(3) null)").await;
            for instant in instants {
                let stamp = if instant < 0.0 { Null } else { Instant(instant) };
                session.run("insert into t (c, ts) values (?, ?)", &[Instant(instant), stamp]).await;
            }
            assert_eq!(
                read_here(&mut session, "select c from t order by id").await,
                instants.map(Value::Number)
            );
            let offset = match zone {
                Zone::Offset(seconds) => f64::from(seconds),
                _ => 0.0,
            };
            // sqlx has its sessions in UTC.
            let sql = format!(
                "select concat((timestampdiff(microsecond, '1970-01-01', c) div 1000) - {}, ' ', ifnull(round(unix_timestamp(ts) * 1000), 'none')) from t order by id",
                offset * 1000.0
            );
            let read = sqlx(&server.endpoint, async |connection| read_text(connection, &sql).await);
            let expected = instants.map(|instant| {
                let stamp = if instant < 0.0 { "none".to_owned() } else { instant.to_string() };
                Some(format!("{instant} {stamp}").into_bytes())
            });
            assert_eq!(read, expected, "{zone:?}");
        }
    });
}

#[test]
fn large_values_are_the_same_for_sqlx() {
    on_each_server("interoperable_sizes", async |server| {
        let mut session = server.connect().await;
        let Value::Number(most) = session.run("select @@max_allowed_packet", &[]).await.first() else {
            panic!("no number")
        };
        session.script("create table t (id int auto_increment primary key, c longblob)").await;
        // Around every length that is written differently, and around a full packet.
        let command = 17;
        let sizes = [
            250,
            251,
            65_535,
            65_536,
            1_000_000,
            0xFF_FFFF - command,
            0xFF_FFFF,
            0x100_0000,
            17 * 1024 * 1024,
        ];
        for size in sizes {
            if f64::from(u32::try_from(size).unwrap()) > most - 100.0 {
                println!("{size} bytes: skipped, max_allowed_packet is {most}");
                continue;
            }
            let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
            session.run("delete from t", &[]).await;
            session.run("insert into t (c) values (?)", &[Bytes(&bytes)]).await;
            let (text, prepared) = sqlx(&server.endpoint, async |connection| {
                let insert = sqlx::query("insert into t (c) values (?)").bind(&bytes);
                insert.execute(&mut *connection).await.unwrap();
                // A row of text that starts with 16 MiB or more is the end of the rows to sqlx.
                let text = read_text(connection, "select id, c from t order by id").await;
                (text, read_prepared(connection, "select c from t order by id").await)
            });
            assert!(text == [Some(bytes.clone()), Some(bytes.clone())], "{size}");
            assert!(prepared.iter().all(|row| row.get::<Vec<u8>, _>(0) == bytes), "{size}");
            let here = read_here(&mut session, "select c from t order by id").await;
            assert!(here == [Value::Bytes(bytes.clone()), Value::Bytes(bytes)], "{size}");
        }
    });
}
