//! [`Session`]: a logged-in stream, and the exchanges that the protocol has on it.
//!
//! <https://mariadb.com/kb/en/result-set-packets/>, <https://mariadb.com/kb/en/com_stmt_prepare/>

use std::convert::Infallible;
use std::io;

use bytes::{BufMut as _, BytesMut};

use super::answer::{Done, END, ERROR, OK, ServerError};
use super::capabilities::{BULK_OPERATIONS, CACHE_METADATA, Capabilities, DEPRECATE_EOF, EXTENDED_METADATA};
use super::failure::{Answered, Failure};
use super::packet_reader::{PacketReader, malformed};
use super::wire::{FULL_PACKET, Wire};

/// Commands by their numbers.
pub mod command {
    pub const QUIT: u8 = 0x01;
    pub const QUERY: u8 = 0x03;
    pub const PREPARE: u8 = 0x16;
    pub const EXECUTE: u8 = 0x17;
    pub const CLOSE: u8 = 0x19;
    pub const RESET: u8 = 0x1F;
    pub const BULK_EXECUTE: u8 = 0xFA;
}

/// The server asks for a file.
const LOCAL_FILE: u8 = 0xFB;

/// A logged-in stream.
pub struct Session {
    /// Its packets.
    pub wire: Wire,
    /// What both sides can do.
    pub capabilities: Capabilities,
    /// The columns that were announced last, as the server wrote them.
    pub definitions: Vec<u8>,
}

/// How an answer starts.
#[derive(Debug)]
pub enum Head {
    /// There are no rows.
    Done(Done),
    /// Rows follow. `are_told`: their columns come first; they are those of the last time otherwise.
    Rows {
        /// How many columns there are.
        columns: usize,
        /// Whether they are announced.
        are_told: bool,
    },
}

/// What the server says of a statement that it prepared.
#[derive(Debug)]
pub struct Prepared {
    /// Its number.
    pub id: u32,
    /// How many placeholders it has.
    pub parameters: usize,
    /// How many columns its rows have; [`Session::definitions`] has them.
    pub columns: usize,
}

/// The next packet of a result.
pub enum Item<'a> {
    /// A row. [`Wire::skip`] ends it.
    Row(&'a [u8]),
    /// The end of the rows.
    End(Done),
    /// Not all of it is here.
    Incomplete,
}

impl Session {
    /// A session on a stream that is logged in.
    pub fn new(wire: Wire, capabilities: Capabilities) -> Self {
        Self { wire, capabilities, definitions: Vec::new() }
    }

    /// Whether an insert may be sent row by row in one command.
    pub fn takes_bulk(&self) -> bool {
        self.capabilities & BULK_OPERATIONS != 0
    }

    /// Whether columns say that they are JSON where their type does not.
    pub fn has_extended_metadata(&self) -> bool {
        self.capabilities & EXTENDED_METADATA != 0
    }

    /// Whether the other end greeted as MariaDB, not as MySQL, for which proxies are taken.
    pub fn is_mariadb(&self) -> bool {
        self.capabilities & CACHE_METADATA != 0
    }

    /// Writes a command that holds a text.
    pub fn write_text(&mut self, code: u8, text: &str) {
        let Ok(()) = self.wire.command(code, |out| {
            out.extend_from_slice(text.as_bytes());
            Ok::<_, Infallible>(())
        });
    }

    /// Has the server forget a prepared statement, together with what is sent next. There is no answer.
    pub fn write_close(&mut self, id: u32) {
        let Ok(()) = self.wire.command(command::CLOSE, |out: &mut BytesMut| {
            out.put_u32_le(id);
            Ok::<_, Infallible>(())
        });
    }

    /// Sends what was written.
    pub async fn send(&mut self) -> Answered<()> {
        let Err(error) = self.wire.send().await else { return Ok(()) };
        // Why the server ended the session, if it said so before it went.
        let said = self.wire.payload().and_then(|payload| ServerError::read(payload).ok());
        // Any other is the answer of a statement that was sent before.
        Err(said.filter(ServerError::ends_session).map_or(error.into(), Failure::Server))
    }

    /// Waits for the next packet and reads it.
    ///
    /// # Errors
    /// What `read` says, `Server` for an error packet.
    pub async fn receive<T>(&mut self, read: impl FnOnce(&[u8]) -> io::Result<T>) -> Answered<T> {
        self.wire.wait_for_packet().await?;
        let payload = self.wire.payload().unwrap_or_default();
        let length = payload.len();
        let received = match payload.first() {
            Some(&ERROR) => Err(Failure::Server(ServerError::read(payload)?)),
            _ => read(payload).map_err(Failure::Stream),
        };
        self.wire.skip(length);
        received
    }

    /// Reads how an answer starts. The columns of rows are in [`Session::definitions`] then, if they
    /// are told.
    pub async fn head(&mut self) -> Answered<Head> {
        let capabilities = self.capabilities;
        let head = self.receive(|payload| read_head(payload, capabilities)).await?;
        if let Head::Rows { columns, are_told } = head {
            self.read_definitions(if are_told { columns } else { 0 }).await?;
        }
        Ok(head)
    }

