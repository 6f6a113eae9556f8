import { hostname } from 'node:os'
import { type LockPlan, lockFile, lockPlan, unlockFile } from './engine'
import type { Journal } from './journal'
import type { Attempt } from './log'
import type { MigrationConnection } from './migration-connection'
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

/** Who has the lock. */
export interface LockHolder {
  /** The server's number for the session; none for a lock on a file. */
  session: number | null
  /** `guruorm migrate deploy-7f9c/31`, or what the server knows. */
  application: string | null
  host: string | null
  migration: string | null
  /** How long, as far as it is known. */
  seconds: number | null
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

  /** Who has the lock; null when nobody does. Never takes it for longer than a look. */
  static async holder(
    connection: MigrationConnection,
    plan: LockPlan,
    unfinished?: LockOptions['unfinished'],
  ): Promise<LockHolder | null> {
    if (plan.by === 'none') return null
    if (plan.by === 'session') return holderOf(connection, plan, undefined, unfinished)
    const { acquired, holder } = await lockFile(connection, plan.path, owner())
    if (!acquired) return holderOf(connection, plan, holder, unfinished)
    await unlockFile(connection, plan.path)
    return null
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

  private async poll({ timeout, onWait, unfinished, control = new RunControl() }: LockOptions): Promise<void> {
    const { session, plan } = this
    const start = performance.now()
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const { acquired, file } = await this.attempt()
      if (acquired) return
      const remaining = timeout - (performance.now() - start)
      const holder = await holderOf(session, plan, file, unfinished)
      if (remaining <= 0) throw new MigrationError('lock', notAcquired(timeout, holder))
      await onWait?.({ holder: holder && waitedFor(holder), remaining })
      // ± 20 %, so that runners that started together do not ask together.
      await control.pause(Math.min(pause * (0.8 + Math.random() * 0.4), remaining))
    }
  }

  private async attempt(): Promise<{ acquired: boolean; file?: string }> {
    const { plan, session } = this
    switch (plan.by) {
      case 'none':
        return { acquired: true }
      case 'file': {
        const { acquired, holder } = await lockFile(session, plan.path, owner())
        return holder === undefined ? { acquired } : { acquired, file: holder }
      }
      case 'session': {
        const [row] = await session.select(plan.attempt.sql, plan.attempt.bindings)
        return { acquired: Number(row?.acquired) === 1 }
      }
    }
  }
}

/** `pid 4711, guruorm migrate deploy-7f9c/31, 2025_11_30_120000_add_index, 73s`. */
export function describeHolder({ session, application, migration, seconds }: LockHolder): string {
  const parts = [
    session === null ? null : `pid ${session}`,
    application,
    migration,
    seconds === null ? null : `${seconds}s`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

/** This process, for those who wait: `host/pid`. */
function owner(): string {
  return `${hostname()}/${process.pid}`
}

/** @param file - What the holder wrote into the file, `host/pid`. */
async function holderOf(
  connection: MigrationConnection,
  plan: LockPlan,
  file: string | undefined,
  unfinished: LockOptions['unfinished'],
): Promise<LockHolder | null> {
  const silent = () => []
  const [row] =
    plan.by === 'session' ? await connection.select(plan.holder.sql, plan.holder.bindings).then(undefined, silent) : []
  if (plan.by === 'session' && row === undefined) return null
  // What it runs is told by the log, whose row was committed before the migration began.
  const attempts = await (unfinished?.() ?? Promise.resolve([])).catch(silent)
  const attempt = attempts.at(-1)
  const { host, pid } = attempt?.metadata ?? {}
  const since = attempt?.startedAt == null ? null : Math.round((Date.now() - attempt.startedAt.getTime()) / 1000)
  const known = row?.application == null ? null : String(row.application)
  return {
    session: row?.session == null ? null : Number(row.session),
    application:
      known ??
      (file === undefined ? null : `guruorm migrate ${file}`) ??
      (host ? `guruorm migrate ${host}/${pid}` : null),
    host: host ?? /^guruorm migrate (.+)\/\d+$/.exec(known ?? '')?.[1] ?? file?.split('/')[0] ?? null,
    migration: attempt?.name ?? null,
    seconds: since === null && row?.seconds == null ? null : Math.max(0, since ?? Number(row?.seconds)),
  }
}

/** `pid 4711, host deploy-7f9c, running 2025_11_30_120000_add_index for 12s`. */
function waitedFor({ session, application, host, migration, seconds }: LockHolder): string {
  const pid = session === null ? application?.split('/').at(-1) : String(session)
  const time = seconds === null ? '' : ` for ${seconds}s`
  const running = migration === null ? (time === '' ? null : `held${time}`) : `running ${migration}${time}`
  return [pid && `pid ${pid}`, host && `host ${host}`, running].filter(Boolean).join(', ')
}

function notAcquired(timeout: number, holder: LockHolder | null): string {
  return [
    `Migration lock not acquired within ${Math.round(timeout / 1000)}s.${holder === null ? '' : ` Holder: ${describeHolder(holder)}.`}`,
    'Nothing was changed. Wait and run again, or see `guruorm migrate:unlock` (`--kill` ends that session).',
  ].join('\n')
}
