/** Transactions: by callback, by hand, and pinned connections without one. */
import { InvalidArgumentException, TransactionClosedException } from '../errors'
import type { Outcome } from '../native/requests'
import { currentPretence, enterScope, runInScope, runOnDefault, runOutside } from './context'
import { EdgedTransactions } from './edged-transactions'
import type { QueryOptions, Statement } from './executor'
import type { ConnectionSource } from './source'
import type { StatementWatcher, WatchedTransaction } from './statement-watcher'
import {
  assertNothingOpen,
  mayRetry,
  pauseAfter,
  runAfterCommit,
  sentCommit,
  settle,
  stopped,
  withCause,
  withinLimit,
} from './transaction-end'
import {
  type BeginTransactionOptions,
  readOptions,
  type Settings,
  type TransactionOptions,
} from './transaction-options'
import { begin, commit, hasEndedItself, pin, rollBack, unpin } from './transaction-protocol'
import { type AfterCommit, TransactionScope } from './transaction-scope'

export abstract class Transactions extends EdgedTransactions {
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
  transaction<T>(callback: (transaction: this) => T | Promise<T>, options?: TransactionOptions | number): Promise<T> {
    try {
      if (typeof callback !== 'function') throw new InvalidArgumentException('transaction() needs a function.')
      const settings = readOptions(options)
      const outer = this.scope()
      if (currentPretence(this.source) !== undefined) return this.#pretended(callback)
      outer?.assertOpen()
      if (outer !== undefined && outer.level > 0) return this.#nested(callback, settings, outer)
      return settings.attempts === 1
        ? this.#attempt(callback, settings, outer)
        : this.#persistently(callback, settings, outer)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #pretended<T>(callback: (transaction: this) => T | Promise<T>): Promise<T> {
    return await callback(this)
  }

  async #nested<T>(
    callback: (transaction: this) => T | Promise<T>,
    settings: Settings,
    outer: TransactionScope,
  ): Promise<T> {
    if (!outer.isEverywhere && (settings.isolation !== undefined || settings.readOnly !== undefined)) {
      throw new InvalidArgumentException('A transaction inside of another cannot have an isolation level of its own.')
    }
    const turn = (outer.lastNested ?? Promise.resolve()).then(() => this.#attempt(callback, settings, outer))
    outer.lastNested = turn.catch(() => {})
    // The limit of a program's transaction is not that of the test around it.
    if (outer.isEverywhere) outer.lastNested = outer.lastNested.finally(() => outer.session.renew())
    return await turn
  }

  async #persistently<T>(
    callback: (transaction: this) => T | Promise<T>,
    settings: Settings,
    outer: TransactionScope | undefined,
  ): Promise<T> {
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
    if (scope.session.watcher !== undefined) await this.#tell('beginning', scope)
    const begun = begin(scope, settings)
    const notBegun = begun instanceof Promise ? await begun : begun
    if (notBegun !== undefined) throw this.failure(notBegun)
    if (settings.timeout !== undefined) scope.session.hasLimit = true
    let result: T
    try {
      // What is no promise but can be awaited (a query) runs when it is, which has to be inside.
      const running = runInScope(scope, () => Promise.resolve(callback(this.inScope(scope))))
      result = await (settings.timeout === undefined ? running : withinLimit(running, settings.timeout, scope))
      if (!scope.isSettled) await settle(scope)
      assertNothingOpen(scope)
    } catch (error) {
      await scope.session.idle()
      const fault = await rollBack(scope)
      if (scope.session.watcher !== undefined) await this.#tell('rolledBack', scope)
      throw fault === undefined ? error : withCause(error, this.failure(fault))
    }
    const committed = commit(scope)
    const fault = committed instanceof Promise ? await committed : committed
    if (fault !== undefined) throw sentCommit(this.failure(fault))
    if (scope.session.watcher !== undefined) await this.#tell('committed', scope)
    if (scope.afterCommit.length > 0) await runAfterCommit(scope, outer)
    return result
  }

  protected async sendReadOnly(statement: Statement, options?: QueryOptions): Promise<Outcome> {
    const scope = new TransactionScope(this.source, 'callback')
    const notBegun = await begin(scope, { readOnly: true })
    if (notBegun !== undefined) return notBegun
    try {
      return await runInScope(scope, () => this.inScope(scope).send(statement, options))
    } finally {
      await rollBack(scope)
    }
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
      while (outer?.kind === 'manual' && !outer.isBegun) outer = outer.outer
      outer?.assertOpen()
      scope = new TransactionScope(this.source, 'manual', outer)
      if (everywhere === true) beEverywhere(scope)
      // Before the first `await`: the caller's own function must go on inside of the scope.
      else enterScope(scope)
      scope.ready =
        scope.session.watcher === undefined
          ? begin(scope, { isolation, readOnly })
          : this.#tell('beginning', scope).then(() => begin(scope, { isolation, readOnly }))
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#begun(scope)
  }

