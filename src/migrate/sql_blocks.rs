//! [`Blocks`]: whether a semicolon ends the statement at hand, or belongs to a body inside of it.

use crate::config::DriverName;

/// Words in front that say whether a `create` has a body.
const WORDS_OF_A_DEFINITION: u32 = 8;

/// What a `create` may define that has statements of its own.
const ROUTINES: [&str; 5] = ["trigger", "procedure", "function", "event", "package"];

/// Blocks of stored programs that end with `end` and their own word (MySQL 8.4 §15.6.5).
const CONTROL_FLOW: [&str; 5] = ["if", "while", "loop", "repeat", "for"];

/// Words after which a statement of a body begins.
const BEFORE_A_STATEMENT: [&str; 9] =
    ["begin", "then", "else", "do", "loop", "repeat", "row", "atomic", "deterministic"];

/// Words that begin a batch of SQL Server that cannot be cut.
const WHOLE_BATCHES: [&str; 4] = ["declare", "if", "while", "begin"];

/// Follows the words of one statement.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // each is asked on its own
pub(super) struct Blocks {
    driver: DriverName,
    count: u32,
    first: String,
    is_create: bool,
    /// A body may follow, so `begin`, `case` and `end` are counted.
    has_body: bool,
    /// Everything up to `GO` is one statement.
    is_whole_batch: bool,
    depth: u32,
    parentheses: u32,
    /// Whether a statement of a body may begin here.
    begins: bool,
    after_dot: bool,
    after_end: bool,
}

impl Blocks {
    pub(super) fn new(driver: DriverName) -> Self {
        Self {
            driver,
            count: 0,
            first: String::new(),
            is_create: false,
            has_body: false,
            is_whole_batch: false,
            depth: 0,
            parentheses: 0,
            begins: false,
            after_dot: false,
            after_end: false,
        }
    }

    /// Whether a semicolon here ends the statement.
    pub(super) fn may_end(&self) -> bool {
        // psql waits for the closing parenthesis as well: `create rule … do also (…; …)`.
        let is_in_parentheses = self.parentheses > 0 && self.driver == DriverName::Postgres;
        self.depth == 0 && !is_in_parentheses && !self.is_whole_batch
    }

    /// A semicolon inside of the statement.
    pub(super) fn semicolon(&mut self) {
        self.begins = true;
        self.after_end = false;
    }

    /// A literal, a quoted name or a placeholder.
    pub(super) fn other(&mut self) {
        self.count += 1;
        self.begins = false;
        self.after_dot = false;
        self.after_end = false;
    }

    /// One character that is part of no word.
    pub(super) fn sign(&mut self, sign: u8) {
        match sign {
            b'(' => self.parentheses += 1,
            b')' => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        self.after_dot = sign == b'.';
        // `create procedure p() if …`, `label: loop …`
        self.begins = matches!(sign, b')' | b':');
        self.after_end = false;
    }

    pub(super) fn word(&mut self, word: &str) {
        let is_column = std::mem::take(&mut self.after_dot);
        let after_end = std::mem::take(&mut self.after_end);
        let begins = std::mem::take(&mut self.begins);
        let word = word.to_ascii_lowercase();
        if is_column {
            return;
        }
        self.count += 1;
        if self.count == 1 {
            self.is_create = matches!(word.as_str(), "create" | "alter");
            self.first.clone_from(&word);
            self.is_whole_batch =
                self.driver == DriverName::SqlServer && WHOLE_BATCHES.contains(&word.as_str());
        } else if self.count <= WORDS_OF_A_DEFINITION && self.is_create && ROUTINES.contains(&word.as_str()) {
            self.has_body = true;
            self.is_whole_batch |= self.driver == DriverName::SqlServer;
        } else if self.count == 2 && self.first == "begin" && word == "not" {
            // MariaDB's block outside of routines: `begin not atomic … end`.
            self.has_body = true;
            self.depth = 1;
        } else if matches!(word.as_str(), "table" | "view" | "index") {
            // `create table event (…)`
            self.is_create = false;
        }
        if self.has_body {
            self.block(&word, after_end, begins);
        }
        self.begins = BEFORE_A_STATEMENT.contains(&word.as_str());
    }

    fn block(&mut self, word: &str, after_end: bool, begins: bool) {
        match word {
            "end" => {
                self.depth = self.depth.saturating_sub(1);
                self.after_end = true;
            }
            // `end case`, `end if`: the word of what has just ended.
            "case" if !after_end => self.depth += 1,
            "begin" => self.depth += 1,
            _ if CONTROL_FLOW.contains(&word) && !after_end && begins && self.is_mysql() => self.depth += 1,
            _ => {}
        }
    }

    fn is_mysql(&self) -> bool {
        matches!(self.driver, DriverName::MySql | DriverName::MariaDb)
    }
}
