/**
 * Everything that guruorm throws.
 *
 * `code` is ours and stable; programs branch on it or on the class. A message never holds a bound
 * value or a password.
 */

/** What is known about a failure besides its message. */
export interface ErrorDetails {
  /** The kind of failure, stable: `UNIQUE_VIOLATION`. */
  code?: string
  /** The statement that failed. */
  sql?: string
  /** Its values. Not enumerable on the error: they may be secrets. */
  bindings?: readonly unknown[]
  connectionName?: string
  /** `pgsql`, `mysql`, `mariadb`, `sqlite`, `sqlserver`. */
  driver?: string
  /** SQLSTATE on PostgreSQL, the error number elsewhere. */
  nativeCode?: string
  /** The violated constraint or index. */
  constraint?: string
  table?: string
  column?: string
  /** The error as the server gave it. */
  originalError?: unknown
  cause?: unknown
}

const ENUMERABLE = ['code', 'sql', 'connectionName', 'driver', 'nativeCode', 'constraint', 'table', 'column'] as const
const HIDDEN = ['bindings', 'originalError', 'cause'] as const

/** The base of all errors of this package. */
export class GuruORMError extends Error implements ErrorDetails {
  declare code: string
  declare sql?: string
  declare bindings?: readonly unknown[]
  declare connectionName?: string
  declare driver?: string
  declare nativeCode?: string
  declare constraint?: string
  declare table?: string
  declare column?: string
  declare originalError?: unknown

  constructor(message: string, details: ErrorDetails = {}) {
    super(message)
    this.code = 'INTERNAL'
    for (const name of ENUMERABLE) if (details[name] !== undefined) this[name] = details[name]
    for (const name of HIDDEN) {
      if (details[name] === undefined) continue
      Object.defineProperty(this, name, { value: details[name], writable: true, configurable: true, enumerable: false })
    }
  }

  /** Everything but the values, for logs. */
  toJSON(): Record<string, unknown> {
    const json: Record<string, unknown> = { name: this.name, message: this.message }
    for (const name of ENUMERABLE) if (this[name] !== undefined) json[name] = this[name]
    return json
  }

  /** Several lines for people, without the values. */
  format(): string {
    const lines = [`${this.name}: ${this.message}`]
    for (const name of ENUMERABLE) if (this[name] !== undefined) lines.push(`  ${name}: ${this[name]}`)
    return lines.join('\n')
  }
}

/** A statement failed. Its subclasses say how, where the server does. */
export class QueryException extends GuruORMError {}

/** A row with this key exists already. */
export class UniqueConstraintViolationException extends QueryException {}

/** A row that others refer to, or a reference to no row. */
export class ForeignKeyConstraintViolationException extends QueryException {}

/** A value is missing. */
export class NotNullConstraintViolationException extends QueryException {}

/** A check constraint said no. */
export class CheckConstraintViolationException extends QueryException {}

/** The transaction lost to another one (deadlock, serialization failure, lock timeout) and may be tried again. */
export class DeadlockException extends QueryException {}

/** The statement's time limit passed; the server was told to stop. */
export class QueryTimeoutException extends QueryException {}

/** An `AbortSignal` ended the statement. `cause` is the signal's reason. */
export class QueryAbortedException extends QueryException {}

/** The server could not be reached or refused the log-in, or the connection was closed. */
export class ConnectionException extends QueryException {}

/** The connection ended while a statement ran. */
export class LostConnectionException extends ConnectionException {}

/** No connection became free in time. */
export class PoolTimeoutException extends ConnectionException {}

/** The server rolled the transaction back instead of committing it. */
export class TransactionRolledBackException extends GuruORMError {}

/** A statement used a transaction that has ended. */
export class TransactionClosedException extends GuruORMError {}

/** The connection was lost while COMMIT was on its way: the work may be done or not. */
export class CommitUnknownException extends GuruORMError {
  /** Nobody knows whether the server committed. */
  readonly outcome = 'unknown'
}

/** This database has no such thing. */
export class UnsupportedException extends GuruORMError {}

