import {
  denied,
  type JournalKind,
  type JournalQuestions,
  journalLayout,
  journalQuestions,
  type Layout,
  type RecordValue,
  type StatementLimits,
  type Step,
} from './engine'
import type { MigrationConnection, Row, Statement } from './migration-connection'
import { MigrationError } from './migration-error'
import { refusing } from './refusal'
import { sendStatement } from './sql-script'

/** A recorded run of a migration or seeder. */
export interface JournalRow {
  id: number
  name: string
  batch: number
  executedAt: Date | null
  /** The fingerprint of the source that was applied; null where it was not recorded. */
  checksum: string | null
}

/** A table that remembers what ran: `migrations` or `seeders`. All its SQL comes from the engine. */
export class Journal {
  readonly table: string
  readonly questions: JournalQuestions
  private readonly kind: JournalKind
  private layout: Layout

  private constructor(kind: JournalKind, table: string, questions: JournalQuestions, layout: Layout) {
    this.kind = kind
    this.table = table
    this.questions = questions
    this.layout = layout
  }

  /** Looks at the table without changing anything. Rejects when it exists and is none of ours. */
  static async open(
    connection: MigrationConnection,
    kind: JournalKind,
    table: string,
    limits?: StatementLimits,
  ): Promise<Journal> {
    const questions = await journalQuestions(connection, kind, table, limits)
    const columns = await connection.select(questions.columns.sql, questions.columns.bindings)
    const names = columns.map((column) => String(column.name))
    const layout = await refusing(() => journalLayout(connection, kind, table, names), 'load')
    return new Journal(kind, table, questions, layout)
  }

  /** Whether migrations are recorded under the names of their classes, as TypeORM does. */
  get namesClasses(): boolean {
    return this.layout.namesClasses
  }

  get exists(): boolean {
    return this.layout.exists
  }

  /** Whether a transaction covers schema changes on this database. */
  get transactionalDdl(): boolean {
    return this.questions.transactionalDdl
  }

  /**
   * Creates the table, or adds the columns that the table of another program lacks.
   *
   * @returns Who made the table that was adopted just now; null when nothing was adopted.
   */
  async prepare(connection: MigrationConnection): Promise<string | null> {
    const { prepare, adopted } = this.layout
    if (prepare.length === 0) return null
    try {
      for (const sql of prepare) await sendStatement(connection, sql)
    } catch (error) {
      throw await this.explained(connection, error)
    }
    // What was created just now is as it was asked for.
    if (!this.exists) this.layout = { ...this.layout, exists: true, prepare: [] }
    else this.layout = (await Journal.open(connection, this.kind, this.table)).layout
    return adopted
  }

  /** Says who would have to be allowed what. */
  private async explained(connection: MigrationConnection, error: unknown): Promise<unknown> {
    const { nativeCode } = (error ?? {}) as { nativeCode?: string }
    const { sql, bindings } = this.questions.namespace
    const [row] = await Promise.resolve(connection.select(sql, bindings)).catch(() => [])
    const message = await denied(connection, {
      nativeCode: nativeCode ?? null,
      table: this.table,
      namespace: row?.namespace == null ? null : String(row.namespace),
      user: connection.getConfig('username') == null ? null : String(connection.getConfig('username')),
    })
    return message === null ? error : new MigrationError('guarded', message, { cause: error })
  }

  /** All rows, oldest first; none when there is no table. */
  async rows(connection: MigrationConnection): Promise<JournalRow[]> {
    if (!this.exists) return []
    const rows = await connection.select(this.layout.list)
    return rows.map((row) => ({
      id: Number(row.id),
      name: String(row.name),
      batch: Number(row.batch),
      executedAt: dateOf(row.executed_at),
      checksum: row.checksum == null ? null : String(row.checksum),
    }))
  }

  /**
   * Whether a step has done what it does. A row that is rolled back may carry another name: that of a class, or one with
   * its extension.
   */
  async isDone(connection: MigrationConnection, { name, id, direction }: Step): Promise<boolean> {
    const rows = await this.rows(connection)
    const isRecorded = rows.some((row) => (id === undefined ? row.name === name : row.id === id))
    return isRecorded === (direction === 'up')
  }

  /** The first statement of a step's transaction: records it, and sets the limits of the transaction. */
  beginning(step: Step): Statement {
    const { recording: around } = this.questions
    const { sql, bindings } = this.keeping(step)
    if (around === null) return { sql, bindings }
    const { before, after } = around
    return { sql: before + sql + after.sql, bindings: [...bindings, ...after.bindings] }
  }

  /** Records a step, or takes its record away. */
  async keep(connection: MigrationConnection, step: Step): Promise<void> {
    const { sql, bindings } = this.keeping(step)
    await connection.update(sql, bindings)
  }

  keeping({ direction, name, batch, checksum, id }: Step): Statement {
    return direction === 'up'
      ? this.recording(name, batch, checksum)
      : { sql: this.layout.forget, bindings: [Number(id)] }
  }

  async record(
    connection: MigrationConnection,
    name: string,
    batch: number,
    checksum: string | null = null,
  ): Promise<void> {
    const { sql, bindings } = this.recording(name, batch, checksum)
    await connection.insert(sql, bindings)
  }

  /** The statement of {@link record}. */
  recording(name: string, batch: number, checksum: string | null = null): Statement {
    const time = new Date()
    const values: Record<RecordValue, unknown> = { name, batch, time, checksum, milliseconds: time.getTime() }
    return { sql: this.layout.record, bindings: this.layout.recordValues.map((value) => values[value]) }
  }

  /** The statements of {@link prepare}. */
  get preparation(): string[] {
    return this.layout.prepare
  }

  /** The statement of {@link forget}. */
  get forgetting(): string {
    return this.layout.forget
  }

  /** Sets the fingerprint of a row. */
  async rechecksum(connection: MigrationConnection, id: number, checksum: string | null): Promise<void> {
    if (this.layout.rechecksum !== null) await connection.update(this.layout.rechecksum, [checksum, id])
  }

  async forget(connection: MigrationConnection, id: number): Promise<void> {
    await connection.delete(this.layout.forget, [id])
  }
}

function dateOf(value: Row[string]): Date | null {
  if (value instanceof Date) return value
  return typeof value === 'string' || typeof value === 'number' ? new Date(value) : null
}
