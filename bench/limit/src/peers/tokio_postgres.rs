//! PostgreSQL by tokio-postgres, every statement prepared once a connection.

use crate::Result;
use crate::peer::Peer;
use crate::pool::Pool;
use crate::rows::{Comment, NewRow, NewRowColumns, User};
use crate::sql::{COMMENTS, EMPTY_INSERTS, dollars as sql, first_users};
use futures_util::TryStreamExt;
use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::pin;
use std::rc::Rc;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, RowStream, Statement};

/// How many calls have the same connection at once.
#[derive(Clone, Copy)]
pub enum Sharing {
    One = 1,
    /// Queries are sent before those ahead of them are answered: 64 in flight are about seven on each of ten.
    Several = 7,
}

pub struct TokioPostgres {
    pool: Pool<Rc<Connection>>,
}

impl TokioPostgres {
    pub async fn open(url: &str, sharing: Sharing) -> Result<Self> {
        let alone = Pool::open(async || Connection::open(url).await).await?;
        Ok(Self { pool: alone.shared(sharing as usize) })
    }
}

impl Peer for TokioPostgres {
    async fn find_user(&self, id: i64) -> Result<User> {
        self.pool
            .with(async |connection| {
                let statement = connection.prepared(sql::FIND_USER).await?;
                user(&connection.client.query_one(&statement, &[&id]).await?)
            })
            .await
    }

    async fn hundred_users_from(&self, id: i64) -> Result<Vec<User>> {
        self.pool.with(async |connection| connection.users(sql::HUNDRED_USERS_FROM, &[&id]).await).await
    }

    async fn first_users(&self, count: usize) -> Result<Vec<User>> {
        self.pool.with(async |connection| connection.users(&first_users(count), &[]).await).await
    }

    async fn empty_inserts(&self) -> Result<()> {
        self.pool.with(async |connection| connection.execute(EMPTY_INSERTS, &[]).await).await
    }

    async fn insert_one(&self, NewRow { id, name, email, age }: &NewRow) -> Result<()> {
        self.pool
            .with(async |connection| connection.execute(sql::INSERT_ONE, &[id, name, email, age]).await)
            .await
    }

    async fn insert_many(&self, rows: &[NewRow]) -> Result<()> {
        let NewRowColumns { id, name, email, age } = NewRowColumns::of(rows);
        self.pool
            .with(async |connection| connection.execute(sql::INSERT_MANY, &[&id, &name, &email, &age]).await)
            .await
    }

    async fn transfer(&self, from: i64, to: i64) -> Result<()> {
        self.pool
            .with(async |connection| {
                connection.client.batch_execute("begin").await?;
                connection.coins(from).await?;
                connection.coins(to).await?;
                connection.execute(sql::WRITE_COINS, &[&-1, &from]).await?;
                connection.execute(sql::WRITE_COINS, &[&1, &to]).await?;
                Ok(connection.client.batch_execute("commit").await?)
            })
            .await
    }

    async fn comments(&self, mut each: impl FnMut(Comment)) -> Result<()> {
        self.pool
            .with(async |connection| {
                let mut rows = pin!(connection.rows(COMMENTS, &[]).await?);
                while let Some(row) = rows.try_next().await? {
                    each(Comment { id: row.try_get(0)?, post_id: row.try_get(1)?, body: row.try_get(2)? });
                }
                Ok(())
            })
            .await
    }
}

struct Connection {
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
}

impl Connection {
    async fn open(url: &str) -> Result<Rc<Self>> {
        let (client, socket) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(socket);
        Ok(Rc::new(Self { client, statements: RefCell::default() }))
    }

    async fn prepared(&self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Rows as they arrive.
    async fn rows(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<RowStream> {
        let statement = self.prepared(sql).await?;
        Ok(self.client.query_raw(&statement, values.iter().map(|value| *value as &dyn ToSql)).await?)
    }

    async fn users(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<User>> {
        let mut rows = pin!(self.rows(sql, values).await?);
        let mut users = Vec::new();
        while let Some(row) = rows.try_next().await? {
            users.push(user(&row)?);
        }
        Ok(users)
    }

    async fn coins(&self, id: i64) -> Result<i32> {
        let statement = self.prepared(sql::READ_COINS).await?;
        Ok(self.client.query_one(&statement, &[&id]).await?.try_get(0)?)
    }

    async fn execute(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<()> {
        let statement = self.prepared(sql).await?;
        self.client.execute(&statement, values).await?;
        Ok(())
    }
}

fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        email: row.try_get(2)?,
        age: row.try_get(3)?,
        balance: row.try_get(4)?,
        active: row.try_get(5)?,
        meta: row.try_get(6)?,
        created_at: row.try_get(7)?,
    })
}
