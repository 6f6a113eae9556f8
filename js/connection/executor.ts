/** The road of every statement: which connection it takes, what is thrown, who hears of it. */
import { type GuruORMError, InvalidArgumentException } from '../errors'
import { Flag, Kind } from '../native/addon-types'
import type { Request } from '../native/environment'
import { Fault, faultOf, toError } from '../native/fault'
import type { Answer, Outcome, RowStream } from '../native/requests'
import { andThen, type Later } from '../support/later'
import type { Bindings } from '../support/types'
import { currentPretence, currentScope, hasWritten, rememberWrite, runSending } from './context'
import { explained } from './pool-timeout'
import { type Pretence, type PretenceReader, pretended } from './pretence'
import type { ConnectionSource } from './source'
import type { Aside, StatementWatcher, WatchedStatement } from './statement-watcher'
import type { TransactionScope } from './transaction-scope'

/** Options of one call. */
export interface QueryOptions {
  /** Longest time until the answer, the wait for a connection included, in milliseconds. The server is told to stop. */
  timeout?: number
  /** Ends the statement. The server is told to stop. */
  signal?: AbortSignal
  /** Reads from the write server. */
  useWrite?: boolean
}

/** A statement, before it is known where it goes. */
export interface Statement {
  kind: number
  /** SQL, or the shape of a query. */
  text: string
  values: readonly unknown[]
  /** Of `Flag`. */
  flags: number
  isWrite: boolean
}

/** The answer of a statement that was not sent. */
export const NOTHING: Answer = Object.freeze({ rows: [], affected: 0, lastInsertId: 0, milliseconds: 0 })

export abstract class Executor {
  protected readonly source: ConnectionSource
  /** Set for the connection objects that transactions hand out. */
  protected readonly ownScope: TransactionScope | undefined

  constructor(source: ConnectionSource, ownScope?: TransactionScope) {
    this.source = source
    this.ownScope = ownScope
  }

  /** The transaction or pinned connection that a statement belongs to here. */
  protected scope(): TransactionScope | undefined {
    const own = this.ownScope
    const current = currentScope(this.source)
    if (own === undefined) return current
    // The object of an outer transaction, used inside of a nested one.
    const isNested = current !== undefined && current.session === own.session && current.level > own.level
    return isNested && current.isOpen ? current : own
  }

  /** Raw SQL with its values, positional or named. */
  protected sql(kind: number, sql: string, bindings: Bindings): Statement {
    if (typeof sql !== 'string') throw new InvalidArgumentException('The SQL must be a string.')
    const isWrite = kind !== Kind.read
    if (Array.isArray(bindings)) return { kind, text: sql, values: bindings, flags: 0, isWrite }
    if (typeof bindings !== 'object' || bindings === null) {
      throw new InvalidArgumentException('Bindings must be an array, or an object for placeholders such as :name.')
    }
    const names = Object.keys(bindings).map((name) => (name.startsWith(':') ? name.slice(1) : name))
    return {
      kind,
      text: `${JSON.stringify(names)}\n${sql}`,
      values: Object.values(bindings),
      flags: Flag.named,
      isWrite,
    }
  }

  /**
   * Runs a statement. The outcome is a value, and mostly there where the database is in this process; `conclude` throws it
   * in the function that the user called.
   *
   * @throws InvalidArgumentException, TransactionClosedException before anything is sent.
   */
  protected send(statement: Statement, options?: QueryOptions): Later<Outcome> {
    const pretence = currentPretence(this.source)
    if (pretence?.reader !== undefined) return this.#pretendReading(pretence, pretence.reader, statement, options)
    if (pretence !== undefined) return this.#pretend(pretence, statement)
    const scope = this.scope()
    if (scope?.state === 'beginning') return this.#sendWhenReady(scope, statement, options)
    if (scope?.session.watcher !== undefined) return this.#sendWatched(scope.session.watcher, statement, scope, options)
    return this.transmit(statement, scope, options)
  }

  /** Sends a statement, whoever watches. */
  protected transmit(
    statement: Statement,
    scope: TransactionScope | undefined,
    options?: QueryOptions,
  ): Later<Outcome> {
    const request = this.request(statement, scope, options)
    try {
      return this.source.environment.run(request)
    } catch (error) {
      request.settled?.()
      throw error
    }
  }

