/** The questions to `src/migrate`, typed. They decide order and SQL text and touch no database. */

import type { LintAnswer, LintQuestion } from './lint/lint-engine'
import type { MigrationConnection, Statement } from './migration-connection'

/** A file on disk. */
export interface MigrationFile {
  /** Its identity: its own `name`, else the name of the file without extension. */
  name: string
  path: string
  /** The other half of a pair of SQL files. */
  downPath?: string
  /** The fingerprint of its source, where it was asked for. */
  checksum?: string
  /** The name of the file without extension, where its identity is another. It orders the file. */
  stem?: string
}

/** A row of the migrations table. */
export interface AppliedRow {
  id: number
  migration: string
  batch: number
  checksum?: string | null
}

/** Which of the pending migrations run; at most one of `to` and `only`. */
export interface Forward {
  step?: boolean
  to?: string
  only?: string
  limit?: number
}

/** Which of the applied migrations are rolled back; at most one choice. */
export interface Backward {
  batches?: number
  migrations?: number
  batch?: number
  to?: string
  skipMissing?: boolean
}

export type Operation =
  | { migrate: Forward }
  | { rollback: Backward }
  | { reset: Record<string, never> }
  | { refresh: { batches?: number } }
  | { redo: Record<string, never> }
  | { down: { name: string } }

/** What a doubt does to a run: it is not looked for, it is said, or it refuses the run. */
export type Policy = 'off' | 'warn' | 'error'

export interface Policies {
  /** Files that were edited after they were applied. */
  checksums?: Policy
  /** Pending files that are older than one that is applied. */
  outOfOrder?: Policy
}

/** One migration to run, up or down. */
export interface Step {
  name: string
  path: string
  direction: 'up' | 'down'
  batch: number
  /** Up only: the fingerprint to record. */
  checksum?: string
  /** Down only: the row to delete. */
  id?: number
}

export interface Plan {
  steps: Step[]
  warnings: string[]
  /** What refuses the run by the policies. */
  refusals?: string[]
}

export interface StatusLine {
  name: string
  state: 'applied' | 'pending' | 'edited' | 'missing'
  batch: number | null
  id: number | null
  file: string | null
}

export type JournalKind = 'migrations' | 'seeders'

export interface JournalQuestions {
  namespace: Statement
  columns: Statement
  /** Whether a transaction covers schema changes on this database. */
  transactionalDdl: boolean
  /** The first statement of each migration's transaction. */
  transactionStart: Statement | null
  /** The same around the statement that records the migration, which is then the first one. */
  recording: Around | null
  /** The same for a session whose transactions end at every schema change. */
  sessionStart: Statement[]
  /** Whether a statement that fails takes the transaction around it along, unless it is in a savepoint. */
  failureEndsTransaction: boolean
  /** How foreign keys are switched off around a transaction, where a migration may need that. */
  foreignKeys: ForeignKeySwitch | null
  /** Checks what otherwise waits for the commit. */
  deferredChecks: string | null
  /** Only where no transaction covers schema changes. */
  stepTransaction: StepTransaction | null
}

/** What stands around another statement. Its bindings come after those of that statement. */
export interface Around {
  before: string
  after: Statement
}

/** Keeps together what lies between two schema changes. */
export interface StepTransaction {
  begin: string
  commit: string
  rollback: string
}

export interface ForeignKeySwitch {
  /** The native code of the error that asks for it. */
  code: string
  read: string
  off: string
  on: string
  /** Answers how many rows refer to nothing: `name`, `parent`, `number`. */
  violations: string
}

export type RecordValue = 'name' | 'batch' | 'time' | 'checksum' | 'milliseconds'

export interface Layout {
  exists: boolean
  prepare: string[]
  adopted: string | null
  /** Whether migrations are recorded under the names of their classes. */
  namesClasses: boolean
  list: string
  record: string
  /** What the placeholders of `record` take. */
  recordValues: RecordValue[]
  rechecksum: string | null
  forget: string
}

export interface LockStatements {
  session: Statement[]
  attempt: Statement
  release: Statement
  holder: Statement
  /** The same lock for one transaction, where a pooler may give each one another session. */
  transaction: TransactionLockStatements | null
}

export interface TransactionLockStatements {
  backend: Statement
  attempt: Statement
  wait: Statement
}

export type LockPlan = ({ by: 'session' } & LockStatements) | { by: 'file'; path: string } | { by: 'none' }

/** Orders what has to run. Rejects when it cannot: two files of one name, a file that is gone. */
export function plan(
  connection: MigrationConnection,
  request: {
    operation: Operation
    files: MigrationFile[]
    applied: AppliedRow[]
    paths: string[]
    policies?: Policies
  },
): Promise<Plan> {
  return ask(connection, { do: 'migrate.plan', ...request })
}

export function status(
  connection: MigrationConnection,
  request: { files: MigrationFile[]; applied: AppliedRow[]; policies?: Policies },
): Promise<StatusLine[]> {
  return ask(connection, { do: 'migrate.status', ...request })
}

/** Something that does not fit between files and records. */
export interface Problem {
  name: string
  problem: 'edited' | 'missing' | 'outOfOrder'
  message: string
}

export function validate(
  connection: MigrationConnection,
  request: { files: MigrationFile[]; applied: AppliedRow[] },
): Promise<Problem[]> {
  return ask(connection, { do: 'migrate.validate', ...request })
}

/** A change of what is recorded that runs nothing. */
export type RecordOperation =
  | { applied: { name?: string } }
  | { pending: { name?: string } }
  | { baseline: { to?: string } }
  | { checksums: Record<string, never> }
  | { forget: { name: string } }

