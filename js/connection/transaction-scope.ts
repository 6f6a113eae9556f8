/** A transaction, or a savepoint in it, that is going on. */
import { setMaxListeners } from 'node:events'
import { InvalidArgumentException, TransactionClosedException } from '../errors'
import type { Fault } from '../native/fault'
import type { RowStream } from '../native/requests'
import type { Later } from '../support/later'
import type { ConnectionSource } from './source'
import type { StatementWatcher } from './statement-watcher'

/** The pinned connection that a transaction and its savepoints share. */
export class Session {
  /** The engine's number for it; 0 until it is open. */
  id = 0
  /** The server's number for it, as it said at log-in; 0 where there is none. */
  backend = 0
  /** Statements that have not ended. */
  inFlight = 0
  /** Sees every statement of the session while it is set. */
  watcher: StatementWatcher | undefined
  /** Statements can be stopped all at once: the transaction has a time limit, or is a test's. */
  hasLimit = false
  /** Rows that are read bit by bit. These sets are made with the first that is in them: most transactions need none. */
  #streams: Set<RowStream> | undefined
  #preparing: Set<Promise<unknown>> | undefined
  #stop: AbortController | undefined
  #idle: (() => void)[] = []

  /** Statements that wait for what their watcher does first. */
  get preparing(): Set<Promise<unknown>> {
    this.#preparing ??= new Set()
    return this.#preparing
  }

  /** Stops all statements of the session. */
  get stop(): AbortController {
    if (this.#stop === undefined) {
      this.#stop = new AbortController()
      // One for each statement on its way, which may be many.
      setMaxListeners(0, this.#stop.signal)
    }
    return this.#stop
  }

  /** Lets statements go on after some were stopped. */
  renew(): void {
    if (this.#stop?.signal.aborted === true) this.#stop = undefined
  }

  /** A statement ended. */
  readonly settled = (): void => {
    this.inFlight--
    if (this.inFlight === 0 && this.#idle.length > 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** The signal of one statement, joined with that of the session where it has one. */
  signalWith(own: AbortSignal | undefined): AbortSignal | undefined {
    if (!this.hasLimit && this.watcher === undefined) return own
    const signals = [own, this.watcher?.signal, this.hasLimit ? this.stop.signal : undefined]
    const given = signals.filter((signal) => signal !== undefined)
    return given.length > 1 ? AbortSignal.any(given) : given[0]
  }

  /** Rows of a statement are read bit by bit from here on. */
  reads(stream: RowStream): void {
    this.#streams ??= new Set()
    this.#streams.add(stream)
  }

  /** They are not any more. */
  hasRead(stream: RowStream): void {
    this.#streams?.delete(stream)
  }

  /** Whether rows are being read bit by bit. */
  get isReading(): boolean {
    return this.#streams !== undefined && this.#streams.size > 0
  }

  /**
   * Refuses a statement while rows of another one are still being read: it would wait for them, and the program that
   * reads them for it.
   *
   * @throws InvalidArgumentException
   */
  assertNotReading(): void {
    if (!this.isReading) return
    throw new InvalidArgumentException(
      'A cursor is being read on the connection of this transaction: read it to its end first, or read with ' +
        'chunkById(), lazyById() or get(), or outside of the transaction.',
    )
  }

  /** Waits until no statement is on its way, those that nobody awaited included. */
  async idle(): Promise<void> {
    if (this.#streams !== undefined) for (const stream of this.#streams) await stream.close()
    while (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#idle.push(resolve)
      })
    }
  }
}

/** Who ends it: the return of a callback, a call, or `pin`, which is no transaction at all. */
export type ScopeKind = 'callback' | 'manual' | 'pin'

/** Something to do once the outermost transaction is committed. */
export type AfterCommit = () => unknown

export class TransactionScope {
  readonly source: ConnectionSource
  readonly kind: ScopeKind
  readonly outer: TransactionScope | undefined
  readonly session: Session
  /** 1: the transaction; more: a savepoint in it; 0: `pin`. */
  readonly level: number
  state: 'beginning' | 'open' | 'ended' = 'beginning'
  /** `beginTransaction()` has answered: what is begun in its flow from now on is inside of it. */
  isBegun = false
  /** What `begin` has answered, or will. */
  ready: Later<Fault | undefined>
  readonly afterCommit: AfterCommit[] = []
  /** Nested transactions take turns: savepoints of one connection form a stack. */
  lastNested: Promise<unknown> | undefined
  /** Savepoints begun by hand in here that have not ended. */
  openNested = 0
  /** Every async flow that is in no transaction of its own is in it: the transaction of a test. */
  isEverywhere = false
  /** Its stack says where the transaction was begun. Not every one has it. */
  begun: Error | undefined

  constructor(source: ConnectionSource, kind: ScopeKind, outer?: TransactionScope) {
    this.source = source
    this.kind = kind
    this.outer = outer
    this.session = outer?.session ?? new Session()
    this.level = kind === 'pin' ? 0 : (outer?.level ?? 0) + 1
  }

  /** Whether nothing that was started in here is still on its way. */
  get isSettled(): boolean {
    return this.lastNested === undefined && this.session.inFlight === 0 && !this.session.isReading
  }

  /** The name of the savepoint, from level 2 on. */
  get savepoint(): string {
    return `guruorm_${this.level}`
  }

  /** Whether statements still belong here: neither it nor a transaction around it has ended. */
  get isOpen(): boolean {
    return this.state !== 'ended' && this.outer?.isOpen !== false
  }

  /** @throws TransactionClosedException when it has ended. */
  assertOpen(): void {
    if (this.isOpen) return
    throw new TransactionClosedException(
      'This statement belongs to a transaction that has ended, so it was not sent. Await all work inside of the ' +
        'transaction, or start work that outlives it with connection.outsideTransaction().' +
        ` (Connection: ${this.source.name})`,
      { code: 'TRANSACTION_CLOSED', connectionName: this.source.name, driver: this.source.driver },
    )
  }
}
