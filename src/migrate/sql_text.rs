//! [`split`]: a text of SQL cut into its statements, each with its line. Pure.
//!
//! Statements are sent one by one, so that every driver takes the same files and a failure names the
//! statement. What ends one is what the database's own client takes for an end: `;` outside of literals,
//! comments, parentheses and bodies, the word after `DELIMITER` (mysql), and `GO` (sqlcmd).

use super::lint::allowed_by;
use super::sql_blocks::Blocks;
use super::sql_statement::{SqlStatement, statement};
use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner, is_word};

/// Cuts `sql` into statements. Comments and blanks around a statement are left out; a text of nothing
/// else has none.
#[must_use]
pub fn split(sql: &str, driver: DriverName) -> Vec<SqlStatement> {
    let mut splitter = Splitter {
        sql,
        driver,
        scanner: Scanner::new(sql, driver),
        delimiter: ";",
        start: None,
        allowing: None,
        blocks: Blocks::new(driver),
        statements: Vec::new(),
    };
    splitter.run();
    splitter.statements
}

struct Splitter<'a> {
    sql: &'a str,
    driver: DriverName,
    scanner: Scanner<'a>,
    delimiter: &'a str,
    /// Where the statement at hand begins.
    start: Option<usize>,
    /// Where comments in front of it begin that allow something (`guruorm: allow`): they stay with it.
    allowing: Option<usize>,
    blocks: Blocks,
    statements: Vec<SqlStatement>,
}

/// A line for the client, not for the server.
enum ClientLine<'a> {
    Delimiter(&'a str),
    Go,
}

impl<'a> Splitter<'a> {
    fn run(&mut self) {
        loop {
            let at = self.scanner.position();
            let Some(piece) = self.scanner.next() else { break };
            let end = self.scanner.position();
            match piece {
                Piece::Comment(comment) => {
                    if self.start.is_none() && allowed_by(comment).is_some() {
                        self.allowing.get_or_insert(at);
                    }
                }
                Piece::Code(_) => self.code(at, end),
                Piece::Semicolon if self.delimiter == ";" && self.blocks.may_end() => {
                    self.finish(at, end);
                }
                Piece::Semicolon if self.ends_with_delimiter(at) => {
                    self.scanner.jump(at + self.delimiter.len());
                    self.finish(at, at);
                }
                Piece::Semicolon => self.blocks.semicolon(),
                _ => {
                    self.begin(at);
                    self.blocks.other();
                }
            }
        }
        self.finish(self.sql.len(), self.sql.len());
    }

    /// Words and signs, one after the other.
    fn code(&mut self, from: usize, to: usize) {
        let bytes = self.sql.as_bytes();
        let mut at = from;
        while at < to {
            if (at == 0 || bytes[at - 1] == b'\n')
                && let Some((line, next)) = self.client_line(at)
            {
                match line {
                    ClientLine::Delimiter(delimiter) => {
                        // `DELIMITER` within a statement is where that statement was forgotten to end.
                        self.finish(at, at);
                        self.delimiter = delimiter;
                    }
                    ClientLine::Go => self.finish(at, at),
                }
                // What follows the line is cut anew: a quote in the line was no quote.
                self.scanner.jump(next);
                return;
            }
            if self.ends_with_delimiter(at) {
                self.finish(at, at);
                self.scanner.jump(at + self.delimiter.len());
                return;
            }
            let start = at;
            // `end$$`: a `$` may be part of a word.
            while at < to && is_word(bytes[at]) && (at == start || !self.ends_with_delimiter(at)) {
                at += 1;
            }
            if at > start {
                self.begin(start);
                self.blocks.word(&self.sql[start..at]);
            } else {
                if !bytes[at].is_ascii_whitespace() {
                    self.begin(at);
                    self.blocks.sign(bytes[at]);
                }
                at += 1;
            }
        }
    }

    /// Whether a delimiter other than `;` stands at `at`.
    fn ends_with_delimiter(&self, at: usize) -> bool {
        self.delimiter != ";" && self.sql.as_bytes()[at..].starts_with(self.delimiter.as_bytes())
    }

