//! Many rows of an insert in one command (docs/decisions/0019).
//!
//! MariaDB prepares the insert of a single row and runs it for all of them as one statement: one
//! that fails undoes the others. <https://mariadb.com/kb/en/com_stmt_bulk_execute/>

use bytes::{BufMut as _, BytesMut};

use super::column::column_type;
use super::connection::MySqlConnection;
use super::execution::check_size;
use super::parameters::{parameter_type, write_value};
use super::session::command;
use crate::dialect::InsertedRows;
use crate::driver::{DriverStatement, Outcome, RowSink};
use crate::error::{Error, Result};
use crate::value::temporal::Zone;
use crate::value::{Bindings, ValueRef};

/// The types of the values come before them.
const WITH_TYPES: u16 = 128;
/// What stands before a value, and in place of null.
const VALUE: u8 = 0;
const NULL: u8 = 1;

/// The type of a parameter, and the type's flags.
type ParameterType = [u8; 2];

impl MySqlConnection {
    /// Runs an insert of many rows in one command. `None`: it is none, or a column has values of
    /// several types, of which the command knows one.
    pub(super) async fn run_bulk(
        &mut self,
        statement: &DriverStatement,
        bindings: &Bindings,
        rows: &mut RowSink<'_>,
    ) -> Option<Result<Outcome>> {
        let inserted = statement.rows.as_deref().filter(|_| self.session.takes_bulk())?;
        let types = column_types(inserted, bindings)?;
        Some(Box::pin(self.send_rows(inserted, &types, bindings, rows)).await)
    }

    async fn send_rows(
        &mut self,
        inserted: &InsertedRows,
        types: &[ParameterType],
        bindings: &Bindings,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        let one_row = inserted.one_row(|_| "?".to_owned());
        let one_row = DriverStatement { placeholders: inserted.width, ..DriverStatement::plain(one_row) };
        let known = self.know(&one_row).await?;
        let id = known.id().filter(|_| known.parameters == Some(inserted.width));
        let id = id.ok_or_else(|| Error::internal("an insert was not prepared for its values"))?;
        let (zone, most) = (&self.config.timezone, self.facts.max_packet);
        self.session.wire.command(command::BULK_EXECUTE, |out: &mut BytesMut| {
            let start = out.len() - 1;
            out.put_u32_le(id);
            out.put_u16_le(WITH_TYPES);
            out.put_slice(types.as_flattened());
            write_rows(inserted, bindings, zone, out)?;
            check_size(out.len() - start, most)
        })?;
        self.exchange(&known, rows).await
    }
}

/// The type of each column's values.
fn column_types(rows: &InsertedRows, bindings: &Bindings) -> Option<Vec<ParameterType>> {
    let cell = |row, column| bindings.get(rows.binding(row, column));
    if rows.binding(rows.count, 0) > bindings.len() {
        return None;
    }
    (0..rows.width)
        .map(|column| {
            let mut types = (0..rows.count).filter_map(|row| parameter_type(cell(row, column)));
            let first = types.next().unwrap_or([column_type::VAR_STRING, 0]);
            types.all(|other| other == first).then_some(first)
        })
        .collect()
}

fn write_rows(rows: &InsertedRows, bindings: &Bindings, zone: &Zone, out: &mut BytesMut) -> Result<()> {
    for place in rows.first..rows.binding(rows.count, 0) {
        let value = bindings.get(place);
        if value == ValueRef::Null {
            out.put_u8(NULL);
            continue;
        }
        out.put_u8(VALUE);
        write_value(value, false, zone, out)
            .map_err(|why| Error::invalid(format!("binding {}: {why}", place + 1)))?;
    }
    Ok(())
}
