//! Which placeholders are compared with a column: their numbers are sent as text.
//!
//! MySQL compares a text column with a number as doubles, so `where token = 0` finds `'abc'` and
//! uses no index. Sent as text, a number compares with every kind of column as it should, while
//! text in arithmetic or in an assignment would not. Measured on MariaDB 10.11 with a prepared
//! statement, `?` given as text:
//!
//! | statement | result | as text |
//! |---|---|---|
//! | `bigint_column = ?`, `in`, `between`, `<=>`, beside its neighbours beyond 2^53 | exact | right |
//! | `decimal(30,2)_column = ?`, `in`, `>` with 19 digits | exact | right |
//! | `int_column = ?` | uses the index | right |
//! | `text_column = ?` with 0 | finds `'0'` only; the number finds `'abc'` too | right |
//! | `enum_column = ?` with 1 | finds the label `'1'`; the number finds the first label | right |
//! | `bigint_column + ?` | computed in doubles, digits lost | wrong |
//! | `update … set bit_column = ?` with 5 | stores `'5'`, that is 53 | wrong |
//!
//! So a number is sent as text exactly where it stands alone beside a column: `column = ?`,
//! `? < column`, `column in (?, ?)`, `column between ? and ?`. Everywhere else it stays a number.
//! `tests/driver_mysql.rs` repeats the table against the server.

use super::lexer::Token;

/// For each placeholder in order, whether it is compared with a column.
#[must_use]
pub fn compared_placeholders(tokens: &[Token<'_>]) -> Vec<bool> {
    let mut reader = Reader { tokens, assignments: None, depth: 0, lists: Vec::new() };
    let mut compared = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        reader.pass(at);
        if *token == Token::Placeholder {
            compared.push(reader.is_compared(at));
        }
    }
    compared
}

/// What may stand before a condition on a column.
const BEFORE_CONDITION: [&str; 10] =
    ["where", "and", "or", "on", "having", "not", "when", "xor", "select", "distinct"];

/// What ends the assignments of `set` and `on duplicate key update`.
const AFTER_ASSIGNMENTS: [&str; 5] = ["where", "order", "limit", "returning", "from"];

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    /// How deep in parentheses the assignments are, while inside of them.
    assignments: Option<usize>,
    depth: usize,
    /// For each open parenthesis, whether it is the list of `column in (…)`.
    lists: Vec<bool>,
}

