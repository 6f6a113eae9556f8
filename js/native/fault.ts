/** Failures as the engine sends them, and the classes they become. */

import type { ErrorDetails, GuruORMError } from '../errors'
import * as errors from '../errors'

/** A failure as data: the JSON of `src/error.rs`'s `Error`. */
export interface FaultData {
  code: string
  message: string
  nativeCode?: string
  driverCode?: string
  sql?: string
  constraint?: string
  table?: string
  column?: string
  serverDetail?: string
  hint?: string
  position?: number
}

/** A failure that came instead of an answer. It is a value: whoever awaited it throws. */
export class Fault {
  readonly data: FaultData

  constructor(data: FaultData) {
    this.data = data
  }

  /** Reads what the engine sent. */
  static parse(json: string): Fault {
    return new Fault(JSON.parse(json) as FaultData)
  }
}

/** The failure that an error stands for. */
export function faultOf({ code, message, sql, nativeCode }: GuruORMError): Fault {
  return new Fault({
    code,
    message,
    ...(sql !== undefined && { sql }),
    ...(nativeCode !== undefined && { nativeCode }),
  })
}

/** What the caller knows about a failed request. */
export interface FaultContext {
  connectionName?: string
  driver?: string
  sql?: string
  bindings?: readonly unknown[]
  cause?: unknown
}

type ErrorClass = new (message: string, details: ErrorDetails) => GuruORMError

/** The class of every code of `src/error.rs`. A test compares the two lists. */
export const CLASS_OF_CODE: Readonly<Record<string, ErrorClass>> = {
  QUERY: errors.QueryException,
  SYNTAX: errors.QueryException,
  UNIQUE_VIOLATION: errors.UniqueConstraintViolationException,
  FOREIGN_KEY_VIOLATION: errors.ForeignKeyConstraintViolationException,
  NOT_NULL_VIOLATION: errors.NotNullConstraintViolationException,
  CHECK_VIOLATION: errors.CheckConstraintViolationException,
  DEADLOCK: errors.DeadlockException,
  SERIALIZATION_FAILURE: errors.DeadlockException,
  LOCK_TIMEOUT: errors.DeadlockException,
  STORAGE_FULL: errors.QueryException,
  CONNECTION: errors.ConnectionException,
  LOST_CONNECTION: errors.LostConnectionException,
  POOL_TIMEOUT: errors.PoolTimeoutException,
  QUERY_TIMEOUT: errors.QueryTimeoutException,
  ABORTED: errors.QueryAbortedException,
  CLOSED: errors.ConnectionException,
  TRANSACTION_ROLLED_BACK: errors.TransactionRolledBackException,
  TRANSACTION_CLOSED: errors.TransactionClosedException,
  COMMIT_UNKNOWN: errors.CommitUnknownException,
  UNSUPPORTED: errors.UnsupportedException,
  INVALID_ARGUMENT: errors.InvalidArgumentException,
  CONFIG: errors.InvalidArgumentException,
  MIGRATION: errors.MigrationException,
  INTERNAL: errors.GuruORMError,
}

/** Longest piece of SQL in a message. The whole text is in `error.sql`. */
const SQL_IN_MESSAGE = 500

/**
 * The error that a fault stands for. Create it in the function that the user called, after its
 * `await`: the stack then shows the user's line.
 */
export function toError(fault: Fault, context: FaultContext = {}): GuruORMError {
  const { data } = fault
  const ErrorOfCode = CLASS_OF_CODE[data.code] ?? errors.GuruORMError
  const sql = data.sql ?? context.sql
  return new ErrorOfCode(data.message + suffix(context, sql), {
    code: data.code,
    sql,
    bindings: context.bindings,
    connectionName: context.connectionName,
    driver: context.driver,
    nativeCode: data.nativeCode,
    constraint: data.constraint,
    table: data.table,
    column: data.column,
    originalError: data.driverCode === undefined ? undefined : new DriverError(data, context.driver),
    cause: context.cause,
  })
}

function suffix(context: FaultContext, sql: string | undefined): string {
  const facts: string[] = []
  if (context.connectionName !== undefined) facts.push(`Connection: ${context.connectionName}`)
  if (context.driver !== undefined) facts.push(`Driver: ${context.driver}`)
  if (sql !== undefined && sql !== '')
    facts.push(`SQL: ${sql.length > SQL_IN_MESSAGE ? `${sql.slice(0, SQL_IN_MESSAGE)}…` : sql}`)
  return facts.length > 0 ? ` (${facts.join(', ')})` : ''
}

/**
 * A server's error with the fields that the JavaScript drivers give it, so that
 * `error.originalError.code === '23505'` works as with `pg`, `'ER_DUP_ENTRY'` as with `mysql2`,
 * `'SQLITE_CONSTRAINT_UNIQUE'` as with `better-sqlite3`.
 */
export class DriverError extends Error {
  readonly code: string | undefined
  /** MySQL: the error's number. SQLite: the extended result code. */
  declare readonly errno?: number
  /** PostgreSQL: SQLSTATE. */
  declare readonly sqlState?: string
  declare readonly constraint?: string
  declare readonly table?: string
  declare readonly column?: string
  declare readonly hint?: string
  /** Where in the statement, counted in characters from 1. */
  declare readonly position?: number
  /** What the server adds. Not enumerable: it may repeat values. */
  declare readonly detail?: string

  constructor(data: FaultData, driver?: string) {
    super(data.message)
    this.name = 'DriverError'
    this.code = data.driverCode
    const { nativeCode, constraint, table, column, hint, position } = data
    if (driver === 'pgsql') Object.assign(this, nativeCode !== undefined && { sqlState: nativeCode })
    else if (nativeCode !== undefined && /^\d+$/.test(nativeCode)) Object.assign(this, { errno: Number(nativeCode) })
    const known = Object.entries({ constraint, table, column, hint, position }).filter(
      ([, value]) => value !== undefined,
    )
    Object.assign(this, Object.fromEntries(known))
    if (data.serverDetail !== undefined) Object.defineProperty(this, 'detail', { value: data.serverDetail })
  }
}