    /// The client's command in the line that begins at `at`, and where the next line begins.
    fn client_line(&self, at: usize) -> Option<(ClientLine<'a>, usize)> {
        let rest = &self.sql[at..];
        let length = rest.find('\n').map_or(rest.len(), |length| length + 1);
        let mut words = rest[..length].split_whitespace();
        let first = words.next()?;
        match self.driver {
            DriverName::MySql | DriverName::MariaDb if first.eq_ignore_ascii_case("delimiter") => {
                Some((ClientLine::Delimiter(words.next()?), at + length))
            }
            // `GO 5` repeats a batch in sqlcmd; only the plain word is taken here.
            DriverName::SqlServer if first.eq_ignore_ascii_case("go") && words.next().is_none() => {
                Some((ClientLine::Go, at + length))
            }
            _ => None,
        }
    }

    fn begin(&mut self, at: usize) {
        self.start.get_or_insert(at);
    }

    /// The statement that ends before `end`; `after` is behind its semicolon.
    fn finish(&mut self, end: usize, after: usize) {
        if let Some(start) = self.start.take() {
            // SQL Server wants the semicolon of a `merge`.
            let end = if self.driver == DriverName::SqlServer { after } else { end };
            let text = self.sql[self.allowing.unwrap_or(start)..end].trim_end();
            let line = self.sql[..start].matches('\n').count() + 1;
            self.statements.push(statement(text, line, self.driver));
        }
        self.allowing = None;
        self.blocks = Blocks::new(self.driver);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str, driver: DriverName) -> Vec<String> {
        split(sql, driver).into_iter().map(|statement| statement.sql).collect()
    }

    #[test]
    fn semicolons_in_literals_and_comments_end_nothing() {
        let sql = "-- a; b\ninsert into t values ('a;b', 'it''s;');\n\n/* c; */ select \"x;y\" /* ; */ ;;\n;";
        for driver in DriverName::ALL {
            let statements = split(sql, driver);
            let lines: Vec<usize> = statements.iter().map(|statement| statement.line).collect();
            assert_eq!(lines, [2, 4], "{driver:?}");
            assert!(statements[1].sql.starts_with("select \"x;y\""), "{}", statements[1].sql);
        }
    }

    #[test]
    fn comments_that_allow_something_stay_with_the_statement_behind_them() {
        let sql = "-- what it does\n-- guruorm: allow drop-table\ndrop table a;\n-- then\ndrop table b; -- guruorm: allow x";
        for driver in DriverName::ALL {
            let found: Vec<_> = split(sql, driver).into_iter().map(|it| (it.line, it.sql)).collect();
            let first = "-- guruorm: allow drop-table\ndrop table a";
            assert_eq!(found.len(), 2, "{driver:?}");
            assert_eq!((found[0].0, found[0].1.trim_end_matches(';')), (3, first), "{driver:?}");
            assert_eq!((found[1].0, found[1].1.trim_end_matches(';')), (5, "drop table b"), "{driver:?}");
        }
    }

    #[test]
    fn a_text_without_statements_has_none() {
        for driver in DriverName::ALL {
            assert_eq!(texts("  -- nothing\n;; /* at all */\n", driver), Vec::<String>::new(), "{driver:?}");
        }
    }

    #[test]
    fn postgres_hides_semicolons_in_dollar_quotes_escape_strings_and_nested_comments() {
        let sql = "create function f() returns int language plpgsql as $body$ begin return 1; end $body$;\n\
                   select E'\\';' /* a /* b; */ c; */;\nselect 2";
        assert_eq!(texts(sql, DriverName::Postgres).len(), 3);
    }

