//! Rules about tables, columns, keys and indexes: where each fires, where it does not, and what it says.

use super::super::drift::Policy;
use super::script::{Script, rules};
use crate::config::DriverName::{self, MariaDb, MySql, Postgres, SqlServer, Sqlite};

#[test]
fn a_finding_says_what_waits_and_what_to_write_instead() {
    for (sql, text) in [
        (
            "create index \"events_at\" on \"events\" (\"at\")",
            "index-not-concurrent: create index on \"events\" (~2,000,000 rows) blocks writes while it is built. \
             Instead: create index concurrently \"events_at\" on \"events\" (\"at\"), with withinTransaction = false",
        ),
        (
            "alter table events add column token uuid not null default gen_random_uuid()",
            "add-volatile-default: add column \"token\" to \"events\" (~2,000,000 rows) writes the whole table anew; \
             reads and writes wait. Instead: alter table \"events\" add column \"token\" uuid; alter table \"events\" \
             alter column \"token\" set default gen_random_uuid(); then fill it in batches",
        ),
        (
            "alter table events alter column name set not null",
            "set-not-null-scan: set not null of column \"name\" of \"events\" (~2,000,000 rows) reads the whole table; \
             reads and writes wait. Instead: alter table \"events\" add constraint \"events_name_not_null\" \
             check (\"name\" is not null) not valid; alter table \"events\" validate constraint \
             \"events_name_not_null\"; alter table \"events\" alter column \"name\" set not null; \
             alter table \"events\" drop constraint \"events_name_not_null\"",
        ),
        (
            "alter table events add constraint positive check (n > 0)",
            "check-validate-scan: check on \"events\" (~2,000,000 rows) reads the whole table; reads and writes wait. \
             Instead: alter table \"events\" add constraint positive check (n > 0) not valid; \
             alter table \"events\" validate constraint \"positive\"",
        ),
        (
            "alter table events add unique (a, b)",
            "unique-scan: add unique to \"events\" (~2,000,000 rows) builds its index while reads and writes wait. \
             Instead: create unique index concurrently \"events_a_b_unique\" on \"events\" (\"a\", \"b\"); \
             alter table \"events\" add constraint \"events_a_b_unique\" unique using index \"events_a_b_unique\"",
        ),
        (
            "alter table users drop column name",
            "drop-column: drop column \"name\" of \"users\" (~12 rows) loses its values, and code that still names it \
             fails. Instead: drop it in a migration of its own, after the release that stopped using it",
        ),
    ] {
        assert_eq!(Script::on(Postgres).texts(&[sql]), [text], "{sql}");
    }
}

#[test]
fn losses() {
    for driver in DriverName::ALL {
        assert_eq!(rules(driver, &["drop table if exists users"]), ["drop-table"], "{driver:?}");
        assert_eq!(rules(driver, &["alter table users drop column name"]), ["drop-column"], "{driver:?}");
        assert_eq!(rules(driver, &["drop table nowhere"]), Vec::<&str>::new(), "{driver:?}");
        assert_eq!(rules(driver, &["drop view users"]), Vec::<&str>::new(), "{driver:?}");
    }
    for driver in [Postgres, MySql, MariaDb, Sqlite] {
        let renames = ["alter table users rename to people", "alter table people rename column name to nick"];
        let expected: &[&str] = match driver {
            MySql | MariaDb => &["rename-table", "rename-column", "mysql-multi-ddl"],
            _ => &["rename-table", "rename-column"],
        };
        assert_eq!(rules(driver, &renames), expected, "{driver:?}");
    }
    assert_eq!(rules(MySql, &["rename table users to people"]), ["rename-table"]);
    assert_eq!(rules(MySql, &["alter table users change name nick varchar(255)"]), ["rename-column"]);
    assert_eq!(rules(SqlServer, &["sp_rename N'[users]', [people]"]), ["rename-table"]);
    assert_eq!(rules(SqlServer, &["exec sp_rename N'users.name', [nick], N'COLUMN'"]), ["rename-column"]);
    assert_eq!(rules(SqlServer, &["sp_rename N'users.i', [j], N'INDEX'"]), Vec::<&str>::new());
    assert_eq!(rules(Postgres, &["truncate users restart identity cascade"]), ["truncate-cascade"]);
    assert_eq!(rules(Postgres, &["truncate table users"]), Vec::<&str>::new());
}

