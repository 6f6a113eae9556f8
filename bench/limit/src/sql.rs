//! The statements of `bench/operations.mjs`.

macro_rules! select_users {
    ($($rest:expr),*) => {
        concat!("select id, name, email, age, balance, active, meta, created_at from users", $($rest),*)
    };
}

/// How a database names the first value, the second, and those of a row of `inserts`.
macro_rules! statements {
    ($one:literal, $two:literal, $row:literal) => {
        pub const FIND_USER: &str = select_users!(" where id = ", $one);
        pub const HUNDRED_USERS_FROM: &str = select_users!(" where id > ", $one, " order by id limit 100");
        pub const INSERT_ONE: &str =
            concat!("insert into inserts (id, name, email, age) values (", $row, ")");
        pub const READ_COINS: &str = concat!("select coins from accounts where id = ", $one);
        pub const WRITE_COINS: &str =
            concat!("update accounts set coins = coins + ", $one, " where id = ", $two);
    };
}

pub mod dollars {
    statements!("$1", "$2", "$1, $2, $3, $4");

    /// One array a column: one statement for any number of rows.
    pub const INSERT_MANY: &str = "insert into inserts (id, name, email, age) \
        select * from unnest($1::bigint[], $2::text[], $3::text[], $4::int[])";
}

pub mod question_marks {
    statements!("?", "?", "?, ?, ?, ?");

    /// All rows in one statement.
    pub fn insert_many(rows: usize) -> String {
        format!("insert into inserts (id, name, email, age) values {}", vec!["(?, ?, ?, ?)"; rows].join(", "))
    }
}

pub const COMMENTS: &str = "select id, post_id, body from comments order by id";
pub const EMPTY_INSERTS: &str = "delete from inserts";

pub fn first_users(count: usize) -> String {
    format!("{} order by id limit {count}", select_users!())
}
