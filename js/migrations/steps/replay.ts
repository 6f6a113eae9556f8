/** Goes through a migration again whose first statements are in the database already. */
import { MigrationException } from '../../errors'
import { Fault } from '../../native/fault'
import type { Answer, Outcome } from '../../native/requests'
import type { StepResult, Steps } from './step-record'

/** What becomes of a statement whose end nobody saw: it is taken for done, or sent again. */
export type Doubt = 'skip' | 'retry'

/** The migration that is resumed is not the one that began. */
export class ReplayError extends MigrationException {
  constructor(message: string, sql?: string) {
    super(message, { code: 'REPLAY', sql })
    this.name = 'ReplayError'
  }
}

export class Replay {
  readonly steps: Steps
  private readonly doubt: Doubt | undefined
  /** It stays refused, even where the migration catches the error. */
  private refusal: ReplayError | undefined

  constructor(steps: Steps, doubt: Doubt | undefined) {
    this.steps = steps
    this.doubt = doubt
  }

  /**
   * What the statement answered before; `skip` for one that is taken for done; undefined for one that is to be sent.
   *
   * @throws ReplayError for a statement that is not the one that ran before.
   */
  answerTo(number: number, hash: string, sql: string): Outcome | 'skip' | undefined {
    if (this.refusal !== undefined) throw this.refusal
    const { done, started, hashes, results } = this.steps
    if (number <= done) {
      if (hashes[number - 1] !== hash) {
        throw this.refuse(`Statement ${number} is not the one that ran before. Nothing was changed.`, sql)
      }
      return this.given(number, results[number - 1] ?? null, sql)
    }
    if (number > done + 1 || started <= done || this.steps.heals) return undefined
    if (this.doubt === 'skip') return 'skip'
    if (this.doubt === 'retry') return undefined
    throw this.refuse(
      `Statement ${number} was sent, nobody saw its end, and the database does not tell it. Nothing was changed. ` +
        'Look, then say --resume=skip when it is done, or --resume=retry when it is not.',
      sql,
    )
  }

  /** @throws ReplayError when the migration returned before all that ran before had come. */
  finish(count: number): void {
    if (this.refusal !== undefined) throw this.refusal
    if (count < this.steps.done) {
      throw this.refuse(`Statement ${count + 1} of those that ran before is not sent any more. Nothing was changed.`)
    }
  }

  private given(number: number, result: StepResult | null, sql: string): Answer | Fault {
    if (result?.failed !== undefined) return new Fault({ ...result.failed, sql })
    if (result?.isCut) {
      throw this.refuse(
        `Statement ${number} answered more rows than are kept, so it cannot be replayed. Nothing was changed.`,
        sql,
      )
    }
    const { rows = [], affected = 0, id = 0 } = result ?? {}
    return { rows: [...rows], affected, lastInsertId: id, milliseconds: 0 }
  }

  private refuse(message: string, sql?: string): ReplayError {
    this.refusal = new ReplayError(message, sql)
    return this.refusal
  }
}
