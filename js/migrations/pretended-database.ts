import type { PretenceReader } from '../connection/pretence'
import { Fault } from '../native/fault'
import type { Outcome } from '../native/requests'
import type { Change } from '../schema/change'
import type { Database, Inspection } from '../schema/database'
import type { Answers, Question } from '../schema/executor'
import { RefusedStatementError } from './body-errors'
import { inspectStatement, sqlText } from './engine'
import type { MigrationConnection } from './migration-connection'
import { type Needs, type Overlay, overlaid, type Reading, type Recorded } from './overlay'

/** What a server answers when something writes in a read-only transaction. */
const IS_READ_ONLY: ReadonlySet<string | undefined> = new Set(['25006', '1792'])

/** Codes of statements that a server does not understand: a column that is not there yet, say. */
const NOT_UNDERSTOOD: readonly string[] = ['QUERY', 'SYNTAX']

/** The migration that pretends to run. */
export interface PretendedStep {
  withinTransaction: boolean
  /** Adds a line to what it shows. */
  note(text: string): void
}

/**
 * A database as it would be after the migrations that pretended to run on it: what they record is kept in an
 * {@link Overlay}, what they read is sent unless it is only there.
 */
export class PretendedDatabase implements PretenceReader {
  /** How many statements the migration has sent, and would have. */
  sent = 0
  private readonly connection: MigrationConnection
  private overlay: Overlay | undefined
  private step: PretendedStep | undefined

  constructor(connection: MigrationConnection) {
    this.connection = connection
  }

  /** From now on statements are this migration's. */
  begin(step: PretendedStep): void {
    this.step = step
    this.sent = 0
  }

  /** As if everything had been dropped. */
  async wiped(): Promise<void> {
    const overlay = await this.everything()
    const { tables, views = [] } = overlay.database
    const changes: Change[] = [
      { kind: 'dropAllTables', tables: tables.map(({ name }) => ({ name })) },
      { kind: 'dropViews', views: views.map(({ name }) => ({ name })) },
    ]
    this.overlay = await overlaid(this.connection, overlay, { task: 'change', changes })
  }

  /** As if these had run. */
  async ran(statements: readonly string[]): Promise<void> {
    for (const sql of statements) {
      this.overlay = await overlaid(this.connection, await this.knowing({ sql }), { task: 'run', sql })
    }
  }

  async meet(sql: string, send: () => Promise<Outcome>): Promise<Outcome | 'collect' | 'empty'> {
    const statements = await sqlText(this.connection, sql)
    this.mustBeAllowed(sql)
    if (statements.length > 0 && statements.every(({ kind }) => kind === 'select')) return this.read(sql, send)
    if (statements.some(({ kind, verb }) => kind === 'ddl' || kind === 'other' || verb === 'SELECT')) {
      this.overlay = await overlaid(this.connection, await this.knowing({ sql }), { task: 'run', sql })
    }
    return 'collect'
  }

  async plan(changes: readonly Change[], settled: boolean): Promise<string[]> {
    const { connection } = this
    const said = settled ? changes : await connection.evolution({ do: 'schema.settle', changes })
    const overlay = await this.knowing({ changes: said })
    const statements =
      settled && connection.getTablePrefix() !== ''
        ? await connection.evolution({ do: 'schema.plan', changes, settled })
        : connection.planChanges(changes, overlay.database)
    this.overlay = await overlaid(connection, overlay, { task: 'change', changes: said })
    for (const sql of statements) this.mustBeAllowed(sql)
    return statements
  }

  async answer<Q extends Question>(question: Q, ask: () => Promise<Answers[Q['ask']]>): Promise<Answers[Q['ask']]> {
    const found = await ask()
    if (this.overlay === undefined) return found
    const prefix = this.connection.getTablePrefix()
    return overlaid(this.connection, this.overlay, { task: 'answer', question, prefix, found })
  }

  async structure(inspection: Inspection, ask: () => Promise<Database>): Promise<Database> {
    const { tables: wanted, namespaces } = inspection
    if (this.overlay === undefined || namespaces !== undefined) return ask()
    const { database } = await this.everything()
    if (wanted === undefined) return database
    return { ...database, tables: database.tables.filter(({ name }) => wanted.includes(name)) }
  }

  /** The overlay, knowing what the next record is about. */
  private async knowing(recorded: Recorded): Promise<Overlay> {
    const overlay = this.overlay ?? (await this.nothingYet())
    const needs = await overlaid<Needs>(this.connection, overlay, { task: 'needs', ...recorded })
    return needs?.length === 0 ? overlay : this.looking(overlay, needs)
  }

  private async everything(): Promise<Overlay> {
    const overlay = this.overlay ?? (await this.nothingYet())
    this.overlay = overlay.known === null ? overlay : await this.looking(overlay, null)
    return this.overlay
  }

  private async looking(overlay: Overlay, names: Needs): Promise<Overlay> {
    const inspection: Inspection = names === null ? {} : { tables: names }
    const found = (await this.connection.native({ do: 'schema.database', inspection })) as Database
    return overlaid(this.connection, overlay, { task: 'learn', found, names })
  }

  private async nothingYet(): Promise<Overlay> {
    const [namespace = null] = (await this.connection.native({
      do: 'schema.inspect',
      question: { ask: 'currentSchemas' },
    })) as string[]
    return { database: { driver: this.connection.getDriverName(), namespace, tables: [] }, known: [] }
  }

  /** @throws RefusedStatementError for what no migration may send. */
  private mustBeAllowed(sql: string): void {
    const withinTransaction = this.step?.withinTransaction ?? true
    const { statements, refusal } = inspectStatement(this.connection, { sql, number: this.sent + 1, withinTransaction })
    this.sent += statements
    if (refusal !== null) throw new RefusedStatementError(refusal, { sql })
  }

  private async read(sql: string, send: () => Promise<Outcome>): Promise<Outcome | 'collect' | 'empty'> {
    const reading: Reading =
      this.overlay === undefined ? 'send' : await overlaid(this.connection, this.overlay, { task: 'read', sql })
    if (reading === 'empty') return this.empty('SELECT on a table that does not exist yet: pretended empty')
    const outcome = await send()
    if (!(outcome instanceof Fault)) return outcome
    if (IS_READ_ONLY.has(outcome.data.nativeCode)) {
      this.step?.note('a SELECT that writes: pretended empty')
      return 'collect'
    }
    if (reading === 'altered' && NOT_UNDERSTOOD.includes(outcome.data.code)) {
      return this.empty('SELECT on a table that is altered before: pretended empty')
    }
    return outcome
  }

  private empty(note: string): 'empty' {
    this.step?.note(note)
    return 'empty'
  }
}
