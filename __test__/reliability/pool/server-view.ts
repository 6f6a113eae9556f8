/** What the server itself says of our connections, asked over a connection that is not counted. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Capsule, type Connection } from '../../../js/index'
import type { TestDatabase } from '../../support/databases'

const SESSIONS = {
  pgsql: `select pid as id, state = 'idle in transaction' or state like '%aborted%' as waits_inside, xact_start is not null as is_inside
    from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  mariadb: `select p.id, t.trx_id is not null and p.command = 'Sleep' as waits_inside, t.trx_id is not null as is_inside
    from information_schema.processlist p left join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id
    where p.db = database() and p.id <> connection_id()`,
}

export class ServerView {
  readonly #capsule = new Capsule()
  readonly #driver: keyof typeof SESSIONS

  constructor(db: TestDatabase) {
    this.#driver = db.driver as keyof typeof SESSIONS
    this.#capsule.addConnection(db.config({ pool: { max: 1 } }))
  }

  get connection(): Connection {
    return this.#capsule.connection()
  }

  /** The server's numbers of all other sessions in this database. */
  async sessions(): Promise<number[]> {
    return (await this.#sessions()).map(({ id }) => Number(id))
  }

  /** How many sessions have a transaction open and do nothing. */
  async idleInTransaction(): Promise<number> {
    return (await this.#sessions()).filter(({ waits_inside }) => Boolean(waits_inside)).length
  }

  /** How many sessions have a transaction open. */
  async sessionsInTransaction(): Promise<number> {
    return (await this.#sessions()).filter(({ is_inside }) => Boolean(is_inside)).length
  }

  /** Ends sessions, and answers when the server has closed their sockets. */
  async kill(ids: readonly number[]): Promise<void> {
    if (this.#driver === 'pgsql')
      await this.connection.select('select pg_terminate_backend(id) from unnest(?::int[]) as id', [ids])
    else for (const id of ids) await this.connection.statement(`kill ${id}`).catch(() => {})
    await this.untilGone(ids)
  }

  /** Waits until the server has no such session any more. */
  async untilGone(ids: readonly number[]): Promise<void> {
    const deadline = Date.now() + 5_000
    while ((await this.sessions()).some((id) => ids.includes(id))) {
      if (Date.now() > deadline) throw new Error(`sessions are still there: ${ids}`)
      await sleep(2)
    }
    // A session leaves the list before its socket is closed.
    await sleep(10)
  }

  async close(): Promise<void> {
    await this.#capsule.disconnect()
  }

  #sessions(): Promise<{ id: number; waits_inside: unknown; is_inside: unknown }[]> {
    return this.connection.select(SESSIONS[this.#driver])
  }
}
