//! [`Lock`]: one runner at a time, by the database's own advisory lock.
//!
//! Polled, never waited for: a session that blocks in `pg_advisory_lock` holds a snapshot, and the
//! winner's `create index concurrently` waits for that snapshot until one of them is killed. The
//! polling itself is JavaScript's; here are keys and SQL. Locks end with the session that took them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::statement::Sql;
use crate::config::DriverName;
use crate::error::{Error, Result};

/// What a lock protects, and for whom.
#[derive(Debug, Clone, Deserialize)]
pub struct LockRequest {
    /// What `JournalQuestions::namespace` answered.
    #[serde(default)]
    pub namespace: Option<String>,
    /// The journal table.
    pub table: String,
    /// `host/pid` of this process, for those who wait.
    pub owner: String,
}

/// How this database keeps runners apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "camelCase")]
pub enum Lock {
    /// A lock of the server, on one session.
    Session(Box<LockStatements>),
    /// A lock of the operating system on this file.
    File {
        /// The file; it is created and stays.
        path: String,
    },
    /// None is needed: a database in memory belongs to one process.
    None,
}

/// The statements of a session lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockStatements {
    /// Run once before the first attempt. Each is a comfort: a failure is to be ignored.
    pub session: Vec<Sql>,
    /// Answers one row; its `acquired` is 1 when the lock is ours now. Never waits.
    pub attempt: Sql,
    /// Gives the lock back.
    pub release: Sql,
    /// Answers who has it: text in `holder`, the number of the session in `session`, the name that it gave
    /// itself in `application` (where there is one), seconds in `seconds`; no row when nobody does or
    /// we may not know.
    pub holder: Sql,
    /// The same lock for one transaction, where a pooler may give each one another session.
    pub transaction: Option<TransactionLock>,
}

/// A lock that ends with its transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransactionLock {
    /// Answers the number of the session that the server has: `backend`. Behind a pooler it is not the
    /// one that the client was told when it logged in.
    pub backend: Sql,
    /// Answers one row; its `acquired` is 1 when the lock is this transaction's now. Never waits.
    pub attempt: Sql,
    /// Waits for it, as long as `lock_timeout` lets it.
    pub wait: Sql,
}

/// The lock for a journal.
#[must_use]
pub fn lock(driver: DriverName, request: &LockRequest) -> Lock {
    let namespace = request.namespace.as_deref().unwrap_or_default();
    match driver {
        DriverName::Postgres => Lock::Session(Box::new(postgres(namespace, request))),
        DriverName::MySql | DriverName::MariaDb => Lock::Session(Box::new(mysql(namespace, request))),
        DriverName::SqlServer => Lock::Session(Box::new(sqlserver(namespace, request))),
        DriverName::Sqlite if namespace.is_empty() => Lock::None,
        DriverName::Sqlite => Lock::File { path: format!("{namespace}-guruorm.lock") },
    }
}

/// Ends the session with this number on the server.
///
/// # Errors
/// `Unsupported` on SQLite, where a lock belongs to a process.
pub fn kill(driver: DriverName, session: u64) -> Result<Sql> {
    match driver {
        DriverName::Postgres => {
            Ok(Sql::new("select pg_terminate_backend(cast(? as integer))", &[&session.to_string()]))
        }
        DriverName::MySql | DriverName::MariaDb | DriverName::SqlServer => {
            Ok(Sql::new(format!("kill {session}"), &[]))
        }
        DriverName::Sqlite => {
            Err(Error::unsupported("sessions to end: the lock belongs to a process", "SQLite"))
        }
    }
}

/// The first 8 bytes of SHA-256 of `guruorm:schema.table`. Advisory locks are per database already.
fn postgres_key(namespace: &str, table: &str) -> i64 {
    let hash = Sha256::digest(format!("guruorm:{namespace}.{table}"));
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first)
}