impl Reader<'_> {
    /// Keeps up with clauses and parentheses.
    fn pass(&mut self, at: usize) {
        match self.tokens[at] {
            Token::Open => {
                self.lists.push(self.is_list_of_column(at));
                self.depth += 1;
            }
            Token::Close => {
                self.lists.pop();
                self.depth = self.depth.saturating_sub(1);
                if self.assignments.is_some_and(|depth| depth > self.depth) {
                    self.assignments = None;
                }
            }
            Token::Semicolon => self.assignments = None,
            token if token.is_word(&["set"]) => self.assignments = Some(self.depth),
            token if token.is_word(&["update"]) && self.is_word(at.wrapping_sub(1), &["key"]) => {
                self.assignments = Some(self.depth);
            }
            token if self.assignments == Some(self.depth) && token.is_word(&AFTER_ASSIGNMENTS) => {
                self.assignments = None;
            }
            _ => {}
        }
    }

    fn is_compared(&self, at: usize) -> bool {
        let before = at.wrapping_sub(1);
        let is_alone = |index| !matches!(self.at(index), Some(Token::Operator | Token::Dot));
        if self.lists.last() == Some(&true) {
            let starts = matches!(self.at(before), Some(Token::Open | Token::Comma));
            return starts && matches!(self.at(at + 1), Some(Token::Close | Token::Comma));
        }
        if self.at(before) == Some(Token::Comparison) {
            return is_alone(at + 1) && self.is_condition_ending_at(before);
        }
        if self.at(at + 1) == Some(Token::Comparison) {
            return self.is_start_of_condition(before) && self.is_column_starting_at(at + 2);
        }
        if self.is_word(before, &["between"]) {
            return is_alone(at + 1) && self.is_condition_ending_at(before);
        }
        // The second bound: `column between ? and ?`.
        let between = at.wrapping_sub(3);
        self.is_word(before, &["and"])
            && self.at(at.wrapping_sub(2)) == Some(Token::Placeholder)
            && self.is_word(between, &["between"])
            && is_alone(at + 1)
            && self.is_condition_ending_at(between)
    }

    /// Whether `in (` with a column before it opens here.
    fn is_list_of_column(&self, open: usize) -> bool {
        self.is_word(open.wrapping_sub(1), &["in"]) && self.is_condition_ending_at(open.wrapping_sub(1))
    }

    /// Whether the operator at `end` has nothing but a column before it, where a condition starts.
    fn is_condition_ending_at(&self, end: usize) -> bool {
        let mut at = end.wrapping_sub(1);
        if self.is_word(at, &["not"]) {
            at = at.wrapping_sub(1);
        }
        if !self.is_name(at) {
            return false;
        }
        while self.at(at.wrapping_sub(1)) == Some(Token::Dot) && self.is_name(at.wrapping_sub(2)) {
            at = at.wrapping_sub(2);
        }
        self.is_start_of_condition(at.wrapping_sub(1))
    }

    /// Whether a column, and only a column, starts here.
    fn is_column_starting_at(&self, start: usize) -> bool {
        let mut at = start;
        if !self.is_name(at) {
            return false;
        }
        while self.at(at + 1) == Some(Token::Dot) && self.is_name(at + 2) {
            at += 2;
        }
        !matches!(self.at(at + 1), Some(Token::Operator | Token::Open | Token::Dot))
    }

    /// Whether a condition, and not an assignment, may start after this token.
    fn is_start_of_condition(&self, before: usize) -> bool {
        match self.at(before) {
            Some(Token::Comma) => self.assignments != Some(self.depth),
            Some(Token::Open | Token::Logical) => true,
            Some(token) => token.is_word(&BEFORE_CONDITION),
            None => false,
        }
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(self.at(at), Some(Token::Name | Token::Word(_)))
    }

    fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.at(at).is_some_and(|token| token.is_word(words))
    }

    /// The token at this place; none before the first (whose place wraps around) or after the last.
    fn at(&self, at: usize) -> Option<Token<'_>> {
        self.tokens.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    fn compared(sql: &str) -> Vec<bool> {
        compared_placeholders(&tokens(sql))
    }

    #[test]
    fn a_placeholder_beside_a_column_is_compared() {
        for sql in [
            "select * from t where token = ?",
            "select * from `t` where `t`.`token` <> ?",
            "select * from t where a is null and (db.t.token <=> ?)",
            "select * from t where ? = token",
            "select * from t join u on u.id >= ?",
            "select * from t where not token = ? limit 1",
            "delete from t where token between ? and ?",
            "delete from t where token not between ? and ?",
            "select case when token = ? then 1 end from t",
            "select id, token = ? from t",
            "select * from t where token in (?, ?, ?)",
            "select * from t where token not in (?)",
            "update t set a = 1, b = 2 where token = ?",
            "update t set a = (select b from u where token = ? and c = ?)",
        ] {
            assert!(compared(sql).iter().all(|is| *is), "{sql}");
        }
    }

    #[test]
    fn a_placeholder_in_arithmetic_an_assignment_or_a_list_of_values_is_not() {
        for sql in [
            "insert into t values (?, ?)",
            "insert into t set a = ?, b = ?",
            "insert into t (a) values (?) on duplicate key update a = ?, b = ?",
            "update t set a = ?, b = ? + 1, c = c + ?",
            "update t set `a` = ?",
            "select * from t where a + ? = b",
            "select * from t where a = ? + 1",
            "select * from t where a + b = ?",
            "select * from t where doc->'$.n' = ?",
            "select * from t where length(a) = ?",
            "select * from t where ? = length(a)",
            "select * from t where ? = a + 1",
            "select ? from t limit ?",
            "select * from t where (a, b) in ((?, ?))",
            "select * from t where a in (select b + ? from u)",
            "set max_statement_time = ?",
            "set session max_statement_time = ?",
            "select @n := ?",
            "select if(a, ?, ?)",
            "select * from t where a between b and ?",
        ] {
            assert!(!compared(sql).contains(&true), "{sql}");
        }
    }

    #[test]
    fn each_placeholder_is_looked_at_alone() {
        assert_eq!(compared("update t set n = n + ? where id = ? limit ?"), [false, true, false]);
        assert_eq!(compared("update t set n = if(a = ?, ?, b) where c in (?)"), [true, false, true]);
    }
}
