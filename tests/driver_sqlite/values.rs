//! What is bound comes back, whatever a column's declaration says.

use guruorm::driver::ColumnKind;
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef;
use guruorm::value::temporal::Zone;

use crate::support::*;

#[test]
fn extremes_of_every_type_come_back_as_they_were_bound() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (v)", &[]);
    for (value, storage, expected) in [
        (ValueRef::Null, "null", Value::Null),
        (ValueRef::Bool(true), "integer", Value::Integer(1)),
        (ValueRef::Bool(false), "integer", Value::Integer(0)),
        (ValueRef::Integer(i64::from(i32::MIN)), "integer", Value::Integer(i32::MIN)),
        (ValueRef::Integer(1 << 31), "integer", Value::Double(2_147_483_648.0)),
        (ValueRef::Integer(9_007_199_254_740_991), "integer", Value::Double(9_007_199_254_740_991.0)),
        (ValueRef::Integer(9_007_199_254_740_993), "integer", text("9007199254740993")),
        (ValueRef::Integer(i64::MIN), "integer", text("-9223372036854775808")),
        (ValueRef::Integer(i64::MAX), "integer", text("9223372036854775807")),
        (ValueRef::Unsigned(9_223_372_036_854_775_808), "text", text("9223372036854775808")),
        (ValueRef::Unsigned(u64::MAX), "text", text("18446744073709551615")),
        (ValueRef::Numeral("123456789012345678901234567890"), "text", text("123456789012345678901234567890")),
        (ValueRef::Float(0.1), "real", Value::Double(0.1)),
        (ValueRef::Float(f64::MAX), "real", Value::Double(f64::MAX)),
        (ValueRef::Float(f64::MIN_POSITIVE), "real", Value::Double(f64::MIN_POSITIVE)),
        (ValueRef::Float(f64::INFINITY), "real", Value::Double(f64::INFINITY)),
        (ValueRef::Float(f64::NEG_INFINITY), "real", Value::Double(f64::NEG_INFINITY)),
        (ValueRef::Text(""), "text", text("")),
        (ValueRef::Text("naïve ÿ"), "text", text("naïve ÿ")),
        (ValueRef::Text("Ā Привет 🦀 e\u{301}"), "text", text("Ā Привет 🦀 e\u{301}")),
        (ValueRef::Text("a\0b\0"), "text", text("a\0b\0")),
        (ValueRef::Text("'; drop table t; --"), "text", text("'; drop table t; --")),
        (ValueRef::Bytes(&[]), "blob", Value::Bytes(vec![])),
        (ValueRef::Bytes(&[0, 255, 0]), "blob", Value::Bytes(vec![0, 255, 0])),
        (ValueRef::Json("{\"a\":1}"), "text", text("{\"a\":1}")),
        (ValueRef::Array("[1,2]"), "text", text("[1,2]")),
    ] {
        run(connection, "delete from t", &[]);
        run(connection, "insert into t values (?)", &[value]);
        let read = rows(connection, "select v, typeof(v) from t");
        assert_eq!(read, [[expected, text(storage)]], "{value:?}");
    }
}

#[test]
fn a_value_that_sqlite_cannot_hold_is_refused_by_position_before_anything_runs() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (a, b)", &[]);
    let error = try_run(
        connection,
        "insert into t values (?, ?)",
        &[ValueRef::Integer(1), ValueRef::Float(f64::NAN)],
    )
    .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidArgument);
    assert_eq!(error.message, "binding 2: SQLite cannot store NaN");
    assert_eq!(cell(connection, "select count(*) from t"), Value::Integer(0));
}