    /// The next packet of a result whose head was read.
    pub fn item(&mut self) -> Answered<Item<'_>> {
        let capabilities = self.capabilities;
        let Some(payload) = self.wire.payload() else { return Ok(Item::Incomplete) };
        match payload.first() {
            // A row that starts so begins with a text of 16 MiB or more.
            Some(&END) if payload.len() < FULL_PACKET => {
                let length = payload.len();
                let done = Done::read_end(payload, capabilities)?;
                self.wire.skip(length);
                Ok(Item::End(done))
            }
            Some(&ERROR) => {
                let length = payload.len();
                let error = ServerError::read(payload)?;
                self.wire.skip(length);
                Err(Failure::Server(error))
            }
            _ => Ok(self.wire.payload().map_or(Item::Incomplete, Item::Row)),
        }
    }

    /// Prepares a statement.
    pub async fn prepare(&mut self, sql: &str) -> Answered<Prepared> {
        self.write_text(command::PREPARE, sql);
        self.send().await?;
        let prepared = self.receive(read_prepared).await?;
        // Nobody uses what is said of placeholders, which come first.
        for count in [prepared.parameters, prepared.columns] {
            if count > 0 {
                self.read_definitions(count).await?;
            }
        }
        Ok(prepared)
    }

    /// Runs a command that holds a text and of which no rows are wanted, with the end of each result.
    pub async fn run(&mut self, code: u8, text: &str, mut each: impl FnMut(Done)) -> Answered<()> {
        self.write_text(code, text);
        self.send().await?;
        loop {
            let done = match self.head().await? {
                Head::Done(done) => done,
                Head::Rows { .. } => self.skip_rows().await?,
            };
            each(done);
            if !done.has_more() {
                return Ok(());
            }
        }
    }

    /// Steps over the rows of a result.
    pub async fn skip_rows(&mut self) -> Answered<Done> {
        self.each_row(|_| Ok(())).await
    }

    /// Runs a text and gives the rows of all its results, cell by cell as text.
    pub async fn ask(&mut self, sql: &str) -> Answered<Vec<Vec<Option<String>>>> {
        self.write_text(command::QUERY, sql);
        self.send().await?;
        let mut rows = Vec::new();
        loop {
            let done = match self.head().await? {
                Head::Done(done) => done,
                Head::Rows { columns, .. } => {
                    let take = |row: &[u8]| {
                        rows.push(texts(row, columns)?);
                        Ok(())
                    };
                    self.each_row(take).await?
                }
            };
            if !done.has_more() {
                return Ok(rows);
            }
        }
    }

    /// Says goodbye, and waits until the server has closed as well: only then has a full server room
    /// for another session.
    pub async fn close(&mut self) {
        self.write_text(command::QUIT, "");
        // One that has ended already takes no goodbye.
        let _ = self.wire.send().await;
        self.wire.shutdown().await;
        self.wire.read_to_end().await;
    }

    async fn each_row(&mut self, mut read: impl FnMut(&[u8]) -> io::Result<()>) -> Answered<Done> {
        loop {
            match self.item()? {
                Item::Row(row) => {
                    let length = row.len();
                    read(row)?;
                    self.wire.skip(length);
                }
                Item::End(done) => return Ok(done),
                Item::Incomplete => self.wire.fill().await?,
            }
        }
    }

    /// Reads so many columns, and what ends them.
    async fn read_definitions(&mut self, count: usize) -> Answered<()> {
        let mut definitions = std::mem::take(&mut self.definitions);
        definitions.clear();
        for _ in 0..count {
            let column = self.receive(|payload| {
                definitions.extend_from_slice(payload);
                Ok(())
            });
            column.await?;
        }
        if self.capabilities & DEPRECATE_EOF == 0 {
            let end = |payload: &[u8]| (payload.first() == Some(&END)).then_some(()).ok_or_else(malformed);
            self.receive(end).await?;
        }
        self.definitions = definitions;
        Ok(())
    }
}

fn read_head(payload: &[u8], capabilities: Capabilities) -> io::Result<Head> {
    match payload.first() {
        Some(&OK) => Done::read(payload).map(Head::Done),
        // Not asked for at log-in, so that a server that asks for a file is none to talk to.
        Some(&LOCAL_FILE) => Err(malformed()),
        _ => {
            let mut reader = PacketReader(payload);
            let columns = usize::try_from(reader.number()?).map_err(|_| malformed())?;
            let are_told = capabilities & CACHE_METADATA == 0 || reader.byte()? != 0;
            Ok(Head::Rows { columns, are_told })
        }
    }
}

/// The cells of a row of the text protocol.
fn texts(row: &[u8], columns: usize) -> io::Result<Vec<Option<String>>> {
    let mut reader = PacketReader(row);
    let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    (0..columns).map(|_| Ok(reader.prefixed_or_null()?.map(text))).collect()
}

fn read_prepared(payload: &[u8]) -> io::Result<Prepared> {
    let mut reader = PacketReader(payload);
    if reader.byte()? != OK {
        return Err(malformed());
    }
    let id = reader.word32()?;
    let (columns, parameters) = (reader.word16()?.into(), reader.word16()?.into());
    Ok(Prepared { id, parameters, columns })
}