  async #sendWatched(
    watcher: StatementWatcher,
    statement: Statement,
    scope: TransactionScope,
    options?: QueryOptions,
  ): Promise<Outcome> {
    const { sql, bindings } = this.describe(statement)
    const ended = watcher.before(sql, bindings)
    let outcome: Outcome
    try {
      const send = () => this.#sendPatiently(watcher, statement, scope, options)
      const watched = { sql, bindings, isCut: this.isCut(statement), send }
      const sent = this.performed(watcher, watched, scope, this.#wholeSql(statement))
      outcome = sent instanceof Promise ? await sent : sent
    } catch (error) {
      ended(faultOf(error as GuruORMError).data)
      throw error
    }
    // SQLite answers at once. Whether somebody awaits the answer shows only when it takes a turn of the event loop.
    if (this.source.driver === 'sqlite') await new Promise((resolve) => setImmediate(resolve))
    if (outcome instanceof Fault) ended(outcome.data)
    else ended(undefined, statement.isWrite ? outcome.affected : 0)
    return outcome
  }

  /** Sends a statement the way its watcher wants, once the watcher has done what it has to. */
  protected performed(
    watcher: StatementWatcher,
    statement: Pick<WatchedStatement, 'sql' | 'bindings' | 'isCut' | 'send'>,
    scope: TransactionScope,
    whole = statement.sql,
  ): Later<Outcome> {
    const { level, session } = scope
    const prepare = (sql = whole): Later<void> => {
      const preparing = watcher.prepare?.(sql)
      if (preparing === undefined) return undefined
      // What it does on this session would wait for itself, were it among the statements.
      session.preparing.add(preparing)
      return preparing.finally(() => session.preparing.delete(preparing))
    }
    if (watcher.perform !== undefined) {
      return watcher.perform({ ...statement, level, prepare, aside: this.aside(scope) })
    }
    return andThen(prepare(), () => statement.send())
  }

  /** Until it succeeds, or its watcher has no patience left. */
  #sendPatiently(
    watcher: StatementWatcher,
    statement: Statement,
    scope: TransactionScope,
    options?: QueryOptions,
  ): Later<Outcome> {
    const sent = this.transmit(statement, scope, { timeout: watcher.timeout || undefined, ...options })
    return andThen(sent, (outcome) => {
      if (!(outcome instanceof Fault)) return outcome
      const again = () => this.#sendPatiently(watcher, statement, scope, options)
      return watcher.mayRetry(outcome.data).then((may) => (may ? again() : outcome))
    })
  }

  /** Sends SQL on a session without its watcher seeing it. */
  protected aside(scope: TransactionScope): Aside {
    return (how, sql, bindings = []) => this.transmit(this.sql(Kind[how], sql, [...bindings]), scope)
  }

  private isCut({ kind, text }: Statement): boolean {
    if (kind !== Kind.query) return false
    const compiled = this.source.compiled.of(text)
    return !(compiled instanceof Fault) && compiled.rest !== undefined
  }

  /** `begin` was called but not awaited. */
  async #sendWhenReady(scope: TransactionScope, statement: Statement, options?: QueryOptions): Promise<Outcome> {
    return (await scope.ready) ?? this.send(statement, options)
  }

  /** Starts a statement whose rows are taken bit by bit. */
  protected open(statement: Statement, options?: QueryOptions): RowStream | Fault {
    const scope = this.scope()
    // Rows that are read bit by bit end when their reader does; only whether they may be asked for is told.
    const { sql, bindings } = this.describe(statement)
    scope?.session.watcher?.before(sql, bindings)(undefined)
    const request = this.request(statement, scope, options)
    try {
      const stream = this.source.environment.stream(request)
      if (!(stream instanceof Fault)) scope?.session.reads(stream)
      if (stream instanceof Fault) request.settled?.()
      return stream
    } catch (error) {
      request.settled?.()
      throw error
    }
  }

  private request(statement: Statement, scope: TransactionScope | undefined, options?: QueryOptions): Request {
    const { source } = this
    let flags = statement.flags
    if (statement.isWrite || options?.useWrite === true) flags |= Flag.useWrite
    if (source.isSticky && scope === undefined) {
      if (statement.isWrite) rememberWrite(source)
      else if (hasWritten(source)) flags |= Flag.useWrite
    }
    let settled: (() => void) | undefined
    let signal = options?.signal
    if (scope !== undefined) {
      scope.assertOpen()
      scope.session.assertNotReading()
      scope.session.inFlight++
      // The program is in no transaction here, so that its failures end none.
      if (scope.isEverywhere) flags |= Flag.alone
      settled = scope.session.settled
      signal = scope.session.signalWith(signal)
    }
    return {
      connection: source.handle,
      session: scope?.session.id ?? 0,
      kind: statement.kind,
      flags,
      text: statement.text,
      values: statement.values,
      timeoutMs: milliseconds(options?.timeout),
      signal,
      settled,
    }
  }

  /** The answer, or throws. Called by the function that the user called, after its `await`. */
  protected conclude(outcome: Outcome, statement: Statement, options?: QueryOptions): Answer {
    if (outcome instanceof Fault) throw this.failure(outcome, statement, options)
    if (this.source.observers.areWatching && outcome !== NOTHING) {
      const { sql, bindings } = this.describe(statement)
      this.source.observers.report(sql, bindings, outcome.milliseconds, this.source.name, this.source.driver)
    }
    return outcome
  }

  /** The error of a failed statement. */
  protected failure(fault: Fault, statement?: Statement, options?: QueryOptions): GuruORMError {
    const { source } = this
    const context = { connectionName: source.name, driver: source.driver }
    if (statement === undefined) return toError(explained(fault, source), context)
    const cause: unknown = fault.data.code === 'ABORTED' ? options?.signal?.reason : undefined
    return toError(explained(fault, source), { ...context, ...this.describe(statement), cause })
  }

  /** A statement as people know it: its SQL, and a value for each placeholder. */
  protected describe(statement: Statement): { sql: string; bindings: readonly unknown[] } {
    const { text, values } = statement
    if (statement.kind === Kind.query) {
      const compiled = this.source.compiled.of(text)
      if (compiled instanceof Fault) return { sql: '', bindings: values }
      return { sql: compiled.sql, bindings: compiled.bindingsOf(values) }
    }
    if ((statement.flags & Flag.named) !== 0) return { sql: text.slice(text.indexOf('\n') + 1), bindings: values }
    return { sql: text, bindings: values }
  }

  /** The SQL of a statement with what it takes along: emptying a table of SQLite resets its counter first. */
  #wholeSql(statement: Statement): string {
    const compiled = statement.kind === Kind.query ? this.source.compiled.of(statement.text) : undefined
    if (compiled === undefined || compiled instanceof Fault) return this.describe(statement).sql
    return [compiled, ...(compiled.rest ?? [])].map(({ sql }) => sql).join(';\n')
  }

  /** Keeps a statement that is not sent. A query that cannot be compiled fails as it would when sent. */
  #pretend(pretence: Pretence, statement: Statement): Outcome {
    if (statement.kind === Kind.query) {
      const compiled = this.source.environment.compile(this.source.handle, statement.text)
      if (compiled instanceof Fault) return compiled
    }
    const { sql, bindings } = this.describe(statement)
    const names = (statement.flags & Flag.named) === 0 ? undefined : namesOf(statement)
    pretence.queries.push(pretended(sql, bindings, names))
    return { ...NOTHING, rows: [] }
  }

  /** The same, but for what only reads: that is sent. */
  async #pretendReading(
    pretence: Pretence,
    reader: PretenceReader,
    statement: Statement,
    options?: QueryOptions,
  ): Promise<Outcome> {
    const { sql } = this.describe(statement)
    const send = () => runSending(this.source, () => this.sendReadOnly(statement, options))
    const outcome = await reader.meet(sql, send)
    if (outcome === 'collect') return this.#pretend(pretence, statement)
    return outcome === 'empty' ? { ...NOTHING, rows: [] } : outcome
  }

  /** Sends a statement in a read-only transaction of its own. */
  protected abstract sendReadOnly(statement: Statement, options?: QueryOptions): Promise<Outcome>
}

/** The names of values that were given by name. */
function namesOf({ text }: Statement): string[] {
  return JSON.parse(text.slice(0, text.indexOf('\n'))) as string[]
}

/** A time limit for the engine: whole milliseconds, at least one; 0 for none. */
function milliseconds(timeout: number | undefined): number {
  if (timeout === undefined || timeout === Number.POSITIVE_INFINITY) return 0
  if (typeof timeout !== 'number' || !(timeout >= 0)) {
    throw new InvalidArgumentException('`timeout` must be a number of milliseconds.')
  }
  return Math.min(Math.max(1, Math.ceil(timeout)), 0xffff_ffff)
}
