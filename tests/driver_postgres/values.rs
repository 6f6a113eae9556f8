//! Single values: what comes out, and what may be put in.

use guruorm::driver::ColumnKind;
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{Array, Bool, Bytes, Float, Integer, Json, Null, Numeral, Text, Unsigned};

use crate::client::{Client, config, on_server};
use crate::rows::Cell;

#[test]
fn every_type_is_read_at_its_extremes() {
    on_server(async |mut client| {
        let number = |value: f64| Cell::Number(value);
        let text = |value: &str| Cell::Text(value.into());
        for (sql, kind, expected) in [
            ("(-32768)::int2", ColumnKind::Number, number(-32_768.0)),
            ("32767::int2", ColumnKind::Number, number(32_767.0)),
            ("(-2147483648)::int4", ColumnKind::Number, number(-2_147_483_648.0)),
            ("2147483647", ColumnKind::Number, number(2_147_483_647.0)),
            ("9007199254740991::int8", ColumnKind::BigInteger, number(9_007_199_254_740_991.0)),
            ("9007199254740992::int8", ColumnKind::BigInteger, text("9007199254740992")),
            ("(-9223372036854775808)::int8", ColumnKind::BigInteger, text("-9223372036854775808")),
            ("count(*)", ColumnKind::BigInteger, number(1.0)),
            ("4294967295::oid", ColumnKind::Number, number(4_294_967_295.0)),
            ("1.1::float4", ColumnKind::Number, number(1.1)),
            ("'infinity'::float4", ColumnKind::Number, number(f64::INFINITY)),
            ("1.7976931348623157e308::float8", ColumnKind::Number, number(f64::MAX)),
            ("'-infinity'::float8", ColumnKind::Number, number(f64::NEG_INFINITY)),
            ("true", ColumnKind::Boolean, Cell::Boolean(true)),
            ("false", ColumnKind::Boolean, Cell::Boolean(false)),
            ("'\\x00ff80'::bytea", ColumnKind::Bytes, Cell::Bytes(vec![0, 255, 128])),
            ("''::bytea", ColumnKind::Bytes, Cell::Bytes(Vec::new())),
            ("''::text", ColumnKind::Text, text("")),
            ("'naïve'::varchar", ColumnKind::Text, text("naïve")),
            ("'🦀 中文 é'::text", ColumnKind::Text, text("🦀 中文 é")),
            (
                "123456789012345678901234567890.123456789",
                ColumnKind::Text,
                text("123456789012345678901234567890.123456789"),
            ),
            ("'NaN'::numeric", ColumnKind::Text, text("NaN")),
            ("'1.50'::numeric(10,2)", ColumnKind::Text, text("1.50")),
            ("date '2024-02-29'", ColumnKind::Text, text("2024-02-29")),
            ("time '23:59:59.999999'", ColumnKind::Text, text("23:59:59.999999")),
            ("timetz '12:00:00+02'", ColumnKind::Text, text("12:00:00+02")),
            (
                "interval '1 year 2 days 03:04:05.000006'",
                ColumnKind::Text,
                text("1 year 2 days 03:04:05.000006"),
            ),
            (
                "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
                ColumnKind::Text,
                text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            ),
            ("'192.168.0.1/24'::inet", ColumnKind::Text, text("192.168.0.1/24")),
            ("'<a>1</a>'::xml", ColumnKind::Text, text("<a>1</a>")),
            ("int4range(1, 5)", ColumnKind::Text, text("[1,5)")),
            ("row(1, 'a', null)", ColumnKind::Text, text("(1,a,)")),
            ("b'101'", ColumnKind::Text, text("101")),
            ("point(1, 2.5)", ColumnKind::Text, text("(1,2.5)")),
            ("'pg_class'::regclass", ColumnKind::Text, text("pg_class")),
            ("'1 2'::int2vector", ColumnKind::Text, text("1 2")),
            ("'x'::\"char\"", ColumnKind::Text, text("x")),
            (
                "'{\"a\": 12345678901234567890}'::jsonb",
                ColumnKind::Json,
                Cell::Json("{\"a\": 12345678901234567890}".into()),
            ),
            ("'[1,\n 2]'::json", ColumnKind::Json, Cell::Json("[1,\n 2]".into())),
            ("null::jsonb", ColumnKind::Json, Cell::Null),
            ("null::int4", ColumnKind::Number, Cell::Null),
            ("null", ColumnKind::Text, Cell::Null),
        ] {
            let rows = client.rows(&format!("select {sql}"), &[]).await?;
            assert_eq!((rows.kinds(), rows.cell()), (vec![kind], &expected), "{sql}");
        }
        assert!(matches!(client.cell("select 'nan'::float8", &[]).await?, Cell::Number(nan) if nan.is_nan()));
        Ok(())
    });
}

