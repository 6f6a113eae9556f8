import { type JournalQuestions, type LockPlan, lockFile, lockPlan, unlockFile } from './engine'
import { holderOf, type LockHolder, owner } from './lock-holder'
import { type LockOptions, polled } from './lock-poll'
import type { MigrationConnection } from './migration-connection'

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
  static async planFor(
    connection: MigrationConnection,
    table: string,
    { namespace }: JournalQuestions,
  ): Promise<LockPlan> {
    const [row] = await connection.select(namespace.sql, namespace.bindings)
    return lockPlan(connection, {
      namespace: row?.namespace == null ? null : String(row.namespace),
      table,
      owner: owner(),
    })
  }

  /** @throws MigrationError of kind `lock` when another runner keeps it for too long. */
  static async acquire(session: MigrationConnection, plan: LockPlan, options: LockOptions): Promise<MigrationLock> {
    const lock = new MigrationLock(session, plan)
    await lock.makeComfortable()
    let file: string | undefined
    const attempt = async () => {
      const { acquired, file: holding } = await lock.attempt()
      file = holding
      return acquired || undefined
    }
    await polled(attempt, () => holderOf(session, plan, file, options.unfinished), options)
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
