//! [`KnownStatement`]: what one SQL text means on this server, worked out once.

use std::cell::RefCell;
use std::rc::Rc;

use super::comparisons::compared_placeholders;
use super::effects::{Effect, effects_of};
use super::layout::Layout;
use super::lexer::{Token, tokens};
use crate::driver::ahead::Quickness;

/// How a statement reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// Prepared, under this number.
    Prepared(u32),
    /// As text: the server does not prepare it, and it has no values.
    Text,
}

/// One SQL text.
#[derive(Debug)]
pub struct KnownStatement {
    /// How it is sent. `None`: it has to be prepared.
    pub road: Option<Road>,
    /// How many placeholders the server found; `None` before it was asked.
    pub parameters: Option<usize>,
    /// For each placeholder, whether it is compared with a column.
    pub compared: Vec<bool>,
    /// What it does to the transaction.
    pub effect: Effect,
    /// How its rows were read the last time, or will be as the server said when it prepared it.
    pub layout: RefCell<Option<Rc<Layout>>>,
    /// Whether it was answered at once when it ran last.
    pub quickness: Quickness,
}

impl KnownStatement {
    /// Reads the text. The road is settled where the text alone tells.
    #[must_use]
    pub fn read(sql: &str, placeholders: usize) -> Self {
        let tokens = tokens(sql);
        let compared = compared_placeholders(&tokens);
        let is_text = placeholders == 0 && is_transaction_control(sql, &tokens);
        Self {
            road: is_text.then_some(Road::Text),
            parameters: None,
            // Another count than the engine's means that the two read the text differently.
            compared: if compared.len() == placeholders { compared } else { Vec::new() },
            effect: effects_of(&tokens).first().copied().unwrap_or_default(),
            layout: RefCell::new(None),
            quickness: Quickness::default(),
        }
    }

    /// The number under which the server has it prepared.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        match self.road {
            Some(Road::Prepared(id)) => Some(id),
            _ => None,
        }
    }
}

/// `begin`, `commit`, `savepoint guruorm_1` and the like: nothing but words and names, so that there
/// can be no second statement. MySQL does not prepare most of them.
fn is_transaction_control(sql: &str, tokens: &[Token<'_>]) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'`' | b' ' | b',');
    let starts = tokens.first().is_some_and(|first| {
        first.is_word(&["begin", "start", "commit", "rollback", "savepoint", "release"])
    });
    starts && sql.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transaction_control_goes_as_text_only_when_it_is_alone() {
        for (sql, road) in [
            ("start transaction read only", Some(Road::Text)),
            ("savepoint `guruorm_1`", Some(Road::Text)),
            ("commit; drop table t", None),
            ("begin /*! ; drop table t */", None),
        ] {
            assert_eq!(KnownStatement::read(sql, 0).road, road, "{sql}");
        }
    }
}
