//! [`backup_name`]: the name of a table that holds a backup.

use sha2::{Digest, Sha256};

use crate::config::DriverName;

const INFIX: &str = "_backup_";

/// `20251130T120000123`.
const STAMP: usize = 18;

/// `<table>_backup_<stamp>`. A table's name that is too long for that is cut, and told apart by six digits of
/// its hash.
pub(super) fn backup_name(driver: DriverName, table: &str, stamp: &str) -> String {
    let room = longest(driver) - INFIX.len() - stamp.len();
    // PostgreSQL counts bytes, the others count characters.
    let measure = |text: &str| match driver {
        DriverName::Postgres => text.len(),
        _ => text.chars().count(),
    };
    if measure(table) <= room {
        return format!("{table}{INFIX}{stamp}");
    }
    let hash = Sha256::digest(table.as_bytes());
    let mut cut = String::new();
    for letter in table.chars() {
        cut.push(letter);
        if measure(&cut) > room - 7 {
            cut.pop();
            break;
        }
    }
    format!("{cut}_{:02x}{:02x}{:02x}{INFIX}{stamp}", hash[0], hash[1], hash[2])
}

/// Whether a table's name says that it holds a backup.
#[must_use]
pub fn is_backup(name: &str) -> bool {
    name.rfind(INFIX).is_some_and(|at| at > 0 && is_stamp(&name[at + INFIX.len()..]))
}

fn is_stamp(text: &str) -> bool {
    text.len() == STAMP
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 8 { byte.eq_ignore_ascii_case(&b'T') } else { byte.is_ascii_digit() })
}

/// Longest name of a table. SQLite has no limit; that of SQL Server is for people.
fn longest(driver: DriverName) -> usize {
    match driver {
        DriverName::Postgres => 63,
        DriverName::MySql | DriverName::MariaDb => 64,
        DriverName::Sqlite | DriverName::SqlServer => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_to_what_the_database_takes_and_stays_its_own() {
        let stamp = "20251130T120000123";
        assert_eq!(backup_name(DriverName::Postgres, "users", stamp), "users_backup_20251130T120000123");
        for driver in DriverName::ALL {
            let long = "é".repeat(200);
            let names = [backup_name(driver, &long, stamp), backup_name(driver, &format!("{long}x"), stamp)];
            assert_ne!(names[0], names[1]);
            let length =
                if driver == DriverName::Postgres { names[0].len() } else { names[0].chars().count() };
            assert!(length <= longest(driver) && length > longest(driver) - 3, "{length} on {driver:?}");
            assert!(is_backup(&names[0]));
        }
        assert!(!is_backup("users_backup_2025"));
        assert!(!is_backup("_backup_20251130T120000123"));
    }
}
