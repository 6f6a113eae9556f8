//! MariaDB by mysql_async, which keeps the statements that it has prepared.

use crate::Result;
use crate::peer::Peer;
use crate::pool::Pool;
use crate::rows::{Comment, NewRow, User};
use crate::sql::{COMMENTS, EMPTY_INSERTS, first_users, question_marks as sql};
use chrono::NaiveDateTime;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, Params, Row, TxOpts, from_row_opt};
use rust_decimal::Decimal;
use serde_json::Value;

pub struct MysqlAsync {
    pool: Pool<Conn>,
}

impl MysqlAsync {
    pub async fn open(url: &str) -> Result<Self> {
        let options = Opts::from_url(url)?;
        Ok(Self { pool: Pool::open(async || Ok(Conn::new(options.clone()).await?)).await? })
    }

    async fn users(&self, sql: &str, values: impl Into<Params>) -> Result<Vec<User>> {
        self.pool
            .with(async |connection| {
                let mut rows = connection.exec_iter(sql, values.into()).await?;
                let mut users = Vec::new();
                while let Some(row) = rows.next().await? {
                    users.push(user(row)?);
                }
                Ok(users)
            })
            .await
    }

    async fn execute(&self, sql: &str, values: impl Into<Params>) -> Result<()> {
        self.pool.with(async |connection| Ok(connection.exec_drop(sql, values.into()).await?)).await
    }
}

impl Peer for MysqlAsync {
    async fn find_user(&self, id: i64) -> Result<User> {
        self.pool
            .with(async |connection| {
                user(connection.exec_first(sql::FIND_USER, (id,)).await?.ok_or("no such user")?)
            })
            .await
    }

    async fn hundred_users_from(&self, id: i64) -> Result<Vec<User>> {
        self.users(sql::HUNDRED_USERS_FROM, (id,)).await
    }

    async fn first_users(&self, count: usize) -> Result<Vec<User>> {
        self.users(&first_users(count), ()).await
    }

    async fn empty_inserts(&self) -> Result<()> {
        self.execute(EMPTY_INSERTS, ()).await
    }

    async fn insert_one(&self, NewRow { id, name, email, age }: &NewRow) -> Result<()> {
        self.execute(sql::INSERT_ONE, (id, name, email, age)).await
    }

    async fn insert_many(&self, rows: &[NewRow]) -> Result<()> {
        let values = rows
            .iter()
            .flat_map(|NewRow { id, name, email, age }| [id.into(), name.into(), email.into(), age.into()]);
        self.execute(&sql::insert_many(rows.len()), values.collect::<Vec<mysql_async::Value>>()).await
    }

    async fn transfer(&self, from: i64, to: i64) -> Result<()> {
        self.pool
            .with(async |connection| {
                let mut transaction = connection.start_transaction(TxOpts::default()).await?;
                for id in [from, to] {
                    let _: Option<i32> = transaction.exec_first(sql::READ_COINS, (id,)).await?;
                }
                for change in [(-1, from), (1, to)] {
                    transaction.exec_drop(sql::WRITE_COINS, change).await?;
                }
                Ok(transaction.commit().await?)
            })
            .await
    }

    async fn comments(&self, mut each: impl FnMut(Comment)) -> Result<()> {
        self.pool
            .with(async |connection| {
                let mut rows = connection.exec_iter(COMMENTS, ()).await?;
                while let Some(row) = rows.next().await? {
                    let (id, post_id, body) = from_row_opt(row)?;
                    each(Comment { id, post_id, body });
                }
                Ok(())
            })
            .await
    }
}

fn user(row: Row) -> Result<User> {
    let (id, name, email, age, balance, active, meta, created_at): Columns = from_row_opt(row)?;
    Ok(User { id, name, email, age, balance, active, meta, created_at: created_at.and_utc() })
}

type Columns = (i64, String, String, i32, Decimal, bool, Value, NaiveDateTime);
