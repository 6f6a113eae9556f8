/** Transactions whose first and last statement are sent with their begin and their commit. */
import type { GuruORMError } from '../errors'
import { Flag, Kind } from '../native/addon-types'
import { Fault } from '../native/fault'
import type { Answer } from '../native/requests'
import type { Later } from '../support/later'
import { currentPretence, runInScope } from './context'
import type { Statement } from './executor'
import { Statements } from './statements'
import { assertNothingOpen, runAfterCommit, sentCommit, settle, withCause } from './transaction-end'
import { begin, beginWith, commit, commitWith, isOfCommit, rollBack, tell } from './transaction-protocol'
import { TransactionScope } from './transaction-scope'

export interface EdgeStatement {
  sql: string
  bindings: readonly unknown[]
}

export interface LastStatement extends EdgeStatement {
  /** It has its answer. */
  ended(answer: Pick<Answer, 'rows' | 'lastInsertId'>): void
  /** It failed. Throwing rolls back; else the transaction is committed without it. */
  failed(error: unknown): void
}

export abstract class EdgedTransactions extends Statements {
  /** The connection object of a transaction on the same source. */
  protected abstract inScope(scope: TransactionScope): this
  abstract transaction<T>(callback: (transaction: this) => T | Promise<T>): Promise<T>

  /**
   * @internal A transaction that begins with a statement, and ends with the one that `work` answers.
   */
  async transactionWithin(
    first: EdgeStatement | null,
    work: (transaction: this) => Later<LastStatement | undefined>,
  ): Promise<void> {
    const outer = this.scope()
    outer?.assertOpen()
    // Elsewhere its connection is still to be found, it is a savepoint, or somebody watches it.
    const isPinned = outer?.level === 0 && outer.session.watcher === undefined
    if (!isPinned || currentPretence(this.source) !== undefined) return this.#oneByOne(first, work)
    const scope = new TransactionScope(this.source, 'callback', outer)
    let isCommitted = false
    try {
      if (first === null) await this.#begin(scope)
      else await this.#beginWith(first, scope)
      const transaction = this.inScope(scope)
      const last = await runInScope(scope, () => work(transaction))
      if (!scope.isSettled) await settle(scope)
      assertNothingOpen(scope)
      if (last !== undefined) isCommitted = await this.#commitWith(last, scope)
    } catch (error) {
      await scope.session.idle()
      const fault = await rollBack(scope)
      throw fault === undefined ? error : withCause(error, this.failure(fault))
    }
    const fault = isCommitted ? undefined : await commit(scope)
    if (fault !== undefined) throw sentCommit(this.failure(fault))
    if (scope.afterCommit.length > 0) await runAfterCommit(scope, outer)
  }

  async #begin(scope: TransactionScope): Promise<void> {
    const fault = await begin(scope)
    if (fault !== undefined) throw this.failure(fault)
  }

  async #beginWith(first: EdgeStatement, scope: TransactionScope): Promise<void> {
    const statement = this.#edge(first, Flag.begins)
    const sent = beginWith(scope, () => this.transmit(statement, scope))
    const outcome = sent instanceof Promise ? await sent : sent
    tell(scope, 'beginning')
    this.conclude(outcome, statement)
  }

  /** @returns Whether it is committed; else the commit is still to be sent. */
  async #commitWith(last: LastStatement, scope: TransactionScope): Promise<boolean> {
    const statement = this.#edge(last, Flag.commits)
    const sent = commitWith(scope, () => this.transmit(statement, scope))
    const outcome = sent instanceof Promise ? await sent : sent
    if (!(outcome instanceof Fault)) {
      tell(scope, 'committed')
      last.ended(this.conclude(outcome, statement))
      return true
    }
    const error: GuruORMError = this.failure(outcome, statement)
    if (isOfCommit(outcome)) throw sentCommit(error)
    last.failed(error)
    return false
  }

  #oneByOne(first: EdgeStatement | null, work: (transaction: this) => Later<LastStatement | undefined>): Promise<void> {
    return this.transaction(async (transaction) => {
      if (first !== null) await transaction.#run(first)
      const last = await work(transaction)
      if (last === undefined) return
      try {
        last.ended(await transaction.#run(last))
      } catch (error) {
        last.failed(error)
      }
    })
  }

  async #run(given: EdgeStatement): Promise<Answer> {
    const statement = this.#edge(given, 0)
    return this.conclude(await this.send(statement), statement)
  }

  #edge({ sql, bindings }: EdgeStatement, flag: number): Statement {
    return { ...this.sql(Kind.write, sql, [...bindings]), flags: flag }
  }
}
