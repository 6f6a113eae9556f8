/** The questions to `src/migrate`, typed. They decide order and SQL text and touch no database. */

import type { MigrationConnection, Statement } from './migration-connection'

/** A file on disk, by its name without extension. */
export interface MigrationFile {
  name: string
  path: string
}

/** A row of the migrations table. */
export interface AppliedRow {
  id: number
  migration: string
  batch: number
}

export type Operation =
  | { migrate: { step?: boolean } }
  | { rollback: { batches: number } }
  | { reset: Record<string, never> }
  | { refresh: { batches?: number } }

/** One migration to run, up or down. */
export interface Step {
  name: string
  path: string
  direction: 'up' | 'down'
  batch: number
  /** Down only: the row to delete. */
  id?: number
}

export interface Plan {
  steps: Step[]
  warnings: string[]
}

export interface StatusLine {
  name: string
  state: 'applied' | 'pending' | 'missing'
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
  /** First statements of each migration's transaction. */
  transactionStart: Statement[]
  /** The same for a session whose transactions end at every schema change. */
  sessionStart: Statement[]
  /** How foreign keys are switched off around a transaction, where a migration may need that. */
  foreignKeys: ForeignKeySwitch | null
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

export interface Layout {
  exists: boolean
  prepare: string[]
  adopted: string | null
  list: string
  record: string
  forget: string
}

export interface LockStatements {
  session: Statement[]
  attempt: Statement
  release: Statement
  holder: Statement
}

export type LockPlan = ({ by: 'session' } & LockStatements) | { by: 'file'; path: string } | { by: 'none' }

/** Orders what has to run. Rejects when it cannot: two files of one name, a file that is gone. */
export function plan(
  connection: MigrationConnection,
  request: { operation: Operation; files: MigrationFile[]; applied: AppliedRow[]; paths: string[] },
): Promise<Plan> {
  return ask(connection, { do: 'migrate.plan', ...request })
}

export function status(
  connection: MigrationConnection,
  request: { files: MigrationFile[]; applied: AppliedRow[] },
): Promise<StatusLine[]> {
  return ask(connection, { do: 'migrate.status', ...request })
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
  newest: string
  finish: string
  unfinished: string
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
  /** Why it is not to be sent. */
  refusal: string | null
}

/** Synchronous: a statement is looked at on its way. */
export function inspectStatement(
  connection: MigrationConnection,
  request: { sql: string; number: number; withinTransaction: boolean },
): Inspected {
  return connection.nativeNow({ do: 'migrate.inspect', driver: connection.getDriverName(), ...request }) as Inspected
}

/** Ends the session with this number. */
export function killStatement(connection: MigrationConnection, session: number): Promise<Statement> {
  return ask(connection, { do: 'migrate.kill', driver: connection.getDriverName(), session })
}

async function ask<Answer>(connection: MigrationConnection, command: object): Promise<Answer> {
  return (await connection.native(command)) as Answer
}
