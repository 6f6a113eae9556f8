/** Transactions: by callback, by hand, and pinned connections without one. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GuruORMError, InvalidArgumentException, QueryTimeoutException, TransactionClosedException } from '../errors'
import { enterScope, runInScope, runOutside } from './context'
import { Statements } from './statements'
import { begin, commit, pin, rollBack, unpin } from './transaction-protocol'
import { type AfterCommit, TransactionScope } from './transaction-scope'

/** The isolation levels of SQL. SQLite is always serializable. */
export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable'

export interface TransactionOptions {
  /** How often the callback may run: again only after a deadlock, a serialization failure or a lock timeout. Default 1. */
  attempts?: number
  /** For this transaction only. */
  isolation?: IsolationLevel
  /** Refuses writes. */
  readOnly?: boolean
  /** Longest time until the callback has ended, in milliseconds. Then everything is rolled back. */
  timeout?: number
  /** `DB.transaction` only: the connection's name. */
  connection?: string
}

const ISOLATION_LEVELS: readonly string[] = ['read uncommitted', 'read committed', 'repeatable read', 'serializable']
const OPTIONS: readonly string[] = ['attempts', 'isolation', 'readOnly', 'timeout', 'connection']
const RETRYABLE: readonly string[] = ['DEADLOCK', 'SERIALIZATION_FAILURE', 'LOCK_TIMEOUT']

/** First pause before another attempt, in milliseconds; it doubles each time, with jitter. */
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 1_000

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
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
      await sleep(pause * (0.5 + Math.random()))
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
  beginTransaction(options: Omit<TransactionOptions, 'attempts' | 'timeout' | 'connection'> = {}): Promise<this> {
    let scope: TransactionScope
    try {
      const { isolation, readOnly } = readOptions(options)
      let outer = this.scope()
      // One that is still beginning was started beside this one, not around it.
      while (outer?.kind === 'manual' && outer.state === 'beginning') outer = outer.outer
      outer?.assertOpen()
      scope = new TransactionScope(this.source, 'manual', outer)
      // Before the first `await`: the caller's own function must go on inside of the scope.
      enterScope(scope)
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

interface Settings extends TransactionOptions {
  attempts: number
}

function readOptions(options: TransactionOptions | number): Settings {
  const given = typeof options === 'number' ? { attempts: options } : options
  if (typeof given !== 'object' || given === null) {
    throw new InvalidArgumentException('The options of a transaction are an object, or a number of attempts.')
  }
  const unknown = Object.keys(given).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentException(`A transaction has no option "${unknown}"; it has ${OPTIONS.join(', ')}.`)
  }
  const { attempts = 1, timeout } = given
  if (!Number.isInteger(attempts) || attempts < 1) throw new InvalidArgumentException('`attempts` must be 1 or more.')
  if (timeout !== undefined && !(timeout > 0)) {
    throw new InvalidArgumentException('`timeout` must be a number of milliseconds.')
  }
  const isolation = given.isolation?.toLowerCase().replaceAll('-', ' ') as IsolationLevel | undefined
  if (isolation !== undefined && !ISOLATION_LEVELS.includes(isolation)) {
    throw new InvalidArgumentException(`The isolation level is one of ${ISOLATION_LEVELS.join(', ')}.`)
  }
  return { ...given, attempts, isolation }
}

/** Waits for what the callback started and did not await. */
async function settle(scope: TransactionScope): Promise<void> {
  let turns: Promise<unknown>
  do {
    turns = scope.lastNested
    await turns
    await scope.session.idle()
  } while (turns !== scope.lastNested || scope.session.inFlight > 0)
}

function assertNothingOpen(scope: TransactionScope): void {
  if (scope.openNested === 0) return
  throw new TransactionClosedException(
    'beginTransaction() was called inside of this transaction, and neither commit() nor rollBack() ended it.' +
      ` (Connection: ${scope.source.name})`,
    { code: 'TRANSACTION_CLOSED', connectionName: scope.source.name, driver: scope.source.driver },
  )
}

/** Rejects when the callback takes too long, and stops the statements that it is waiting for. */
async function withinLimit<T>(running: Promise<T>, limit: number | undefined, scope: TransactionScope): Promise<T> {
  if (limit === undefined) return await running
  const { name, driver } = scope.source
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The transaction took longer than ${limit} ms. (Connection: ${name}, Driver: ${driver})`
      reject(new QueryTimeoutException(message, { code: 'QUERY_TIMEOUT', connectionName: name, driver }))
      scope.state = 'ended'
      scope.session.stop.abort()
    }, limit)
  })
  // What the callback does after the limit is nobody's answer any more.
  running.catch(() => {})
  try {
    return await Promise.race([running, over])
  } finally {
    clearTimeout(timer)
  }
}

function mayRetry(error: unknown): boolean {
  return error instanceof GuruORMError && RETRYABLE.includes(error.code) && !afterCommitWasSent.has(error)
}

/** Errors of a COMMIT: the callback must not run again, whatever they say. */
const afterCommitWasSent = new WeakSet<object>()

function sentCommit(error: GuruORMError): GuruORMError {
  afterCommitWasSent.add(error)
  return error
}

/** The application's error stays the one that is thrown; trouble with the rollback becomes its cause. */
function withCause(error: unknown, trouble: GuruORMError): unknown {
  if (error instanceof Error && error.cause === undefined && Object.isExtensible(error)) {
    Object.defineProperty(error, 'cause', { value: trouble, writable: true, configurable: true, enumerable: false })
  }
  return error
}

/**
 * Hands the callbacks on to the transaction around, or runs them. All of them run; the first error
 * is thrown afterwards.
 */
async function runAfterCommit(scope: TransactionScope, outer: TransactionScope | undefined): Promise<void> {
  if (scope.afterCommit.length === 0) return
  if (outer !== undefined && outer.level > 0) {
    outer.afterCommit.push(...scope.afterCommit)
    return
  }
  const errors: unknown[] = []
  for (const callback of scope.afterCommit) {
    try {
      await runOutside(scope.source, async () => await callback())
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}
