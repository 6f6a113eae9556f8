//! The settings of a connection that a copy of a table changes for a while.

use serde_json::Value;

/// Asks for the settings.
pub const READ: &str = "select f.foreign_keys as foreign_keys, l.legacy_alter_table as legacy_alter_table \
                        from pragma_foreign_keys f, pragma_legacy_alter_table l";

/// Foreign keys are not checked, and do nothing. Without effect in a transaction.
pub const FOREIGN_KEYS_OFF: &str = "pragma foreign_keys = 0";

/// A table that gets another name does not get it in views and triggers, which are not read at all.
pub const LEGACY_ALTER_TABLE: [&str; 2] = ["pragma legacy_alter_table = 1", "pragma legacy_alter_table = 0"];

/// What the settings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    foreign_keys: bool,
    legacy_alter_table: bool,
}

impl Settings {
    /// Reads the answer to [`READ`].
    #[must_use]
    pub fn read(rows: &[Value]) -> Self {
        let is_on = |name: &str| {
            let cell = rows.first().and_then(|row| row.get(name));
            cell.is_some_and(|cell| cell.as_i64() == Some(1) || cell.as_str() == Some("1"))
        };
        Self { foreign_keys: is_on("foreign_keys"), legacy_alter_table: is_on("legacy_alter_table") }
    }

    /// The statements that make them what they were.
    #[must_use]
    pub fn restore(self) -> [String; 2] {
        [
            format!("pragma legacy_alter_table = {}", u8::from(self.legacy_alter_table)),
            format!("pragma foreign_keys = {}", u8::from(self.foreign_keys)),
        ]
    }
}
