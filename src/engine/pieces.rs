//! Runs the statements of a query that takes several: all of them or none.

use super::engine::Run;
use super::execute::{self, Work, lost};
use super::prepared::Prepared;
use super::transaction::simple;
use crate::config::DriverName;
use crate::dialect::lookup;
use crate::dialect::transaction::{self, COMMIT, ROLLBACK, Savepoint};
use crate::driver::pool::Lease;
use crate::driver::{Outcome, RowSink, TransactionStatus};
use crate::error::Result;

/// No name of the program's own savepoints: those end in a number.
const SAVEPOINT: &str = "guruorm_pieces";

/// Runs every piece, in a transaction of their own, or under a savepoint where one is open already.
///
/// # Errors
/// Of the piece that failed; nothing of the others remains.
pub(super) async fn run(
    lease: &mut Lease,
    run: &Run<'_>,
    prepared: &Prepared,
    sink: &mut RowSink<'_>,
    driver: DriverName,
) -> Result<Outcome> {
    let is_nested = lease.connection().ok_or_else(lost)?.transaction_status() != TransactionStatus::Idle;
    let limit = run.control.time_left();
    let begin = if is_nested {
        vec![transaction::savepoint(Savepoint::Set, SAVEPOINT)?]
    } else {
        transaction::begin(driver, None, false)?
    };
    for sql in begin {
        simple(lease, &sql, limit).await?;
    }
    let mut total = Outcome::default();
    for (at, statement) in std::iter::once(&prepared.statement).chain(&prepared.rest).enumerate() {
        match execute::run(lease, Work::Statement(statement, run.bindings), sink, run.control).await {
            Ok(outcome) => {
                total.affected_rows += outcome.affected_rows;
                if total.last_insert_id == 0 {
                    total.last_insert_id = outcome.last_insert_id;
                }
            }
            Err(error) if at == 0 && prepared.may_lack_table && lookup(driver).is_missing_table(&error) => {}
            Err(error) => {
                let undo = if is_nested {
                    transaction::savepoint(Savepoint::RollBack, SAVEPOINT)?
                } else {
                    ROLLBACK.to_owned()
                };
                // The first error is the one to tell; a connection that cannot undo is closed.
                let _ = simple(lease, &undo, limit).await;
                return Err(error);
            }
        }
    }
    let end =
        if is_nested { transaction::savepoint(Savepoint::Release, SAVEPOINT)? } else { COMMIT.to_owned() };
    simple(lease, &end, limit).await?;
    Ok(total)
}