#[test]
fn a_value_comes_back_as_it_was_bound() {
    on_server(async |mut client| {
        for (cast, value, expected) in [
            ("int8", Integer(i64::MIN), "-9223372036854775808"),
            ("numeric", Unsigned(u64::MAX), "18446744073709551615"),
            ("numeric", Numeral("123456789012345678901234567890"), "123456789012345678901234567890"),
            ("float8", Float(1.5e300), "1.5e+300"),
            ("float8", Float(f64::NEG_INFINITY), "-Infinity"),
            ("float4", Float(f64::NAN), "NaN"),
            ("numeric", Float(0.1), "0.1"),
            ("int8", Float(9_007_199_254_740_992.0), "9007199254740992"),
            ("bool", Bool(true), "true"),
            ("text", Bool(false), "false"),
            ("text", Text("naïve 🦀 \\ ' \" {}"), "naïve 🦀 \\ ' \" {}"),
            ("bytea", Bytes(&[0, 1, 0xFF]), "\\x0001ff"),
            ("bytea", Bytes(&[]), "\\x"),
            ("bytea", Text("\\x41"), "\\x41"),
            ("text", Bytes(&[0x41, 0]), "\\x4100"),
            ("jsonb", Json(r#"{"a":[1,null]}"#), r#"{"a": [1, null]}"#),
            ("jsonb", Text(r#"{"b":2}"#), r#"{"b": 2}"#),
            ("jsonb", Integer(5), "5"),
            ("jsonb", Array("[1,[2]]"), "[1, [2]]"),
            ("text", Array("[1,2]"), "[1,2]"),
        ] {
            let sql = format!("select ($1::{cast})::text");
            assert_eq!(client.text(&sql, &[value]).await?, expected, "{value:?} as {cast}");
        }
        assert_eq!(client.cell("select $1::int4", &[Null]).await?, Cell::Null);
        assert_eq!(client.cell("select $1::bytea", &[Bytes(&[0, 9])]).await?, Cell::Bytes(vec![0, 9]));
        Ok(())
    });
}

#[test]
fn the_lenient_bindings_of_2_1_24_keep_working() {
    on_server(async |mut client| {
        client
            .script(
                "create temporary table t (id int primary key, big bigint, name varchar(20), at timestamp, flag boolean); \
                 insert into t values (10, 1, '5', '2024-01-15 10:00:00', true), (20, 2, 'x', '2024-02-15 10:00:00', false)",
            )
            .await?;
        let one = Cell::Number(1.0);
        for (condition, value) in [
            ("id = $1", Text("10")),
            ("name = $1", Integer(5)),
            ("extract(month from at) = $1", Text("01")),
            ("at = $1", Text("2024-01-15T10:00:00.000Z")),
            ("big = any($1)", Array(r#"["1","3"]"#)),
            ("big = any($1)", Array("[1,3]")),
            ("flag = $1::boolean", Text("true")),
            ("flag = $1", Bool(true)),
            ("at > $1 and id = 10", Null),
            ("at > timestamp '2024-02-01' - $1::interval and id = 10", Text("1 month")),
            ("at::date = $1::date", Text("2024-01-15")),
        ] {
            let counted = client.cell(&format!("select count(*) from t where {condition}"), &[value]).await?;
            let expected = if value == Null { &Cell::Number(0.0) } else { &one };
            assert_eq!(&counted, expected, "{condition} with {value:?}");
        }
        let both = "select count(*) from t where big in ($1, $2)";
        assert_eq!(client.cell(both, &[Text("1"), Text("2")]).await?, Cell::Number(2.0));
        assert_eq!(client.text("select $1", &[Integer(5)]).await?, "5");
        assert_eq!(client.text("select 'a' || $1", &[Integer(7)]).await?, "a7");
        assert_eq!(client.rows("select id from t order by id limit $1", &[Text("2")]).await?.cells.len(), 2);
        let refused = client.error("select count(*) from t where id = $1", &[Bool(true)]).await;
        assert_eq!(refused.detail.native_code.as_deref(), Some("22P02"));
        Ok(())
    });
}

#[test]
fn text_that_cannot_be_stored_is_refused_before_it_is_sent() {
    on_server(async |mut client| {
        client.script("begin").await?;
        for value in [Text("a\0b"), Array(r#"["x\u0000"]"#)] {
            let error = client.error("select $1::text[], $2::text[]", &[Null, value]).await;
            assert_eq!(error.code, ErrorCode::InvalidArgument);
            assert!(error.message.contains("binding 2"), "{}", error.message);
        }
        assert_eq!(client.connection.transaction_status(), guruorm::driver::TransactionStatus::Open);
        assert_eq!(client.error("select '\0'", &[]).await.code, ErrorCode::InvalidArgument);
        assert_eq!(client.script("select '\0'").await.unwrap_err().code, ErrorCode::InvalidArgument);
        assert_eq!(client.cell("select 1", &[]).await?, Cell::Number(1.0));
        Ok(())
    });
}

#[test]
fn enums_domains_and_composites_are_read_and_bound() {
    on_server(async |mut client| {
        client
            .script(
                "create type pg_temp.mood as enum ('sad', 'ok'); \
                 create domain pg_temp.positive as int check (value > 0); \
                 create domain pg_temp.whole as pg_temp.positive; \
                 create domain pg_temp.raw as bytea; \
                 create domain pg_temp.list as int[]; \
                 create type pg_temp.pair as (a int, b text); \
                 create temporary table t (m pg_temp.mood, p pg_temp.whole, r pg_temp.raw, l pg_temp.list, c pg_temp.pair)",
            )
            .await?;
        let values = [Text("ok"), Integer(3), Bytes(&[0, 7]), Array("[1,2]"), Text("(1,x)")];
        client.run("insert into t values ($1, $2, $3, $4, $5)", &values).await?;
        let rows = client.rows("select * from t", &[]).await?;
        let kinds =
            [ColumnKind::Text, ColumnKind::Number, ColumnKind::Bytes, ColumnKind::Array, ColumnKind::Text];
        assert_eq!(rows.kinds(), kinds);
        let expected = [
            Cell::Text("ok".into()),
            Cell::Number(3.0),
            Cell::Bytes(vec![0, 7]),
            Cell::Json("[1,2]".into()),
            Cell::Text("(1,x)".into()),
        ];
        assert_eq!(rows.cells, [expected]);
        Ok(())
    });
}

#[test]
fn json_may_be_read_as_the_server_writes_it() {
    on_server(async |_| {
        let mut options = config();
        options.json_as_text = true;
        let mut client = Client::connect(options).await?;
        let rows = client.rows("select '{\"a\":1}'::jsonb, array['2'::json]", &[]).await?;
        assert_eq!(rows.kinds(), [ColumnKind::Text, ColumnKind::Array]);
        assert_eq!(rows.cells, [[Cell::Text("{\"a\": 1}".into()), Cell::Json("[\"2\"]".into())]]);
        Ok(())
    });
}
