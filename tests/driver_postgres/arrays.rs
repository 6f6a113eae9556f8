//! Arrays, both ways.

use guruorm::driver::ColumnKind;
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{Array, Text};

use crate::client::on_server;

#[test]
fn arrays_of_every_element_become_json() {
    on_server(async |mut client| {
        use ColumnKind::{Array, BigIntegerArray, BytesArray, InstantArray, NumberArray};
        for (sql, kind, expected) in [
            ("array[1, null, -3]", Array, "[1,null,-3]"),
            ("array[1, 2]::int2[]", Array, "[1,2]"),
            ("array[4294967295]::oid[]", Array, "[4294967295]"),
            ("array[9223372036854775807, null]", BigIntegerArray, r#"["9223372036854775807",null]"#),
            ("array[1.1, 'nan', '-infinity']::float4[]", NumberArray, r#"[1.1,"NaN","-Infinity"]"#),
            ("array[1e300, 0.1, 'infinity']::float8[]", NumberArray, r#"[1e300,0.1,"Infinity"]"#),
            ("array[true, false, null]", Array, "[true,false,null]"),
            (
                "array['a', 'b,c', 'say \"hi\"', 'NULL', null, '', '{}', E'\\\\']",
                Array,
                r#"["a","b,c","say \"hi\"","NULL",null,"","{}","\\"]"#,
            ),
            ("array['naïve', '🦀']::varchar[]", Array, r#"["naïve","🦀"]"#),
            ("array['\\x00ff', null]::bytea[]", BytesArray, r#"["00ff",null]"#),
            ("array[1.10, null]::numeric[]", Array, r#"["1.10",null]"#),
            ("array['2024-02-29']::date[]", Array, r#"["2024-02-29"]"#),
            ("array['{\"a\": [1]}', 'null', null]::jsonb[]", Array, r#"[{"a": [1]},null,null]"#),
            ("array[array[1, 2], array[3, 4]]", Array, "[[1,2],[3,4]]"),
            ("array[array['a', null], array['c', 'd']]", Array, r#"[["a",null],["c","d"]]"#),
            ("'[0:1]={5,6}'::int[]", Array, "[5,6]"),
            ("'[0:1]={x,y}'::text[]", Array, r#"["x","y"]"#),
            ("'{}'::int[]", Array, "[]"),
            ("'{}'::text[]", Array, "[]"),
            ("array[point(1, 2)]", Array, r#"["(1,2)"]"#),
            ("array[box '(1,1),(0,0)', box '(3,3),(2,2)']", Array, r#"["(1,1),(0,0)","(3,3),(2,2)"]"#),
            (
                "array[timestamptz '1970-01-01 00:00:00.0019+00', 'infinity', null]",
                InstantArray,
                r#"[1,"Infinity",null]"#,
            ),
            ("array[interval '1 day']", Array, r#"["1 day"]"#),
        ] {
            let rows = client.rows(&format!("select {sql}"), &[]).await?;
            assert_eq!(rows.kinds(), [kind], "{sql}");
            assert_eq!(client.text(&format!("select {sql}"), &[]).await?, expected, "{sql}");
        }
        Ok(())
    });
}

#[test]
fn arrays_of_own_types_are_arrays() {
    on_server(async |mut client| {
        client
            .script("create type pg_temp.mood as enum ('sad', 'so so'); create domain pg_temp.id as int8; create domain pg_temp.title as text")
            .await?;
        for (sql, kind, expected) in [
            ("array['sad', 'so so', null]::pg_temp.mood[]", ColumnKind::Array, r#"["sad","so so",null]"#),
            ("array[7]::pg_temp.id[]", ColumnKind::BigIntegerArray, r#"["7"]"#),
            ("array['a b']::pg_temp.title[]", ColumnKind::Array, r#"["a b"]"#),
        ] {
            let rows = client.rows(&format!("select {sql}"), &[]).await?;
            assert_eq!(rows.kinds(), [kind], "{sql}");
            assert_eq!(client.text(&format!("select {sql}"), &[]).await?, expected, "{sql}");
        }
        let bound = client.text("select $1::pg_temp.mood[]::text", &[Array(r#"["so so",null]"#)]).await?;
        assert_eq!(bound, r#"{"so so",NULL}"#);
        Ok(())
    });
}

#[test]
fn javascript_arrays_are_bound_as_arrays() {
    on_server(async |mut client| {
        for (cast, json, expected) in [
            ("int8[]", "[9223372036854775807,null,-1]", "{9223372036854775807,NULL,-1}"),
            ("numeric[]", "[0.1,123456789012345678901234567890.5]", "{0.1,123456789012345678901234567890.5}"),
            ("int[]", r#"["1","2"]"#, "{1,2}"),
            ("int[]", "[[1,2],[3,4]]", "{{1,2},{3,4}}"),
            ("int[]", "[]", "{}"),
            (
                "text[]",
                r#"["a","b,c","\"q\"","NULL",null,"","\\","{}","é🦀"]"#,
                r#"{a,"b,c","\"q\"","NULL",NULL,"","\\","{}",é🦀}"#,
            ),
            ("text[]", "[1,true]", "{1,true}"),
            ("bool[]", "[true,false]", "{t,f}"),
            ("bytea[]", r#"[{"$bytes":"00ff"},{"$bytes":""}]"#, r#"{"\\x00ff","\\x"}"#),
            ("jsonb[]", r#"[{"a":1},"s",[1,2],null]"#, r#"{"{\"a\": 1}","\"s\"","[1, 2]",NULL}"#),
            ("box[]", r#"["(1,1),(0,0)","(3,3),(2,2)"]"#, "{(1,1),(0,0);(3,3),(2,2)}"),
            (
                "uuid[]",
                r#"["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]"#,
                "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
            ),
        ] {
            let sql = format!("select ($1::{cast})::text");
            assert_eq!(client.text(&sql, &[Array(json)]).await?, expected, "{json} as {cast}");
        }
        assert_eq!(client.text("select ($1::int[])::text", &[Text("{1,2}")]).await?, "{1,2}");
        Ok(())
    });
}

#[test]
fn an_array_that_does_not_fit_is_the_servers_to_refuse() {
    on_server(async |mut client| {
        let error = client.error("select $1::int[]", &[Array(r#"["secret"]"#)]).await;
        assert_eq!((error.code, error.detail.native_code.as_deref()), (ErrorCode::Query, Some("22P02")));
        assert!(!error.message.contains("secret"), "{}", error.message);
        Ok(())
    });
}
