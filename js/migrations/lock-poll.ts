import { type LockHolder, notAcquired, waitedFor } from './lock-holder'
import type { Attempt } from './log'
import { MigrationError } from './migration-error'
import { RunControl } from './run-control'

/** First and longest pause between two attempts, in milliseconds. */
const FIRST_PAUSE = 250
const LONGEST_PAUSE = 1000

/** Told while the lock is waited for. */
export interface LockWait {
  /** Who has the lock, as far as the server tells. */
  holder: string | null
  /** What is left of the wait, in milliseconds. */
  remaining: number
}

export interface LockOptions {
  /** Longest wait in milliseconds; 0 tries once. */
  timeout: number
  onWait?: (wait: LockWait) => void | Promise<void>
  /** Attempts that have not ended, which tell what the holder runs. */
  unfinished?: () => Promise<Attempt[]>
  control?: RunControl
}

/**
 * Tries until `attempt` answers something, or the time is over. Nothing is open on the server in between.
 *
 * @throws MigrationError of kind `lock` when another runner keeps it for too long.
 */
export async function polled<T>(
  attempt: () => Promise<T | undefined>,
  holderOf: () => Promise<LockHolder | null>,
  { timeout, onWait, control = new RunControl() }: LockOptions,
): Promise<T> {
  const start = performance.now()
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const acquired = await attempt()
    if (acquired !== undefined) return acquired
    const remaining = timeout - (performance.now() - start)
    const holder = await holderOf()
    if (remaining <= 0) throw new MigrationError('lock', notAcquired(timeout, holder))
    await onWait?.({ holder: holder && waitedFor(holder), remaining })
    // ± 20 %, so that runners that started together do not ask together.
    await control.pause(Math.min(pause * (0.8 + Math.random() * 0.4), remaining))
  }
}
