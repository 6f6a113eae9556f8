//! [`Change`]: THE list of alterations.

use serde::{Deserialize, Serialize};

use super::{Check, Column, ForeignKey, Index, Table, TableLock, TableName};
use crate::json::{tagged, written};

/// One alteration of a database's structure.
///
/// A blueprint collects them, a comparison of two schemas finds them, a dialect turns them into
/// statements. Table names are without the connection's prefix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Change {
    /// A new table.
    CreateTable {
        /// The table.
        table: Table,
    },
    /// A table goes, with its rows.
    DropTable {
        /// Its name.
        table: String,
        /// Whether it may be missing.
        #[serde(default)]
        if_exists: bool,
    },
    /// Several tables go, whatever refers to them. SQLite needs a transaction around it.
    DropAllTables {
        /// Their names.
        tables: Vec<TableName>,
    },
    /// Several views go.
    DropViews {
        /// Their names.
        views: Vec<TableName>,
    },
    /// Several types that users made go, whatever uses them (PostgreSQL only).
    DropTypes {
        /// The names of those that are no domains.
        types: Vec<TableName>,
        /// The names of the domains.
        domains: Vec<TableName>,
    },
    /// A table gets another name.
    RenameTable {
        /// Its name.
        table: String,
        /// The other name.
        to: String,
    },
    /// A table gets a note.
    CommentTable {
        /// Its name.
        table: String,
        /// The note; an empty one is none.
        comment: String,
    },
    /// A new column.
    AddColumn {
        /// Its table.
        table: String,
        /// The column.
        column: Column,
    },
    /// A column becomes what `column` says, in every respect.
    ChangeColumn {
        /// Its table.
        table: String,
        /// The column.
        column: Column,
    },
    /// A column gets another name.
    RenameColumn {
        /// Its table.
        table: String,
        /// Its name.
        column: String,
        /// The other name.
        to: String,
    },
    /// Columns go, with their values.
    DropColumns {
        /// Their table.
        table: String,
        /// Their names.
        columns: Vec<String>,
        /// Without a copy of the table, or not at all (MySQL only).
        #[serde(default)]
        instant: bool,
        /// What others may do meanwhile (MySQL only).
        #[serde(default)]
        lock: Option<TableLock>,
    },
    /// A new primary key, unique constraint or index.
    AddIndex {
        /// Its table.
        table: String,
        /// The index.
        index: Index,
    },
    /// A primary key, unique constraint or index goes.
    DropIndex {
        /// Its table.
        table: String,
        /// The index: its name, or the kind and columns that its name is made from.
        index: Index,
    },
    /// An index gets another name.
    RenameIndex {
        /// Its table.
        table: String,
        /// Its name.
        index: String,
        /// The other name.
        to: String,
    },
    /// A new reference to another table.
    AddForeignKey {
        /// The table that refers.
        table: String,
        /// The reference.
        foreign_key: ForeignKey,
    },
    /// A reference to another table goes.
    DropForeignKey {
        /// The table that refers.
        table: String,
        /// The reference: its name, or the columns that its name is made from.
        foreign_key: ForeignKey,
    },
    /// A new condition on a table's rows.
    AddCheck {
        /// Its table.
        table: String,
        /// The condition.
        check: Check,
    },
    /// A condition on a table's rows goes.
    DropCheck {
        /// Its table.
        table: String,
        /// The condition: its name.
        check: Check,
    },
    /// A new database on the same server. PostgreSQL makes none in a transaction.
    CreateDatabase {
        /// Its name.
        name: String,
    },
    /// A database goes, with everything in it, if it is there.
    DropDatabase {
        /// Its name.
        name: String,
    },
    /// An extension of the server is there (PostgreSQL only).
    CreateExtension {
        /// Its name.
        name: String,
    },
    /// The session's foreign keys are checked, or no longer. It belongs to a session, not to the
    /// structure: use it alone, on a pinned connection, outside a transaction (SQLite ignores it
    /// inside). PostgreSQL only postpones the check of deferrable keys to the end of the
    /// transaction.
    CheckForeignKeys {
        /// Whether they are checked.
        enabled: bool,
    },
}

tagged!(Change, "kind");
written!(Change, "kind");

impl Change {
    /// Its kind, as it is called in JSON: `createTable`.
    #[must_use]
    pub fn kind(&self) -> String {
        #[derive(Deserialize)]
        struct Head {
            kind: String,
        }
        let json = serde_json::to_string(self).unwrap_or_default();
        serde_json::from_str(&json).map(|Head { kind }| kind).unwrap_or_default()
    }

    /// Gives every name of a table in it to `rename`, the tables that foreign keys refer to among
    /// them. Those that come from the catalogue (`DropAllTables` and its like) are left alone.
    pub fn rename_tables(&mut self, rename: impl Fn(&mut String)) {
        match self {
            Self::CreateTable { table } => {
                rename(&mut table.name);
                let keys = table.foreign_keys.iter_mut().filter(|key| !key.on.is_empty());
                keys.for_each(|key| rename(&mut key.on));
            }
            Self::RenameTable { table, to } => {
                rename(table);
                rename(to);
            }
            Self::AddForeignKey { table, foreign_key } | Self::DropForeignKey { table, foreign_key } => {
                rename(table);
                if !foreign_key.on.is_empty() {
                    rename(&mut foreign_key.on);
                }
            }
            Self::DropTable { table, .. }
            | Self::CommentTable { table, .. }
            | Self::AddColumn { table, .. }
            | Self::ChangeColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::DropColumns { table, .. }
            | Self::AddIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::AddCheck { table, .. }
            | Self::DropCheck { table, .. } => rename(table),
            Self::DropAllTables { .. }
            | Self::DropViews { .. }
            | Self::DropTypes { .. }
            | Self::CreateDatabase { .. }
            | Self::DropDatabase { .. }
            | Self::CreateExtension { .. }
            | Self::CheckForeignKeys { .. } => {}
        }
    }

    /// The table it alters; none when it alters several or none.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::CreateTable { table } => Some(&table.name),
            Self::DropTable { table, .. }
            | Self::RenameTable { table, .. }
            | Self::CommentTable { table, .. }
            | Self::AddColumn { table, .. }
            | Self::ChangeColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::DropColumns { table, .. }
            | Self::AddIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::AddForeignKey { table, .. }
            | Self::DropForeignKey { table, .. }
            | Self::AddCheck { table, .. }
            | Self::DropCheck { table, .. } => Some(table),
            Self::DropAllTables { .. }
            | Self::DropViews { .. }
            | Self::DropTypes { .. }
            | Self::CreateDatabase { .. }
            | Self::DropDatabase { .. }
            | Self::CreateExtension { .. }
            | Self::CheckForeignKeys { .. } => None,
        }
    }
}
