//! [`StatementKind`]: what a raw statement does, by its keywords.

use super::scanner::{Piece, is_word};

/// What a raw statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StatementKind {
    /// Reads rows and changes nothing.
    Select,
    /// Changes or locks rows.
    Write,
    /// Changes the schema.
    Ddl,
    /// Opens, ends or marks a transaction.
    TransactionControl,
    /// Changes the state of its session: the connection has to be reset before others use it.
    Session,
    /// Anything else.
    Other,
}

/// Words in front that say whether a `create` holds statements of its own.
const WORDS_OF_A_DEFINITION: u32 = 8;

/// Collects keywords while a statement is scanned.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // each is a word that was met or not
pub(crate) struct Keywords {
    count: u32,
    first: String,
    second: String,
    previous: Previous,
    /// `for update`, `for share`: rows are locked.
    locks: bool,
    /// A writing command inside of another one.
    writes: bool,
    /// `into`: a select that makes a table, or sets variables.
    has_into: bool,
    analyzes: bool,
    defines_routine: bool,
}

/// The word before, where it matters.
#[derive(Debug, Default, PartialEq, Eq)]
enum Previous {
    #[default]
    Other,
    For,
    Replace,
}

impl Keywords {
    /// Looks at one piece.
    pub(crate) fn see(&mut self, piece: Piece<'_>) {
        let Piece::Code(code) = piece else { return };
        let bytes = code.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && is_word(bytes[at]) {
                at += 1;
            }
            if at == start {
                at += 1;
            } else if start == 0 || bytes[start - 1] != b'.' {
                // After a dot it would be a column: `t.update`.
                self.word(&code[start..at]);
            }
        }
    }

    fn word(&mut self, word: &str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        self.count += 1;
        match self.count {
            1 => self.first = word.to_ascii_lowercase(),
            2 => self.second = word.to_ascii_lowercase(),
            _ => {}
        }
        if self.previous == Previous::For {
            self.locks |= is("update") || is("share") || is("no") || is("key");
        } else if self.count > 1 {
            self.writes |= is("insert") || is("update") || is("delete") || is("merge");
            self.writes |= self.previous == Previous::Replace && is("into");
            self.has_into |= is("into");
            self.analyzes |= is("analyze") || is("analyse");
        }
        if self.count <= WORDS_OF_A_DEFINITION {
            self.defines_routine |= is("trigger") || is("procedure") || is("function") || is("event");
        }
        self.previous = if is("for") {
            Previous::For
        } else if is("replace") {
            Previous::Replace
        } else {
            Previous::Other
        };
    }

    /// Whether there was no word at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether semicolons inside of the statement are its own: `create trigger … begin … end`.
    pub(crate) fn may_hold_statements(&self) -> bool {
        match self.first.as_str() {
            "create" | "alter" => self.defines_routine,
            "begin" => !matches!(
                self.second.as_str(),
                "" | "transaction"
                    | "tran"
                    | "work"
                    | "deferred"
                    | "immediate"
                    | "exclusive"
                    | "isolation"
                    | "read"
            ),
            "declare" | "if" | "while" => true,
            _ => false,
        }
    }

    /// Whether the statement prepares another one, whose `$1` are not this one's.
    pub(crate) fn prepares(&self) -> bool {
        self.first == "prepare"
    }

    /// The verdict.
    pub(crate) fn kind(&self) -> StatementKind {
        let write_if = |writes| if writes { StatementKind::Write } else { StatementKind::Select };
        match self.first.as_str() {
            "select" | "values" | "table" | "show" | "describe" | "desc" => {
                write_if(self.has_into || self.locks)
            }
            "with" => write_if(self.writes || self.locks),
            "explain" => write_if(self.writes && self.analyzes),
            "insert" | "update" | "delete" | "replace" | "merge" => StatementKind::Write,
            "begin" | "start" | "commit" | "end" | "rollback" | "abort" | "savepoint" | "release" | "xa"
            | "save" => StatementKind::TransactionControl,
            "prepare" if self.second == "transaction" => StatementKind::TransactionControl,
            "set" | "reset" | "use" | "pragma" | "lock" | "unlock" | "listen" | "unlisten" | "discard"
            | "attach" | "detach" | "prepare" | "deallocate" | "declare" | "load" => StatementKind::Session,
            "create" | "alter" | "drop" | "truncate" | "rename" | "comment" | "grant" | "revoke"
            | "reindex" => StatementKind::Ddl,
            _ => StatementKind::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DriverName;
    use crate::dialect::scanner::Scanner;

    fn kind(sql: &str) -> StatementKind {
        let mut keywords = Keywords::default();
        Scanner::new(sql, DriverName::Postgres).for_each(|piece| keywords.see(piece));
        keywords.kind()
    }

    #[test]
    fn reading_statements_are_selects() {
        for sql in [
            "select 1",
            "  /* insert */ -- update\n SELECT * from t",
            "(select 1) union (select 2)",
            "with a as (select 1) select * from a",
            "select replace(a, 'into', 'b'), t.into, \"update\" from t",
            "explain select 1",
            "explain insert into t values (1)",
            "values (1)",
        ] {
            assert_eq!(kind(sql), StatementKind::Select, "{sql}");
        }
    }

    #[test]
    fn statements_that_write_or_lock_are_writes() {
        for sql in [
            "insert into t values (1)",
            "with a as (insert into t values (1) returning *) select * from a",
            "with a as (select 1) update t set b = 1",
            "select * from t for update",
            "select * from t for no key update",
            "select * into u from t",
            "explain analyze delete from t",
            "REPLACE INTO t VALUES (1)",
        ] {
            assert_eq!(kind(sql), StatementKind::Write, "{sql}");
        }
    }

    #[test]
    fn other_kinds_go_by_their_first_word() {
        assert_eq!(kind("BEGIN"), StatementKind::TransactionControl);
        assert_eq!(kind("start transaction"), StatementKind::TransactionControl);
        assert_eq!(kind("prepare transaction 'x'"), StatementKind::TransactionControl);
        assert_eq!(kind("prepare p as select 1"), StatementKind::Session);
        assert_eq!(kind("set search_path to a"), StatementKind::Session);
        assert_eq!(kind("create table t (update int)"), StatementKind::Ddl);
        assert_eq!(kind("vacuum"), StatementKind::Other);
        assert_eq!(kind(" -- nothing"), StatementKind::Other);
    }
}
