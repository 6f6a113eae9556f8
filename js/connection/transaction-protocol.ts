/** What is said to the engine when a transaction or a savepoint begins and ends. Failures are values. */
import { Flag, Kind } from '../native/addon-types'
import { Fault } from '../native/fault'
import type { Answer, Outcome } from '../native/requests'
import { andThen, type Later } from '../support/later'
import type { TransactionEventName } from './events'
import { beginning } from './pool-timeout'
import type { TransactionScope } from './transaction-scope'

/** How a transaction begins. */
export interface BeginOptions {
  isolation?: string
  readOnly?: boolean
}

type Reply = Later<Fault | undefined>

/** Goes when the transaction does: shows at its end whether something else has ended it. */
const EVERYWHERE = 'guruorm_everywhere'

/** A connection that is gone took its transaction along. */
const GONE: readonly string[] = ['LOST_CONNECTION', 'CONNECTION', 'TRANSACTION_CLOSED']

const NO_VALUES: readonly unknown[] = []

/** Begins. The scope is open when it answers nothing. */
export function begin(scope: TransactionScope, options: BeginOptions = {}): Reply {
  if (scope.level > 1) return andThen(say(scope, Kind.savepoint, scope.savepoint), (fault) => opened(scope, fault))
  // Who waits for a connection is told where the oldest was taken.
  if (scope.outer === undefined) scope.begun = beginning(scope.source)
  // On a pinned connection the transaction is that connection's.
  const begun = ask(scope, Kind.begin, options.isolation, options.readOnly === true ? Flag.readOnly : 0)
  return andThen(begun, (outcome) => {
    if (outcome instanceof Fault) return opened(scope, outcome)
    if (scope.outer === undefined) {
      pinned(scope, outcome)
      scope.source.openTransactions.add(scope)
    }
    return scope.isEverywhere ? markedEverywhere(scope) : opened(scope, undefined)
  })
}

async function markedEverywhere(scope: TransactionScope): Promise<Fault | undefined> {
  const fault = await say(scope, Kind.savepoint, EVERYWHERE)
  if (fault !== undefined) await rollBack(scope)
  return opened(scope, fault)
}

/** Whether the transaction of a test was over before its end: committed, as MySQL does at each definition. */
export async function hasEndedItself(scope: TransactionScope): Promise<boolean> {
  const fault = await say(scope, Kind.rollBackTo, scope.level > 1 ? scope.savepoint : EVERYWHERE)
  return fault !== undefined && !GONE.includes(fault.data.code)
}

/** Pins a connection without a transaction. */
export function pin(scope: TransactionScope): Reply {
  return andThen(ask(scope, Kind.pin), (outcome) => {
    if (outcome instanceof Fault) return opened(scope, outcome)
    pinned(scope, outcome)
    return opened(scope, undefined)
  })
}

/** Gives a pinned connection back. */
export function unpin(scope: TransactionScope): Reply {
  close(scope)
  return say(scope, Kind.unpin)
}

/**
 * Begins a transaction on a pinned connection with its first statement: a failure of either is the answer. Once it is there
 * {@link tell} is to be called.
 *
 * @param send - Sends that, flagged so.
 */
export function beginWith(scope: TransactionScope, send: () => Later<Outcome>): Later<Outcome> {
  scope.state = 'open'
  return send()
}

/**
 * Commits a transaction on a pinned connection with its last statement. No other one is taken; where that fails the
 * transaction is still to be committed or rolled back. Once it has not, {@link tell} is to be called.
 *
 * @param send - Sends that, flagged so.
 */
export function commitWith(scope: TransactionScope, send: () => Later<Outcome>): Later<Outcome> {
  const sending = send()
  close(scope)
  return sending
}

/** Whether it is the commit that failed, and not what was sent with it. */
export function isOfCommit(fault: Fault): boolean {
  return fault.data.sql === 'commit' || fault.data.code === 'COMMIT_UNKNOWN'
}

/** Commits, or releases the savepoint. The scope has ended, whatever the answer. */
export function commit(scope: TransactionScope): Reply {
  close(scope)
  const said = scope.level > 1 ? say(scope, Kind.release, scope.savepoint) : end(scope, Kind.commit)
  return andThen(said, (fault) => {
    if (fault === undefined) tell(scope, 'committed')
    return fault
  })
}

/** Rolls back, to the savepoint where the scope is one. It has ended, whatever the answer. */
export async function rollBack(scope: TransactionScope): Promise<Fault | undefined> {
  close(scope)
  let fault: Fault | undefined
  if (scope.level > 1) {
    fault = await say(scope, Kind.rollBackTo, scope.savepoint)
    fault ??= await say(scope, Kind.release, scope.savepoint)
  } else fault = await end(scope, Kind.rollBack)
  tell(scope, 'rolledBack')
  return fault
}

function opened(scope: TransactionScope, fault: Fault | undefined): Fault | undefined {
  scope.state = fault === undefined ? 'open' : 'ended'
  if (fault === undefined && scope.level > 0) tell(scope, 'beginning')
  return fault
}

/** The engine keeps a connection: its number for it, and the server's. */
function pinned({ session }: TransactionScope, { affected, lastInsertId }: Answer): void {
  session.id = affected
  session.backend = lastInsertId
}

/** From now on no statement is taken. Before the last word is sent: nothing can slip in between. */
function close(scope: TransactionScope): void {
  scope.state = 'ended'
  scope.source.openTransactions.delete(scope)
}

/** Ends the transaction; a connection that was pinned before it stays so. */
function end(scope: TransactionScope, kind: number): Reply {
  return say(scope, kind, undefined, scope.outer === undefined ? 0 : Flag.keep)
}

function say(scope: TransactionScope, kind: number, text?: string, flags?: number): Reply {
  return andThen(ask(scope, kind, text, flags), faultIn)
}

function faultIn(outcome: Outcome): Fault | undefined {
  return outcome instanceof Fault ? outcome : undefined
}

function ask({ source, session }: TransactionScope, kind: number, text = '', flags = 0): Later<Outcome> {
  return source.environment.run({
    connection: source.handle,
    session: session.id,
    kind,
    flags,
    text,
    values: NO_VALUES,
    timeoutMs: 0,
    signal: undefined,
    settled: undefined,
  })
}

/** Tells the listeners of transactions. */
export function tell(scope: TransactionScope, event: TransactionEventName): void {
  const { source, level } = scope
  if (source.observers.transactionListeners.size === 0) return
  source.observers.reportTransaction({ event, connectionName: source.name, level })
}
