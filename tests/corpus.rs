//! Compiles every case of `corpus/queries` for every database. `__test__/query/corpus.test.ts`
//! checks that the builders make the same queries.

mod support;

use std::fs;

use guruorm::ast::Query;
use guruorm::config::DriverName;
use guruorm::dialect::{compile, lookup};
use support::corpus::{Case, DATABASES, Expected, cases};

fn compiled(case: &Case, driver: DriverName) -> Expected {
    let query = serde_json::from_value::<Query>(case.query.clone()).expect("a query of the AST");
    match compile(&query, lookup(driver), &case.prefix) {
        Ok(answer) => {
            let is_plain = answer.order.iter().copied().eq(0..u32::try_from(case.values.len()).unwrap_or(0));
            if is_plain {
                Expected::Sql(answer.sql)
            } else {
                Expected::Reordered { sql: answer.sql, order: answer.order }
            }
        }
        Err(error) => Expected::Refused { refused: error.message },
    }
}

#[test]
fn every_query_compiles_to_its_sql_on_every_database() {
    let cases = cases();
    assert!(cases.len() > 50, "the corpus is there");
    let mut wrong = Vec::new();
    for (path, case) in &cases {
        for (database, driver) in DATABASES {
            let got = compiled(case, driver);
            if Some(&got) != case.expected(database) {
                wrong.push(format!(
                    "{} {database}\n  got      {got:?}\n  expected {:?}",
                    path.display(),
                    case.expected(database)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_query_with_a_misspelt_clause_is_refused() {
    for text in [
        r#"{"kind":"select","query":{"form":"users"}}"#,
        r#"{"kind":"select","query":{"from":"users","wheres":[{"kind":"null","join":"and","not":false}]}}"#,
        r#"{"kind":"select","query":{"from":"users","wheres":[{"kind":"null","join":"and","not":false,"column":"a","colum":"b"}]}}"#,
        r#"{"kind":"select","query":{"from":"users","lock":"exclusive"}}"#,
        r#"{"kind":"selects","query":{"from":"users"}}"#,
    ] {
        assert!(serde_json::from_str::<Query>(text).is_err(), "{text}");
    }
}

/// Rewrites the SQL of every case from the compiler, to be read in the diff:
/// `cargo test --test corpus -- --ignored accept`.
#[test]
#[ignore = "rewrites the corpus"]
fn accept() {
    for (path, mut case) in cases() {
        case.sql =
            DATABASES.iter().map(|(name, driver)| ((*name).to_owned(), compiled(&case, *driver))).collect();
        if case.sql.get("mariadb") == case.sql.get("mysql") {
            case.sql.remove("mariadb");
        }
        let text = serde_json::to_string_pretty(&case).expect("JSON");
        fs::write(path, format!("{text}\n")).expect("a written case");
    }
}

#[test]
fn the_kind_of_a_node_may_stand_anywhere() {
    let first = r#"{"kind":"select","query":{"from":"users","wheres":[
        {"kind":"compare","join":"and","left":"a","operator":"=","right":{"kind":"raw","sql":"now()"}},
        {"kind":"group","join":"and","items":[{"kind":"null","join":"or","not":true,"column":"b"}]}]}}"#;
    let last = r#"{"query":{"from":"users","wheres":[
        {"join":"and","left":"a","operator":"=","right":{"sql":"now()","kind":"raw"},"kind":"compare"},
        {"items":[{"join":"or","not":true,"kind":"null","column":"b"}],"join":"and","kind":"group"}]},"kind":"select"}"#;
    assert_eq!(read(first).expect("a query"), read(last).expect("a query"));
}

#[test]
fn what_stands_for_a_node_has_to_be_one() {
    for operand in
        ["-1", "4294967296", "1.5", "true", "null", "[]", "{}", r#"{"sql":"now()"}"#, r#"{"kind":"text"}"#]
    {
        let text = format!(r#"{{"kind":"select","query":{{"from":"users","columns":[{operand}]}}}}"#);
        assert!(read(&text).is_err(), "{text}");
    }
    for source in ["0", r#"{"kind":"default"}"#, r#"{"kind":"raw"}"#] {
        let text = format!(r#"{{"kind":"select","query":{{"from":{source}}}}}"#);
        assert!(read(&text).is_err(), "{text}");
    }
}

fn read(text: &str) -> serde_json::Result<Query> {
    serde_json::from_str(text)
}
