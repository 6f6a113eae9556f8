//! [`Wire`]: whole messages out of a stream of bytes, and back.

use std::io;
use std::ops::{Deref, DerefMut};

use bytes::Buf as _;
use postgres_protocol::message::backend::{DATA_ROW_TAG, Header, Message};

use crate::driver::network::{Channel, Stream};

/// PostgreSQL's own limit of a message: `MaxAllocSize`, 1 GiB - 1. A longer one is not a message.
const MAX_MESSAGE_BYTES: usize = 0x3FFF_FFFF + 5;

/// Bytes before the body of a message: its tag and its length.
const HEADER_BYTES: usize = 5;

/// A channel that is read message by message.
pub(super) struct Wire(Channel);

impl Deref for Wire {
    type Target = Channel;

    fn deref(&self) -> &Channel {
        &self.0
    }
}

impl DerefMut for Wire {
    fn deref_mut(&mut self) -> &mut Channel {
        &mut self.0
    }
}

impl Wire {
    pub(super) fn new(stream: Stream) -> Self {
        Self(Channel::new(stream))
    }

    /// Waits until a whole message is here.
    pub(super) async fn wait_for_message(&mut self) -> io::Result<()> {
        while self.whole_message()?.is_none() {
            self.fill().await?;
        }
        Ok(())
    }

    /// The next message, if all of it is here.
    pub(super) fn take_message(&mut self) -> io::Result<Option<Message>> {
        if self.whole_message()?.is_none() {
            return Ok(None);
        }
        Message::parse(&mut self.incoming)
    }

    /// The body of the next message if it is a row that is here completely. [`Wire::skip_row`] ends it.
    pub(super) fn row(&self) -> io::Result<Option<&[u8]>> {
        match self.whole_message()? {
            Some((DATA_ROW_TAG, length)) => Ok(self.incoming.get(HEADER_BYTES..length)),
            _ => Ok(None),
        }
    }

    /// Steps over the row that [`Wire::row`] gave.
    pub(super) fn skip_row(&mut self, body: usize) {
        self.incoming.advance(HEADER_BYTES + body);
    }

    /// Tag and length, header included, of the next message if all of it is here.
    fn whole_message(&self) -> io::Result<Option<(u8, usize)>> {
        let Some(header) = Header::parse(&self.incoming)? else { return Ok(None) };
        let length = usize::try_from(header.len()).map_or(usize::MAX, |length| length + 1);
        if length > MAX_MESSAGE_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a message is longer than 1 GiB"));
        }
        Ok((self.incoming.len() >= length).then_some((header.tag(), length)))
    }
}
