//! [`Rule`]: everything that is looked for in migrations, as data.

use serde::{Deserialize, Serialize};

use super::super::drift::Policy;
use crate::config::nearest;
use crate::error::{Error, Result};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // each is a line of `FACTS`
pub enum Rule {
    DropTable,
    DropColumn,
    RenameTable,
    RenameColumn,
    TruncateCascade,
    ColumnTypeRewrite,
    ColumnTypeNarrowing,
    AddNotNullNoDefault,
    AddVolatileDefault,
    SetNotNullScan,
    CheckValidateScan,
    FkValidateScan,
    UniqueScan,
    IndexNotConcurrent,
    DropIndexNotConcurrent,
    CicInTx,
    EnumAddValueInTx,
    TxControlInBody,
    MixedDdlDml,
    BackfillUnbatched,
    NoDown,
    DownIsNoop,
    MissingFkIndex,
    IdentifierTooLong,
    IntPrimaryKey,
    MysqlCopyAlgorithm,
    MysqlMultiDdl,
    SqliteTableRebuild,
    UnlockedTimeout,
    OutOfOrder,
    SameTimestamp,
    UnevenPrefix,
    Edited,
    MissingFile,
}

/// What is fixed about a rule.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RuleFacts {
    /// Which rule.
    pub rule: Rule,
    /// How it is spelled.
    pub id: &'static str,
    /// What it does where nothing else is configured.
    pub severity: Policy,
    /// It is silent about tables of so many rows or fewer.
    pub threshold: Option<u64>,
    /// What it fires on.
    pub about: &'static str,
}

const fn fact(rule: Rule, id: &'static str, severity: Policy, about: &'static str) -> RuleFacts {
    RuleFacts { rule, id, severity, threshold: None, about }
}

const fn above(rows: u64, facts: RuleFacts) -> RuleFacts {
    RuleFacts { threshold: Some(rows), ..facts }
}

use Policy::{Error as Refuse, Off, Warn};