#[test]
fn an_instant_is_stored_as_the_wall_clock_of_the_connections_zone() {
    let folder = Folder::new();
    let path = folder.file("zone.db");
    for (zone, milliseconds, stored) in [
        ("UTC", 1_709_208_000_000.0, "2024-02-29 12:00:00"),
        ("UTC", 1_709_208_000_001.0, "2024-02-29 12:00:00.001"),
        ("UTC", -1.0, "1969-12-31 23:59:59.999"),
        ("UTC", -62_135_596_800_000.0, "0001-01-01 00:00:00"),
        ("UTC", 253_402_300_799_999.0, "9999-12-31 23:59:59.999"),
        ("UTC", 8.64e15, "275760-09-13 00:00:00"),
        ("+05:30", 1_709_208_000_000.0, "2024-02-29 17:30:00"),
        ("Europe/Berlin", 1_720_000_000_000.0, "2024-07-03 11:46:40"),
    ] {
        let mut settings = config();
        settings.timezone = Zone::parse(zone).unwrap();
        let mut connection = block_on(connect(&driver(settings, &path, true)));
        let connection = connection.as_mut();
        run(connection, "drop table if exists t", &[]);
        run(connection, "create table t (v datetime, w timestamp(3), x text)", &[]);
        let value = ValueRef::Instant(milliseconds);
        run(connection, "insert into t values (?, ?, ?)", &[value, value, value]);
        let (_, read) = try_run(connection, "select v, w, x from t", &[]).unwrap();
        assert_eq!(
            read.rows,
            [[Value::Double(milliseconds), Value::Double(milliseconds), text(stored)]],
            "{zone}"
        );
        let kinds: Vec<_> = read.columns.iter().map(|(_, kind)| *kind).collect();
        assert_eq!(kinds, [ColumnKind::Instant, ColumnKind::Instant, ColumnKind::Any]);
    }
}

#[test]
fn only_text_that_names_a_time_becomes_an_instant() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (v DateTime)", &[]);
    for (stored, expected) in [
        ("'2024-02-29 12:00:00'", Value::Double(1_709_208_000_000.0)),
        ("'2024-02-29T12:00:00Z'", Value::Double(1_709_208_000_000.0)),
        ("'2024-02-29 12:00:00+02:00'", Value::Double(1_709_200_800_000.0)),
        ("'2024-02-29'", Value::Double(1_709_164_800_000.0)),
        ("'yesterday'", text("yesterday")),
        ("'2024-02-30 12:00:00'", text("2024-02-30 12:00:00")),
        ("'290000-01-01 00:00:00'", text("290000-01-01 00:00:00")), // beyond a Date
        ("1709208000", Value::Integer(1_709_208_000)),
        ("1709208000000", text("1709208000000")), // a double would become a Date
        ("2460370.5", text("2460370.5")),
        ("-9e999", text("-Infinity")),
        ("x'00ff'", Value::Bytes(vec![0, 255])),
        ("null", Value::Null),
    ] {
        run(connection, "delete from t", &[]);
        run(connection, &format!("insert into t values ({stored})"), &[]);
        assert_eq!(cell(connection, "select v from t"), expected, "{stored}");
    }
}

#[test]
fn a_declared_type_gives_meaning_only_to_cells_that_can_carry_it() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    for (declared, stored, expected) in [
        ("boolean", "1", Value::Boolean(true)),
        ("BOOL", "0", Value::Boolean(false)),
        ("tinyint(1)", "1", Value::Boolean(true)),
        ("TINYINT ( 1 )", "0", Value::Boolean(false)),
        ("tinyint(2)", "1", Value::Integer(1)),
        ("boolean", "2", Value::Integer(2)),
        ("boolean", "'yes'", text("yes")),
        ("boolean", "0.5", Value::Double(0.5)),
        ("date", "'2024-02-29'", text("2024-02-29")),
        ("date", "5", Value::Integer(5)),
        ("time", "'12:00'", text("12:00")),
        ("decimal(10,2)", "1.50", text("1.5")),
        ("numeric", "12", text("12")),
        ("numeric", "9223372036854775807", text("9223372036854775807")),
        ("decimal(10,2)", "0.1", text("0.1")),
        ("decimal(10,2)", "'abc'", text("abc")),
        ("decimal", "9e999", text("Infinity")),
        ("bigint", "5", Value::Integer(5)),
        ("bigint unsigned", "9007199254740993", text("9007199254740993")),
        ("integer", "1.5", Value::Double(1.5)),
        ("integer", "'abc'", text("abc")),
        ("integer", "x'01'", Value::Bytes(vec![1])),
        ("varchar(10)", "5", text("5")),
        ("text", "x'6162'", Value::Bytes(vec![97, 98])),
        ("real", "5", Value::Double(5.0)),
        ("blob", "'abc'", text("abc")),
        ("uuid", "'a-b'", text("a-b")),
    ] {
        run(connection, "drop table if exists t", &[]);
        run(connection, &format!("create table t (v {declared})"), &[]);
        run(connection, &format!("insert into t values ({stored})"), &[]);
        assert_eq!(cell(connection, "select v from t"), expected, "{stored} in {declared}");
    }
}