/// `guruorm:` and 40 digits of SHA-256: locks are server-wide and their names hold 64 characters.
fn lock_name(namespace: &str, table: &str) -> String {
    use std::fmt::Write as _;

    let hash = Sha256::digest(format!("{namespace}.{table}"));
    let mut name = String::from("guruorm:");
    for byte in &hash[..20] {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

fn postgres(namespace: &str, request: &LockRequest) -> LockStatements {
    let key = postgres_key(namespace, &request.table).to_string();
    let application = format!("guruorm migrate {}", request.owner);
    LockStatements {
        session: vec![
            // Names are cut at 63 bytes by the server itself.
            Sql::new(
                "select set_config('application_name', ?, false), \
                 set_config('idle_in_transaction_session_timeout', '0', false), \
                 set_config('tcp_keepalives_idle', '30', false)",
                &[&application],
            ),
            // Frees the lock within a second when this process dies during a long statement.
            Sql::new(
                "select set_config('client_connection_check_interval', '1000', false), \
                 set_config('idle_session_timeout', '0', false) \
                 where current_setting('server_version_num')::integer >= 140000",
                &[],
            ),
        ],
        attempt: Sql::new("select pg_try_advisory_lock(cast(? as bigint))::integer as acquired", &[&key]),
        release: Sql::new("select pg_advisory_unlock(cast(? as bigint))", &[&key]),
        // A key of 64 bits is shown as two halves (PostgreSQL 17 §52.12, pg_locks).
        holder: Sql::new(
            "select 'pid ' || l.pid || coalesce(', ' || nullif(a.application_name, ''), '') as holder, \
             l.pid as session, a.application_name as application, \
             extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.query_start))::integer as seconds \
             from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid \
             where l.locktype = 'advisory' and l.granted and l.objsubid = 1 \
             and l.database = (select oid from pg_catalog.pg_database where datname = current_database()) \
             and (l.classid::bigint << 32 | l.objid::bigint) = cast(? as bigint)",
            &[&key],
        ),
        transaction: Some(TransactionLock {
            backend: Sql::new("select pg_backend_pid() as backend", &[]),
            attempt: Sql::new(
                "select pg_try_advisory_xact_lock(cast(? as bigint))::integer as acquired",
                &[&key],
            ),
            wait: Sql::new("select pg_advisory_xact_lock(cast(? as bigint))", &[&key]),
        }),
    }
}

fn mysql(namespace: &str, request: &LockRequest) -> LockStatements {
    let name = lock_name(namespace, &request.table);
    LockStatements {
        session: vec![],
        attempt: Sql::new("select coalesce(get_lock(?, 0), 0) as acquired", &[&name]),
        release: Sql::new("select release_lock(?)", &[&name]),
        holder: Sql::new(
            // Sessions of others are not shown to everybody; their number always is.
            "select concat('pid ', l.id, coalesce(concat(', ', p.user, '@', p.host), '')) as holder, \
             l.id as session, concat(p.user, '@', p.host) as application, p.time as seconds \
             from (select is_used_lock(?) as id) l left join information_schema.processlist p on p.id = l.id \
             where l.id is not null",
            &[&name],
        ),
        transaction: None,
    }
}

fn sqlserver(namespace: &str, request: &LockRequest) -> LockStatements {
    let name = lock_name(namespace, &request.table);
    LockStatements {
        session: vec![],
        attempt: Sql::new(
            "declare @taken int; exec @taken = sp_getapplock @Resource = ?, @LockMode = 'Exclusive', \
             @LockOwner = 'Session', @LockTimeout = 0; \
             select case when @taken >= 0 then 1 else 0 end as acquired",
            &[&name],
        ),
        release: Sql::new("exec sp_releaseapplock @Resource = ?, @LockOwner = 'Session'", &[&name]),
        holder: Sql::new(
            "select top 1 concat('session ', l.request_session_id, ', ', s.host_name, ', ', s.program_name) as holder, \
             l.request_session_id as session, s.program_name as application, \
             datediff(second, s.last_request_start_time, sysdatetime()) as seconds \
             from sys.dm_tran_locks l join sys.dm_exec_sessions s on s.session_id = l.request_session_id \
             where l.resource_type = 'APPLICATION' and charindex(left(?, 32), l.resource_description) > 0",
            &[&name],
        ),
        transaction: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(namespace: &str) -> LockRequest {
        LockRequest { namespace: Some(namespace.into()), table: "migrations".into(), owner: "host/1".into() }
    }

    fn statements(driver: DriverName, namespace: &str) -> LockStatements {
        match lock(driver, &request(namespace)) {
            Lock::Session(statements) => *statements,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn keys_are_fixed_for_all_time() {
        // Two versions of guruorm have to meet at the same lock. Values by `sha256sum`.
        assert_eq!(postgres_key("public", "migrations"), -2_133_642_508_706_901_762);
        assert_eq!(lock_name("shop", "migrations"), "guruorm:9d1213aed010f81949696b8b01e2758f7e9bfbfa");
    }

    #[test]
    fn schemas_and_databases_have_locks_of_their_own() {
        assert_ne!(
            statements(DriverName::Postgres, "a").attempt.bindings,
            statements(DriverName::Postgres, "b").attempt.bindings
        );
        assert_ne!(
            statements(DriverName::MySql, "a").attempt.bindings,
            statements(DriverName::MySql, "b").attempt.bindings
        );
    }

    #[test]
    fn a_lock_of_a_transaction_and_one_of_a_session_keep_each_other_out() {
        let session = statements(DriverName::Postgres, "public");
        let transaction = session.transaction.unwrap();
        assert_eq!(transaction.attempt.bindings, session.attempt.bindings);
        assert_eq!(transaction.wait.bindings, session.attempt.bindings);
    }

    #[test]
    fn names_fit_into_mysql() {
        let database = "d".repeat(64);
        assert_eq!(lock_name(&database, &"t".repeat(255)).len(), 48);
    }

    #[test]
    fn no_statement_waits() {
        assert!(statements(DriverName::Postgres, "public").attempt.sql.contains("pg_try_advisory_lock"));
        assert!(statements(DriverName::MariaDb, "shop").attempt.sql.contains("get_lock(?, 0)"));
        assert!(statements(DriverName::SqlServer, "shop").attempt.sql.contains("@LockTimeout = 0"));
    }

    #[test]
    fn sqlite_locks_a_file_beside_the_database_and_nothing_in_memory() {
        assert_eq!(
            lock(DriverName::Sqlite, &request("/srv/shop.sqlite")),
            Lock::File { path: "/srv/shop.sqlite-guruorm.lock".into() }
        );
        assert_eq!(lock(DriverName::Sqlite, &request("")), Lock::None);
    }
}