  async #begun(scope: TransactionScope): Promise<this> {
    const fault = await scope.ready
    if (fault !== undefined) {
      this.#forget(scope)
      throw this.failure(fault)
    }
    scope.isBegun = true
    this.source.openManually.add(scope)
    if (scope.outer !== undefined) scope.outer.openNested++
    return this.inScope(scope)
  }

  /** Commits what `beginTransaction` began, or releases its savepoint. */
  async commit(): Promise<void> {
    const scope = await this.#manual('commit')
    // The transaction of a test: the program that says so has begun none.
    if (scope.isEverywhere) throw this.#noneHere('commit')
    await settle(scope)
    this.#forget(scope)
    const fault = await commit(scope)
    if (fault !== undefined) throw this.failure(fault)
    if (scope.session.watcher !== undefined) await this.#tell('committed', scope)
    await runAfterCommit(scope, scope.outer)
  }

  /**
   * Rolls back what `beginTransaction` began, or to its savepoint.
   *
   * @param toLevel - Rolls back until `transactionLevel()` is this.
   */
  async rollBack(toLevel?: number): Promise<void> {
    if (this.ownScope?.isEverywhere === true && toLevel === undefined) return await this.#rollBackWhole(this.ownScope)
    const from = await this.#manual('rollBack')
    const target = toLevel ?? from.level - 1
    for (
      let scope: TransactionScope | undefined = from;
      scope !== undefined && scope.level > target;
      scope = scope.outer
    ) {
      if (scope.kind !== 'manual') break
      if (scope.isEverywhere) await this.#rollBackWhole(scope)
      else await this.#rollBackOne(scope)
    }
  }

  async #rollBackOne(scope: TransactionScope): Promise<void> {
    await scope.session.idle()
    this.#forget(scope)
    const fault = await rollBack(scope)
    if (scope.session.watcher !== undefined) await this.#tell('rolledBack', scope)
    if (fault !== undefined) throw this.failure(fault)
  }

  /** The transaction of a test, whatever the program has left open in it or still does. */
  async #rollBackWhole(scope: TransactionScope): Promise<void> {
    scope.assertOpen()
    const wasStopped = await stopped(scope.session)
    const isOver = await hasEndedItself(scope)
    const fault = await rollBack(scope)
    this.#forget(scope)
    // A stopped statement may have taken the transaction along.
    if (isOver && !wasStopped) throw this.#endedItself()
    if (fault !== undefined && !isOver) throw this.failure(fault)
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
   * The server's number for the connection that is pinned here, as it said at log-in; 0 outside of `pin` and
   * transactions, and on SQLite. A transaction whose connection is lost before its first statement goes on with another
   * one, and keeps the number of the first.
   */
  sessionNumber(): number {
    return this.scope()?.session.backend ?? 0
  }

  /**
   * Calls back once the outermost transaction is committed, never when it is rolled back. Outside
   * of a transaction: at once.
   */
  async afterCommit(callback: AfterCommit): Promise<void> {
    const scope = this.scope()
    scope?.assertOpen()
    if (scope === undefined || scope.level === 0 || scope.isEverywhere) await callback()
    else scope.afterCommit.push(callback)
  }

  /** Runs `work` outside of every transaction of this connection: what it starts may outlive them. */
  outsideTransaction<T>(work: () => T): T {
    return runOutside(this.source, work)
  }

  /** Runs `work` with this connection as the default one: `DB`, `Schema` and models without a connection use it. */
  asDefault<T>(work: () => T): T {
    return runOnDefault(this.source, work)
  }

  /** @internal Whether it speaks to this database by this configuration. */
  hasSource(source: ConnectionSource): boolean {
    return this.source === source
  }

  /** Keeps one connection of the pool for `work`: everything inside uses it. No transaction by itself. */
  async pin<T>(work: (pinned: this) => T | Promise<T>): Promise<T> {
    const outer = this.scope()
    outer?.assertOpen()
    if (outer !== undefined || currentPretence(this.source) !== undefined) return await work(this)
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
        if (session.preparing.size > 0) await Promise.allSettled(session.preparing)
        await session.idle()
        // What a statement's end lets go on may send the next one.
        await new Promise((resolve) => setImmediate(resolve))
      } while (session.inFlight > 0 || session.preparing.size > 0)
      session.watcher = undefined
    }
  }

  /** Tells the watcher of a session that was pinned before the transaction. */
  async #tell(event: WatchedTransaction, scope: TransactionScope): Promise<void> {
    await scope.session.watcher?.transaction?.(event, scope.level, this.aside(scope.outer ?? scope))
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
    if (only === undefined) throw this.#noneHere(method)
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

  #noneHere(method: string): TransactionClosedException {
    const { name, driver } = this.source
    return new TransactionClosedException(`${method}(): there is no transaction here. (Connection: ${name})`, {
      code: 'TRANSACTION_CLOSED',
      connectionName: name,
      driver,
    })
  }

  #endedItself(): TransactionClosedException {
    const { name, driver } = this.source
    return new TransactionClosedException(
      'The transaction was over before it was rolled back, so what was done in it stays: a statement in it ended it. ' +
        'MySQL and MariaDB commit at every create, alter, drop and truncate; a deadlock there, and COMMIT as SQL ' +
        `anywhere, end it as well. (Connection: ${name})`,
      { code: 'TRANSACTION_ENDED', connectionName: name, driver },
    )
  }

  #forget(scope: TransactionScope): void {
    if (this.source.everywhere === scope) {
      this.source.everywhere = scope.outer?.isEverywhere === true ? scope.outer : undefined
    }
    if (this.source.openManually.delete(scope) && scope.outer !== undefined) scope.outer.openNested--
  }
}

/** @throws InvalidArgumentException inside of a transaction that is not everywhere: its flow would go on in that one. */
function beEverywhere(scope: TransactionScope): void {
  if (scope.outer !== undefined && !scope.outer.isEverywhere) {
    throw new InvalidArgumentException('A transaction that is everywhere cannot begin inside of another one.')
  }
  scope.isEverywhere = true
  scope.session.hasLimit = true
  scope.source.everywhere = scope
}
