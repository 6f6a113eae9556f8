//! Statements of a test's transaction: one that fails undoes itself and nothing else, as it would
//! outside of a transaction.

use super::control::Control;
use super::transaction::{simple, status};
use crate::config::DriverName;
use crate::dialect::transaction::{Savepoint, savepoint};
use crate::driver::TransactionStatus;
use crate::driver::pool::Lease;
use crate::error::Result;

/// No name of the program's own savepoints: those end in a number.
const SAVEPOINT: &str = "guruorm_alone";

/// What the end of a statement undoes or confirms.
pub(super) struct Alone {
    is_guarded: bool,
}

impl Alone {
    /// To be called before the statement. `PostgreSQL` only needs help: elsewhere a failed statement
    /// leaves its transaction as it was.
    pub(super) async fn before(
        lease: &mut Lease,
        driver: DriverName,
        is_asked: bool,
        control: &Control,
    ) -> Result<Self> {
        let is_guarded =
            is_asked && driver == DriverName::Postgres && status(lease) == TransactionStatus::Open;
        if is_guarded {
            simple(lease, &savepoint(Savepoint::Set, SAVEPOINT)?, control.time_left()).await?;
        }
        Ok(Self { is_guarded })
    }

    /// To be called after it. The statement's own error is the one to tell.
    pub(super) async fn after(self, lease: &mut Lease, has_failed: bool) -> Result<()> {
        if !self.is_guarded || status(lease) == TransactionStatus::Idle {
            return Ok(());
        }
        if has_failed {
            simple(lease, &savepoint(Savepoint::RollBack, SAVEPOINT)?, None).await?;
        }
        simple(lease, &savepoint(Savepoint::Release, SAVEPOINT)?, None).await
    }
}
