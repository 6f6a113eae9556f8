//! The MySQL driver against real servers: MariaDB at `GURUORM_TEST_MARIADB_URL` (default
//! `mysql://root@127.0.0.1:3306/test`), MySQL at `GURUORM_TEST_MYSQL_URL` where that is set.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::float_cmp, clippy::too_many_lines)] // exact values, and tables of cases
#![allow(clippy::struct_field_names)] // rows of `Rows`

#[path = "support/executor.rs"]
mod executor;
#[path = "support/mysql_rows.rs"]
mod rows;
#[path = "support/scripted_server.rs"]
mod scripted;
#[path = "support/mysql_server.rs"]
mod server;

#[path = "driver_mysql/begun_together.rs"]
mod begun_together;
#[path = "driver_mysql/binding.rs"]
mod binding;
#[path = "driver_mysql/connecting.rs"]
mod connecting;
#[path = "driver_mysql/encryption.rs"]
mod encryption;
#[path = "driver_mysql/errors.rs"]
mod errors;
#[path = "driver_mysql/interoperability.rs"]
mod interoperability;
#[path = "driver_mysql/interruption.rs"]
mod interruption;
#[path = "driver_mysql/scripted_answers.rs"]
mod scripted_answers;
#[path = "driver_mysql/scripted_lies.rs"]
mod scripted_lies;
#[path = "driver_mysql/scripted_log_ins.rs"]
mod scripted_log_ins;
#[path = "driver_mysql/statements.rs"]
mod statements;
#[path = "driver_mysql/transactions.rs"]
mod transactions;
#[path = "driver_mysql/types.rs"]
mod types;
