//! What failures say.

use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{self, Integer, Null, Text};

use crate::server::on_each_server;

/// Statement, values, code, the driver's name of it, constraint, column.
type Case<'a> = (&'a str, &'a [ValueRef<'a>], ErrorCode, &'a str, Option<&'a str>, Option<&'a str>);

#[test]
fn violated_constraints_are_named_and_values_are_not() {
    on_each_server("constraints", async |server| {
        let mut session = server.connect().await;
        session
            .script(
                "create table users (id int primary key, email varchar(50) not null, constraint users_email_unique unique (email)); \
                 create table posts (id int primary key, user_id int, title varchar(5), price int, born date, \
                 constraint posts_user_id_foreign foreign key (user_id) references users (id), \
                 constraint price_positive check (price > 0)); \
                 insert into users values (1, 'secret@example.com'); insert into posts values (1, 1, 'x', 1, null)",
            )
            .await;
        let cases: &[Case<'_>] = &[
            (
                "insert into users values (2, ?)",
                &[Text("secret@example.com")],
                ErrorCode::UniqueViolation,
                "ER_DUP_ENTRY",
                Some("users_email_unique"),
                None,
            ),
            (
                "insert into users values (?, 'x')",
                &[Integer(1)],
                ErrorCode::UniqueViolation,
                "ER_DUP_ENTRY",
                Some("PRIMARY"),
                None,
            ),
            (
                "insert into posts (id, user_id) values (2, ?)",
                &[Integer(99)],
                ErrorCode::ForeignKeyViolation,
                "ER_NO_REFERENCED_ROW_2",
                Some("posts_user_id_foreign"),
                Some("user_id"),
            ),
            (
                "delete from users where id = ?",
                &[Integer(1)],
                ErrorCode::ForeignKeyViolation,
                "ER_ROW_IS_REFERENCED_2",
                Some("posts_user_id_foreign"),
                Some("user_id"),
            ),
            (
                "insert into users values (2, ?)",
                &[Null],
                ErrorCode::NotNullViolation,
                "ER_BAD_NULL_ERROR",
                None,
                Some("email"),
            ),
            (
                "insert into users (id) values (?)",
                &[Integer(2)],
                ErrorCode::NotNullViolation,
                "ER_NO_DEFAULT_FOR_FIELD",
                None,
                Some("email"),
            ),
            (
                "insert into posts (id, title) values (2, ?)",
                &[Text("secret title")],
                ErrorCode::Query,
                "ER_DATA_TOO_LONG",
                None,
                Some("title"),
            ),
            (
                "insert into posts (id, price) values (2, ?)",
                &[Text("secret")],
                ErrorCode::Query,
                "ER_TRUNCATED_WRONG_VALUE_FOR_FIELD",
                None,
                Some("price"),
            ),
            (
                "insert into posts (id, born) values (2, ?)",
                &[Text("secret")],
                ErrorCode::Query,
                "ER_TRUNCATED_WRONG_VALUE",
                None,
                Some("born"),
            ),
            (
                "insert into posts (id, born) values (2, ?)",
                &[Text("2024-02-30")],
                ErrorCode::Query,
                "ER_TRUNCATED_WRONG_VALUE",
                None,
                Some("born"),
            ),
            ("selct ?", &[Integer(1)], ErrorCode::Syntax, "ER_PARSE_ERROR", None, None),
            (
                "select * from nowhere where id = ?",
                &[Integer(1)],
                ErrorCode::Query,
                "ER_NO_SUCH_TABLE",
                None,
                None,
            ),
        ];
        for (sql, values, code, name, constraint, column) in cases {
            let error = session.try_run(sql, values).await.map(|_| ()).unwrap_err();
            assert_eq!(error.code, *code, "{sql}: {error:?}");
            assert_eq!(error.detail.driver_code.as_deref(), Some(*name), "{sql}");
            assert_eq!(error.detail.constraint.as_deref(), *constraint, "{sql}");
            assert_eq!(error.detail.column.as_deref(), *column, "{sql}");
            assert!(!error.message.contains("secret") && !error.message.contains("02-30"), "{error}");
        }
        let error =
            session.try_run("update posts set price = ?", &[Integer(-1)]).await.map(|_| ()).unwrap_err();
        assert_eq!(
            (error.code, error.detail.constraint.as_deref()),
            (ErrorCode::CheckViolation, Some("price_positive"))
        );
        assert_eq!(session.run("select count(*) from users", &[]).await.first(), 1.into());
    });
}
