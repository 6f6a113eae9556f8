//! [`TransactionCall`]: what JavaScript asks of sessions besides running statements on them.

use crate::dialect::transaction::{Isolation, Savepoint};
use crate::engine::{BeginOptions, Engine, Opened};
use crate::error::{Error, Result};

/// The numbers that `run` knows these calls by.
mod kind {
    pub const BEGIN: u32 = 4;
    pub const COMMIT: u32 = 5;
    pub const ROLL_BACK: u32 = 6;
    pub const SAVEPOINT: u32 = 7;
    pub const RELEASE: u32 = 8;
    pub const ROLL_BACK_TO: u32 = 9;
    pub const PIN: u32 = 10;
    pub const UNPIN: u32 = 11;
}

/// Flags of these calls.
mod flag {
    pub const READ_ONLY: u32 = 64;
    pub const KEEP: u32 = 128;
}

/// What is asked, with its arguments.
#[derive(Debug)]
pub(super) enum TransactionCall {
    /// Begins a transaction, on a connection of its own where no session is given.
    Begin { isolation: String, read_only: bool, session: u32 },
    /// Commits; `keep`: the session was pinned before and stays.
    Commit { session: u32, keep: bool },
    /// Rolls back; `keep` as above.
    RollBack { session: u32, keep: bool },
    /// Sets a savepoint, releases it, or undoes what came after it.
    Savepoint { step: Savepoint, session: u32, name: String },
    /// Pins a connection without a transaction.
    Pin,
    /// Gives a pinned connection back.
    Unpin { session: u32 },
}

impl TransactionCall {
    /// The call with this number; `None` for the numbers of statements.
    pub(super) fn read(kind: u32, session: u32, flags: u32, text: impl FnOnce() -> String) -> Option<Self> {
        let keep = flags & flag::KEEP != 0;
        let savepoint = |step, name| Self::Savepoint { step, session, name };
        Some(match kind {
            kind::BEGIN => {
                Self::Begin { isolation: text(), read_only: flags & flag::READ_ONLY != 0, session }
            }
            kind::COMMIT => Self::Commit { session, keep },
            kind::ROLL_BACK => Self::RollBack { session, keep },
            kind::SAVEPOINT => savepoint(Savepoint::Set, text()),
            kind::RELEASE => savepoint(Savepoint::Release, text()),
            kind::ROLL_BACK_TO => savepoint(Savepoint::RollBack, text()),
            kind::PIN => Self::Pin,
            kind::UNPIN => Self::Unpin { session },
            _ => return None,
        })
    }

    /// Does it. Answers the session that it opened, or the one that it was given.
    pub(super) async fn run(self, engine: &Engine) -> Result<Opened> {
        let done = |session| Opened { session, backend: 0 };
        Ok(match self {
            Self::Begin { isolation, read_only, session } => {
                let isolation = isolation_of(&isolation)?;
                engine.begin(BeginOptions { isolation, read_only, session }).await?
            }
            Self::Commit { session, keep } => engine.commit(session, keep).await.map(|()| done(session))?,
            Self::RollBack { session, keep } => {
                engine.rollback(session, keep).await.map(|()| done(session))?
            }
            Self::Savepoint { step, session, name } => {
                engine.savepoint(session, step, &name).await.map(|()| done(session))?
            }
            Self::Pin => engine.pin().await?,
            Self::Unpin { session } => engine.unpin(session).await.map(|()| done(session))?,
        })
    }
}

/// The level with this name; no name: the server's default.
fn isolation_of(name: &str) -> Result<Option<Isolation>> {
    if name.is_empty() {
        return Ok(None);
    }
    let level = Isolation::named(name)
        .ok_or_else(|| Error::invalid(format!("no isolation level is called {name:?}")))?;
    Ok(Some(level))
}