/** The caller gave something that cannot work. */
export class InvalidArgumentException extends GuruORMError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'INVALID_ARGUMENT', ...details })
  }
}

/** A migration could not run. */
export class MigrationException extends GuruORMError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: 'MIGRATION', ...details })
  }
}

/** No row is there that the caller said must be. */
export class RecordNotFoundException extends GuruORMError {
  constructor(message = 'No record found for the given query.', details: ErrorDetails = {}) {
    super(message, { code: 'RECORD_NOT_FOUND', ...details })
  }
}

/** No row is there for a model that the caller said must be. */
export class ModelNotFoundException extends RecordNotFoundException {
  /** The model's name, or the table's. */
  readonly model: string
  /** The keys that were looked for. */
  readonly ids: readonly unknown[]

  constructor(model: string, ids: unknown = []) {
    const list = Array.isArray(ids) ? ids : [ids]
    const shown = list.length > 0 ? ` [${list.map(String).join(', ')}] not found.` : '.'
    super(`No query results for model [${model}]${shown}`, { code: 'MODEL_NOT_FOUND' })
    this.model = model
    this.ids = list
  }
}

/** Attributes were assigned in bulk that the model does not take so. */
export class MassAssignmentException extends GuruORMError {
  constructor(message: string) {
    super(message, { code: 'MASS_ASSIGNMENT' })
  }
}

/** An attribute was read that its model does not have, where that is prevented. */
export class MissingAttributeException extends GuruORMError {
  readonly model: string
  readonly attribute: string

  constructor(model: string, attribute: string) {
    super(`The attribute [${attribute}] either does not exist or was not retrieved for model [${model}].`, {
      code: 'MISSING_ATTRIBUTE',
    })
    this.model = model
    this.attribute = attribute
  }
}

/** Something cannot be encrypted or decrypted: there is no key, or another one, or the text was changed. */
export class EncryptionException extends GuruORMError {
  constructor(message: string) {
    super(message, { code: 'ENCRYPTION' })
  }
}

/** A model has no such relation. */
export class RelationNotFoundException extends GuruORMError {
  readonly model: string
  readonly relation: string

  constructor(model: string, relation: string) {
    super(`Call to undefined relationship [${relation}] on model [${model}].`, { code: 'RELATION_NOT_FOUND' })
    this.model = model
    this.relation = relation
  }
}

/** A relation was loaded by itself where that is prevented: load it with the models. */
export class LazyLoadingViolationException extends GuruORMError {
  readonly model: string
  readonly relation: string

  constructor(model: string, relation: string) {
    super(`Attempted to lazy load [${relation}] on model [${model}] but lazy loading is disabled.`, {
      code: 'LAZY_LOADING_VIOLATION',
    })
    this.model = model
    this.relation = relation
  }
}

/** More than one row is there where the caller said there is one. */
export class MultipleRecordsFoundException extends GuruORMError {
  readonly count: number

  constructor(count: number) {
    super(`${count} records were found.`, { code: 'MULTIPLE_RECORDS_FOUND' })
    this.count = count
  }
}

// On the prototypes, so that the first line of `error.stack` already has the name.
for (const ErrorClass of [
  GuruORMError,
  QueryException,
  UniqueConstraintViolationException,
  ForeignKeyConstraintViolationException,
  NotNullConstraintViolationException,
  CheckConstraintViolationException,
  DeadlockException,
  QueryTimeoutException,
  QueryAbortedException,
  ConnectionException,
  LostConnectionException,
  PoolTimeoutException,
  TransactionRolledBackException,
  TransactionClosedException,
  CommitUnknownException,
  UnsupportedException,
  InvalidArgumentException,
  MigrationException,
  RecordNotFoundException,
  ModelNotFoundException,
  MassAssignmentException,
  MissingAttributeException,
  EncryptionException,
  RelationNotFoundException,
  LazyLoadingViolationException,
  MultipleRecordsFoundException,
]) {
  Object.defineProperty(ErrorClass.prototype, 'name', { value: ErrorClass.name, writable: true, configurable: true })
}
