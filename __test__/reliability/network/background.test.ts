/** Promise 30: nothing that happens behind a program's back can end it. */
import { expect, test } from 'vitest'
import { type DialectName, onDatabase, onEveryDatabase, type TestDatabase } from '../../support/databases'
import { PrivatePostgres } from '../../support/private-servers'
import { FaultProxy } from '../../support/proxy'
import { Program } from '../runtime/program'
import { HOSTS, pause } from './hosts'

interface Report {
  uncaught: string[]
  warnings: string[]
  mode: string
  pool: { size: number; active: number; waiting: number }
}

const client = (mode: string, options: object) =>
  new Program('client.cjs', { args: [options], env: { GURUORM_MODE: mode } })

async function assertUnharmed(program: Program, mode: string): Promise<Report> {
  const report = await program.ask<Report>({ do: 'report' })
  expect(report.uncaught).toEqual([])
  expect(report).toMatchObject({ mode, pool: { active: 0, waiting: 0 } })
  program.child.disconnect()
  expect(await program.ended).toMatchObject({ code: 0, signal: null })
  return report
}

/** Ends every connection that names itself so, on the server. */
async function killBackends(db: TestDatabase, name: string): Promise<number> {
  const connection = db.connection()
  if (db.dialect === 'postgres') {
    const rows = await connection.select(
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name = ?',
      [name],
    )
    return rows.length
  }
  const rows = await connection.select<{ id: number }>(
    'select id from information_schema.processlist where db = ? and id <> connection_id()',
    [db.name],
  )
  for (const { id } of rows) await connection.unprepared(`kill ${id}`).catch(() => {})
  return rows.length
}

const SLEEP: Record<string, string> = { postgres: 'select pg_sleep(0.05)', mysql: 'select sleep(0.05)' }
const LONG: Record<string, string> = {
  postgres: 'select pg_sleep(10) /* guruorm_busy */',
  mysql: 'select sleep(10) /* guruorm_busy */',
}

/** How many of the long statements the server runs. */
async function running(db: TestDatabase): Promise<number> {
  const sql = {
    postgres:
      "select count(*) from pg_stat_activity where state = 'active' and query like '%guruorm_busy%' and pid <> pg_backend_pid()",
    mysql:
      "select count(*) from information_schema.processlist where info like '%guruorm_busy%' and id <> connection_id()",
  }[db.dialect as 'postgres' | 'mysql']
  return Number(await db.connection().scalar(sql))
}

const MANY: Record<string, string> = {
  postgres: 'select i, md5(i::text) as text from generate_series(1, 400000) i',
  mysql: 'select seq as i, md5(seq) as text from seq_1_to_400000',
}

for (const dialect of ['postgres', 'mysql'] as DialectName[]) {
  onDatabase(dialect, 'in the background', (db) => {
    for (const mode of HOSTS) {
      const sleep = { do: 'query', sql: SLEEP[dialect], times: 4 }

      test(`idle, busy and held connections that the server kills end no program, with the engine ${mode}`, async () => {
        const options = dialect === 'postgres' ? { applicationName: 'guruorm_background' } : {}
        const program = client(mode, db.config({ ...options, pool: { max: 6 } }))
        expect(await program.ask(sleep)).toEqual([null, null, null, null])
        expect(await killBackends(db, 'guruorm_background')).toBeGreaterThanOrEqual(4)
        await pause(50)
        expect(await program.ask(sleep)).toEqual([null, null, null, null])

        const busy = program.ask<string[]>({ ...sleep, sql: LONG[dialect] })
        await expect.poll(() => running(db)).toBe(4)
        await killBackends(db, 'guruorm_background')
        expect(await busy).toEqual(Array.from({ length: 4 }, () => 'LOST_CONNECTION'))

        const transaction = program.ask({ do: 'holdTransaction', milliseconds: 300 })
        await pause(150)
        await killBackends(db, 'guruorm_background')
        expect(await transaction).toMatch(/CONNECTION/)

        const cursor = program.ask({ do: 'holdCursor', sql: MANY[dialect], milliseconds: 2 })
        await pause(150)
        await killBackends(db, 'guruorm_background')
        expect(await cursor).toBe('LOST_CONNECTION')
        expect(await program.ask(sleep)).toEqual([null, null, null, null])
        await assertUnharmed(program, mode)
      })

      test(`connections that the network resets while idle end no program, with the engine ${mode}`, async () => {
        const proxy = await FaultProxy.inFrontOf(db.url)
        const program = client(mode, db.config({ host: '127.0.0.1', port: proxy.port, pool: { max: 4 } }))
        for (let round = 0; round < 5; round++) {
          expect(await program.ask(sleep)).toEqual([null, null, null, null])
          proxy.cut()
          await pause(20)
        }
        expect(await program.ask({ do: 'disconnect' })).toBeNull()
        await assertUnharmed(program, mode)
        await proxy.close()
      })
    }
  })
}

onEveryDatabase('in the background', (db) => {
  for (const mode of HOSTS) {
    test(`listeners that throw are told about, and end neither statements nor the program, with the engine ${mode}`, async () => {
      const program = client(mode, db.config())
      expect(await program.ask({ do: 'listenBadly' })).toBeNull()
      expect(await program.ask({ do: 'query', sql: 'select 1' })).toEqual([null])
      const { warnings } = await assertUnharmed(program, mode)
      expect(warnings.join('\n')).toMatch(/of a listener/)
      expect(warnings.join('\n')).toMatch(/of an async listener/)
    })

    // Builds for users have no such command.
    test(`a defect in the engine rejects its request and closes its connection, with the engine ${mode}`, async () => {
      const program = client(mode, db.config({ pool: { max: 1 } }))
      const panic = (inStatement: boolean) =>
        program.ask<string>({ do: 'command', command: { do: 'test.panic', inStatement } })
      const first = await panic(false)
      if (first.includes('unknown variant')) return void program.child.kill()
      expect(first).toMatch(/^INTERNAL: a defect in guruorm/)
      expect(await panic(true)).toMatch(/^INTERNAL: a defect in guruorm/)
      expect(await program.ask({ do: 'query', sql: 'select 1', times: 3 })).toEqual([null, null, null])
      await assertUnharmed(program, mode)
    })
  }
})

for (const mode of HOSTS) {
  test.runIf(PrivatePostgres.isInstalled())(
    `a server that restarts while everything is idle ends no program, with the engine ${mode}`,
    async () => {
      const server = await PrivatePostgres.create()
      try {
        const program = client(mode, { url: server.url(), pool: { max: 4 } })
        const sleep = { do: 'query', sql: SLEEP.postgres, times: 4 }
        expect(await program.ask(sleep)).toEqual([null, null, null, null])
        await server.restart()
        expect(await program.ask(sleep)).toEqual([null, null, null, null])
        await assertUnharmed(program, mode)
      } finally {
        await server.destroy()
      }
    },
  )
}
