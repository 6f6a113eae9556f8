/** Promise 22: a connection that is reset at any byte never gives a short result for a whole one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LostConnectionException } from '../../../js/errors'
import { type DialectName, onDatabase } from '../../support/databases'
import { FaultProxy } from '../../support/proxy'
import { connectIn, inBothHosts, outcomeOf, report } from './hosts'

const ROWS = 5000
const SUM = (ROWS * (ROWS + 1)) / 2

const QUERY: Record<string, string> = {
  postgres: `select i, md5(i::text) as text from generate_series(1, ${ROWS}) i`,
  mysql: `select cast(seq as signed) as i, md5(seq) as text from seq_1_to_${ROWS}`,
}

/** Offsets, spread over a result: every one of the first and the last bytes, the others at even distances. */
function offsets(total: number, count: number): number[] {
  const edge = Math.floor(count / 5)
  const ends = Array.from({ length: edge }, (_, index) => [index + 1, total - index]).flat()
  const middle = count - ends.length
  return [
    ...ends,
    ...Array.from({ length: middle }, (_, index) => edge + Math.floor(((total - 2 * edge) * index) / middle)),
  ]
}

for (const dialect of ['postgres', 'mysql'] as DialectName[]) {
  onDatabase(dialect, 'a reset in the middle of a result', (db) => {
    let proxy: FaultProxy
    beforeAll(async () => {
      proxy = await FaultProxy.inFrontOf(db.url)
    })
    afterAll(() => proxy.close())

    inBothHosts((host) => {
      const connect = () => connectIn(host, db.config({ host: '127.0.0.1', port: proxy.port, pool: { max: 1 } }))
      const count = host === 'inline' ? 250 : 80

      /** Bytes of the answer on a fresh connection, whose statement is not prepared yet. */
      async function size(sql: string): Promise<number> {
        const connection = connect()
        await connection.scalar('select 1')
        proxy.resetCounts()
        await connection.select(sql)
        const total = proxy.bytes.toClient
        await connection.disconnect()
        return total
      }

      test(`at any of ${count} bytes: all rows, or an error`, async () => {
        const sql = QUERY[dialect] as string
        const total = await size(sql)
        expect(total).toBeGreaterThan(ROWS * 36)
        const counts = { whole: 0, rejected: 0, wrong: 0 }
        const connection = connect()
        for (const offset of offsets(total, count)) {
          await connection.scalar('select 1')
          proxy.cutAfterBytes('toClient', offset)
          const { value, error } = await outcomeOf(connection.select<{ i: number; text: string }>(sql))
          if (error !== undefined) {
            expect(error).toBeInstanceOf(LostConnectionException)
            counts.rejected += 1
          } else if (value?.length === ROWS && value.reduce((sum, row) => sum + row.i, 0) === SUM) counts.whole += 1
          else counts.wrong += 1
          proxy.pass()
          // Statements are prepared on a connection once: a new one for every cut.
          await connection.disconnect({ deadline: 0 })
        }
        report(`reset, ${db.driver} ${host}`, { offsets: count, ...counts, bytes: total })
        expect(counts.wrong).toBe(0)
        // What comes before the first row is asked again on another connection; after it nothing is.
        expect(counts.rejected).toBeGreaterThan(count / 3)
      })

      test('a cursor that is cut ends with an error, never as if it were done', async () => {
        const sql = QUERY[dialect] as string
        const total = await size(sql)
        const connection = connect()
        for (const offset of offsets(total, 20)) {
          await connection.scalar('select 1')
          proxy.cutAfterBytes('toClient', offset)
          const read = async () => {
            let rows = 0
            for await (const _ of connection.cursor(sql)) rows += 1
            return rows
          }
          const { value, error } = await outcomeOf(read())
          if (error === undefined) expect(value).toBe(ROWS)
          else expect(error).toBeInstanceOf(LostConnectionException)
          proxy.pass()
          await connection.disconnect({ deadline: 0 })
        }
      })

      describe('a write', () => {
        test('whose answer is cut is sent once only, and rejects unless it was answered', async () => {
          await db.connection().statement('drop table if exists resets')
          await db.connection().statement('create table resets (id integer)')
          const connection = connect()
          await connection.scalar('select 1')
          proxy.resetCounts()
          await connection.insert('insert into resets values (?)', [0])
          const total = proxy.bytes.toClient
          const acknowledged = [0]
          for (let offset = 1; offset <= total; offset++) {
            await connection.disconnect({ deadline: 0 })
            await connection.scalar('select 1')
            proxy.cutAfterBytes('toClient', offset)
            const { error } = await outcomeOf(connection.insert('insert into resets values (?)', [offset]))
            if (error === undefined) acknowledged.push(offset)
            else expect(error.code).toMatch(/^(LOST_)?CONNECTION$/)
            proxy.pass()
          }
          const stored = await db
            .connection()
            .select<{ id: number; times: number }>('select id, count(*) as times from resets group by id')
          expect(stored.filter((row) => row.times > 1)).toEqual([])
          const ids = stored.map((row) => row.id)
          expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([])
          report(`write cut at every byte, ${db.driver} ${host}`, {
            offsets: total,
            acknowledged: acknowledged.length,
            stored: ids.length,
          })
        })
      })
    })
  })
}