/// All of them, in the order of the enum.
pub const FACTS: [RuleFacts; 34] = [
    fact(Rule::DropTable, "drop-table", Warn, "`drop table`"),
    fact(Rule::DropColumn, "drop-column", Warn, "`drop column`"),
    fact(Rule::RenameTable, "rename-table", Warn, "a table that gets another name"),
    fact(Rule::RenameColumn, "rename-column", Warn, "a column that gets another name"),
    fact(Rule::TruncateCascade, "truncate-cascade", Warn, "`truncate … cascade`"),
    above(
        10_000,
        fact(
            Rule::ColumnTypeRewrite,
            "column-type-rewrite",
            Warn,
            "a column type that makes the server write the table anew",
        ),
    ),
    fact(
        Rule::ColumnTypeNarrowing,
        "column-type-narrowing",
        Warn,
        "a column type that holds less than the one before",
    ),
    above(
        0,
        fact(
            Rule::AddNotNullNoDefault,
            "add-not-null-no-default",
            Refuse,
            "a new `not null` column without a default, on a table that has rows",
        ),
    ),
    above(
        10_000,
        fact(
            Rule::AddVolatileDefault,
            "add-volatile-default",
            Warn,
            "a new column whose value differs from row to row",
        ),
    ),
    above(
        100_000,
        fact(Rule::SetNotNullScan, "set-not-null-scan", Warn, "`set not null` that reads the whole table"),
    ),
    above(
        100_000,
        fact(Rule::CheckValidateScan, "check-validate-scan", Warn, "a check that reads the whole table"),
    ),
    above(
        100_000,
        fact(Rule::FkValidateScan, "fk-validate-scan", Warn, "a foreign key that reads the whole table"),
    ),
    above(100_000, fact(Rule::UniqueScan, "unique-scan", Warn, "a unique or primary key on a table in use")),
    above(
        100_000,
        fact(
            Rule::IndexNotConcurrent,
            "index-not-concurrent",
            Warn,
            "an index that is built while writes wait",
        ),
    ),
    above(
        100_000,
        fact(
            Rule::DropIndexNotConcurrent,
            "drop-index-not-concurrent",
            Warn,
            "an index that is dropped under a strong lock",
        ),
    ),
    fact(
        Rule::CicInTx,
        "cic-in-tx",
        Refuse,
        "what the database refuses in a transaction, in a migration that is one",
    ),
    fact(
        Rule::EnumAddValueInTx,
        "enum-add-value-in-tx",
        Refuse,
        "a value of an enum that is used in the transaction that added it",
    ),
    fact(Rule::TxControlInBody, "tx-control-in-body", Refuse, "`begin`, `commit`, … in a migration"),
    above(
        10_000,
        fact(
            Rule::MixedDdlDml,
            "mixed-ddl-dml",
            Warn,
            "a long write in the transaction that has locked another table or the same",
        ),
    ),
    above(
        50_000,
        fact(
            Rule::BackfillUnbatched,
            "backfill-unbatched",
            Warn,
            "`update` or `delete` without a range of keys",
        ),
    ),
    fact(Rule::NoDown, "no-down", Warn, "a migration without `down()`"),
    fact(Rule::DownIsNoop, "down-is-noop", Warn, "a `down()` that does nothing"),
    fact(Rule::MissingFkIndex, "missing-fk-index", Warn, "a foreign key without an index on its columns"),
    fact(
        Rule::IdentifierTooLong,
        "identifier-too-long",
        Refuse,
        "a new name that is longer than the database takes",
    ),
    fact(Rule::IntPrimaryKey, "int-primary-key", Off, "a new table with a key of 32 bits that counts up"),
    above(
        10_000,
        fact(
            Rule::MysqlCopyAlgorithm,
            "mysql-copy-algorithm",
            Warn,
            "`alter table` that copies the table while writes wait",
        ),
    ),
    fact(
        Rule::MysqlMultiDdl,
        "mysql-multi-ddl",
        Warn,
        "several changes of older tables in one file, each committed by itself",
    ),
    above(
        100_000,
        fact(Rule::SqliteTableRebuild, "sqlite-table-rebuild", Warn, "a table that is altered by a copy"),
    ),
    fact(
        Rule::UnlockedTimeout,
        "unlocked-timeout",
        Warn,
        "a migration that switches the limit of waiting for locks off",
    ),
    fact(Rule::OutOfOrder, "out-of-order", Warn, "a pending file that is older than one that is applied"),
    fact(Rule::SameTimestamp, "same-timestamp", Warn, "two files that carry one number"),
    fact(Rule::UnevenPrefix, "uneven-prefix", Warn, "numbers of different lengths in front of names"),
    fact(Rule::Edited, "edited", Warn, "a file that was edited after it was applied"),
    fact(Rule::MissingFile, "missing-file", Warn, "an applied migration whose file is gone"),
];

impl Rule {
    /// What is fixed about it.
    #[must_use]
    pub fn facts(self) -> &'static RuleFacts {
        &FACTS[self as usize]
    }

    /// The rule that is spelled so.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that is none, with the nearest that is.
    pub fn named(id: &str) -> Result<Self> {
        // The specification calls it by both names.
        let id = if id == "add-unique-scan" { "unique-scan" } else { id };
        let ids = || FACTS.iter().map(|facts| facts.id);
        FACTS.iter().find(|facts| facts.id == id).map(|facts| facts.rule).ok_or_else(|| {
            let advice = nearest(ids(), id).map_or_else(
                || format!("the rules are {}.", ids().collect::<Vec<_>>().join(", ")),
                |nearest| format!("did you mean \"{nearest}\"?"),
            );
            Error::invalid(format!("There is no lint rule \"{id}\": {advice}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_stand_in_the_order_of_the_enum_under_the_names_that_json_has() {
        for facts in &FACTS {
            assert_eq!(facts.rule.facts().id, facts.id);
            let json = serde_json::to_string(&facts.rule).expect("json");
            assert_eq!(json, format!("\"{}\"", facts.id));
            assert_eq!(Rule::named(facts.id).expect("known"), facts.rule);
        }
    }

    #[test]
    fn an_unknown_name_hears_the_nearest_one() {
        let message = |id| Rule::named(id).expect_err("unknown").message;
        assert_eq!(
            message("drop-colum"),
            "There is no lint rule \"drop-colum\": did you mean \"drop-column\"?"
        );
        assert!(message("x").contains("the rules are drop-table, drop-column"));
        assert_eq!(Rule::named("add-unique-scan").expect("known"), Rule::UniqueScan);
    }
}
