//! [`SharedCycle`]: statements of several callers with one `Sync` behind them, which the server answers in one piece.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::session::{Session, lost};
use super::statements::Prepared;
use crate::error::Result;
use crate::runtime::timeout;

/// So long after all of them should have been answered, what holds them up is stopped.
const HELD_UP: Duration = Duration::from_millis(200);

/// Longest time for the request to stop it.
const ASKING: Duration = Duration::from_secs(1);

/// The SQLSTATE of a statement that was cancelled.
pub(super) const QUERY_CANCELED: &str = "57014";

/// A cycle in which statements of several callers were sent.
#[derive(Default)]
pub(super) struct SharedCycle {
    pub(super) statements: Vec<Rc<Prepared>>,
    sent: Option<Instant>,
    /// One was answered, and others are to come.
    pub(super) is_between_answers: bool,
    /// The server has left it before all were run, because one of them failed.
    pub(super) is_broken_off: bool,
    /// One of them was stopped, because the others were waiting for it.
    pub(super) was_stopped: bool,
}

impl Session {
    /// Remembers that the cycle is on its way.
    pub(super) fn note_sent_cycle(&mut self) {
        self.cycle.sent = Some(Instant::now());
    }

    /// Waits for the next message of the cycle. A statement that waits for a lock keeps all answers back, those in front of
    /// it too: it is stopped, and it and those behind it run once more by themselves.
    pub(super) async fn wait_in_cycle(&mut self) -> Result<()> {
        if self.cycle.was_stopped || self.cycle.statements.len() < 2 {
            return Ok(());
        }
        if let Ok(arrived) = timeout(HELD_UP, self.wire.wait_for_message()).await {
            arrived.map_err(|failure| lost(&failure))
        } else {
            self.cycle.was_stopped = true;
            // It must not reach the next statement.
            let _ = timeout(ASKING, self.stop_running()()).await;
            Ok(())
        }
    }

    /// Ends the cycle, if the server has; else the next answer is that of the next statement.
    pub(super) fn leave_answer(&mut self) {
        if !self.is_settled {
            self.cycle.is_between_answers = true;
            return;
        }
        let count = u32::try_from(self.cycle.statements.len()).unwrap_or(u32::MAX).max(1);
        let each = self.cycle.sent.map_or(Duration::ZERO, |sent| sent.elapsed() / count);
        for statement in self.cycle.statements.drain(..) {
            statement.quickness.note(each);
        }
        let is_broken_off = !self.ahead.is_empty();
        self.cycle = SharedCycle { is_broken_off, ..SharedCycle::default() };
    }
}