export interface RecordChanges {
  record: { name: string; batch: number; checksum: string | null }[]
  forget: { id: number; name: string }[]
  rechecksum: { id: number; name: string; checksum: string | null }[]
}

export function recordChanges(
  connection: MigrationConnection,
  request: { change: RecordOperation; files: MigrationFile[]; applied: AppliedRow[]; paths: string[] },
): Promise<RecordChanges> {
  return ask(connection, { do: 'migrate.records', ...request })
}

/** Fingerprints of sources, in their order. */
export function checksums(
  connection: MigrationConnection,
  sources: { path: string; text: string }[],
): Promise<string[]> {
  return ask(connection, { do: 'migrate.checksums', driver: connection.getDriverName(), sources })
}

/** One statement of a text. */
export interface SqlStatement {
  sql: string
  /** The line in which it begins, from 1. */
  line: number
  kind: 'select' | 'write' | 'ddl' | 'transactionControl' | 'session' | 'other'
  /** Its name, when the database refuses it inside of a transaction. */
  outside: string | null
  verb: string
}

/** The statements of a text, as this connection's database cuts it. */
export function sqlText(connection: MigrationConnection, sql: string): Promise<SqlStatement[]> {
  return ask(connection, { do: 'migrate.sqlText', driver: connection.getDriverName(), sql })
}

export interface SqlFile {
  statements: SqlStatement[]
  withinTransaction: boolean
  /** Whether `begin` and `commit` around everything were left out. */
  isUnwrapped: boolean
}

/** One half of a migration in SQL. Rejects for what cannot run in the transaction around it. */
export function sqlFile(connection: MigrationConnection, sql: string): Promise<SqlFile> {
  return ask(connection, { do: 'migrate.sqlFile', driver: connection.getDriverName(), sql })
}

/** Longest wait for a lock and longest time of a statement of a migration, in milliseconds; 0: no limit. */
export interface StatementLimits {
  lock: number
  statement: number
}

export function journalQuestions(
  connection: MigrationConnection,
  kind: JournalKind,
  table: string,
  limits?: StatementLimits,
): Promise<JournalQuestions> {
  return ask(connection, { do: 'migrate.journal', driver: connection.getDriverName(), kind, table, limits })
}

export function journalLayout(
  connection: MigrationConnection,
  kind: JournalKind,
  table: string,
  columns: string[],
): Promise<Layout> {
  return ask(connection, { do: 'migrate.layout', driver: connection.getDriverName(), kind, table, columns })
}

export function lockPlan(
  connection: MigrationConnection,
  request: { namespace: string | null; table: string; owner: string },
): Promise<LockPlan> {
  return ask(connection, { do: 'migrate.lock', driver: connection.getDriverName(), ...request })
}

export function lockFile(
  connection: MigrationConnection,
  path: string,
  owner: string,
): Promise<{ acquired: boolean; holder?: string }> {
  return ask(connection, { do: 'migrate.lockFile', path, owner })
}

export function unlockFile(connection: MigrationConnection, path: string): Promise<unknown> {
  return ask(connection, { do: 'migrate.unlockFile', path })
}

/** The statements of a table of attempts. */
export interface LogStatements {
  columns: Statement
  create: string
  start: string
  /** Whether `start` answers the `id` of the new row. */
  startAnswersId: boolean
  finish: string
  /** `finish` of one attempt and `start` of another; answers the `id`. Null where a statement does only one thing. */
  handOver: string | null
  /** Whether the first binding of `handOver` is the name of the one that ends. */
  handOverNames: boolean
  /** Takes back an attempt that has not begun. Binding: id. */
  withdraw: string
  /** Bindings: metadata, id. */
  progress: string
  /** Answers `metadata`. Binding: id. */
  remembered: string
  failedLast: string
  unfinished: string
  /** Both. */
  unsettled: string
  list: string
  prune: string
}

export function logStatements(
  connection: MigrationConnection,
  request: { table: string; columns?: string[]; limit?: number; failed?: boolean },
): Promise<LogStatements> {
  return ask(connection, { do: 'migrate.log', driver: connection.getDriverName(), ...request })
}

/** What the engine says of SQL that a migration is about to send. */
export interface Inspected {
  statements: number
  /** Whether none of them is made to change what the session may do, and where it looks names up. */
  keepsSession: boolean
  /** Why it is not to be sent. */
  refusal: string | null
  /** What the rules say of what may be sent, where they were asked. */
  lint?: LintAnswer
}

/** Synchronous: a statement is looked at on its way. */
export function inspectStatement(
  connection: MigrationConnection,
  request: { sql: string; number: number; withinTransaction: boolean; lint?: LintQuestion | undefined },
): Inspected {
  return connection.nativeNow({ do: 'migrate.inspect', driver: connection.getDriverName(), ...request }) as Inspected
}

/** How another connection sees what a session does; null where the database does not tell. */
export function progressQuestions(connection: MigrationConnection): Promise<{ session: string; look: string } | null> {
  return ask(connection, { do: 'migrate.progress', driver: connection.getDriverName() })
}

/** Why a table that a run needs cannot be made; null where the server's own words say it best. */
export function denied(
  connection: MigrationConnection,
  request: { nativeCode: string | null; table: string; namespace: string | null; user: string | null },
): Promise<string | null> {
  return ask(connection, { do: 'migrate.denied', driver: connection.getDriverName(), ...request })
}

/** Ends the session with this number. */
export function killStatement(connection: MigrationConnection, session: number): Promise<Statement> {
  return ask(connection, { do: 'migrate.kill', driver: connection.getDriverName(), session })
}

async function ask<Answer>(connection: MigrationConnection, command: object): Promise<Answer> {
  // Nothing of it waits for anything: the answer is there sooner than a promise of it.
  return connection.nativeNow(command) as Answer
}
