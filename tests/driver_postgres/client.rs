//! A connection to the real server, for tests.
#![allow(dead_code)] // each test program uses a part

use std::rc::Rc;

use guruorm::config::{ConnectionConfig, DriverName, Endpoint, PoolConfig, SqliteConfig, SslConfig};
use guruorm::driver::postgres::PostgresDriver;
use guruorm::driver::{Connection, Driver, DriverStatement, Outcome, RowSink};
use guruorm::error::{Error, Result};
use guruorm::value::{Bindings, BindingsBuilder, ValueRef};

use crate::rows::{Cell, Rows};

pub fn config() -> ConnectionConfig {
    ConnectionConfig {
        name: "test".into(),
        driver: DriverName::Postgres,
        write: Vec::new(),
        read: Vec::new(),
        sticky: false,
        ssl: SslConfig::default(),
        pool: PoolConfig::default(),
        sqlite: SqliteConfig::default(),
        search_path: Vec::new(),
        charset: String::new(),
        collation: None,
        timezone: guruorm::value::temporal::Zone::Utc,
        prefix: String::new(),
        bigint: guruorm::config::BigIntMode::Auto,
        dates_as_text: false,
        json_as_text: false,
        statement_timeout_ms: None,
        application_name: "guruorm-test".into(),
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

/// The server of `GURUORM_TEST_POSTGRES_URL`, or the one on this machine.
pub fn endpoint() -> Endpoint {
    let address = std::env::var("GURUORM_TEST_POSTGRES_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".into());
    let url = url::Url::parse(&address).expect("GURUORM_TEST_POSTGRES_URL is a URL");
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    Endpoint {
        host: url.host_str().unwrap_or("127.0.0.1").into(),
        port: url.port().unwrap_or(5432),
        socket: None,
        username: decoded(url.username()),
        password: url.password().map(decoded),
        database: decoded(url.path().trim_start_matches('/')),
    }
}

/// Runs a test on the real server. Without one it is left out, except where `CI` is set.
pub fn on_server(test: impl AsyncFnOnce(Client) -> Result<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    let ran = runtime.block_on(async {
        match Client::connect(config()).await {
            Ok(client) => test(client).await,
            Err(error) if std::env::var_os("CI").is_none() => {
                eprintln!("left out: {}: {error}", std::thread::current().name().unwrap_or_default());
                Ok(())
            }
            Err(error) => Err(error),
        }
    });
    ran.unwrap_or_else(|error| panic!("{error:#?}"));
}

pub struct Client {
    pub connection: Box<dyn Connection>,
}

impl Client {
    pub async fn connect(config: ConnectionConfig) -> Result<Self> {
        Self::connect_to(config, endpoint()).await
    }

    pub async fn connect_to(config: ConnectionConfig, endpoint: Endpoint) -> Result<Self> {
        let connection = PostgresDriver::new(Rc::new(config), endpoint).connect().await?;
        Ok(Self { connection })
    }

    /// Runs a statement that is kept prepared.
    pub async fn run(&mut self, sql: &str, values: &[ValueRef<'_>]) -> Result<(Rows, Outcome)> {
        let statement = DriverStatement {
            sql: sql.into(),
            order: None,
            placeholders: values.len(),
            is_cached: true,
            rows: None,
        };
        self.run_statement(&statement, values).await
    }

    pub async fn run_statement(
        &mut self,
        statement: &DriverStatement,
        values: &[ValueRef<'_>],
    ) -> Result<(Rows, Outcome)> {
        let mut rows = Rows::new();
        let outcome = {
            let mut sink = RowSink::new(&mut rows);
            self.connection.execute(statement, &bindings(values)?, &mut sink).await?
        };
        Ok((rows, outcome))
    }

    pub async fn rows(&mut self, sql: &str, values: &[ValueRef<'_>]) -> Result<Rows> {
        Ok(self.run(sql, values).await?.0)
    }

    /// The only cell of the answer.
    pub async fn cell(&mut self, sql: &str, values: &[ValueRef<'_>]) -> Result<Cell> {
        Ok(self.rows(sql, values).await?.cell().clone())
    }

    pub async fn text(&mut self, sql: &str, values: &[ValueRef<'_>]) -> Result<String> {
        match self.cell(sql, values).await? {
            Cell::Text(text) | Cell::Json(text) => Ok(text),
            other => panic!("{other:?} is not text"),
        }
    }

    pub async fn number(&mut self, sql: &str) -> Result<f64> {
        match self.cell(sql, &[]).await? {
            Cell::Number(number) => Ok(number),
            other => panic!("{other:?} is not a number"),
        }
    }

    /// The error that a statement must end with.
    pub async fn error(&mut self, sql: &str, values: &[ValueRef<'_>]) -> Error {
        match self.run(sql, values).await {
            Ok(answer) => panic!("{sql} did not fail: {answer:?}"),
            Err(error) => error,
        }
    }

    pub async fn script(&mut self, sql: &str) -> Result<Outcome> {
        self.connection.execute_script(sql).await
    }
}

pub fn bindings(values: &[ValueRef<'_>]) -> Result<Bindings> {
    values.iter().fold(BindingsBuilder::new(), |all, value| all.push(*value)).build()
}
