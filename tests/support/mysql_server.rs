//! A database of its own for each test, on the servers that the environment names.

use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;

use futures_util::FutureExt as _;

use guruorm::config::{
    BigIntMode, ConnectionConfig, DriverName, Endpoint, PoolConfig, SqliteConfig, SslConfig,
};
use guruorm::driver::mysql::{MySqlConnection, MySqlDriver};
use guruorm::driver::{Connection, DriverStatement, Outcome, RowSink};
use guruorm::error::Result;
use guruorm::value::temporal::Zone;
use guruorm::value::{Bindings, BindingsBuilder, ValueRef};

use super::executor::block_on;
use super::rows::Rows;

/// One server with an empty database.
pub struct Server {
    pub endpoint: Endpoint,
}

impl Server {
    pub fn config(&self) -> ConnectionConfig {
        ConnectionConfig {
            name: "test".into(),
            driver: DriverName::MySql,
            write: vec![self.endpoint.clone()],
            read: Vec::new(),
            sticky: false,
            ssl: SslConfig::default(),
            pool: PoolConfig::default(),
            sqlite: SqliteConfig::default(),
            search_path: Vec::new(),
            charset: "utf8mb4".into(),
            collation: None,
            timezone: Zone::Utc,
            prefix: String::new(),
            bigint: BigIntMode::Auto,
            dates_as_text: false,
            json_as_text: false,
            statement_timeout_ms: None,
            application_name: "guruorm".into(),
            pgbouncer: false,
            strict: true,
            engine: None,
            nullable_by_default: false,
            table_charset: None,
            prefix_indexes: true,
            use_native_json: false,
            use_native_jsonb: false,
            use_upsert_alias: false,
        }
    }

    pub fn driver(&self, config: ConnectionConfig) -> MySqlDriver {
        MySqlDriver::new(Rc::new(config), self.endpoint.clone())
    }

    pub async fn connect(&self) -> Session {
        self.connect_with(|_| {}).await
    }

    pub async fn connect_with(&self, change: impl FnOnce(&mut ConnectionConfig)) -> Session {
        let mut config = self.config();
        change(&mut config);
        Session(self.driver(config).open().await.expect("a connection"))
    }
}

/// A connection with short ways to run statements.
pub struct Session(pub MySqlConnection);

impl Session {
    pub async fn try_run(&mut self, sql: &str, values: &[ValueRef<'_>]) -> Result<(Rows, Outcome)> {
        let mut rows = Rows::default();
        let outcome = self.run_into(statement(sql, values.len()), values, &mut rows).await?;
        Ok((rows, outcome))
    }

    pub async fn run_into(
        &mut self,
        statement: DriverStatement,
        values: &[ValueRef<'_>],
        rows: &mut Rows,
    ) -> Result<Outcome> {
        let bindings = bindings(values);
        let mut sink = RowSink::new(rows);
        self.0.execute(&statement, &bindings, &mut sink).await
    }

    pub async fn run(&mut self, sql: &str, values: &[ValueRef<'_>]) -> Rows {
        match self.try_run(sql, values).await {
            Ok((rows, _)) => rows,
            Err(error) => panic!("{sql}: {error:?}"),
        }
    }

    pub async fn script(&mut self, sql: &str) -> Outcome {
        self.0.execute_script(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }
}

pub fn statement(sql: &str, placeholders: usize) -> DriverStatement {
    DriverStatement { sql: sql.into(), order: None, placeholders, is_cached: true, rows: None }
}

pub fn bindings(values: &[ValueRef<'_>]) -> Bindings {
    values.iter().fold(BindingsBuilder::new(), |all, value| all.push(*value)).build().expect("bindings")
}

/// Runs a test on each server, in a database of its own. A server that cannot be reached is named
/// and passed over, unless `CI` is set.
pub fn on_each_server<F: Future<Output = ()>>(test: &str, body: impl Fn(Server) -> F) {
    let servers = [("MariaDB", "GURUORM_TEST_MARIADB_URL"), ("MySQL", "GURUORM_TEST_MYSQL_URL")];
    for (name, variable) in servers {
        let given = std::env::var(variable).ok();
        let fallback = (name == "MariaDB").then(|| "mysql://root@127.0.0.1:3306/test".to_owned());
        let Some(url) = given.or(fallback) else { continue };
        block_on(async {
            let base = endpoint(&url);
            let root = Server { endpoint: base.clone() };
            let mut admin = match root.driver(root.config()).open().await {
                Ok(connection) => Session(connection),
                Err(error) if std::env::var_os("CI").is_none() => {
                    println!("{test}: skipped, {name} is out of reach ({error})");
                    return;
                }
                Err(error) => panic!("{name}: {error}"),
            };
            let database = format!("gu_my_{test}_{}", std::process::id());
            admin
                .script(&format!(
                    "drop database if exists {database}; create database {database} character set utf8mb4"
                ))
                .await;
            let server = Server { endpoint: Endpoint { database: database.clone(), ..base } };
            let ran = AssertUnwindSafe(body(server)).catch_unwind().await;
            admin.script(&format!("drop database {database}")).await;
            if let Err(surprise) = ran {
                resume_unwind(surprise);
            }
        });
    }
}

pub fn endpoint(url: &str) -> Endpoint {
    let url = url::Url::parse(url).expect("a URL");
    Endpoint {
        host: url.host_str().unwrap_or("127.0.0.1").to_owned(),
        port: url.port().unwrap_or(3306),
        socket: None,
        username: url.username().to_owned(),
        password: url.password().map(ToOwned::to_owned),
        database: url.path().trim_start_matches('/').to_owned(),
    }
}