#[test]
fn json_columns_hold_json_and_everything_else_that_was_put_there() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (id integer primary key, a json, b jsonb)", &[]);
    for (id, stored) in [
        "'{\"a\":[1,\"ä🦀\"]}', jsonb('{\"b\":[1,2.5,\"x\"]}')",
        "'not json', 'null'",
        "null, 5",
        "'5', 2.5",
        "'\"text\"', x'ff00'",
        "'[1', ''",
        "9e999, ' [ 1 ] '",
    ]
    .iter()
    .enumerate()
    {
        run(connection, &format!("insert into t values ({id}, {stored})"), &[]);
    }
    let json = |text: &str| Value::Json(serde_json::from_str(text).unwrap());
    let expected = [
        [json("{\"a\":[1,\"ä🦀\"]}"), json("{\"b\":[1,2.5,\"x\"]}")],
        [text("not json"), json("null")],
        [Value::Null, json("5")],
        [json("5"), json("2.5")],
        [json("\"text\""), text("ff00")],
        [text("[1"), text("")],
        [text("Infinity"), json("[1]")],
    ];
    assert_eq!(rows(connection, "select a, b from t order by id"), expected);
}

#[test]
fn options_leave_times_and_json_as_text() {
    let folder = Folder::new();
    let mut settings = config();
    (settings.dates_as_text, settings.json_as_text) = (true, true);
    let mut connection = block_on(connect(&driver(settings, &folder.file("text.db"), true)));
    let connection = connection.as_mut();
    run(connection, "create table t (a datetime, b json)", &[]);
    run(connection, "insert into t values ('2024-01-01 00:00:00.123456', '{\"n\":9007199254740993}')", &[]);
    let (_, read) = try_run(connection, "select a, b from t", &[]).unwrap();
    assert_eq!(read.rows, [[text("2024-01-01 00:00:00.123456"), text("{\"n\":9007199254740993}")]]);
    assert!(read.columns.iter().all(|(_, kind)| *kind == ColumnKind::Any));
}

#[test]
fn expressions_carry_no_meaning_but_their_storage() {
    let mut connection = open(":memory:");
    let (_, read) =
        try_run(connection.as_mut(), "select count(*), 1 = 1, 1.5, 'a', x'61', null, 9007199254740993", &[])
            .unwrap();
    let expected = [
        Value::Integer(1),
        Value::Integer(1),
        Value::Double(1.5),
        text("a"),
        Value::Bytes(vec![97]),
        Value::Null,
        text("9007199254740993"),
    ];
    assert_eq!(read.rows, [expected]);
    assert!(read.columns.iter().all(|(_, kind)| *kind == ColumnKind::Any));
}

#[test]
fn hostile_and_repeated_column_names_are_announced_as_they_are() {
    let mut connection = open(":memory:");
    let sql = "select 1 as \"__proto__\", 2 as a, 3 as a, 4 as \"\", 5 as \"naïve 🦀\"";
    let (_, read) = try_run(connection.as_mut(), sql, &[]).unwrap();
    let names: Vec<_> = read.columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["__proto__", "a", "a", "", "naïve 🦀"]);
}
