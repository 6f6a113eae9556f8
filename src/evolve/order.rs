//! Dependency order of tables.
