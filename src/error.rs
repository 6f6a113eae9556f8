//! Failures: [`Error`], its closed list of [`ErrorCode`]s, and [`Result`].
//!
//! An error is data until JavaScript throws it: `bridge/` sends it as JSON, `js/native/fault.ts`
//! creates the class that the code names. A message never holds a bound value or a password.

use std::fmt;

use serde::Serialize;

/// The answer, or an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, as programs branch on it. Stable: renaming one is a breaking change.
///
/// Each becomes one JavaScript class; `js/errors.ts` holds the other half of this list and a test
/// compares the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// The server refused a statement for a reason that has no code of its own. `QueryException`.
    Query,
    /// The server could not parse a statement. `QueryException`.
    Syntax,
    /// A row with this key exists already. `UniqueConstraintViolationException`.
    UniqueViolation,
    /// A row that others refer to, or a reference to no row. `ForeignKeyConstraintViolationException`.
    ForeignKeyViolation,
    /// A value is missing. `NotNullConstraintViolationException`.
    NotNullViolation,
    /// A check constraint said no. `CheckConstraintViolationException`.
    CheckViolation,
    /// Two transactions waited for each other and this one was chosen to end. `DeadlockException`.
    Deadlock,
    /// Serializable isolation could not be kept; the transaction may be tried again. `DeadlockException`.
    SerializationFailure,
    /// Another connection holds the lock, or SQLite's file is busy. `DeadlockException`.
    LockTimeout,
    /// A disk, a quota or a table has no space left. `QueryException`.
    StorageFull,
    /// The server could not be reached, or refused the log-in. `ConnectionException`.
    Connection,
    /// The connection ended while a statement ran. `LostConnectionException`.
    LostConnection,
    /// No connection became free in time. `PoolTimeoutException`.
    PoolTimeout,
    /// The statement's time limit passed; the server was told to stop. `QueryTimeoutException`.
    QueryTimeout,
    /// An `AbortSignal` ended the statement. `QueryAbortedException`.
    Aborted,
    /// The connection was closed by the program. `ConnectionException`.
    Closed,
    /// The server rolled the transaction back instead of committing. `TransactionRolledBackException`.
    TransactionRolledBack,
    /// A statement used a transaction that has ended. `TransactionClosedException`.
    TransactionClosed,
    /// The connection was lost while COMMIT was on its way. `CommitUnknownException`.
    CommitUnknown,
    /// This database has no such thing. `UnsupportedException`.
    Unsupported,
    /// The caller gave something that cannot work. `InvalidArgumentException`.
    InvalidArgument,
    /// The connection's configuration cannot work. `InvalidArgumentException`.
    Config,
    /// A migration could not run. `MigrationException`.
    Migration,
    /// A defect of guruorm itself; please report it. `GuruORMError`.
    Internal,
}

impl ErrorCode {
    /// Whether the same work may succeed when tried again from the start.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::Deadlock | Self::SerializationFailure | Self::LockTimeout)
    }

    /// Whether the connection that reported it cannot be used any more.
    #[must_use]
    pub fn ends_connection(self) -> bool {
        matches!(self, Self::LostConnection | Self::CommitUnknown | Self::Connection | Self::Internal)
    }
}

/// A failure with everything the server said about it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Error {
    /// The kind.
    pub code: ErrorCode,
    /// What was wrong, in one or two sentences, without values.
    pub message: String,
    /// What else is known. Boxed, so that a `Result` stays small.
    #[serde(flatten)]
    pub detail: Box<ErrorDetail>,
}

/// What a server says about a failure, each part only where it does.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDetail {
    /// SQLSTATE on PostgreSQL, the error number elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_code: Option<String>,
    /// The code as JavaScript drivers spell it: `23505`, `ER_DUP_ENTRY`, `SQLITE_CONSTRAINT_UNIQUE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver_code: Option<String>,
    /// The statement that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// The violated constraint or index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
    /// The table it happened in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The column it happened in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The server's own explanation. May repeat values, so it is never part of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_detail: Option<String>,
    /// The server's own advice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where in the statement, counted in characters from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
}

impl Error {
    /// An error of this kind.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: Box::default() }
    }

    /// A clause or command that `database` lacks.
    #[must_use]
    pub fn unsupported(what: impl fmt::Display, database: impl fmt::Display) -> Self {
        Self::new(ErrorCode::Unsupported, format!("{database} has no {what}"))
    }

    /// An argument that cannot work.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidArgument, message)
    }

    /// A defect of our own.
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }

    /// The same error, naming the statement that failed.
    #[must_use]
    pub fn with_sql(mut self, sql: &str) -> Self {
        self.detail.sql.get_or_insert_with(|| sql.to_owned());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
