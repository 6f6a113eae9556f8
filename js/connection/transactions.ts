/** Transactions: by callback, by hand, and pinned connections without one. */
import { InvalidArgumentException, TransactionClosedException } from '../errors'
import { enterScope, runInScope, runOutside } from './context'
import type { StatementWatcher } from './statement-watcher'
import { Statements } from './statements'
import {
  assertNothingOpen,
  mayRetry,
  pauseAfter,
  runAfterCommit,
  sentCommit,
  settle,
  withCause,
  withinLimit,
} from './transaction-end'
import {
  type BeginTransactionOptions,
  readOptions,
  type Settings,
  type TransactionOptions,
} from './transaction-options'
import { begin, commit, pin, rollBack, unpin } from './transaction-protocol'
import { type AfterCommit, TransactionScope } from './transaction-scope'

export abstract class Transactions extends Statements {
  /** The connection object of a transaction on the same source. */
  protected abstract inScope(scope: TransactionScope): this

  /**
   * Runs `callback` in a transaction on a connection of its own. Resolves only when the server has
   * committed; an error of the callback rolls back and is what the caller gets.
   *
   * `DB`, `Schema` and models used inside belong to it. Inside of another transaction it is a
   * savepoint. Work that the callback started and did not await is finished before the commit.
   *
   * @param options - Or the number of attempts.
   * @example
   * await DB.transaction(async (trx) => {
   *   await trx.table('accounts').where('id', 1).decrement('balance', 10)
   *   await trx.table('accounts').where('id', 2).increment('balance', 10)
   * }, { attempts: 3 })
   */
  async transaction<T>(
    callback: (transaction: this) => T | Promise<T>,
    options: TransactionOptions | number = {},
  ): Promise<T> {
    if (typeof callback !== 'function') throw new InvalidArgumentException('transaction() needs a function.')
    const settings = readOptions(options)
    const outer = this.scope()
    outer?.assertOpen()
    if (outer !== undefined && outer.level > 0) {
      if (settings.isolation !== undefined || settings.readOnly !== undefined) {
        throw new InvalidArgumentException('A transaction inside of another cannot have an isolation level of its own.')
      }
      const turn = outer.lastNested.then(() => this.#attempt(callback, settings, outer))
      outer.lastNested = turn.catch(() => {})
      return await turn
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(callback, settings, outer)
      } catch (error) {
        if (attempt >= settings.attempts || !mayRetry(error)) throw error
      }
      await pauseAfter(attempt)
    }
  }