    #[test]
    fn postgres_bodies_of_standard_sql_and_rules_are_one_statement() {
        let sql = "create procedure p() begin atomic insert into a values (1); \
                   insert into b values (case when true then 1 else 2 end); end;\n\
                   create rule r as on insert to t do also (insert into a values (1); insert into b values (2));\n\
                   begin; select 1; end;";
        let texts = texts(sql, DriverName::Postgres);
        assert_eq!(texts.len(), 5, "{texts:#?}");
        assert!(texts[0].ends_with("end"));
        assert_eq!(&texts[2..], ["begin", "select 1", "end"]);
    }

    #[test]
    fn mysql_bodies_need_no_delimiter() {
        let body = "create definer = root@localhost procedure p(n int)\nbegin\n  declare i int default 0;\n  \
                    while i < n do\n    if i > 2 then set i = if(i > 5, 9, 4); else set i = i + 1; end if;\n  end while;\n  \
                    case i when 1 then select 1; else begin end; end case;\n  \
                    again: loop leave again; end loop again;\n  select repeat('a', 2), case when 1 then 2 end;\nend";
        for driver in [DriverName::MySql, DriverName::MariaDb] {
            assert_eq!(texts(&format!("{body};\nselect 2;"), driver), [body, "select 2"], "{driver:?}");
        }
    }

    #[test]
    fn mysql_bodies_of_one_statement_end_with_it() {
        let trigger = "create trigger t before insert on a for each row set new.b = 1";
        let checked =
            "create trigger u before insert on a for each row if new.b < 0 then set new.b = 0; end if";
        assert_eq!(
            texts(&format!("{trigger}; {checked}; drop trigger if exists t;"), DriverName::MySql),
            [trigger, checked, "drop trigger if exists t"]
        );
    }

    #[test]
    fn mysql_delimiters_are_any_word() {
        for delimiter in ["//", "$$", ";;", "|"] {
            let sql = format!(
                "select 1;\ndelimiter {delimiter}\ncreate procedure p()\nbegin\n  select 1;\nend{delimiter}\n\
                 DELIMITER ;\nselect 2;"
            );
            let statements = split(&sql, DriverName::MariaDb);
            let brief: Vec<_> =
                statements.iter().map(|statement| (statement.line, statement.sql.as_str())).collect();
            assert_eq!(
                brief,
                [(1, "select 1"), (3, "create procedure p()\nbegin\n  select 1;\nend"), (8, "select 2")],
                "{delimiter}"
            );
        }
    }

    #[test]
    fn mysql_version_comments_are_statements() {
        assert_eq!(texts("/*!40101 set names utf8 */;\nselect 1;", DriverName::MySql).len(), 2);
    }

    #[test]
    fn sqlite_triggers_hold_statements() {
        let trigger = "create temp trigger t after update on a begin\n  update b set c = case when 1 then 2 end;\n  \
                       delete from d;\nend";
        assert_eq!(texts(&format!("{trigger};\nselect 1"), DriverName::Sqlite), [trigger, "select 1"]);
        assert_eq!(texts("begin; select 1; commit;", DriverName::Sqlite).len(), 3);
    }

    #[test]
    fn columns_called_like_keywords_open_nothing() {
        let sql =
            "create trigger t after insert on a begin select new.begin, new.\"end\" from a; end; select 1";
        assert_eq!(texts(sql, DriverName::Sqlite).len(), 2);
        assert_eq!(texts("create table begin_log (a int); select 1", DriverName::Sqlite).len(), 2);
    }

    #[test]
    fn sqlserver_batches_end_at_go() {
        let sql = "create table a (b int);\ncreate table c (d int)\nGO\ncreate procedure p as select 1; select 2;\ngo\n\
                   declare @x int = 1;\nselect @x;\nGO\nselect 'GO'\n";
        assert_eq!(
            texts(sql, DriverName::SqlServer),
            [
                "create table a (b int);",
                "create table c (d int)",
                "create procedure p as select 1; select 2;",
                "declare @x int = 1;\nselect @x;",
                "select 'GO'",
            ]
        );
    }

    #[test]
    fn lines_count_carriage_returns_as_nothing() {
        let lines: Vec<usize> =
            split("select 1;\r\n\r\nselect 2;", DriverName::Sqlite).iter().map(|it| it.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}
