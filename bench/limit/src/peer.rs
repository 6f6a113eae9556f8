//! What a driver has to offer to the workloads: the adapters of `bench/adapters/`.

use crate::Result;
use crate::rows::{Comment, NewRow, User};

pub trait Peer {
    /// One user by key.
    async fn find_user(&self, id: i64) -> Result<User>;
    /// A hundred users with keys above this one, in order.
    async fn hundred_users_from(&self, id: i64) -> Result<Vec<User>>;
    /// The first users, in order.
    async fn first_users(&self, count: usize) -> Result<Vec<User>>;
    /// Empties `inserts`.
    async fn empty_inserts(&self) -> Result<()>;
    /// One row of `inserts`.
    async fn insert_one(&self, row: &NewRow) -> Result<()>;
    /// Many of them, in one statement or transaction.
    async fn insert_many(&self, rows: &[NewRow]) -> Result<()>;
    /// Reads two accounts and moves a coin between them, in a transaction.
    async fn transfer(&self, from: i64, to: i64) -> Result<()>;
    /// All comments in order, none of them kept.
    async fn comments(&self, each: impl FnMut(Comment)) -> Result<()>;
}
