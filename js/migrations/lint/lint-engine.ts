/** The questions to `src/migrate/lint`, typed. Rules, SQL and sentences are made there. */
import type { AppliedRow, MigrationFile, Policy } from '../engine'
import type { MigrationConnection, Statement } from '../migration-connection'
import type { LintState } from './lint-state'

/** What each rule does, by its name: `docs/migrations-lint.md` lists them. */
export interface LintOptions {
  /** `{ 'drop-column': 'error' }` */
  rules?: Record<string, Policy>
  /** What nothing is said about: `['rename-table', 'drop-column:users']`. */
  ignore?: string[]
}

/** The same, checked; made and read by the engine alone. */
export interface LintSettings {
  /** Whether a rule that is on asks what the catalogue says of tables. */
  needsCatalogue: boolean
}

/** What a rule has to say. */
export interface LintFinding {
  rule: string
  severity: 'warn' | 'error'
  /** The table that it is about. */
  table: string | null
  /** How many rows it has, about; null where that is not known. */
  rows: number | null
  /** What happens, and what waits for it. */
  message: string
  /** What does the same without that: SQL, or what to do. */
  rewrite: string | null
  /** All of it in a line. */
  text: string
}

/** What a migration's file has to say, or all of them together. */
export interface FileFinding extends LintFinding {
  migration: string | null
}

/** What the catalogue says of a table, as the engine asked for it. */
export type TableFacts = Record<string, unknown> & { name: string; index_names?: string | null }

/** What the engine has to know to look at SQL by the rules, besides the SQL. */
export interface LintQuestion {
  values?: readonly string[]
  number: number
  isAssured?: boolean
  /** The migration is over. */
  ends?: boolean
  settings: LintSettings
  tables: readonly TableFacts[]
  /** Whether a table that is not among them is not there. */
  isComplete: boolean
  state: LintState
}

export interface LintRequest extends LintQuestion {
  sql: string
  withinTransaction: boolean
}

export interface LintAnswer {
  findings: LintFinding[]
  state: LintState
  doubts: string[]
}

/** @throws InvalidArgumentException for a rule that there is not, naming the nearest that is. */
export function settleLint(connection: MigrationConnection, options: LintOptions): LintSettings {
  return connection.nativeNow({ do: 'migrate.lintSettings', options }) as LintSettings
}

/** Synchronous: a statement is looked at on its way. */
export function lintStatement(connection: MigrationConnection, request: LintRequest): LintAnswer {
  return connection.nativeNow({ do: 'migrate.lint', driver: connection.getDriverName(), ...request }) as LintAnswer
}

export function lintFiles(
  connection: MigrationConnection,
  request: {
    settings: LintSettings
    files: MigrationFile[]
    applied: AppliedRow[]
    migrations: { name: string; path: string; down: string | null }[]
  },
): Promise<FileFinding[]> {
  const command = { do: 'migrate.lintFiles', driver: connection.getDriverName(), ...request }
  return connection.native(command) as Promise<FileFinding[]>
}

/** What the catalogue says of all tables: one question, on SQLite one more for every few hundred of them. */
export async function tableFacts(connection: MigrationConnection): Promise<TableFacts[]> {
  const { read, writesStatements } = (await connection.native({
    do: 'migrate.lintCatalogue',
    driver: connection.getDriverName(),
  })) as { read: Statement; writesStatements: boolean }
  const rows = await connection.select(read.sql, read.bindings)
  if (!writesStatements) return rows as TableFacts[]
  const facts: TableFacts[] = []
  for (const { statement } of rows) facts.push(...((await connection.select(String(statement))) as TableFacts[]))
  return facts
}
