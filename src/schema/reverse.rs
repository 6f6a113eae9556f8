//! [`reverse`]: the change that undoes a change, or why there is none.

use super::Change;

/// Why a change cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Irreversible {
    /// What was removed is not described by the change that removed it.
    Forgotten,
    /// What was there before is not described by the change that replaced it.
    Replaced,
    /// The change belongs to the session, not to the structure.
    Session,
}

impl Irreversible {
    /// The reason, for a report.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Forgotten => "what it removes is not described by it",
            Self::Replaced => "what was there before is not described by it",
            Self::Session => "it alters the session, not the structure",
        }
    }
}

/// The change that undoes `change`. Rows are not brought back.
///
/// # Errors
/// The reason why there is none.
pub fn reverse(change: &Change) -> Result<Change, Irreversible> {
    Ok(match change.clone() {
        Change::CreateTable { table } => Change::DropTable { table: table.name, if_exists: false },
        Change::RenameTable { table, to } => Change::RenameTable { table: to, to: table },
        Change::AddColumn { table, column } => Change::DropColumns {
            table,
            columns: vec![column.name],
            instant: column.instant,
            lock: column.lock,
        },
        Change::RenameColumn { table, column, to } => Change::RenameColumn { table, column: to, to: column },
        Change::AddIndex { table, index } => Change::DropIndex { table, index },
        Change::RenameIndex { table, index, to } => Change::RenameIndex { table, index: to, to: index },
        Change::AddForeignKey { table, foreign_key } => Change::DropForeignKey { table, foreign_key },
        Change::AddCheck { table, check } => Change::DropCheck { table, check },
        Change::DropIndex { table, index } if !index.is_empty() => Change::AddIndex { table, index },
        Change::DropCheck { table, check } if !check.expression.is_empty() => {
            Change::AddCheck { table, check }
        }
        Change::DropForeignKey { table, foreign_key } if !foreign_key.on.is_empty() => {
            Change::AddForeignKey { table, foreign_key }
        }
        Change::CreateDatabase { name } => Change::DropDatabase { name },
        // An extension may have been there before.
        Change::CreateExtension { .. }
        | Change::DropTable { .. }
        | Change::DropViews { .. }
        | Change::DropTypes { .. }
        | Change::DropDatabase { .. }
        | Change::DropAllTables { .. }
        | Change::DropColumns { .. }
        | Change::DropIndex { .. }
        | Change::DropCheck { .. }
        | Change::DropForeignKey { .. } => return Err(Irreversible::Forgotten),
        Change::CommentTable { .. } | Change::ChangeColumn { .. } => return Err(Irreversible::Replaced),
        Change::CheckForeignKeys { .. } => return Err(Irreversible::Session),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, ColumnType, ForeignKey, Index, IndexKind};

    fn table() -> String {
        "posts".to_owned()
    }

    #[test]
    fn undoing_twice_gives_the_change_again() {
        let index = Index::new(IndexKind::Unique, vec!["slug".to_owned()]);
        let foreign_key = ForeignKey {
            columns: vec!["user_id".to_owned()],
            on: "users".to_owned(),
            ..ForeignKey::default()
        };
        let changes = [
            Change::RenameTable { table: table(), to: "articles".to_owned() },
            Change::RenameColumn { table: table(), column: "a".to_owned(), to: "b".to_owned() },
            Change::RenameIndex { table: table(), index: "a".to_owned(), to: "b".to_owned() },
            Change::AddIndex { table: table(), index },
            Change::AddForeignKey { table: table(), foreign_key },
        ];
        for change in changes {
            let undone = reverse(&change);
            assert_ne!(undone.as_ref(), Ok(&change));
            assert_eq!(undone.and_then(|change| reverse(&change)), Ok(change));
        }
    }

    #[test]
    fn an_added_column_is_undone_by_dropping_it() {
        let change = Change::AddColumn { table: table(), column: Column::new("slug", ColumnType::Text) };
        assert_eq!(
            reverse(&change),
            Ok(Change::DropColumns {
                table: table(),
                columns: vec!["slug".to_owned()],
                instant: false,
                lock: None
            })
        );
    }

    #[test]
    fn what_a_change_does_not_describe_cannot_be_brought_back() {
        let dropped = Change::DropColumns {
            table: table(),
            columns: vec!["slug".to_owned()],
            instant: false,
            lock: None,
        };
        assert_eq!(reverse(&dropped), Err(Irreversible::Forgotten));
        let by_name = Index { name: Some("i".to_owned()), ..Index::new(IndexKind::Index, Vec::new()) };
        assert_eq!(
            reverse(&Change::DropIndex { table: table(), index: by_name }),
            Err(Irreversible::Forgotten)
        );
        let changed = Change::ChangeColumn { table: table(), column: Column::new("slug", ColumnType::Text) };
        assert_eq!(reverse(&changed), Err(Irreversible::Replaced));
    }
}