  async #attempt<T>(
    callback: (transaction: this) => T | Promise<T>,
    settings: Settings,
    outer: TransactionScope | undefined,
  ): Promise<T> {
    const scope = new TransactionScope(this.source, 'callback', outer)
    const { isolation, readOnly } = settings
    const notBegun = await begin(scope, { isolation, readOnly })
    if (notBegun !== undefined) throw this.failure(notBegun)
    if (settings.timeout !== undefined) scope.session.hasLimit = true
    let result: T
    try {
      const running = runInScope(scope, async () => await callback(this.inScope(scope)))
      result = await withinLimit(running, settings.timeout, scope)
      await settle(scope)
      assertNothingOpen(scope)
    } catch (error) {
      await scope.session.idle()
      const fault = await rollBack(scope)
      throw fault === undefined ? error : withCause(error, this.failure(fault))
    }
    const fault = await commit(scope)
    if (fault !== undefined) throw sentCommit(this.failure(fault))
    await runAfterCommit(scope, outer)
    return result
  }

  /**
   * Begins a transaction for the current async function: what it does from here on, until `commit`
   * or `rollBack`, belongs to it. Inside of another transaction it is a savepoint.
   *
   * For work that runs side by side use {@link transaction}, whose callback bounds it.
   *
   * @returns A connection object of this transaction, for code in other async flows.
   */
  beginTransaction(options: BeginTransactionOptions = {}): Promise<this> {
    let scope: TransactionScope
    try {
      const { everywhere, ...rest } = options
      const { isolation, readOnly } = readOptions(rest)
      let outer = this.scope()
      // One that is still beginning was started beside this one, not around it.
      while (outer?.kind === 'manual' && outer.state === 'beginning') outer = outer.outer
      outer?.assertOpen()
      scope = new TransactionScope(this.source, 'manual', outer)
      // Before the first `await`: the caller's own function must go on inside of the scope.
      enterScope(scope)
      if (everywhere === true) this.source.everywhere = scope
      scope.ready = begin(scope, { isolation, readOnly })
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#begun(scope)
  }

  async #begun(scope: TransactionScope): Promise<this> {
    const fault = await scope.ready
    if (fault !== undefined) throw this.failure(fault)
    this.source.openManually.add(scope)
    if (scope.outer !== undefined) scope.outer.openNested++
    return this.inScope(scope)
  }

  /** Commits what `beginTransaction` began, or releases its savepoint. */
  async commit(): Promise<void> {
    const scope = await this.#manual('commit')
    await settle(scope)
    this.#forget(scope)
    const fault = await commit(scope)
    if (fault !== undefined) throw this.failure(fault)
    await runAfterCommit(scope, scope.outer)
  }

  /**
   * Rolls back what `beginTransaction` began, or to its savepoint.
   *
   * @param toLevel - Rolls back until `transactionLevel()` is this.
   */
  async rollBack(toLevel?: number): Promise<void> {
    const from = await this.#manual('rollBack')
    const target = toLevel ?? from.level - 1
    for (
      let scope: TransactionScope | undefined = from;
      scope !== undefined && scope.level > target;
      scope = scope.outer
    ) {
      if (scope.kind !== 'manual') break
      await scope.session.idle()
      this.#forget(scope)
      const fault = await rollBack(scope)
      if (fault !== undefined) throw this.failure(fault)
    }
  }

  /** The same as {@link rollBack}. */
  rollback(toLevel?: number): Promise<void> {
    return this.rollBack(toLevel)
  }

  /** How many transactions and savepoints are open around here; 0 for none. */
  transactionLevel(): number {
    const scope = this.scope()
    return scope?.isOpen === true ? scope.level : 0
  }

  /**
   * Calls back once the outermost transaction is committed, never when it is rolled back. Outside
   * of a transaction: at once.
   */
  async afterCommit(callback: AfterCommit): Promise<void> {
    const scope = this.scope()
    scope?.assertOpen()
    if (scope === undefined || scope.level === 0) await callback()
    else scope.afterCommit.push(callback)
  }

  /** Runs `work` outside of every transaction of this connection: what it starts may outlive them. */
  outsideTransaction<T>(work: () => T): T {
    return runOutside(this.source, work)
  }

  /** Keeps one connection of the pool for `work`: everything inside uses it. No transaction by itself. */
  async pin<T>(work: (pinned: this) => T | Promise<T>): Promise<T> {
    const outer = this.scope()
    if (outer !== undefined) {
      outer.assertOpen()
      return await work(this)
    }
    const scope = new TransactionScope(this.source, 'pin')
    const notPinned = await pin(scope)
    if (notPinned !== undefined) throw this.failure(notPinned)
    try {
      return await runInScope(scope, async () => await work(this.inScope(scope)))
    } finally {
      await settle(scope)
      await unpin(scope)
    }
  }

  /**
   * Lets `watcher` see every statement of this transaction or pinned connection while `work` runs, and waits for
   * those that `work` did not wait for.
   */
  async watched<T>(watcher: StatementWatcher, work: () => Promise<T>): Promise<T> {
    const session = this.scope()?.session
    if (session === undefined)
      throw new InvalidArgumentException('watched() needs a transaction or a pinned connection.')
    session.watcher = watcher
    try {
      return await work()
    } finally {
      watcher.returned()
      do {
        await Promise.allSettled(session.preparing)
        await session.idle()
        // What a statement's end lets go on may send the next one.
        await new Promise((resolve) => setImmediate(resolve))
      } while (session.inFlight > 0 || session.preparing.size > 0)
      session.watcher = undefined
    }
  }

  /** The innermost transaction that was begun by hand here. */
  async #manual(method: string): Promise<TransactionScope> {
    let scope = this.scope()
    if (scope === undefined || scope.level === 0) scope = this.#onlyOpenOne(method)
    const notBegun = await scope.ready
    if (notBegun !== undefined) throw this.failure(notBegun)
    scope.assertOpen()
    if (scope.kind === 'callback') {
      throw new InvalidArgumentException(
        `${method}() inside of transaction(callback): the callback commits by returning and rolls back by throwing.`,
      )
    }
    return scope
  }

  /** For test runners, whose hooks and tests run in async flows of their own. */
  #onlyOpenOne(method: string): TransactionScope {
    const { openManually, name, driver } = this.source
    const details = { code: 'TRANSACTION_CLOSED', connectionName: name, driver }
    const [only, other] = openManually
    if (only === undefined) {
      throw new TransactionClosedException(`${method}(): there is no transaction here. (Connection: ${name})`, details)
    }
    let [innermost] = openManually
    for (const scope of openManually) if (scope.outer === innermost) innermost = scope
    if (other !== undefined && [...openManually].some((scope) => scope.session !== only.session)) {
      throw new TransactionClosedException(
        `${method}(): several transactions are open, none of them begun in this async flow; use the object that ` +
          `beginTransaction() answered. (Connection: ${name})`,
        details,
      )
    }
    return innermost ?? only
  }

  #forget(scope: TransactionScope): void {
    if (this.source.openManually.delete(scope) && scope.outer !== undefined) scope.outer.openNested--
  }
}
