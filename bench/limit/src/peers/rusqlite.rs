//! SQLite by rusqlite, in the version that the engine has; every statement prepared once.

use crate::Result;
use crate::peer::Peer;
use crate::rows::{Comment, NewRow, User};
use crate::sql::{COMMENTS, EMPTY_INSERTS, first_users, question_marks as sql};
use chrono::NaiveDateTime;
use rusqlite::{Connection, Params, Row};
use rust_decimal::Decimal;

/// Its operations are done when they return; nothing ever waits.
pub struct Rusqlite {
    connection: Connection,
}

impl Rusqlite {
    pub fn open(path: &str) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        Ok(Self { connection })
    }

    fn users(&self, sql: &str, values: impl Params) -> Result<Vec<User>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut users = Vec::new();
        while let Some(row) = rows.next()? {
            users.push(user(row)?);
        }
        Ok(users)
    }

    fn coins(&self, id: i64) -> Result<i32> {
        Ok(self.connection.prepare_cached(sql::READ_COINS)?.query_row([id], |row| row.get(0))?)
    }

    fn execute(&self, sql: &str, values: impl Params) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    fn transaction(&self, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.execute("begin immediate", [])?;
        work()?;
        self.execute("commit", [])
    }
}

impl Peer for Rusqlite {
    async fn find_user(&self, id: i64) -> Result<User> {
        self.connection.prepare_cached(sql::FIND_USER)?.query_row([id], |row| Ok(user(row)))?
    }

    async fn hundred_users_from(&self, id: i64) -> Result<Vec<User>> {
        self.users(sql::HUNDRED_USERS_FROM, [id])
    }

    async fn first_users(&self, count: usize) -> Result<Vec<User>> {
        self.users(&first_users(count), [])
    }

    async fn empty_inserts(&self) -> Result<()> {
        self.execute(EMPTY_INSERTS, [])
    }

    async fn insert_one(&self, NewRow { id, name, email, age }: &NewRow) -> Result<()> {
        self.execute(sql::INSERT_ONE, (id, name, email, age))
    }

    async fn insert_many(&self, rows: &[NewRow]) -> Result<()> {
        self.transaction(|| {
            let mut insert = self.connection.prepare_cached(sql::INSERT_ONE)?;
            for NewRow { id, name, email, age } in rows {
                insert.execute((id, name, email, age))?;
            }
            Ok(())
        })
    }

    async fn transfer(&self, from: i64, to: i64) -> Result<()> {
        self.transaction(|| {
            self.coins(from)?;
            self.coins(to)?;
            self.execute(sql::WRITE_COINS, (-1, from))?;
            self.execute(sql::WRITE_COINS, (1, to))
        })
    }

    async fn comments(&self, mut each: impl FnMut(Comment)) -> Result<()> {
        let mut statement = self.connection.prepare_cached(COMMENTS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(Comment { id: row.get(0)?, post_id: row.get(1)?, body: row.get(2)? });
        }
        Ok(())
    }
}

fn user(row: &Row) -> Result<User> {
    let balance: f64 = row.get(4)?;
    let created_at: NaiveDateTime = row.get(7)?;
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
        age: row.get(3)?,
        balance: Decimal::try_from(balance)?,
        active: row.get(5)?,
        meta: row.get(6)?,
        created_at: created_at.and_utc(),
    })
}
