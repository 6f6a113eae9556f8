//! Placeholders of raw SQL.
