import { isAssured } from '../../connection/safety'
import type { Later } from '../../support/later'
import { LintError } from '../body-errors'
import type { MigrationConnection } from '../migration-connection'
import { type LintAnswer, type LintQuestion, lintStatement } from './lint-engine'
import type { KnownTables, LintRun } from './lint-run'
import { joined, type LintState, type Parted, parted } from './lint-state'

/** Looks at the statements of one attempt of one migration, in their order. */
export class MigrationLint {
  state: LintState
  private readonly run: LintRun
  private readonly migration: { name: string; withinTransaction: boolean }
  private readonly connection: MigrationConnection
  private readonly known: KnownTables
  private number = 1
  /** What was kept out of the question that was asked last. */
  private far: Parted['far'] = { created: [], gone: [] }
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
    return this.ask(sql, this.question(sql, bindings, isSafe))
  }

  /** What is asked of SQL on its way; {@link refusalOf} takes the answer. */
  question(sql: string, bindings: readonly unknown[] = [], isSafe = isAssured()): LintQuestion {
    const adds = (this.state.migration?.enumValues ?? []).length > 0
    const values = adds ? bindings.filter((value) => typeof value === 'string') : []
    return { ...this.circumstances(sql), values, isAssured: isSafe }
  }

  /** Tells what stops nothing. @returns Why it is not sent. */
  refusalOf(answer: LintAnswer, sql: string): LintError | undefined {
    const { findings, doubts } = this.taken(answer)
    if (findings.length === 0 && doubts.length === 0) return undefined
    const refused = findings.filter(({ severity }) => severity === 'error')
    this.tell({ findings: findings.filter(({ severity }) => severity === 'warn'), doubts })
    return refused.length === 0 ? undefined : new LintError(refused, { sql })
  }

  /** What there is to say now that all statements are known. */
  end(): LintAnswer {
    if ((this.state.migration?.unindexed ?? []).length === 0) return { findings: [], doubts: [], state: this.state }
    return this.ask('', { ...this.circumstances(''), ends: true })
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

  private ask(sql: string, question: LintQuestion): LintAnswer {
    const { withinTransaction } = this.migration
    return this.taken(lintStatement(this.connection, { ...question, sql, withinTransaction }))
  }

  /** A run knows all tables; a statement, and what the ones before left behind, is about few of them. */
  private circumstances(sql: string): LintQuestion {
    const { run, known, state, number } = this
    const { near, far, text } = parted(state, sql)
    this.far = far
    const tables = known.tables.filter(({ names }) => names.some((name) => text.includes(name)))
    const { isComplete } = known
    return { number, settings: run.settings, tables: tables.map(({ facts }) => facts), isComplete, state: near }
  }

  private taken(answer: LintAnswer): LintAnswer {
    this.state = joined(this.far, answer.state)
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
