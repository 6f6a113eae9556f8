//! The first statement of a transaction with its begin, and the last with its commit: one cycle, in which whatever
//! fails keeps back what is behind it.

use bytes::BytesMut;
use postgres_protocol::IsNull;
use postgres_protocol::message::frontend;

use super::prepare::{too_large, write_parse};
use super::session::Session;
use crate::driver::Frame;
use crate::error::{Error, Result};

/// What is sent with a prepared statement.
#[derive(Debug, Default)]
pub(super) struct Flight<'a> {
    pub(super) frame: Frame,
    /// The text of a statement that has to be parsed once more.
    pub(super) reparsed: Option<&'a str>,
}

impl Session {
    /// Whether the server has the statement prepared. What is parsed first ends or opens cycles of its own.
    pub(super) fn may_be_framed(&mut self, sql: &str) -> bool {
        self.notice_definitions();
        self.is_settled && self.ahead.is_empty() && self.statements.find(sql).is_some()
    }
}

/// Writes all that runs a statement without values and rows, but for the end of the cycle.
pub(super) fn write_plain(sql: &str, out: &mut BytesMut) -> Result<()> {
    write_parse("", sql, &[], out).map_err(too_large)?;
    let bound = frontend::bind("", "", [], [(); 0], |(), _| Ok(IsNull::Yes), [], out);
    bound.map_err(|_| Error::internal("a statement without values cannot be bound"))?;
    frontend::execute("", 0, out).map_err(too_large)
}

/// Whether a statement is the one that the frame is around. `number`: how many were completed before it.
pub(super) fn is_framed(frame: Frame, number: usize) -> bool {
    number == usize::from(frame.begin.is_some()) || frame == Frame::default()
}

/// An error of the frame names that. `number`: how many statements were completed before it.
pub(super) fn blamed(error: Error, frame: Frame, number: usize) -> Error {
    if is_framed(frame, number) {
        return error;
    }
    match if number == 0 { frame.begin } else { frame.commit } {
        Some(sql) => error.with_sql(sql),
        None => error,
    }
}
