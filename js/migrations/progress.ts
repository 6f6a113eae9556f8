/** Signs of life of statements that take long. */

import { progressQuestions } from './engine'
import type { MigrationEventDispatcher } from './events'
import type { MigrationConnection, Statement } from './migration-connection'

/** When a statement that runs is told about, in milliseconds. */
export interface ProgressTimes {
  /** The first time. Default 5 000. */
  first?: number
  /** From then on. Default 10 000. */
  every?: number
}

/** Longest time for a second connection and its answer, in milliseconds. */
const LOOK_TIMEOUT = 1000

/** Hears of one migration's statements. */
export interface StatementProgress {
  /** @returns What to call when it has ended. */
  begin(statement: number): () => void
}

export class ProgressTimer {
  private readonly times: Required<ProgressTimes>
  private readonly connection: MigrationConnection
  private readonly events: MigrationEventDispatcher
  /** Asks another connection what the session does; none where the database does not tell. */
  private readonly look: Statement | null

  private constructor(
    connection: MigrationConnection,
    events: MigrationEventDispatcher,
    times: ProgressTimes,
    look: Statement | null,
  ) {
    this.connection = connection
    this.events = events
    this.times = { first: times.first ?? 5_000, every: times.every ?? 10_000 }
    this.look = look
  }

  /** @returns Nothing where nobody listens. */
  static async open(
    connection: MigrationConnection,
    session: MigrationConnection,
    events: MigrationEventDispatcher,
    times: ProgressTimes | false = {},
  ): Promise<ProgressTimer | undefined> {
    if (times === false || !events.hasListeners('migration.progress')) return undefined
    const questions = await progressQuestions(connection)
    if (questions === null) return new ProgressTimer(connection, events, times, null)
    const [row] = await session.select(questions.session)
    return new ProgressTimer(connection, events, times, { sql: questions.look, bindings: [Number(row?.session)] })
  }

  /** For the statements of one migration. */
  of(migration: string): StatementProgress {
    return { begin: (statement) => this.begin(migration, statement) }
  }

  private begin(migration: string, statement: number): () => void {
    const start = performance.now()
    let timer: NodeJS.Timeout
    let hasEnded = false
    const tell = async () => {
      const found = await this.found()
      if (hasEnded) return
      const time = Math.round(performance.now() - start)
      // What a listener of signs of life throws is no reason to stop what lives.
      await this.events.dispatch('migration.progress', { migration, statement, time, ...found }).catch(() => {})
      if (!hasEnded) wait(this.times.every)
    }
    const wait = (milliseconds: number) => {
      timer = setTimeout(tell, milliseconds)
      timer.unref()
    }
    wait(this.times.first)
    return () => {
      hasEnded = true
      clearTimeout(timer)
    }
  }

  private async found(): Promise<{ activity: string | null; blockedBy: string | null }> {
    const { look, connection } = this
    const nothing = { activity: null, blockedBy: null }
    if (look === null) return nothing
    try {
      const [row] = await connection.outsideTransaction(() =>
        connection.select(look.sql, look.bindings, { timeout: LOOK_TIMEOUT }),
      )
      return { activity: (row?.activity as string | null) ?? null, blockedBy: (row?.blockers as string | null) ?? null }
    } catch {
      return nothing
    }
  }
}
