//! The names that JavaScript drivers give to error numbers, as in mysql2's `err.code`.

/// Sorted by number. MySQL's own names; MariaDB's where the number is only MariaDB's
/// (<https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>,
/// <https://mariadb.com/kb/en/mariadb-error-code-reference/>).
const NAMES: &[(u16, &str)] = &[
    (1005, "ER_CANT_CREATE_TABLE"),
    (1007, "ER_DB_CREATE_EXISTS"),
    (1008, "ER_DB_DROP_EXISTS"),
    (1020, "ER_CHECKREAD"),
    (1022, "ER_DUP_KEY"),
    (1040, "ER_CON_COUNT_ERROR"),
    (1044, "ER_DBACCESS_DENIED_ERROR"),
    (1045, "ER_ACCESS_DENIED_ERROR"),
    (1046, "ER_NO_DB_ERROR"),
    (1048, "ER_BAD_NULL_ERROR"),
    (1049, "ER_BAD_DB_ERROR"),
    (1050, "ER_TABLE_EXISTS_ERROR"),
    (1051, "ER_BAD_TABLE_ERROR"),
    (1052, "ER_NON_UNIQ_ERROR"),
    (1053, "ER_SERVER_SHUTDOWN"),
    (1054, "ER_BAD_FIELD_ERROR"),
    (1055, "ER_WRONG_FIELD_WITH_GROUP"),
    (1059, "ER_TOO_LONG_IDENT"),
    (1060, "ER_DUP_FIELDNAME"),
    (1061, "ER_DUP_KEYNAME"),
    (1062, "ER_DUP_ENTRY"),
    (1064, "ER_PARSE_ERROR"),
    (1065, "ER_EMPTY_QUERY"),
    (1067, "ER_INVALID_DEFAULT"),
    (1068, "ER_MULTIPLE_PRI_KEY"),
    (1071, "ER_TOO_LONG_KEY"),
    (1072, "ER_KEY_COLUMN_DOES_NOT_EXITS"),
    (1074, "ER_TOO_BIG_FIELDLENGTH"),
    (1075, "ER_WRONG_AUTO_KEY"),
    (1080, "ER_FORCING_CLOSE"),
    (1091, "ER_CANT_DROP_FIELD_OR_KEY"),
    (1093, "ER_UPDATE_TABLE_USED"),
    (1094, "ER_NO_SUCH_THREAD"),
    (1101, "ER_BLOB_CANT_HAVE_DEFAULT"),
    (1111, "ER_INVALID_GROUP_FUNC_USE"),
    (1113, "ER_TABLE_MUST_HAVE_COLUMNS"),
    (1115, "ER_UNKNOWN_CHARACTER_SET"),
    (1118, "ER_TOO_BIG_ROWSIZE"),
    (1130, "ER_HOST_NOT_PRIVILEGED"),
    (1136, "ER_WRONG_VALUE_COUNT_ON_ROW"),
    (1140, "ER_MIX_OF_GROUP_FUNC_AND_FIELDS"),
    (1142, "ER_TABLEACCESS_DENIED_ERROR"),
    (1143, "ER_COLUMNACCESS_DENIED_ERROR"),
    (1146, "ER_NO_SUCH_TABLE"),
    (1148, "ER_NOT_ALLOWED_COMMAND"),
    (1149, "ER_SYNTAX_ERROR"),
    (1152, "ER_ABORTING_CONNECTION"),
    (1153, "ER_NET_PACKET_TOO_LARGE"),
    (1158, "ER_NET_READ_ERROR"),
    (1159, "ER_NET_READ_INTERRUPTED"),
    (1160, "ER_NET_ERROR_ON_WRITE"),
    (1161, "ER_NET_WRITE_INTERRUPTED"),
    (1169, "ER_DUP_UNIQUE"),
    (1203, "ER_TOO_MANY_USER_CONNECTIONS"),
    (1205, "ER_LOCK_WAIT_TIMEOUT"),
    (1206, "ER_LOCK_TABLE_FULL"),
    (1213, "ER_LOCK_DEADLOCK"),
    (1215, "ER_CANNOT_ADD_FOREIGN"),
    (1216, "ER_NO_REFERENCED_ROW"),
    (1217, "ER_ROW_IS_REFERENCED"),
    (1222, "ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT"),
    (1226, "ER_USER_LIMIT_REACHED"),
    (1227, "ER_SPECIFIC_ACCESS_DENIED_ERROR"),
    (1231, "ER_WRONG_VALUE_FOR_VAR"),
    (1242, "ER_SUBQUERY_NO_1_ROW"),
    (1263, "ER_WARN_NULL_TO_NOTNULL"),
    (1264, "ER_WARN_DATA_OUT_OF_RANGE"),
    (1265, "WARN_DATA_TRUNCATED"),
    (1267, "ER_CANT_AGGREGATE_2COLLATIONS"),
    (1273, "ER_UNKNOWN_COLLATION"),
    (1290, "ER_OPTION_PREVENTS_STATEMENT"),
    (1292, "ER_TRUNCATED_WRONG_VALUE"),
    (1295, "ER_UNSUPPORTED_PS"),
    (1298, "ER_UNKNOWN_TIME_ZONE"),
    (1300, "ER_INVALID_CHARACTER_STRING"),
    (1305, "ER_SP_DOES_NOT_EXIST"),
    (1317, "ER_QUERY_INTERRUPTED"),
    (1364, "ER_NO_DEFAULT_FOR_FIELD"),
    (1365, "ER_DIVISION_BY_ZERO"),
    (1366, "ER_TRUNCATED_WRONG_VALUE_FOR_FIELD"),
    (1367, "ER_ILLEGAL_VALUE_FOR_TYPE"),
    (1390, "ER_PS_MANY_PARAM"),
    (1396, "ER_CANNOT_USER"),
    (1406, "ER_DATA_TOO_LONG"),
    (1411, "ER_WRONG_VALUE_FOR_TYPE"),
    (1451, "ER_ROW_IS_REFERENCED_2"),
    (1452, "ER_NO_REFERENCED_ROW_2"),
    (1461, "ER_MAX_PREPARED_STMT_COUNT_REACHED"),
    (1525, "ER_WRONG_VALUE"),
    (1526, "ER_NO_PARTITION_FOR_GIVEN_VALUE"),
    (1553, "ER_DROP_INDEX_FK"),
    (1586, "ER_DUP_ENTRY_WITH_KEY_NAME"),
    (1614, "ER_XA_RBDEADLOCK"),
    (1615, "ER_NEED_REPREPARE"),
    (1644, "ER_SIGNAL_EXCEPTION"),
    (1689, "ER_LOCK_ABORTED"),
    (1690, "ER_DATA_OUT_OF_RANGE"),
    (1701, "ER_TRUNCATE_ILLEGAL_FK"),
    (1792, "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION"),
    (1836, "ER_READ_ONLY_MODE"),
    (1859, "ER_DUP_UNKNOWN_IN_INDEX"),
    (1918, "ER_BAD_DATA"),
    (1927, "ER_CONNECTION_KILLED"),
    (1969, "ER_STATEMENT_TIMEOUT"),
    (2002, "CR_CONNECTION_ERROR"),
    (2006, "CR_SERVER_GONE_ERROR"),
    (2013, "CR_SERVER_LOST"),
    (3024, "ER_QUERY_TIMEOUT"),
    (3140, "ER_INVALID_JSON_TEXT"),
    (3141, "ER_INVALID_JSON_TEXT_IN_PARAM"),
    (3156, "ER_INVALID_JSON_VALUE_FOR_CAST"),
    (3572, "ER_LOCK_NOWAIT"),
    (3730, "ER_FK_CANNOT_DROP_PARENT"),
    (3819, "ER_CHECK_CONSTRAINT_VIOLATED"),
    (3948, "ER_CLIENT_LOCAL_FILES_DISABLED"),
    (4025, "ER_CONSTRAINT_FAILED"),
    (4031, "ER_CLIENT_INTERACTION_TIMEOUT"),
];

/// The name of an error number; `ER_<number>` for one without.
#[must_use]
pub fn name_of(number: u16) -> String {
    NAMES
        .binary_search_by_key(&number, |(known, _)| *known)
        .map_or_else(|_| format!("ER_{number}"), |place| NAMES[place].1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_so_that_every_one_is_found() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(NAMES.iter().all(|(number, name)| name_of(*number) == *name));
    }

    #[test]
    fn a_number_without_a_name_keeps_its_number() {
        assert_eq!(name_of(1), "ER_1");
    }
}
