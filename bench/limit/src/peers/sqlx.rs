//! PostgreSQL and MariaDB by sqlx, with connections of our own pool: sqlx's asks the server before it lends one.
//! sqlx keeps the statements that it has prepared.

use crate::Result;
use crate::peer::Peer;
use crate::pool::Pool;
use crate::rows::{Comment, NewRow, NewRowColumns, User};
use crate::sql::{COMMENTS, EMPTY_INSERTS, dollars, first_users, question_marks};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::mysql::MySqlRow;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row, query};

/// The bounds of code for any database of sqlx would be longer than the code: it is written out for each instead.
macro_rules! peer {
    ($peer:ident, $connection:ident, $row:ident, $sql:ident, $insert_many:path) => {
        pub struct $peer {
            pool: Pool<$connection>,
        }

        impl $peer {
            pub async fn open(url: &str) -> Result<Self> {
                Ok(Self { pool: Pool::open(async || Ok($connection::connect(url).await?)).await? })
            }

            fn user(row: &$row) -> Result<User> {
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

            async fn users(mut rows: BoxStream<'_, sqlx::Result<$row>>) -> Result<Vec<User>> {
                let mut users = Vec::new();
                while let Some(row) = rows.try_next().await? {
                    users.push(Self::user(&row)?);
                }
                Ok(users)
            }
        }

        impl Peer for $peer {
            async fn find_user(&self, id: i64) -> Result<User> {
                self.pool
                    .with(async |connection| {
                        Self::user(&query($sql::FIND_USER).bind(id).fetch_one(connection).await?)
                    })
                    .await
            }

            async fn hundred_users_from(&self, id: i64) -> Result<Vec<User>> {
                self.pool
                    .with(async |connection| {
                        Self::users(query($sql::HUNDRED_USERS_FROM).bind(id).fetch(connection)).await
                    })
                    .await
            }

            async fn first_users(&self, count: usize) -> Result<Vec<User>> {
                self.pool
                    .with(async |connection| {
                        Self::users(query(AssertSqlSafe(first_users(count))).fetch(connection)).await
                    })
                    .await
            }

            async fn empty_inserts(&self) -> Result<()> {
                self.pool
                    .with(async |connection| {
                        query(EMPTY_INSERTS).execute(connection).await?;
                        Ok(())
                    })
                    .await
            }

            async fn insert_one(&self, NewRow { id, name, email, age }: &NewRow) -> Result<()> {
                self.pool
                    .with(async |connection| {
                        let insert = query($sql::INSERT_ONE).bind(id).bind(name).bind(email).bind(age);
                        insert.execute(connection).await?;
                        Ok(())
                    })
                    .await
            }

            async fn insert_many(&self, rows: &[NewRow]) -> Result<()> {
                self.pool.with(async |connection| $insert_many(connection, rows).await).await
            }

            async fn transfer(&self, from: i64, to: i64) -> Result<()> {
                self.pool
                    .with(async |connection| {
                        let mut transaction = connection.begin().await?;
                        for id in [from, to] {
                            let row = query($sql::READ_COINS).bind(id).fetch_one(&mut *transaction).await?;
                            row.try_get::<i32, _>(0)?;
                        }
                        for (coins, id) in [(-1, from), (1, to)] {
                            query($sql::WRITE_COINS).bind(coins).bind(id).execute(&mut *transaction).await?;
                        }
                        Ok(transaction.commit().await?)
                    })
                    .await
            }

            async fn comments(&self, mut each: impl FnMut(Comment)) -> Result<()> {
                self.pool
                    .with(async |connection| {
                        let mut rows = query(COMMENTS).fetch(connection);
                        while let Some(row) = rows.try_next().await? {
                            each(Comment {
                                id: row.try_get(0)?,
                                post_id: row.try_get(1)?,
                                body: row.try_get(2)?,
                            });
                        }
                        Ok(())
                    })
                    .await
            }
        }
    };
}

peer!(SqlxPostgres, PgConnection, PgRow, dollars, insert_arrays);
peer!(SqlxMariaDb, MySqlConnection, MySqlRow, question_marks, insert_tuples);

async fn insert_arrays(connection: &mut PgConnection, rows: &[NewRow]) -> Result<()> {
    let NewRowColumns { id, name, email, age } = NewRowColumns::of(rows);
    query(dollars::INSERT_MANY).bind(id).bind(name).bind(email).bind(age).execute(connection).await?;
    Ok(())
}

async fn insert_tuples(connection: &mut MySqlConnection, rows: &[NewRow]) -> Result<()> {
    let mut insert = query(AssertSqlSafe(question_marks::insert_many(rows.len())));
    for NewRow { id, name, email, age } in rows {
        insert = insert.bind(id).bind(name).bind(email).bind(age);
    }
    insert.execute(connection).await?;
    Ok(())
}
