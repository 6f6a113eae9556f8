/** The end of a transaction: what is waited for, what is tried again, what is thrown, what runs afterwards. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GuruORMError, QueryTimeoutException, TransactionClosedException } from '../errors'
import { runOutside } from './context'
import type { Session, TransactionScope } from './transaction-scope'

const RETRYABLE: readonly string[] = ['DEADLOCK', 'SERIALIZATION_FAILURE', 'LOCK_TIMEOUT']

/** First pause before another attempt, in milliseconds; it doubles each time, with jitter. */
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 1_000

/** Waits between an attempt and the next. */
export async function pauseAfter(attempt: number): Promise<void> {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
  await sleep(pause * (0.5 + Math.random()))
}

/** Longest wait for statements that a test has left behind, in milliseconds. */
const PATIENCE_MS = 1_000

/** Waits for what is on its way, and stops what takes too long. @returns Whether something was stopped. */
export async function stopped(session: Session): Promise<boolean> {
  let wasStopped = false
  const timer = setTimeout(() => {
    wasStopped = true
    session.stop.abort()
  }, PATIENCE_MS)
  await session.idle()
  clearTimeout(timer)
  return wasStopped
}

/** Waits for what the callback started and did not await. */
export async function settle(scope: TransactionScope): Promise<void> {
  let turns: Promise<unknown> | undefined
  do {
    turns = scope.lastNested
    await turns
    await scope.session.idle()
  } while (turns !== scope.lastNested || scope.session.inFlight > 0)
}

/** @throws TransactionClosedException when a savepoint was begun by hand in here and not ended. */
export function assertNothingOpen(scope: TransactionScope): void {
  if (scope.openNested === 0) return
  throw new TransactionClosedException(
    'beginTransaction() was called inside of this transaction, and neither commit() nor rollBack() ended it.' +
      ` (Connection: ${scope.source.name})`,
    { code: 'TRANSACTION_CLOSED', connectionName: scope.source.name, driver: scope.source.driver },
  )
}

/** Rejects when the callback takes too long, and stops the statements that it is waiting for. */
export async function withinLimit<T>(running: Promise<T>, limit: number, scope: TransactionScope): Promise<T> {
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

/** Whether the callback may run again after this error. */
export function mayRetry(error: unknown): boolean {
  return error instanceof GuruORMError && RETRYABLE.includes(error.code) && !afterCommitWasSent.has(error)
}

/** Errors of a COMMIT: the callback must not run again, whatever they say. */
const afterCommitWasSent = new WeakSet<object>()

/** Marks the error of a COMMIT. */
export function sentCommit(error: GuruORMError): GuruORMError {
  afterCommitWasSent.add(error)
  return error
}

/** The application's error stays the one that is thrown; trouble with the rollback becomes its cause. */
export function withCause(error: unknown, trouble: GuruORMError): unknown {
  if (error instanceof Error && error.cause === undefined && Object.isExtensible(error)) {
    Object.defineProperty(error, 'cause', { value: trouble, writable: true, configurable: true, enumerable: false })
  }
  return error
}

/**
 * Hands the callbacks on to the transaction around, or runs them. All of them run; the first error
 * is thrown afterwards.
 */
export async function runAfterCommit(scope: TransactionScope, outer: TransactionScope | undefined): Promise<void> {
  if (scope.afterCommit.length === 0) return
  if (outer !== undefined && outer.level > 0 && !outer.isEverywhere) {
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
