//! MySQL's and MariaDB's catalogue as a whole: the questions, and the [`Database`] that their answers
//! mean.

use crate::dialect::catalogue::{Catalogue, CatalogueQuery, CatalogueRows, Inspection};
use crate::error::{Error, Result};
use crate::schema::Database;

/// MySQL and MariaDB, which differ in how they write defaults.
#[derive(Debug)]
pub struct MySqlCatalogue {
    /// Whether it is MariaDB.
    pub is_mariadb: bool,
}

impl Catalogue for MySqlCatalogue {
    fn queries(&self, _inspection: &Inspection) -> Vec<CatalogueQuery> {
        Vec::new()
    }

    fn read(&self, _inspection: &Inspection, _rows: &CatalogueRows) -> Result<Database> {
        Err(Error::unsupported("inspection of a whole database in this version", "MySQL"))
    }
}
