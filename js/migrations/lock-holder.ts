import { hostname } from 'node:os'
import type { LockPlan } from './engine'
import type { Attempt } from './log'
import type { MigrationConnection } from './migration-connection'

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
export function owner(): string {
  return `${hostname()}/${process.pid}`
}

/** @param file - What the holder wrote into the file, `host/pid`. */
export async function holderOf(
  connection: MigrationConnection,
  plan: LockPlan,
  file: string | undefined,
  unfinished: (() => Promise<Attempt[]>) | undefined,
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
export function waitedFor({ session, application, host, migration, seconds }: LockHolder): string {
  const pid = session === null ? application?.split('/').at(-1) : String(session)
  const time = seconds === null ? '' : ` for ${seconds}s`
  const running = migration === null ? (time === '' ? null : `held${time}`) : `running ${migration}${time}`
  return [pid && `pid ${pid}`, host && `host ${host}`, running].filter(Boolean).join(', ')
}

export function notAcquired(timeout: number, holder: LockHolder | null): string {
  return [
    `Migration lock not acquired within ${Math.round(timeout / 1000)}s.${holder === null ? '' : ` Holder: ${describeHolder(holder)}.`}`,
    'Nothing was changed. Wait and run again, or see `guruorm migrate:unlock` (`--kill` ends that session).',
  ].join('\n')
}
