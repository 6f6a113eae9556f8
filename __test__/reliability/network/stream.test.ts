/** Promises 35 and 36: streams keep nothing, results do not stand in the way of the event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { type DialectName, onDatabase, onEveryDatabase, type PerDialect } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { run } from '../runtime/program'
import { connectIn, HOSTS, inBothHosts, pause, report, TIMED } from './hosts'

const recursive = (rows: number) =>
  `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) select`

/** Rows of some 60 bytes. */
const ROWS: PerDialect<(rows: number) => string> = {
  postgres: (rows) => `select i, md5(i::text) as text, i * 0.5::float8 as half from generate_series(1, ${rows}) i`,
  mysql: (rows) => `select cast(seq as signed) as i, md5(seq) as text, seq * 0.5e0 as half from seq_1_to_${rows}`,
  sqlite: (rows) => `${recursive(rows)} i, hex(zeroblob(16)) as text, i * 0.5 as half from n`,
}

onEveryDatabase('a stream', (db) => {
  const rows = (count: number) => ROWS[db.dialect](count)

  for (const mode of HOSTS) {
    const count = mode === 'inline' ? 1_000_000 : 200_000
    test(`of ${count} rows keeps none of them, with the engine ${mode}`, { timeout: 60_000 }, async () => {
      const args = [db.config(), rows(count), 'whole']
      const figures = await run('stream.cjs', { args, flags: ['--expose-gc'], env: { GURUORM_MODE: mode } })
      expect(figures).toMatchObject({ mode, rows: count })
      report(`cursor over ${count} rows, ${db.driver} ${mode}`, {
        'growth MB': figures.growth as number,
        ms: figures.ms as number,
      })
      expect(figures.growth).toBeLessThan(60)
    })

    test(`that is read slowly does not fill the memory, with the engine ${mode}`, async () => {
      const args = [db.config(), rows(2_000_000), 'slowly']
      const figures = await run('stream.cjs', { args, flags: ['--expose-gc'], env: { GURUORM_MODE: mode } })
      expect(figures).toMatchObject({ mode, rows: 1000 })
      report(`slow reader, ${db.driver} ${mode}`, { 'growth MB': figures.growth as number })
      expect(figures.growth).toBeLessThan(20)
    })
  }

  inBothHosts((host) => {
    test('left early frees its connection', TIMED, async () => {
      const connection = connectIn(host, db.config({ pool: { max: 1 } }))
      let left = 0
      for await (const row of connection.cursor<{ i: number }>(rows(5_000_000))) {
        if (row.i === 10) {
          left = performance.now()
          break
        }
      }
      const ms = performance.now() - left
      report(`early break, ${db.driver} ${host}`, { ms })
      expect(ms).toBeLessThan(100)
      expect(connection.pool.stats().active).toBe(0)
      expect(await connection.scalar('select 3')).toBe(3)
    })

    test('that nobody reads on holds one connection, and no other statement', async () => {
      // On SQLite one of them is for writing.
      const connection = connectIn(host, db.config({ pool: { max: 3 } }))
      const stream = connection.cursor<{ i: number }>(rows(1_000_000))
      expect((await stream.next()).value).toMatchObject({ i: 1 })
      for (let number = 0; number < 20; number++) expect(await connection.scalar(`select ${number}`)).toBe(number)
      await stream.return(undefined)
    })

    test('whose loop throws frees its connection, and the error is the loop’s', async () => {
      const connection = connectIn(host, db.config({ pool: { max: 1 } }))
      const read = async () => {
        for await (const _ of connection.cursor(rows(1_000_000))) throw new Error('of the loop')
      }
      await expect(read()).rejects.toThrow('of the loop')
      expect(await connection.scalar('select 3')).toBe(3)
    })

    test('of 100,000 rows at once lets the event loop run', async () => {
      const connection = connectIn(host, db.config())
      await connection.select(rows(10))
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      const result = await connection.select(rows(100_000))
      delay.disable()
      expect(result).toHaveLength(100_000)
      const [p99, max] = [delay.percentile(99) / 1e6, delay.max / 1e6]
      report(`event loop during 100,000 rows, ${db.driver} ${host}`, { 'p99 ms': p99, 'max ms': max })
      // 20 ms is promised of a release build on a quiet machine.
      expect(p99).toBeLessThan(100)
    })
  })
})

for (const dialect of ['postgres', 'mysql'] as DialectName[]) {
  onDatabase(dialect, 'a reader who pauses', (db) => {
    test('stops the server: what is not read is not fetched', async () => {
      const proxy = await FaultProxy.inFrontOf(db.url)
      try {
        const connection = connectIn('inline', db.config({ host: '127.0.0.1', port: proxy.port }))
        const stream = connection.cursor(ROWS[dialect](2_000_000))
        await stream.next()
        await pause(700)
        const paused = proxy.bytes.toClient
        await pause(300)
        report(`fetched for a reader who pauses, ${db.driver}`, { 'of 100 MB, MB': proxy.bytes.toClient / 1e6 })
        expect(proxy.bytes.toClient).toBe(paused)
        expect(paused).toBeLessThan(16_000_000)
        await stream.return(undefined)
      } finally {
        await proxy.close()
      }
    })
  })
}
