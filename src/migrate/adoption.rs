//! [`Shape`]: the tables that other programs remember migrations in, as they make them.

use super::journal::JournalKind;

/// Columns that a shape may have besides its own: those that are added to it.
const OURS: [&str; 4] = ["id", "batch", "executed_at", "checksum"];

/// The table of one program.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Who makes it.
    pub(super) made_by: &'static str,
    /// The column of the name.
    pub(super) name: &'static str,
    /// The column of the time at which it ran; ours where the program keeps none.
    pub(super) executed_at: &'static str,
    /// A column of milliseconds since 1970 that must not be null.
    pub(super) milliseconds: Option<&'static str>,
    /// Columns by which it is known.
    required: &'static [&'static str],
    /// Whether it may have columns that nobody knows.
    is_open: bool,
    /// Whether names are those of classes.
    pub(super) names_classes: bool,
}

const CLOSED: Shape = Shape {
    made_by: "",
    name: "name",
    executed_at: "executed_at",
    milliseconds: None,
    required: &[],
    is_open: false,
    names_classes: false,
};

/// Ours comes first: it is the only one that is also made.
const MIGRATIONS: [Shape; 6] = [
    Shape {
        made_by: "guruorm 2 or Laravel",
        name: "migration",
        required: &["id", "migration", "batch"],
        is_open: true,
        ..CLOSED
    },
    Shape {
        made_by: "TypeORM",
        milliseconds: Some("timestamp"),
        required: &["id", "timestamp", "name"],
        names_classes: true,
        ..CLOSED
    },
    Shape {
        made_by: "Knex",
        executed_at: "migration_time",
        required: &["id", "name", "batch", "migration_time"],
        ..CLOSED
    },
    Shape {
        made_by: "Linkgress",
        name: "filename",
        executed_at: "applied_at",
        required: &["filename", "applied_at"],
        ..CLOSED
    },
    Shape {
        made_by: "Linkgress",
        executed_at: "applied_at",
        required: &["name", "batch", "applied_at"],
        ..CLOSED
    },
    Shape { made_by: "db-core", required: &["name", "executed_at"], ..CLOSED },
];

const SEEDERS: [Shape; 1] = [Shape {
    made_by: "guruorm 2 or Laravel",
    name: "seeder",
    required: &["id", "seeder"],
    is_open: true,
    ..CLOSED
}];

impl Shape {
    /// The shape of the table that is made where there is none.
    pub(super) const fn ours(kind: JournalKind) -> &'static Self {
        match kind {
            JournalKind::Migrations => &MIGRATIONS[0],
            JournalKind::Seeders => &SEEDERS[0],
        }
    }

    /// The shape of a table with these columns; none when no program that is known makes such a table.
    pub(super) fn of(kind: JournalKind, columns: &[String]) -> Option<&'static Self> {
        let shapes: &'static [Self] = match kind {
            JournalKind::Migrations => &MIGRATIONS,
            JournalKind::Seeders => &SEEDERS,
        };
        shapes.iter().find(|shape| shape.fits(columns))
    }

    fn fits(&self, columns: &[String]) -> bool {
        let is_in = |list: &[&str], column: &str| list.iter().any(|known| known.eq_ignore_ascii_case(column));
        let has = |required: &&str| columns.iter().any(|column| column.eq_ignore_ascii_case(required));
        self.required.iter().all(has)
            && (self.is_open
                || columns.iter().all(|column| is_in(self.required, column) || is_in(&OURS, column)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_by(columns: &[&str]) -> Option<&'static str> {
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        Shape::of(JournalKind::Migrations, &columns).map(|shape| shape.made_by)
    }

    #[test]
    fn a_table_is_known_before_and_after_our_columns_were_added() {
        for (program, columns) in [
            ("guruorm 2 or Laravel", &["id", "migration", "batch"][..]),
            ("TypeORM", &["id", "timestamp", "name"]),
            ("Knex", &["id", "name", "batch", "migration_time"]),
            ("Linkgress", &["id", "filename", "applied_at"]),
            ("Linkgress", &["filename", "applied_at"]),
            ("Linkgress", &["id", "name", "batch", "applied_at"]),
            ("db-core", &["name", "executed_at"]),
        ] {
            assert_eq!(made_by(columns), Some(program), "{columns:?}");
            let completed: Vec<&str> = columns.iter().copied().chain(OURS).collect();
            assert_eq!(made_by(&completed), Some(program), "{columns:?}");
        }
    }

    #[test]
    fn tables_of_something_else_are_not_known() {
        for columns in [
            &["id", "name"][..],
            &["id", "name", "timestamp", "species"],
            &["name", "executed_at", "wings"],
            &["id", "migration", "ran"],
            &["migration", "batch", "ran"],
        ] {
            assert_eq!(made_by(columns), None, "{columns:?}");
        }
    }
}
