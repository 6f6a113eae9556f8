/** The questions to `src/migrate/backup`, typed. */
import type { Database } from '../../schema/database'
import type { MigrationConnection, Statement } from '../migration-connection'
import type { BackedUpColumn, RestoreMode, TableName } from './backup'

/** What a statement takes from a table: see `src/migrate/backup/destruction.rs`. Only the engine reads the rest. */
export interface Destruction {
  table: TableName
  loss: { kind: 'rows'; cascades: boolean } | { kind: 'columns' | 'copied' | 'namespace' }
}

/** A table as the catalogue describes it. */
export interface Catalogued {
  table: TableName
  columns: BackedUpColumn[]
}

export interface TableQuestions {
  columns: Statement
  referrers: Statement | null
  transactional: boolean
}

/** The statements of a backup: see `src/migrate/backup/plan.rs`. */
export interface BackupPlan {
  name: TableName
  lost: string[]
  columns: BackedUpColumn[]
  key: string[]
  lock: string | null
  count: string
  create: string
  verify: string
  size: Statement | null
  drop: string
  lines: string | null
  before: string[]
  after: string[]
}

/** The statements that bring one back: see `src/migrate/backup/restore.rs`. */
export interface RestorePlan {
  before: string[]
  load: { create: string; insert: string; drop: string } | null
  filled: string | null
  count: string
  statements: string[]
  sequences: string[]
  after: string[]
}

/** What statements destroy. Synchronous: a statement is looked at on its way. */
export function destroyed(connection: MigrationConnection, sql: string): Destruction[] {
  return ask(connection, { destroyed: sql })
}

export function tableQuestions(connection: MigrationConnection, table: TableName): TableQuestions {
  return ask(connection, { questions: table })
}

/** Null: nothing is lost. */
export function backupPlan(
  connection: MigrationConnection,
  request: {
    loss: object
    table: Catalogued
    stamp: string
    target: 'table' | 'file'
    maxRows: number | null
  },
): BackupPlan | null {
  return ask<{ plan: BackupPlan | null }>(connection, { plan: request }).plan
}

/** Throws when the backup does not hold what is asked for, or the table has no place for it. */
export function restorePlan(
  connection: MigrationConnection,
  request: {
    source: TableName | null
    lost: string[]
    columns: BackedUpColumn[]
    key: string[]
    mode: RestoreMode
    table: Catalogued
    stamp: string
  },
): RestorePlan {
  return ask(connection, { restore: request })
}

/** Ids of the backups that are no longer kept. */
export function prunable(
  connection: MigrationConnection,
  request: { backups: { id: string; table: string; at: number }[]; keep: number; days: number; now: number },
): string[] {
  return ask(connection, { prune: request })
}

/** What depends on a table, or on a column of it. */
export function dependents(
  connection: MigrationConnection,
  request: { database: Database; table: string; column: string | null },
): string[] {
  return ask(connection, { dependents: request })
}

/** What drops exactly this table. */
export function dropStatement(connection: MigrationConnection, table: TableName): string {
  return ask(connection, { drop: table })
}

/** What counts the rows of a table, or those with a value in a column, as `number`. */
export function countStatement(connection: MigrationConnection, table: TableName, column: string | null): string {
  return ask(connection, { count: { table, column } })
}

/** Those of these tables that hold backups. */
export function backupNames(connection: MigrationConnection, names: string[]): string[] {
  return ask(connection, { names })
}

function ask<Answer>(connection: MigrationConnection, question: object): Answer {
  return connection.nativeNow({ do: 'migrate.backup', driver: connection.getDriverName(), ask: question }) as Answer
}
