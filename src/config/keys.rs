//! The names of all options: their other spellings, which databases they mean something to, and
//! the nearest one to a name that nobody knows.

use super::DriverName;

/// One option.
pub(super) struct Key {
    /// The name under which it is read.
    pub name: &'static str,
    /// Other spellings of it.
    pub aliases: &'static [&'static str],
    /// The only databases that have it. Empty: all.
    pub only: &'static [DriverName],
}

const MYSQL: &[DriverName] = &[DriverName::MySql, DriverName::MariaDb];
const POSTGRES: &[DriverName] = &[DriverName::Postgres];
const SQLITE: &[DriverName] = &[DriverName::Sqlite];
const NAMESPACED: &[DriverName] = &[DriverName::Postgres, DriverName::SqlServer];

const fn key(name: &'static str, aliases: &'static [&'static str], only: &'static [DriverName]) -> Key {
    Key { name, aliases, only }
}

/// The options of a connection. Those at the end are JavaScript's business, or have no effect here.
pub(super) const CONNECTION: &[Key] = &[
    key("driver", &["dialect"], &[]),
    key("url", &["connectionString", "uri"], &[]),
    key("host", &["hostname"], &[]),
    key("port", &[], &[]),
    key("database", &["filename"], &[]),
    key("username", &["user"], &[]),
    key("password", &[], &[]),
    key("socketPath", &["unixSocket", "unix_socket", "socket"], &[]),
    key("read", &[], &[]),
    key("write", &[], &[]),
    key("replication", &[], &[]),
    key("sticky", &[], &[]),
    key("pool", &[], &[]),
    key("acquireConnectionTimeout", &[], &[]),
    key("ssl", &["tls"], &[]),
    key("sslmode", &["sslMode", "ssl-mode"], &[]),
    key("sslrootcert", &[], &[]),
    key("sslcert", &[], &[]),
    key("sslkey", &[], &[]),
    key("channel_binding", &["channelBinding"], POSTGRES),
    key("schema", &[], NAMESPACED),
    key("searchPath", &["search_path"], POSTGRES),
    key("pgbouncer", &[], POSTGRES),
    // Of the command line, which connects there instead.
    key("directUrl", &["direct_url"], &[]),
    key("charset", &[], &[]),
    key("collation", &[], MYSQL),
    key("strict", &[], MYSQL),
    key("engine", &[], MYSQL),
    key("useUpsertAlias", &["use_upsert_alias"], MYSQL),
    key("useNativeJson", &["use_native_json"], SQLITE),
    key("useNativeJsonb", &["use_native_jsonb"], SQLITE),
    key("foreignKeyConstraints", &["foreign_key_constraints"], SQLITE),
    key("busyTimeout", &["busy_timeout"], SQLITE),
    key("journalMode", &["journal_mode"], SQLITE),
    key("synchronous", &[], SQLITE),
    key("timezone", &[], &[]),
    key("prefix", &[], &[]),
    key("prefixIndexes", &["prefix_indexes"], &[]),
    key("bigint", &[], &[]),
    key("dates", &[], &[]),
    key("json", &[], &[]),
    key("statementTimeout", &["statement_timeout"], &[]),
    key("applicationName", &["application_name"], &[]),
    key("nullableByDefault", &[], &[]),
    key("useNullAsDefault", &[], &[]),
    key("debug", &[], &[]),
    key("log", &[], &[]),
    key("name", &[], &[]),
    key("postProcessResponse", &[], &[]),
    key("wrapIdentifier", &[], &[]),
];

/// The options under `pool`.
pub(super) const POOL: &[Key] = &[
    key("min", &[], &[]),
    key("max", &[], &[]),
    key("acquireTimeoutMillis", &[], &[]),
    key("idleTimeoutMillis", &[], &[]),
    key("createTimeoutMillis", &[], &[]),
    key("maxLifetimeMillis", &[], &[]),
    key("reapIntervalMillis", &[], &[]),
];

/// The options under `ssl`.
pub(super) const SSL: &[Key] =
    &[key("rejectUnauthorized", &[], &[]), key("ca", &[], &[]), key("cert", &[], &[]), key("key", &[], &[])];

/// The options under `read` and `write`: those of one server.
pub(super) const SERVER: &[Key] = &[
    key("url", &["connectionString", "uri"], &[]),
    key("host", &["hostname"], &[]),
    key("port", &[], &[]),
    key("database", &[], &[]),
    key("username", &["user"], &[]),
    key("password", &[], &[]),
    key("socketPath", &["unixSocket", "unix_socket", "socket"], &[]),
];

/// The options under `replication`.
pub(super) const REPLICATION: &[Key] = &[key("read", &[], &[]), key("write", &[], &[])];

/// The option that goes by `name`, if there is one.
pub(super) fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name || key.aliases.contains(&name))
}

/// The known spelling that is closest to `name`, unless none is close.
pub(super) fn nearest(keys: &'static [Key], name: &str) -> Option<&'static str> {
    let spellings = keys.iter().flat_map(|key| std::iter::once(&key.name).chain(key.aliases));
    super::nearest::nearest(spellings.copied(), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_found_in_any_case_and_through_its_other_spellings() {
        assert_eq!(nearest(CONNECTION, "pasword"), Some("password"));
        assert_eq!(nearest(CONNECTION, "SEARCHPATH"), Some("searchPath"));
        assert_eq!(nearest(CONNECTION, "usr"), Some("user"));
        assert_eq!(nearest(POOL, "maximum"), None);
    }
}
