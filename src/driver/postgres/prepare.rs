//! Preparing a statement: the server parses it and says its types.

use std::io;
use std::rc::Rc;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::{Message, ParameterDescriptionBody, RowDescriptionBody};
use postgres_protocol::message::frontend;

use super::session::{Session, lost, report_of};
use super::statements::Prepared;
use super::types::{Oid, PgType};
use crate::driver::ahead::Quickness;
use crate::driver::{DriverStatement, Shape};
use crate::error::{Error, Result};

/// What the server said about a statement.
#[derive(Default)]
struct Description {
    parameters: Vec<Oid>,
    /// `None`: the statement has no result.
    columns: Option<Vec<(Box<str>, Oid)>>,
}

impl Session {
    /// Parses a statement, and keeps it where that may be.
    ///
    /// The cycle stays open (`Flush`, no `Sync`), so that `PgBouncer` sends what follows to the same
    /// server, unless types had to be looked up: that ends it, and [`Session::is_settled`] tells.
    /// `types`: those of its parameters, where the server could not know them.
    ///
    /// # Errors
    /// What the server said; the cycle is over then.
    pub(super) async fn prepare(
        &mut self,
        statement: &DriverStatement,
        types: &[Oid],
    ) -> Result<Rc<Prepared>> {
        let is_kept = statement.is_cached && !self.server.config.pgbouncer;
        let name = if is_kept { self.statements.next_name() } else { String::new() };
        self.write_closes()?;
        let written = self.wire.write(|out| {
            write_parse(&name, &statement.sql, types, out)?;
            frontend::describe(b'S', &name, out)?;
            frontend::flush(out);
            Ok(())
        });
        written.map_err(too_large)?;
        self.send().await?;
        let description = self.read_description(&name).await?;

        let columns = description.columns.as_deref().unwrap_or_default();
        let mut types = description.parameters.clone();
        types.extend(columns.iter().map(|(_, oid)| *oid));
        if types.iter().any(|oid| self.types.resolve(*oid).is_err()) {
            self.end_cycle().await?;
            self.learn_types(&types).await?;
        }
        let prepared = Rc::new(self.describe(name, &description));
        if is_kept {
            self.statements.keep(&statement.sql, Rc::clone(&prepared));
        }
        Ok(prepared)
    }

    /// Has the server forget statements that were given up, with the next message.
    pub(super) fn write_closes(&mut self) -> Result<()> {
        self.wire.write(|out| self.statements.write_closes(out)).map_err(too_large)
    }

    async fn read_description(&mut self, name: &str) -> Result<Description> {
        let mut description = Description::default();
        let mut is_parsed = false;
        loop {
            match self.answer().await? {
                Message::ParseComplete => is_parsed = true,
                Message::ParameterDescription(body) => description.parameters = parameters_of(&body)?,
                Message::RowDescription(body) => {
                    description.columns = Some(columns_of(&body)?);
                    return Ok(description);
                }
                Message::NoData => return Ok(description),
                Message::CloseComplete => {}
                Message::ErrorResponse(body) => {
                    if is_parsed && !name.is_empty() {
                        self.statements.close(name.to_owned());
                    }
                    let error = report_of(&body)?.into_error();
                    self.end_cycle().await?;
                    return Err(error);
                }
                _ => {
                    return Err(Error::internal(
                        "PostgreSQL described a statement with a message out of turn",
                    ));
                }
            }
        }
    }

    fn describe(&self, name: String, description: &Description) -> Prepared {
        let resolve = |oid: &Oid| self.types.resolve(*oid).unwrap_or(PgType::TEXT);
        let read = |oid: &Oid| resolve(oid).as_read(&self.server.config);
        let columns = description.columns.as_deref();
        let shape = columns.map(|columns| {
            let columns = columns.iter().map(|(name, oid)| (name.clone(), read(oid).kind())).collect();
            Rc::new(Shape { columns })
        });
        Prepared {
            name,
            parameters: description.parameters.iter().map(resolve).collect(),
            array_types: description.parameters.iter().map(|oid| PgType::array_of(*oid)).collect(),
            columns: columns.unwrap_or_default().iter().map(|(_, oid)| read(oid)).collect(),
            shape,
            quickness: Quickness::default(),
        }
    }
}

fn parameters_of(body: &ParameterDescriptionBody) -> Result<Vec<Oid>> {
    body.parameters().collect().map_err(|failure| lost(&failure))
}

fn columns_of(body: &RowDescriptionBody) -> Result<Vec<(Box<str>, Oid)>> {
    let columns = body.fields().map(|field| Ok((field.name().into(), field.type_oid())));
    columns.collect().map_err(|failure| lost(&failure))
}

/// Writes the message that parses a statement. The server infers the types that it is not given.
pub(super) fn write_parse(name: &str, sql: &str, types: &[Oid], out: &mut BytesMut) -> io::Result<()> {
    frontend::parse(name, sql, types.iter().copied(), out)
}

/// The error of a message that is longer than the protocol can say.
pub(super) fn too_large(_: io::Error) -> Error {
    Error::invalid("the statement with its values is larger than PostgreSQL takes (1 GiB)")
}
