/** What is said to the engine when a transaction or a savepoint begins and ends. Failures are values. */
import { Fault } from '../native/fault'
import type { Outcome } from '../native/requests'
import type { TransactionEventName } from './events'
import type { TransactionScope } from './transaction-scope'

/** How a transaction begins. */
export interface BeginOptions {
  isolation?: string
  readOnly?: boolean
}

/** A connection that the engine keeps: its number for it, and the server's. */
interface Pinned {
  session: number
  backend: number
}

type Reply = Promise<Fault | undefined>

/** Goes when the transaction does: shows at its end whether something else has ended it. */
const EVERYWHERE = 'guruorm_everywhere'

/** A connection that is gone took its transaction along. */
const GONE: readonly string[] = ['LOST_CONNECTION', 'CONNECTION', 'TRANSACTION_CLOSED']

/** Begins. The scope is open when it answers nothing. */
export async function begin(scope: TransactionScope, options: BeginOptions = {}): Reply {
  const { source, session, outer } = scope
  if (scope.level > 1) {
    const fault = await command(scope, { do: 'savepoint', session: session.id, name: scope.savepoint })
    return opened(scope, fault)
  }
  // On a pinned connection the transaction is that connection's.
  const pinned = outer === undefined ? undefined : { session: session.id }
  const words = { do: 'begin', ...options, ...pinned }
  // Who waits for a connection is told where the oldest was taken.
  if (pinned === undefined) scope.begun = new Error('begun here')
  const answer = await source.environment.command<Pinned>(source.handle, words)
  if (answer instanceof Fault) return opened(scope, answer)
  if (pinned === undefined) {
    Object.assign(session, { id: answer.session, backend: answer.backend })
    source.openTransactions.add(scope)
  }
  if (!scope.isEverywhere) return opened(scope, undefined)
  const fault = await command(scope, { do: 'savepoint', session: session.id, name: EVERYWHERE })
  if (fault !== undefined) await rollBack(scope)
  return opened(scope, fault)
}

/** Whether the transaction of a test was over before its end: committed, as MySQL does at each definition. */
export async function hasEndedItself(scope: TransactionScope): Promise<boolean> {
  const name = scope.level > 1 ? scope.savepoint : EVERYWHERE
  const words = { do: 'rollbackToSavepoint', session: scope.session.id, name }
  const fault = await command(scope, words)
  return fault !== undefined && !GONE.includes(fault.data.code)
}

/** Pins a connection without a transaction. */
export async function pin(scope: TransactionScope): Reply {
  const answer = await scope.source.environment.command<Pinned>(scope.source.handle, { do: 'pin' })
  if (answer instanceof Fault) return opened(scope, answer)
  Object.assign(scope.session, { id: answer.session, backend: answer.backend })
  return opened(scope, undefined)
}

/** Gives a pinned connection back. */
export function unpin(scope: TransactionScope): Reply {
  close(scope)
  return command(scope, { do: 'unpin', session: scope.session.id })
}

/**
 * Begins a transaction on a pinned connection with its first statement: a failure of either is the answer.
 *
 * @param send - Sends that, flagged so.
 */
export async function beginWith(scope: TransactionScope, send: () => Promise<Outcome>): Promise<Outcome> {
  scope.state = 'open'
  const outcome = await send()
  tell(scope, 'beginning')
  return outcome
}

/**
 * Commits a transaction on a pinned connection with its last statement. No other one is taken; where that fails the
 * transaction is still to be committed or rolled back.
 *
 * @param send - Sends that, flagged so.
 */
export async function commitWith(scope: TransactionScope, send: () => Promise<Outcome>): Promise<Outcome> {
  const sending = send()
  close(scope)
  const outcome = await sending
  if (!(outcome instanceof Fault)) tell(scope, 'committed')
  return outcome
}

/** Whether it is the commit that failed, and not what was sent with it. */
export function isOfCommit(fault: Fault): boolean {
  return fault.data.sql === 'commit' || fault.data.code === 'COMMIT_UNKNOWN'
}

/** Commits, or releases the savepoint. The scope has ended, whatever the answer. */
export async function commit(scope: TransactionScope): Reply {
  const { session, outer } = scope
  close(scope)
  let fault: Fault | undefined
  if (scope.level > 1)
    fault = await command(scope, { do: 'releaseSavepoint', session: session.id, name: scope.savepoint })
  else fault = await command(scope, { do: 'commit', session: session.id, keep: outer !== undefined })
  if (fault === undefined) tell(scope, 'committed')
  return fault
}

/** Rolls back, to the savepoint where the scope is one. It has ended, whatever the answer. */
export async function rollBack(scope: TransactionScope): Reply {
  const { session, outer } = scope
  close(scope)
  let fault: Fault | undefined
  if (scope.level > 1) {
    const name = scope.savepoint
    fault = await command(scope, { do: 'rollbackToSavepoint', session: session.id, name })
    fault ??= await command(scope, { do: 'releaseSavepoint', session: session.id, name })
  } else fault = await command(scope, { do: 'rollback', session: session.id, keep: outer !== undefined })
  tell(scope, 'rolledBack')
  return fault
}

function opened(scope: TransactionScope, fault: Fault | undefined): Fault | undefined {
  scope.state = fault === undefined ? 'open' : 'ended'
  if (fault === undefined && scope.level > 0) tell(scope, 'beginning')
  return fault
}

/** From now on no statement is taken. Before the last word is sent: nothing can slip in between. */
function close(scope: TransactionScope): void {
  scope.state = 'ended'
  scope.source.openTransactions.delete(scope)
}

async function command(scope: TransactionScope, words: object): Reply {
  const answer = await scope.source.environment.command<object>(scope.source.handle, words)
  return answer instanceof Fault ? answer : undefined
}

function tell(scope: TransactionScope, event: TransactionEventName): void {
  const { source, level } = scope
  if (source.observers.transactionListeners.size === 0) return
  source.observers.reportTransaction({ event, connectionName: source.name, level })
}
