import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LockPlan, lockFile, lockPlan, unlockFile } from './engine'
import type { Journal } from './journal'
import type { MigrationConnection } from './migration-connection'
import { MigrationError } from './migration-error'

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
}

/**
 * One runner at a time for one journal.
 *
 * The lock is polled, never waited for on the server: a session blocked in `pg_advisory_lock` would make the winner's
 * `create index concurrently` fail. It belongs to `session` and ends with it.
 */
export class MigrationLock {
  private readonly session: MigrationConnection
  private readonly plan: LockPlan

  private constructor(session: MigrationConnection, plan: LockPlan) {
    this.session = session
    this.plan = plan
  }

  /** How this journal is locked on its database. */
  static async planFor(connection: MigrationConnection, journal: Journal): Promise<LockPlan> {
    const { namespace } = journal.questions
    const [row] = await connection.select(namespace.sql, namespace.bindings)
    return lockPlan(connection, {
      namespace: row?.namespace == null ? null : String(row.namespace),
      table: journal.table,
      owner: owner(),
    })
  }

  /** @throws MigrationError of kind `lock` when another runner keeps it for too long. */
  static async acquire(session: MigrationConnection, plan: LockPlan, options: LockOptions): Promise<MigrationLock> {
    const lock = new MigrationLock(session, plan)
    await lock.makeComfortable()
    await lock.poll(options)
    return lock
  }

  async release(): Promise<void> {
    if (this.plan.by === 'file') await unlockFile(this.session, this.plan.path)
    // The lock ends with its session: when the server cannot be told, there is nothing left to give back.
    if (this.plan.by === 'session')
      await this.session.select(this.plan.release.sql, this.plan.release.bindings).then(undefined, () => {})
  }

  private async makeComfortable(): Promise<void> {
    if (this.plan.by !== 'session') return
    for (const { sql, bindings } of this.plan.session) {
      // Settings that an old server or a managed one may lack. The lock works without them.
      await this.session.select(sql, bindings).then(undefined, () => {})
    }
  }

  private async poll({ timeout, onWait }: LockOptions): Promise<void> {
    const start = performance.now()
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const { acquired, holder } = await this.attempt()
      if (acquired) return
      const remaining = timeout - (performance.now() - start)
      if (remaining <= 0) throw new MigrationError('lock', notAcquired(timeout, holder))
      await onWait?.({ holder, remaining })
      // ± 20 %, so that runners that started together do not ask together.
      await sleep(Math.min(pause * (0.8 + Math.random() * 0.4), remaining))
    }
  }

  private async attempt(): Promise<{ acquired: boolean; holder: string | null }> {
    const { plan, session } = this
    switch (plan.by) {
      case 'none':
        return { acquired: true, holder: null }
      case 'file': {
        const { acquired, holder } = await lockFile(session, plan.path, owner())
        return { acquired, holder: holder ?? null }
      }
      case 'session': {
        const [row] = await session.select(plan.attempt.sql, plan.attempt.bindings)
        if (Number(row?.acquired) === 1) return { acquired: true, holder: null }
        const [held] = await session.select(plan.holder.sql, plan.holder.bindings).then(undefined, () => [])
        if (held === undefined) return { acquired: false, holder: null }
        const since = held.seconds == null ? '' : ` for ${Math.max(0, Number(held.seconds))}s`
        return { acquired: false, holder: `${String(held.holder)}${since}` }
      }
    }
  }
}

/** This process, for those who wait: `host/pid`. */
function owner(): string {
  return `${hostname()}/${process.pid}`
}

function notAcquired(timeout: number, holder: string | null): string {
  return [
    `Migration lock not acquired within ${Math.round(timeout / 1000)}s.${holder === null ? '' : ` Holder: ${holder}.`}`,
    'Nothing was changed. Wait and run again, or give it longer with --lock-timeout=SECONDS.',
  ].join('\n')
}
