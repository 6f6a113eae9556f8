//! SQL Server's catalogue as a whole: the questions, and the [`Database`] that their answers mean.

use super::schema::SqlServer;
use crate::dialect::catalogue::{Catalogue, CatalogueQuery, CatalogueRows, Inspection};
use crate::error::{Error, Result};
use crate::schema::Database;

impl Catalogue for SqlServer {
    fn queries(&self, _inspection: &Inspection) -> Vec<CatalogueQuery> {
        Vec::new()
    }

    fn read(&self, _inspection: &Inspection, _rows: &CatalogueRows) -> Result<Database> {
        Err(Error::unsupported("inspection of a whole database in this version", "SQL Server"))
    }
}
