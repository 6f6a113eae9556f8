//! What the SQLite driver's tests need: rows as values, a temporary folder, an executor.

#![allow(dead_code)] // not every test target uses all of it

use std::cell::Cell;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;
use guruorm::config::{
    BigIntMode, ConnectionConfig, DriverName, Endpoint, PoolConfig, SqliteConfig, SslConfig,
};
use guruorm::driver::sqlite::SqliteDriver;
use guruorm::driver::{
    Chunk, ChunkReceiver, ColumnKind, Connection, Driver, DriverStatement, Outcome, RowSink, Shape,
};
use guruorm::error::Result;
use guruorm::value::temporal::Zone;
use guruorm::value::{Bindings, BindingsBuilder, ValueRef};

pub use crate::executor::block_on;

/// A cell as JavaScript's decoder sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Integer(i32),
    Double(f64),
    Boolean(bool),
    Text(String),
    Bytes(Vec<u8>),
    Json(serde_json::Value),
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Takes chunks and decodes them.
#[derive(Debug, Default)]
pub struct Rows {
    pub columns: Vec<(String, ColumnKind)>,
    pub shapes: usize,
    pub rows: Vec<Vec<Value>>,
    pub chunks: Vec<usize>,
    /// After each chunk the reader is busy for so long.
    pub pause: Option<Duration>,
    /// Rows are counted, not kept.
    pub only_count: bool,
    pub count: usize,
}

impl ChunkReceiver for Rows {
    fn shape(&mut self, shape: Rc<Shape>) {
        self.shapes += 1;
        self.columns = shape.columns.iter().map(|(name, kind)| (name.to_string(), *kind)).collect();
    }

    fn chunk(&mut self, chunk: Chunk) -> bool {
        self.chunks.push(chunk.rows);
        self.count += chunk.rows;
        if !self.only_count {
            self.decode(&chunk);
        }
        self.pause.is_some()
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        Box::pin(guruorm::runtime::sleep(self.pause.unwrap_or_default()))
    }
}

impl Rows {
    pub fn decode(&mut self, chunk: &Chunk) {
        let json: Vec<Vec<serde_json::Value>> =
            chunk.json.iter().map(|area| serde_json::from_slice(area).unwrap()).collect();
        assert_eq!(chunk.slots.len(), chunk.rows * self.columns.len());
        let (mut latin1, mut wide, mut bytes) = (0, 0, 0);
        for (row, slots) in chunk.slots.chunks(self.columns.len().max(1)).enumerate() {
            let mut cells = Vec::new();
            let mut json_column = 0;
            for (slot, (_, kind)) in slots.iter().zip(&self.columns) {
                let (high, low) = ((slot >> 32) as u32 as i32, (slot & 0xFFFF_FFFF) as u32);
                let end = low as usize;
                cells.push(match high {
                    -1 => {
                        let cell = chunk.latin1[latin1..end].iter().map(|byte| char::from(*byte)).collect();
                        latin1 = end;
                        Value::Text(cell)
                    }
                    -2 => Value::Integer(low as i32),
                    -3 => Value::Null,
                    -4 => {
                        let cell = String::from_utf16(&chunk.wide[wide..end]).unwrap();
                        wide = end;
                        Value::Text(cell)
                    }
                    -5 => {
                        let cell = chunk.bytes[bytes..end].to_vec();
                        bytes = end;
                        Value::Bytes(cell)
                    }
                    -6 => Value::Json(json[json_column][row].clone()),
                    -7 => Value::Boolean(low == 1),
                    _ => Value::Double(f64::from_bits(*slot)),
                });
                json_column += usize::from(*kind == ColumnKind::Json);
            }
            self.rows.push(cells);
        }
        assert!(json.iter().all(|column| column.len() == chunk.rows), "a JSON column is out of step");
    }
}

/// A folder that is removed with everything in it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let path = std::env::temp_dir().join(format!("guruorm-lite-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn config() -> ConnectionConfig {
    ConnectionConfig {
        name: "lite".to_owned(),
        driver: DriverName::Sqlite,
        write: Vec::new(),
        read: Vec::new(),
        sticky: false,
        ssl: SslConfig::default(),
        pool: PoolConfig::default(),
        sqlite: SqliteConfig::default(),
        search_path: Vec::new(),
        charset: String::new(),
        collation: None,
        timezone: Zone::Utc,
        prefix: String::new(),
        bigint: BigIntMode::Auto,
        dates_as_text: false,
        json_as_text: false,
        statement_timeout_ms: None,
        application_name: String::new(),
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

pub fn driver(config: ConnectionConfig, path: &str, writable: bool) -> SqliteDriver {
    let endpoint = Endpoint { database: path.to_owned(), ..Endpoint::default() };
    SqliteDriver::new(Rc::new(config), &endpoint, writable)
}

pub fn open(path: &str) -> Box<dyn Connection> {
    block_on(driver(config(), path, true).connect()).unwrap()
}

pub fn statement(sql: &str, placeholders: usize) -> DriverStatement {
    DriverStatement { sql: sql.into(), order: None, placeholders, is_cached: true, rows: None }
}

pub fn bindings(values: &[ValueRef<'_>]) -> Bindings {
    values.iter().fold(BindingsBuilder::new(), |all, value| all.push(*value)).build().unwrap()
}

/// Runs one statement; the rows as they were announced and sent.
pub async fn fetch(
    connection: &mut dyn Connection,
    sql: &str,
    values: &[ValueRef<'_>],
    rows: &mut Rows,
) -> Result<Outcome> {
    let statement = statement(sql, values.len());
    let bindings = bindings(values);
    connection.execute(&statement, &bindings, &mut RowSink::new(rows)).await
}

pub fn try_run(
    connection: &mut dyn Connection,
    sql: &str,
    values: &[ValueRef<'_>],
) -> Result<(Outcome, Rows)> {
    let mut rows = Rows::default();
    let outcome = block_on(fetch(connection, sql, values, &mut rows))?;
    Ok((outcome, rows))
}

pub fn run(connection: &mut dyn Connection, sql: &str, values: &[ValueRef<'_>]) -> Outcome {
    try_run(connection, sql, values).unwrap().0
}

pub fn rows(connection: &mut dyn Connection, sql: &str) -> Vec<Vec<Value>> {
    try_run(connection, sql, &[]).unwrap().1.rows
}

pub fn cell(connection: &mut dyn Connection, sql: &str) -> Value {
    rows(connection, sql).remove(0).remove(0)
}

/// Runs a future beside a timer on the same thread. Its answer, how long it took, and the longest
/// time for which the timer had to wait.
pub async fn beside_timer<T>(future: impl Future<Output = T>) -> (T, Duration, Duration) {
    let is_over = Cell::new(false);
    let started = Instant::now();
    let work = async {
        let value = future.await;
        is_over.set(true);
        (value, started.elapsed())
    };
    let timer = async {
        let mut longest = Duration::ZERO;
        let mut last = started;
        loop {
            longest = longest.max(last.elapsed());
            if is_over.get() {
                return longest;
            }
            last = Instant::now();
            guruorm::runtime::sleep(Duration::from_millis(1)).await;
        }
    };
    let ((value, time), longest) = futures_util::future::join(work, timer).await;
    (value, time, longest)
}

pub async fn connect(driver: &SqliteDriver) -> Box<dyn Connection> {
    driver.connect().await.unwrap()
}