#[test]
fn types_that_change() {
    for (driver, sql, expected) in [
        (Postgres, "alter table events alter column id type bigint", vec!["column-type-rewrite"]),
        (Postgres, "alter table users alter column id type bigint", vec![]),
        (Postgres, "alter table users alter id set data type int", vec!["column-type-narrowing"]),
        (Postgres, "alter table events alter column name type text", vec![]),
        (
            Postgres,
            "alter table events alter column name type varchar(50)",
            vec!["column-type-rewrite", "column-type-narrowing"],
        ),
        (
            Postgres,
            "alter table events alter column name type varchar(255) using trim(name)",
            vec!["column-type-rewrite"],
        ),
        (SqlServer, "alter table events alter column id bigint not null", vec!["column-type-rewrite"]),
        (MariaDb, "alter table `events` modify `id` bigint not null", vec!["mysql-copy-algorithm"]),
        (MariaDb, "alter table `events` modify `name` varchar(255) null", vec![]),
        (MariaDb, "alter table users modify name varchar(50)", vec!["column-type-narrowing"]),
        (MariaDb, "alter table events modify code varchar(40)", vec![]),
        (MySql, "alter table events convert to character set utf8mb4", vec!["mysql-copy-algorithm"]),
        (MySql, "alter table events add c int, algorithm=copy", vec!["mysql-copy-algorithm"]),
        (MySql, "alter table events add c int, algorithm = inplace", vec![]),
        (MariaDb, "alter table events engine = innodb", vec![]),
        (MariaDb, "alter table events engine = aria", vec!["mysql-copy-algorithm"]),
        (MariaDb, "alter table events default character set latin1", vec![]),
        (MariaDb, "alter table events add u uuid default uuid()", vec!["mysql-copy-algorithm"]),
    ] {
        let found: Vec<&str> =
            rules(driver, &[sql]).into_iter().filter(|rule| *rule != "add-not-null-no-default").collect();
        assert_eq!(found, expected, "{driver:?} {sql}");
    }
}

#[test]
fn columns_that_come() {
    let volatile = ["add-volatile-default"];
    for (driver, sql, expected) in [
        (Postgres, "alter table users add column a int not null", &["add-not-null-no-default"][..]),
        (Postgres, "alter table users add a int not null default 0", &[]),
        (Postgres, "alter table users add a int null", &[]),
        (Postgres, "alter table drafts add a int not null", &[]),
        (Postgres, "alter table users add a serial not null", &[]),
        (Postgres, "alter table events add a bigserial", &volatile),
        (Postgres, "alter table events add a float default random()", &volatile),
        (Postgres, "alter table events add a int generated always as (b * 2) stored", &volatile),
        (Postgres, "alter table events add a bigint generated by default as identity", &volatile),
        (Postgres, "alter table events add a timestamptz default now()", &[]),
        (Postgres, "alter table events add a text default 'random()x'", &[]),
        (Postgres, "alter table events add a text default my_random()", &[]),
        (Postgres, "alter table users add a float default random()", &[]),
        (SqlServer, "alter table events add a uniqueidentifier default newid()", &volatile),
        (Sqlite, "alter table users add column a int not null", &["add-not-null-no-default"]),
        (MariaDb, "alter table users add column a int not null", &["add-not-null-no-default"]),
        (MariaDb, "alter table events add a int as (b * 2) stored", &["mysql-copy-algorithm"]),
    ] {
        assert_eq!(rules(driver, &[sql]), expected, "{driver:?} {sql}");
    }
    // What MySQL does is no failure.
    let severity =
        |driver| Script::on(driver).findings(&["alter table users add a int not null"])[0].severity;
    assert_eq!((severity(Postgres), severity(MariaDb)), (Policy::Error, Policy::Warn));
    assert_eq!(
        rules(Postgres, &["delete from users", "alter table users add a int not null"]),
        Vec::<&str>::new()
    );
}

