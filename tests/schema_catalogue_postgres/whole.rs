//! What is beside tables, and what is left out.

use std::time::{Duration, Instant};

use crate::schema_support::Scratch;
use crate::{reasons, run};

#[test]
fn what_the_data_cannot_say_is_left_out_with_a_reason() {
    let scratch = Scratch::postgres("leftout");
    run(
        &scratch,
        &[
            "create extension citext",
            "create table \"a.b\" (id int primary key)",
            "create table t (id int primary key, b int, c citext, r int4range, exclude using gist (r with &&), \
         constraint once check (b > 0) no inherit, constraint fk foreign key (b) references t match full)",
            "create table refers (id int constraint dotted references \"a.b\")",
            "create unlogged table quick (id int) with (fillfactor = 50)",
            "create table child () inherits (quick)",
            "create index filled on t (b) with (fillfactor = 50)",
            "create domain positive as int check (value > 0)",
            "create type pair as (a int, b int)",
            "create collation own from \"C\"",
            "create statistics together on id, b from t",
            "alter table t enable row level security",
            "create policy own on t using (id > 0)",
            "create rule nothing as on delete to t do instead nothing",
            "create aggregate total (int) (sfunc = int4pl, stype = int)",
            "comment on constraint t_pkey on t is 'key'",
            "comment on index t_pkey is 'key'",
            "create trigger off before update on quick for each row execute function suppress_redundant_updates_trigger()",
            "alter table quick disable trigger off",
        ],
    );
    scratch.run(&["insert into t (id, b) values (1, 1), (2, 1)".into()]).unwrap();
    assert!(scratch.run(&["create unique index concurrently twice on t (b)".into()]).is_err());
    let database = scratch.inspect();
    let expected = [
        ("a.b", "its name holds a dot"),
        ("t.t_r_excl", "it is an exclusion constraint"),
        ("t.once", "it is not inherited"),
        ("t.fk", "it is `match full`"),
        ("refers.dotted", "the name of the table that it refers to holds a dot"),
        ("child", "it inherits from quick"),
        ("t.filled", "its storage parameters: {fillfactor=50}"),
        ("positive", "it is a domain"),
        ("pair", "it is a composite type"),
        ("own", "it is a collation"),
        ("t.together", "it is statistics of several columns"),
        ("t", "its rows are guarded by policies"),
        ("t.own", "it is a policy"),
        ("t.nothing", "it is a rule"),
        ("total", "it is an aggregate"),
        ("quick.off", "it is a trigger that is not enabled as usual"),
        ("t.twice", "invalid"),
    ];
    for (name, reason) in expected {
        assert_eq!(reasons(&database, name), [reason], "{name}");
    }
    assert_eq!(reasons(&database, "quick"), ["it is not logged", "its storage parameters: fillfactor=50"]);
    assert_eq!(database.left_out.len(), expected.len() + 4, "{:#?}", database.left_out);
    assert_eq!(reasons(&database, "t.t_pkey"), ["the comment of a constraint", "the comment of an index"]);
    let t = database.table("t").unwrap();
    assert_eq!((t.indexes.len(), t.checks.len(), t.foreign_keys.len()), (1, 0, 0));
    assert!(database.table("a.b").is_none());
    assert_eq!(database.extensions, ["citext"]);
    assert_eq!((database.routines.len(), database.sequences.len(), database.enums.len()), (0, 0, 0));
}

#[test]
fn views_triggers_and_routines_are_kept_as_the_text_that_makes_them() {
    let scratch = Scratch::postgres("texts");
    let made = [
        "create table t (id int)",
        "create view seen as select id from t",
        "create materialized view kept as select id from t",
        "create function touch() returns trigger language plpgsql as $$ begin return new; end $$",
        "create function twice(int) returns int language sql as 'select $1 * 2'",
        "create function twice(text) returns text language sql as 'select $1 || $1'",
        "create procedure work() language sql as 'select 1'",
        "create trigger touched before update on t for each row execute function touch()",
    ];
    run(&scratch, &made);
    let database = scratch.inspect();
    let views: Vec<_> = database.views.iter().map(|view| (view.name.as_str(), view.materialized)).collect();
    assert_eq!(views, [("kept", true), ("seen", false)]);
    let routines: Vec<_> = database.routines.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(routines, ["touch", "twice(integer)", "twice(text)", "work"]);
    let trigger = &database.triggers[0];
    assert_eq!((trigger.name.as_str(), trigger.table.as_deref()), ("touched", Some("t")));
    scratch.empty();
    run(&scratch, &made[..1]);
    let texts = database.routines.iter().chain(&database.triggers);
    let texts: Vec<_> = texts.map(|entry| entry.definition.clone().unwrap()).collect();
    scratch.run(&texts).unwrap();
    assert_eq!(scratch.inspect().triggers, database.triggers);
    assert_eq!(scratch.inspect().routines, database.routines);
}

#[test]
fn five_hundred_tables_are_read_with_a_dozen_questions_at_most() {
    let scratch = Scratch::postgres("many");
    let columns: Vec<_> = (0..18).map(|at| format!("c{at} varchar(20) default 'x'")).collect();
    let tables: Vec<_> = (0..500)
        .map(|at| {
            format!(
                "create table t{at} (id bigserial primary key, t_id bigint references t{}, {}, unique (c0), check (c1 <> ''))",
                if at == 0 { 0 } else { at - 1 },
                columns.join(", ")
            )
        })
        .collect();
    scratch.run(&tables).unwrap();
    let started = Instant::now();
    let database = scratch.inspect(); // asserts the number of questions
    let took = started.elapsed();
    assert_eq!(database.tables.len(), 500);
    assert_eq!((database.tables[7].columns.len(), database.tables[7].indexes.len()), (20, 2));
    assert_eq!(database.left_out, []);
    println!("500 tables: {took:?}");
    // Each question starts a psql; the engine needs a tenth of this.
    assert!(took < Duration::from_secs(15), "{took:?}");
}
