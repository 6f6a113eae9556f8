//! The rows as a Rust program has them: owned, typed fields, the counterpart of plain objects.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::Value;

pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub age: i32,
    pub balance: Decimal,
    pub active: bool,
    /// Its keys are in the order of their letters, as the checksum wants them.
    pub meta: Value,
    pub created_at: DateTime<Utc>,
}

pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub body: String,
}

/// A row of `inserts`.
pub struct NewRow {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub age: i32,
}

impl NewRow {
    pub fn new(id: usize) -> Self {
        let [name, email] = [format!("New {id}"), format!("new{id}@example.com")];
        Self { id: id as i64, name, email, age: (id % 90) as i32 }
    }
}

/// Rows of `inserts` column by column.
pub struct NewRowColumns<'a> {
    pub id: Vec<i64>,
    pub name: Vec<&'a str>,
    pub email: Vec<&'a str>,
    pub age: Vec<i32>,
}

impl<'a> NewRowColumns<'a> {
    pub fn of(rows: &'a [NewRow]) -> Self {
        Self {
            id: rows.iter().map(|row| row.id).collect(),
            name: rows.iter().map(|row| row.name.as_str()).collect(),
            email: rows.iter().map(|row| row.email.as_str()).collect(),
            age: rows.iter().map(|row| row.age).collect(),
        }
    }
}
