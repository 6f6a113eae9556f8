import { hostname } from 'node:os'
import { crypto } from '../support/crypto'
import type { Later } from '../support/later'
import { version } from '../support/version'
import { type LogStatements, logStatements } from './engine'
import type { MigrationConnection, Row, Statement } from './migration-connection'
import { sendStatement } from './sql-script'
import type { Steps } from './steps/step-record'

export type AttemptStatus = 'started' | 'success' | 'failed' | 'rolled_back'

/** What is remembered of an attempt besides its columns. */
export interface AttemptMetadata {
  direction: 'up' | 'down'
  batch: number
  /** The same for all migrations of one run. */
  run_id: string
  /** `tx`: one transaction. `steps`: every schema change commits. `none`: outside of transactions. */
  mode: 'tx' | 'steps' | 'none'
  host: string
  pid: number
  /** Of Node.js. */
  node: string
  /** Of guruorm. */
  version: string
  /** The fingerprint of the file. */
  checksum?: string
  /** The attempt that it goes on from. */
  resumed_from?: number
  /** Where it has steps, they are all there; else how many statements were done, and the last. */
  steps?: Pick<Steps, 'done' | 'last_sql'> & Partial<Steps>
  sqlstate?: string
  /** Backups that were made of what it destroyed. */
  backups?: { id: string; table: string; rows: number; file?: string }[]
  cancelled?: boolean
}

/** One attempt to run one migration, as it was logged. */
export interface Attempt {
  id: number
  name: string
  status: AttemptStatus
  startedAt: Date | null
  endedAt: Date | null
  /** Milliseconds. */
  duration: number | null
  error: string | null
  metadata: Partial<AttemptMetadata>
}

/** How an attempt ended. */
export interface AttemptEnd {
  status: AttemptStatus
  /** Milliseconds; null when nobody saw the end. */
  duration: number | null
  error: string | null
}

/** What an attempt is logged with when it begins. */
export type AboutAttempt = Pick<AttemptMetadata, 'direction' | 'batch' | 'mode' | 'checksum' | 'resumed_from' | 'steps'>

/** What inserting an attempt answers. */
interface Begun {
  rows: Row[]
  /** The key that the database made. */
  lastInsertId: number
}

/** An attempt that goes on. */
export interface RunningAttempt {
  id: number
  metadata: AttemptMetadata
}

/** The table of attempts, `migration_logs`: a row each, inserted before it begins and brought to its end with it. */
export class AttemptLog {
  readonly table: string
  /** Known once something is attempted. */
  private runId: string | undefined
  private place: Pick<AttemptMetadata, 'host' | 'pid' | 'node' | 'version'> | undefined
  private statements: LogStatements
  private isThere: boolean

  private constructor(table: string, statements: LogStatements, isThere: boolean) {
    this.table = table
    this.statements = statements
    this.isThere = isThere
  }

  /** Looks at the table without changing anything. Rejects when it exists and is something else. */
  static async open(connection: MigrationConnection, table: string): Promise<AttemptLog> {
    const { columns } = await logStatements(connection, { table })
    const found = await connection.select(columns.sql, columns.bindings)
    const names = found.map((column) => String(column.name))
    return new AttemptLog(table, await logStatements(connection, { table, columns: names }), names.length > 0)
  }

  get exists(): boolean {
    return this.isThere
  }

  /** Creates the table where there is none. */
  async prepare(connection: MigrationConnection): Promise<void> {
    if (this.isThere) return
    await sendStatement(connection, this.statements.create)
    this.isThere = true
  }

  /** Inserts a row that says that a migration is about to run. */
  async start(connection: MigrationConnection, name: string, about: AboutAttempt): Promise<RunningAttempt> {
    const { start, startAnswersId } = this.statements
    const metadata = this.metadataOf(about)
    const values = startOf(name, metadata)
    if (!startAnswersId) return { id: await connection.insertGetId(start, values), metadata }
    const [row] = await connection.select(start, values)
    return { id: Number(row?.id), metadata }
  }

  async finish(connection: MigrationConnection, attempt: RunningAttempt, end: AttemptEnd): Promise<void> {
    await connection.update(this.statements.finish, endOf(attempt, end))
  }

  /** The statement of {@link finish}. */
  finishing(attempt: RunningAttempt, end: AttemptEnd): Statement {
    return { sql: this.statements.finish, bindings: endOf(attempt, end) }
  }

