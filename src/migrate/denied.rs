//! [`denied`]: why the tables that a run needs cannot be made.

use serde::Deserialize;

use crate::config::DriverName;

/// What the server said when a table was to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeniedRequest {
    /// SQLSTATE or error number.
    pub native_code: Option<String>,
    /// The table.
    pub table: String,
    /// The schema or database it would be in.
    pub namespace: Option<String>,
    /// Who is logged in.
    pub user: Option<String>,
}

/// The sentence for a user who may not, or a server that only reads; none for any other failure.
#[must_use]
pub fn denied(driver: DriverName, request: &DeniedRequest) -> Option<String> {
    let code = request.native_code.as_deref()?;
    let is_read_only = match driver {
        DriverName::Postgres => code == "25006",
        DriverName::MySql | DriverName::MariaDb => matches!(code, "1290" | "1792" | "1836"),
        DriverName::Sqlite => code.parse::<u32>().is_ok_and(|code| code & 0xFF == 8),
        DriverName::SqlServer => code == "3906",
    };
    if is_read_only {
        return Some(format!(
            "this server or session is read-only ({code}), so the table \"{}\" cannot be made. Nothing was run.",
            request.table
        ));
    }
    let place = match driver {
        DriverName::Postgres if code == "42501" => "CREATE on schema",
        DriverName::MySql | DriverName::MariaDb if matches!(code, "1142" | "1044") => "CREATE on database",
        DriverName::SqlServer if code == "262" => "CREATE TABLE in database",
        _ => return None,
    };
    let user = request.user.as_deref().unwrap_or("");
    let namespace = request.namespace.as_deref().unwrap_or("");
    Some(format!(
        "permission denied to create table \"{}\" ({code}). User \"{user}\" needs {place} \"{namespace}\".",
        request.table
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(driver: DriverName, code: &str) -> Option<String> {
        let request = DeniedRequest {
            native_code: Some(code.into()),
            table: "migrations".into(),
            namespace: Some("public".into()),
            user: Some("ro".into()),
        };
        denied(driver, &request)
    }

    #[test]
    fn a_user_who_may_not_and_a_server_that_only_reads_are_told_apart() {
        assert_eq!(
            said(DriverName::Postgres, "42501").as_deref(),
            Some(
                "permission denied to create table \"migrations\" (42501). User \"ro\" needs CREATE on schema \"public\"."
            )
        );
        for (driver, code) in
            [(DriverName::Postgres, "25006"), (DriverName::MySql, "1290"), (DriverName::Sqlite, "776")]
        {
            assert!(
                said(driver, code)
                    .is_some_and(|text| text.starts_with("this server or session is read-only")),
                "{code}"
            );
        }
        assert_eq!(said(DriverName::Postgres, "42P07"), None);
        assert_eq!(said(DriverName::Sqlite, "1"), None);
    }
}
