//! Scripts: several statements in the simple protocol.

use postgres_protocol::message::frontend;

use super::execute::Until;
use super::session::Session;
use crate::driver::Outcome;
use crate::error::{Error, Result};

impl Session {
    /// Runs text as it is. The last statement counts.
    pub(super) async fn run_script(&mut self, sql: &str) -> Result<Outcome> {
        self.check_settled()?;
        self.wire.write(|out| frontend::query(sql, out)).map_err(|_| {
            Error::invalid("the script holds a NUL character, or is larger than PostgreSQL takes (1 GiB)")
        })?;
        self.send().await?;
        self.read_answer(None, Until::Ready).await?.finish(sql)
    }
}
