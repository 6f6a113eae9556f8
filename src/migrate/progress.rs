//! [`progress`]: how another connection sees what the session of a migration does.

use serde::Serialize;

use crate::config::DriverName;

/// Questions about a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgressQuestions {
    /// Asked on the session: its number, in `session`.
    pub session: &'static str,
    /// Asked elsewhere, with that number: `activity`, what it builds and how far it is, and `blockers`, whom it waits
    /// for. Either may be null.
    pub look: &'static str,
}

/// The questions; none where the database does not tell (`PostgreSQL` 17 §27.4.4, §9.26).
#[must_use]
pub fn progress(driver: DriverName) -> Option<ProgressQuestions> {
    (driver == DriverName::Postgres).then_some(ProgressQuestions {
        session: "select pg_backend_pid() as session",
        look: "select (select p.command || ': ' || p.phase || coalesce(', ' || \
               case when p.blocks_total > 0 then 100 * p.blocks_done / p.blocks_total \
               when p.tuples_total > 0 then 100 * p.tuples_done / p.tuples_total end || ' %', '') \
               from pg_stat_progress_create_index p where p.pid = s.pid) as activity, \
               (select string_agg('pid ' || b.pid || ' (' || coalesce(b.state, 'unknown') || \
               coalesce(', ' || to_char(clock_timestamp() - b.xact_start, 'HH24:MI:SS'), '') || ')', ', ' order by b.pid) \
               from pg_stat_activity b where b.pid = any(pg_blocking_pids(s.pid))) as blockers \
               from (select ?::int as pid) s",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_postgres_tells() {
        for driver in DriverName::ALL {
            assert_eq!(progress(driver).is_some(), driver == DriverName::Postgres);
        }
    }
}
