/** Promise 21: a server that is restarted, or dies, under load. */
import { expect, test } from 'vitest'
import type { Connection } from '../../../js/index'
import { PrivateMariaDb, PrivatePostgres } from '../../support/private-servers'
import { connectIn, HOSTS, pause, report } from './hosts'

const WRITERS = 8
/** After the server is up again. */
const WORKING_WITHIN_MS = 3000

interface Server {
  url(): string
  restart(): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  destroy(): Promise<void>
}

const SERVERS: { name: string; isThere: () => boolean; create: () => Promise<Server> }[] = [
  {
    name: 'PostgreSQL',
    isThere: () => PrivatePostgres.isInstalled(),
    create: () => PrivatePostgres.create(),
  },
  {
    name: 'MariaDB',
    isThere: () => PrivateMariaDb.isInstalled(),
    // 2: what was committed is with the operating system, which does not die here.
    create: () => PrivateMariaDb.create({ settings: { 'innodb-flush-log-at-trx-commit': 2 } }),
  },
]

/** Writers that go on whatever happens. */
class Load {
  readonly acknowledged: number[] = []
  readonly errors = new Map<string, number>()
  #isOver = false
  #last = 0
  readonly #writers: Promise<void>[]
  /** When each writer was last acknowledged. */
  readonly #successes: number[] = Array.from({ length: WRITERS }, () => 0)

  constructor(connection: Connection) {
    this.#writers = this.#successes.map((_, writer) => this.#write(connection, writer))
  }

  async #write(connection: Connection, writer: number): Promise<void> {
    while (!this.#isOver) {
      this.#last += 1
      const id = this.#last
      try {
        // Every other write in a transaction.
        if (id % 2 === 0) await connection.insert('insert into acknowledged values (?)', [id])
        else await connection.transaction((open) => open.insert('insert into acknowledged values (?)', [id]))
        this.acknowledged.push(id)
        this.#successes[writer] = performance.now()
      } catch (error) {
        const code = (error as { code?: string }).code ?? String(error)
        this.errors.set(code, (this.errors.get(code) ?? 0) + 1)
        await pause(20)
      }
    }
  }

  /** Milliseconds from now until every writer has written. */
  async allWrite(): Promise<number> {
    const since = performance.now()
    while (this.#successes.some((success) => success < since)) {
      if (performance.now() - since > 10_000) throw new Error('a writer does not write any more')
      await pause(5)
    }
    return performance.now() - since
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#writers)
  }
}

/** Children of a killed server may hold its files for a moment. */
async function startAgain(server: Server): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await server.start()
    } catch (error) {
      if (attempt === 20) throw error
      await pause(100)
    }
  }
}

for (const { name, isThere, create } of SERVERS) {
  for (const host of HOSTS) {
    test.runIf(isThere())(
      `a restart and a crash of ${name} under ${WRITERS} writers, with the engine ${host}`,
      { timeout: 60_000 },
      async () => {
        const server = await create()
        try {
          const connection = connectIn(host, { url: server.url(), pool: { max: 6 } })
          await connection.statement('create table acknowledged (id integer primary key)')
          const load = new Load(connection)
          await load.allWrite()
          await pause(100)
          await server.restart()
          const afterRestart = await load.allWrite()
          await pause(100)
          await server.kill()
          await pause(100)
          await startAgain(server)
          const afterCrash = await load.allWrite()
          await load.end()
          const stored = await connection.table('acknowledged').pluck('id')
          const missing = load.acknowledged.filter((id) => !new Set(stored).has(id))
          report(`restart and kill -9, ${name} ${host}`, {
            'after restart ms': afterRestart,
            'after kill ms': afterCrash,
            acknowledged: load.acknowledged.length,
            stored: stored.length,
            errors: [...load.errors].map(([code, times]) => `${code} ${times}`).join(' '),
          })
          expect(missing).toEqual([])
          expect(afterRestart).toBeLessThan(WORKING_WITHIN_MS)
          expect(afterCrash).toBeLessThan(WORKING_WITHIN_MS)
          expect([...load.errors.keys()].filter((code) => !/CONNECTION|COMMIT_UNKNOWN/.test(code))).toEqual([])
          expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
        } finally {
          await server.destroy()
        }
      },
    )
  }
}