  /**
   * Ends one attempt and begins the next.
   *
   * @returns Its statement, or the last of them after the others were run; `begun` tells the attempt by its answer.
   */
  handingOver(
    connection: MigrationConnection,
    attempt: RunningAttempt,
    end: AttemptEnd,
    names: { ended: string; begun: string },
    about: AboutAttempt,
  ): Later<Statement & { begun(answer: Begun): RunningAttempt }> {
    const { handOver, handOverNames, start, startAnswersId } = this.statements
    const metadata = this.metadataOf(about)
    const values = startOf(names.begun, metadata)
    const begun = ({ rows, lastInsertId }: Begun) => ({
      id: startAnswersId ? Number(rows[0]?.id) : lastInsertId,
      metadata,
    })
    if (handOver !== null) {
      const bindings = [...(handOverNames ? [names.ended] : []), ...endOf(attempt, end), ...values]
      return { sql: handOver, bindings, begun }
    }
    return this.finish(connection, attempt, end).then(() => ({ sql: start, bindings: values, begun }))
  }

  /** Takes the row of an attempt away that has not begun. */
  async withdraw(connection: MigrationConnection, { id }: RunningAttempt): Promise<void> {
    await connection.delete(this.statements.withdraw, [id])
  }

  /** The same for one of this run whose number nobody saw. */
  async withdrawUnseen(connection: MigrationConnection, name: string): Promise<void> {
    for (const attempt of await this.unfinished(connection)) {
      if (attempt.name !== name || attempt.metadata.run_id !== this.runId) continue
      await connection.delete(this.statements.withdraw, [attempt.id])
    }
  }

  /** Rewrites what is remembered of an attempt that goes on. */
  progress({ id, metadata }: RunningAttempt): Statement {
    return { sql: this.statements.progress, bindings: [JSON.stringify(metadata), id] }
  }

  /** The steps of an attempt, as they are written. */
  async remembered(connection: MigrationConnection, { id }: RunningAttempt): Promise<AttemptMetadata['steps']> {
    const [row] = await connection.select(this.statements.remembered, [id])
    return metadataOf(row?.metadata).steps
  }

  /** The newest attempts of migrations, where they failed. None when there is no table. */
  async failedLast(connection: MigrationConnection): Promise<Attempt[]> {
    return this.isThere ? (await connection.select(this.statements.failedLast)).map(attemptOf) : []
  }

  /** Attempts that have not ended: they run, or were interrupted. None when there is no table. */
  async unfinished(connection: MigrationConnection): Promise<Attempt[]> {
    return this.isThere ? (await connection.select(this.statements.unfinished)).map(attemptOf) : []
  }

  /** Both of these. None when there is no table. */
  async unsettled(connection: MigrationConnection): Promise<Attempt[]> {
    return this.isThere ? (await connection.select(this.statements.unsettled)).map(attemptOf) : []
  }

  /** Attempts, the newest first. */
  async list(connection: MigrationConnection, options: { failed?: boolean; limit?: number }): Promise<Attempt[]> {
    if (!this.isThere) return []
    const { list } = await logStatements(connection, { table: this.table, ...options })
    return (await connection.select(list)).map(attemptOf)
  }

  /** Forgets attempts beyond the newest thousand. */
  async prune(connection: MigrationConnection): Promise<void> {
    await connection.delete(this.statements.prune)
  }

  private metadataOf(about: AboutAttempt): AttemptMetadata {
    this.runId ??= crypto().randomUUID()
    this.place ??= { host: hostname(), pid: process.pid, node: process.version, version: version() }
    return { ...about, run_id: this.runId, ...this.place }
  }
}

function startOf(name: string, metadata: AttemptMetadata): unknown[] {
  return [name, 'started', new Date(), JSON.stringify(metadata)]
}

function endOf({ id, metadata }: RunningAttempt, { status, duration, error }: AttemptEnd): unknown[] {
  return [status, new Date(), duration, error, JSON.stringify(metadata), id]
}

function attemptOf(row: Row): Attempt {
  return {
    id: Number(row.id),
    name: String(row.migration_name),
    status: String(row.status) as AttemptStatus,
    startedAt: dateOf(row.start_time),
    endedAt: dateOf(row.end_time),
    duration: row.duration == null ? null : Number(row.duration),
    error: row.error_message == null ? null : String(row.error_message),
    metadata: metadataOf(row.metadata),
  }
}

/** A value of JSON, or its text where the database has no such type. */
function metadataOf(value: unknown): Partial<AttemptMetadata> {
  try {
    return (typeof value === 'string' ? JSON.parse(value) : (value ?? {})) as Partial<AttemptMetadata>
  } catch {
    return {}
  }
}

function dateOf(value: unknown): Date | null {
  if (value instanceof Date) return value
  return typeof value === 'string' || typeof value === 'number' ? new Date(value) : null
}
