//! [`TypeCatalog`]: the types of a database that PostgreSQL does not bring along.

use std::collections::HashMap;

use bytes::{BufMut, BytesMut};
use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::{DataRowBody, Message};
use postgres_protocol::message::frontend;

use super::session::{Session, report_of};
use super::types::{Oid, PgType, Scalar};
use crate::error::{Error, Result};

/// Element (0: not an array; `int2vector` and its like write no braces), base of a domain, delimiter.
const LOOK_UP: &str = "select oid, case when typoutput = 'pg_catalog.array_out'::pg_catalog.regproc then typelem else 0 end, \
    typbasetype, typdelim from pg_catalog.pg_type where oid = any ($1)";

/// The type `oid[]`.
const OID_ARRAY: Oid = 1028;

/// Deepest chain of arrays and domains that is followed.
const MAX_DEPTH: usize = 16;

/// Types by number, as far as a session has met them.
#[derive(Debug, Default)]
pub(super) struct TypeCatalog {
    known: HashMap<Oid, Description>,
}

#[derive(Debug, Clone, Copy)]
struct Description {
    element: Oid,
    base: Oid,
    delimiter: u8,
}

impl TypeCatalog {
    /// What a type is; `Err` with the type to look up first.
    pub(super) fn resolve(&self, oid: Oid) -> std::result::Result<PgType, Oid> {
        let mut oid = oid;
        for _ in 0..MAX_DEPTH {
            if let Some(built_in) = PgType::built_in(oid) {
                return Ok(built_in);
            }
            let description = self.known.get(&oid).ok_or(oid)?;
            if description.element != 0 {
                // An element that is an array itself (of a domain) is read as text.
                let (element, delimiter) = match self.resolve(description.element)? {
                    PgType::Scalar(scalar) => (scalar, self.delimiter(description.element)),
                    PgType::Array { .. } => (Scalar::Text, b','),
                };
                return Ok(PgType::Array { element, delimiter });
            }
            if description.base == 0 {
                return Ok(PgType::TEXT);
            }
            oid = description.base;
        }
        Ok(PgType::TEXT)
    }

    fn delimiter(&self, element: Oid) -> u8 {
        self.known.get(&element).map_or(b',', |description| description.delimiter)
    }

    /// Keeps what was found.
    fn learn(&mut self, oid: Oid, description: Description) {
        self.known.insert(oid, description);
    }

    /// Keeps that a type is not in the catalogue, so that it is not looked for again.
    fn give_up(&mut self, oid: Oid) {
        self.known.entry(oid).or_insert(Description { element: 0, base: 0, delimiter: b',' });
    }
}

impl Session {
    /// Looks types up in the catalogue until all of `types` can be resolved.
    ///
    /// # Errors
    /// What the server said.
    pub(super) async fn learn_types(&mut self, types: &[Oid]) -> Result<()> {
        loop {
            let missing: Vec<Oid> = types.iter().filter_map(|oid| self.types.resolve(*oid).err()).collect();
            if missing.is_empty() {
                return Ok(());
            }
            self.look_up(&missing).await?;
        }
    }

    async fn look_up(&mut self, missing: &[Oid]) -> Result<()> {
        let list = missing.iter().map(Oid::to_string).collect::<Vec<_>>().join(",");
        self.wire.write(|out| write_look_up(&format!("{{{list}}}"), out))?;
        self.send().await?;
        let mut refusal = None;
        loop {
            match self.answer().await? {
                Message::DataRow(row) => {
                    let (oid, description) =
                        read(&row).ok_or_else(|| Error::internal("pg_type cannot be read"))?;
                    self.types.learn(oid, description);
                }
                Message::ErrorResponse(body) => refusal = Some(report_of(&body)?.into_error()),
                Message::ReadyForQuery(_) => break,
                _ => {}
            }
        }
        if let Some(error) = refusal {
            return Err(error);
        }
        for oid in missing {
            self.types.give_up(*oid);
        }
        Ok(())
    }
}

fn write_look_up(list: &str, out: &mut BytesMut) -> Result<()> {
    let too_large = |_| Error::internal("the look-up of types is too large");
    frontend::parse("", LOOK_UP, [OID_ARRAY], out).map_err(too_large)?;
    let write = |value: &str, out: &mut BytesMut| {
        out.put_slice(value.as_bytes());
        Ok(IsNull::No)
    };
    frontend::bind("", "", [], [list], write, [], out)
        .map_err(|_| Error::internal("the look-up of types is too large"))?;
    frontend::execute("", 0, out).map_err(too_large)?;
    frontend::sync(out);
    Ok(())
}

fn read(row: &DataRowBody) -> Option<(Oid, Description)> {
    let mut cells = row.ranges().map(|range| Ok(range.and_then(|range| row.buffer().get(range))));
    let mut next = || cells.next().ok()??;
    let number = |cell: Option<&[u8]>| std::str::from_utf8(cell?).ok()?.parse::<Oid>().ok();
    let oid = number(next())?;
    let (element, base) = (number(next())?, number(next())?);
    let delimiter = *next()?.first()?;
    Some((oid, Description { element, base, delimiter }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn description(element: Oid, base: Oid) -> Description {
        Description { element, base, delimiter: b',' }
    }

    #[test]
    fn domains_are_their_base_and_arrays_have_elements() {
        let mut catalog = TypeCatalog::default();
        assert_eq!(catalog.resolve(20_000), Err(20_000));
        catalog.learn(20_000, description(20_001, 0));
        assert_eq!(catalog.resolve(20_000), Err(20_001), "its element is not known yet");
        catalog.learn(20_001, description(0, 20_002));
        catalog.learn(20_002, description(0, 23));
        assert_eq!(catalog.resolve(20_001), Ok(PgType::Scalar(Scalar::Int4)));
        assert_eq!(catalog.resolve(20_000), Ok(PgType::Array { element: Scalar::Int4, delimiter: b',' }));
    }

    #[test]
    fn a_type_that_the_catalogue_lacks_is_text() {
        let mut catalog = TypeCatalog::default();
        catalog.give_up(20_000);
        assert_eq!(catalog.resolve(20_000), Ok(PgType::TEXT));
    }

    #[test]
    fn a_circle_of_types_ends() {
        let mut catalog = TypeCatalog::default();
        catalog.learn(20_000, description(0, 20_000));
        assert_eq!(catalog.resolve(20_000), Ok(PgType::TEXT));
    }
}