#[test]
fn scans() {
    for (driver, sql, expected) in [
        (Postgres, "alter table events alter column id set not null", vec![]),
        (Postgres, "alter table users alter column name set not null", vec![]),
        (SqlServer, "alter table events alter column name varchar(255) not null", vec!["set-not-null-scan"]),
        (Postgres, "alter table events add check (a > 0) not valid", vec![]),
        (
            Postgres,
            "alter table events add foreign key (owner_id) references users (id)",
            vec!["fk-validate-scan"],
        ),
        (Postgres, "alter table users add foreign key (id) references events (id)", vec!["missing-fk-index"]),
        (SqlServer, "alter table events with nocheck add constraint c check (a > 0)", vec![]),
        (SqlServer, "alter table events add constraint c check (a > 0)", vec!["check-validate-scan"]),
        (MariaDb, "alter table events add constraint c check (a > 0)", vec!["mysql-copy-algorithm"]),
        (
            MariaDb,
            "alter table events add foreign key (a) references users (id)",
            vec!["mysql-copy-algorithm"],
        ),
        (Postgres, "alter table events add primary key using index events_pk", vec![]),
        (Postgres, "alter table events add constraint k primary key (id)", vec!["unique-scan"]),
        (MariaDb, "alter table events add unique k (id)", vec![]),
    ] {
        assert_eq!(rules(driver, &[sql]), expected, "{driver:?} {sql}");
    }
    let rewritten = [
        "alter table events add constraint c check (name is not null) not valid",
        "alter table events validate constraint c",
        "alter table events alter column name set not null",
    ];
    assert_eq!(rules(Postgres, &rewritten), Vec::<&str>::new());
}

#[test]
fn indexes() {
    for (driver, sql, expected) in [
        (Postgres, "create unique index i on events (a)", vec!["index-not-concurrent"]),
        (Postgres, "create index i on users (a)", vec![]),
        (SqlServer, "create nonclustered index i on events (a)", vec!["index-not-concurrent"]),
        (SqlServer, "create index i on events (a) with (online = on)", vec![]),
        (MariaDb, "create index i on events (a)", vec![]),
        (Sqlite, "create index i on events (a)", vec![]),
        (Postgres, "drop index events_at_index", vec!["drop-index-not-concurrent"]),
        (Postgres, "drop index users_name_index", vec![]),
    ] {
        assert_eq!(rules(driver, &[sql]), expected, "{driver:?} {sql}");
    }
    let outside = Script { within_transaction: false, ..Script::on(Postgres) };
    assert_eq!(
        outside
            .rules(&["create index concurrently i on events (a)", "drop index concurrently events_at_index"]),
        Vec::<&str>::new()
    );
}

#[test]
fn a_foreign_key_may_be_given_its_index_afterwards() {
    let key = "alter table users add constraint k foreign key (team_id) references teams (id)";
    assert_eq!(rules(Postgres, &[key]), ["missing-fk-index"]);
    assert_eq!(rules(Postgres, &[key, "create index i on users (team_id, name)"]), Vec::<&str>::new());
    assert_eq!(rules(Postgres, &[key, "create index i on users (name, team_id)"]), ["missing-fk-index"]);
    assert_eq!(rules(MariaDb, &[key]), Vec::<&str>::new());
    let allowed = format!("-- guruorm: allow missing-fk-index\n{key}");
    assert_eq!(rules(Postgres, &[&allowed]), Vec::<&str>::new());
}
