import { isAssured } from '../../connection/safety'
import type { Later } from '../../support/later'
import { LintError } from '../body-errors'
import type { MigrationConnection } from '../migration-connection'
import { type LintAnswer, lintStatement } from './lint-engine'
import type { KnownTables, LintRun } from './lint-run'
import { joined, type LintState, parted } from './lint-state'

/** Looks at the statements of one attempt of one migration, in their order. */
export class MigrationLint {
  state: LintState
  private readonly run: LintRun
  private readonly migration: { name: string; withinTransaction: boolean }
  private readonly connection: MigrationConnection
  private readonly known: KnownTables
  private number = 1
  /** What was told without waiting for it. */
  private telling: Promise<unknown> | undefined

  constructor(
    run: LintRun,
    migration: { name: string; withinTransaction: boolean },
    connection: MigrationConnection,
    known: KnownTables,
  ) {
    this.run = run
    this.migration = migration
    this.connection = connection
    this.known = known
    // What the migration before did to itself is over.
    this.state = { ...run.state, migration: {} }
  }

  /** What the rules say of SQL that is about to be sent. */
  look(sql: string, bindings: readonly unknown[] = [], isSafe = isAssured()): LintAnswer {
    const adds = (this.state.migration?.enumValues ?? []).length > 0
    const values = adds ? bindings.filter((value) => typeof value === 'string') : []
    return this.ask({ sql, values, isAssured: isSafe })
  }

  /** The same on its way: tells what stops nothing. @returns Why it is not sent. */
  refusalOf(sql: string, bindings?: readonly unknown[]): LintError | undefined {
    const { findings, doubts } = this.look(sql, bindings)
    const refused = findings.filter(({ severity }) => severity === 'error')
    this.tell({ findings: findings.filter(({ severity }) => severity === 'warn'), doubts })
    return refused.length === 0 ? undefined : new LintError(refused, { sql })
  }

  /** What there is to say now that all statements are known. */
  end(): LintAnswer {
    if ((this.state.migration?.unindexed ?? []).length === 0) return { findings: [], doubts: [], state: this.state }
    return this.ask({ sql: '', ends: true })
  }

  /**
   * The migration is over: tells the rest, and hands what it did on to the next one.
   *
   * @throws LintError, what a listener throws.
   */
  finish(): Later<void> {
    const { findings, doubts } = this.end()
    this.tell({ findings: findings.filter(({ severity }) => severity === 'warn'), doubts })
    const refused = findings.filter(({ severity }) => severity === 'error')
    const conclude = () => {
      if (refused.length > 0) throw new LintError(refused, {})
      this.run.state = this.state
    }
    return this.telling === undefined ? conclude() : this.telling.then(conclude)
  }

  private ask(request: { sql: string; values?: string[]; isAssured?: boolean; ends?: boolean }): LintAnswer {
    const { run, connection, known, state } = this
    // A run knows all tables; a statement, and what the ones before left behind, is about few of them.
    const { near, far, text } = parted(state, request.sql)
    const tables = known.tables.filter(({ names }) => names.some((name) => text.includes(name)))
    const answer = lintStatement(connection, {
      ...request,
      number: this.number,
      withinTransaction: this.migration.withinTransaction,
      settings: run.settings,
      tables: tables.map(({ facts }) => facts),
      isComplete: known.isComplete,
      state: near,
    })
    this.state = joined(far, answer.state)
    this.number += 1
    return answer
  }

  private tell({ findings, doubts }: Pick<LintAnswer, 'findings' | 'doubts'>): void {
    if (findings.length === 0 && doubts.length === 0) return
    const before = this.telling
    // Begins at once, so that it is said before the statement waits; what a listener throws is kept for the end.
    const told = this.run.tell(this.migration.name, findings, doubts)
    this.telling = Promise.all([before, told])
    this.telling.catch(() => {})
    told.catch(() => {})
  }
}
