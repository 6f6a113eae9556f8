//! [`overlay`]: what JavaScript asks of the structure of a pretended run.

use serde::Deserialize;
use serde_json::Value;

use super::json::{read, text};
use super::overlay::Overlay;
use super::overlay_needs::Needs;
use crate::config::DriverName;
use crate::dialect::schema::Question;
use crate::error::Result;
use crate::schema::{Change, Database};

/// A structure, and what becomes of it or is asked of it. What the task needs stands beside it.
#[derive(Debug, Deserialize)]
struct OverlayRequest {
    overlay: Overlay,
    task: Task,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Task {
    /// Settled changes or SQL come next. Answers the tables that have to be looked at before: names, or null for all.
    Needs,
    /// What was asked for is there or not. Answers the [`Overlay`] that knows it.
    Learn,
    /// Settled changes are recorded. Answers the [`Overlay`] after them.
    Change,
    /// SQL is recorded. Answers the [`Overlay`] after it.
    Run,
    /// A statement reads. Answers its [`Reading`](super::overlay::Reading).
    Read,
    /// The catalogue was asked and said `found`. Answers what it would say.
    Answer,
}

/// What is recorded next, or is about to be.
#[derive(Debug, Deserialize)]
struct Recorded {
    #[serde(default)]
    changes: Vec<Change>,
    #[serde(default)]
    sql: String,
}

#[derive(Debug, Deserialize)]
struct Learned {
    found: Database,
    names: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    question: Question,
    prefix: String,
    found: Value,
}

/// Does one task (JSON). Answers JSON.
///
/// # Errors
/// `InvalidArgument` for what would fail.
pub fn overlay(driver: DriverName, json: &str) -> Result<String> {
    let OverlayRequest { mut overlay, task } = read(json)?;
    match task {
        Task::Needs => {
            let Recorded { changes, sql } = read(json)?;
            return text(&if sql.is_empty() {
                overlay.needs(&changes)
            } else {
                overlay.needs_of_sql(&sql, driver)
            });
        }
        Task::Learn => {
            let Learned { found, names } = read(json)?;
            overlay.learn(found, &names.map_or(Needs::All, Needs::Tables));
        }
        Task::Change => overlay.change(&read::<Recorded>(json)?.changes)?,
        Task::Run => overlay.run(&read::<Recorded>(json)?.sql, driver)?,
        Task::Read => return text(&overlay.read(&read::<Recorded>(json)?.sql, driver)?),
        Task::Answer => {
            let Asked { question, prefix, found } = read(json)?;
            return text(&overlay.answer(&question, driver, &prefix, found));
        }
    }
    text(&overlay)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ask(overlay: &Value, task: Value) -> Result<Value> {
        let Value::Object(mut words) = task else { panic!("a task is an object") };
        words.insert("overlay".into(), overlay.clone());
        super::overlay(DriverName::Postgres, &Value::Object(words).to_string())
            .map(|answer| serde_json::from_str(&answer).expect("an answer"))
    }

    #[test]
    fn the_catalogue_answers_as_it_would_after_what_was_recorded() {
        let start = json!({"database": {"driver": "pgsql", "namespace": "public", "tables": [
            {"name": "users", "columns": [{"name": "id", "type": {"kind": "integer"}, "nullable": false}]},
        ]}});
        let column =
            json!({"name": "sum", "type": {"kind": "decimal", "precision": 8, "scale": 2}, "nullable": true});
        let changes = json!([{"kind": "addColumn", "table": "users", "column": column}]);
        let altered = ask(&start, json!({"task": "change", "changes": changes})).expect("changed");
        let sql = "create table p_posts (id bigserial primary key, at timestamptz not null)";
        let after = ask(&altered, json!({"task": "run", "sql": sql})).expect("run");

        let answer = |question: Value, found: Value| {
            ask(&after, json!({"task": "answer", "question": question, "prefix": "", "found": found}))
                .expect("answer")
        };
        let has = |table: &str| answer(json!({"ask": "hasTable", "table": table}), json!(false));
        assert_eq!(
            [has("p_posts"), has("public.p_posts"), has("others")],
            [json!(true), json!(true), json!(false)]
        );

        let known = json!({"name": "id", "type": "as the catalogue says"});
        let columns = answer(json!({"ask": "columns", "table": "users"}), json!([known]));
        assert_eq!(columns[0], known);
        assert_eq!(
            (&columns[1]["name"], &columns[1]["type"], &columns[1]["type_name"]),
            (&json!("sum"), &json!("numeric(8,2)"), &json!("numeric"))
        );
        let posts = answer(json!({"ask": "columns", "table": "p_posts"}), json!([]));
        assert_eq!((&posts[0]["type_name"], &posts[1]["type_name"]), (&json!("int8"), &json!("timestamptz")));
        let indexes = answer(json!({"ask": "indexes", "table": "p_posts"}), json!([]));
        assert_eq!((&indexes[0]["name"], &indexes[0]["columns"]), (&json!("p_posts_pkey"), &json!(["id"])));

        let found = json!([{"name": "users", "schema": "public"}]);
        let names = |tables: &Value| {
            tables.as_array().map(|all| all.iter().map(|table| table["name"].clone()).collect())
        };
        let tables = answer(json!({"ask": "tables"}), found.clone());
        assert_eq!(names(&tables), Some(vec![json!("p_posts"), json!("users")]));
        assert_eq!(answer(json!({"ask": "tables", "schema": "app"}), json!([])), json!([]));
    }

    #[test]
    fn a_prefix_is_part_of_the_names_that_are_asked_for() {
        let start = json!({"database": {"driver": "pgsql", "namespace": "public", "tables": []}});
        let after = ask(&start, json!({"task": "run", "sql": "create table p_posts (id int)"})).expect("run");
        let task = json!({"task": "answer", "question": {"ask": "hasTable", "table": "posts"}, "prefix": "p_", "found": false});
        assert_eq!(ask(&after, task).expect("answer"), json!(true));
    }
}
