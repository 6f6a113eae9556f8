//! [`Wire`]: whole messages out of a stream of bytes, and back.

use std::io;

use bytes::{Buf, BytesMut};
use postgres_protocol::message::backend::{DATA_ROW_TAG, Header, Message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::stream::Stream;

/// How much is asked of the kernel at once: with 8 KiB a result of 17 MB took 2 100 reads.
const READ_BYTES: usize = 64 * 1024;

/// A buffer that a large message blew up beyond this is given back when the exchange is over.
const KEPT_BYTES: usize = 1024 * 1024;

/// PostgreSQL's own limit of a message: `MaxAllocSize`, 1 GiB - 1. A longer one is not a message.
const MAX_MESSAGE_BYTES: usize = 0x3FFF_FFFF + 5;

/// Bytes before the body of a message: its tag and its length.
const HEADER_BYTES: usize = 5;

/// The two buffers of a connection.
pub(super) struct Wire {
    stream: Stream,
    incoming: BytesMut,
    /// Messages to be sent together.
    outgoing: BytesMut,
}

impl Wire {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, incoming: BytesMut::with_capacity(READ_BYTES), outgoing: BytesMut::new() }
    }

    /// The stream under it.
    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Writes messages to be sent; none of them when writing one fails.
    pub(super) fn write<Failure>(
        &mut self,
        write: impl FnOnce(&mut BytesMut) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let start = self.outgoing.len();
        let written = write(&mut self.outgoing);
        if written.is_err() {
            self.outgoing.truncate(start);
        }
        written
    }

    /// How much was written and not sent yet.
    pub(super) fn outgoing_bytes(&self) -> usize {
        self.outgoing.len()
    }

    /// Sends what was written.
    pub(super) async fn send(&mut self) -> io::Result<()> {
        let sent = self.stream.write_all(&self.outgoing).await;
        self.outgoing.clear();
        if sent.is_err() {
            // What the server said before it went explains more than `Broken pipe`.
            self.read_arrived();
        }
        sent?;
        self.stream.flush().await
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

    /// Reads what has arrived, without waiting. Whether the stream is still open.
    pub(super) fn read_arrived(&mut self) -> bool {
        let mut buffer = [0; 4096];
        loop {
            match self.stream.read_now(&mut buffer) {
                None => return true,
                Some(Ok(length)) if length > 0 => self.incoming.extend_from_slice(&buffer[..length]),
                Some(_) => return false,
            }
        }
    }

    /// Gives memory back that only a large message needed. Between exchanges.
    pub(super) fn shrink(&mut self) {
        for buffer in [&mut self.incoming, &mut self.outgoing] {
            if buffer.is_empty() && buffer.capacity() > KEPT_BYTES {
                *buffer = BytesMut::with_capacity(READ_BYTES);
            }
        }
    }

    /// Closes the stream in good order.
    pub(super) async fn shutdown(&mut self) {
        // The server may have gone first: nothing is left to be done then.
        let _ = self.stream.shutdown().await;
    }

    /// Waits for the server to close the stream.
    pub(super) async fn read_to_end(&mut self) {
        while self.fill().await.is_ok() {
            self.incoming.clear();
        }
    }

    async fn fill(&mut self) -> io::Result<()> {
        // Only when nearly full: `reserve` moves what is left to the front.
        if self.incoming.capacity() - self.incoming.len() < READ_BYTES / 4 {
            self.incoming.reserve(READ_BYTES);
        }
        match self.stream.read_buf(&mut self.incoming).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
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
