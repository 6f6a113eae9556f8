/** Promise 34 for writes: what is stopped is undone, alone and inside of a transaction. */
import { beforeEach, expect, test } from 'vitest'
import type { Connection } from '../../../js/connection/connection'
import { QueryAbortedException, QueryTimeoutException, TransactionRolledBackException } from '../../../js/errors'
import { onDatabase, onEveryDatabase, type PerDialect } from '../../support/databases'
import { connectIn, inBothHosts, outcomeOf, pause, report, TIMED } from './hosts'

const counting = (to: number) =>
  `(with recursive n(i) as (select 1 union all select i + 1 from n where i < ${to}) select max(i) from n) > 0`

/** True after half a minute. */
const SLOW: PerDialect<string> = {
  postgres: '(select 1 from pg_sleep(30)) is not null',
  mysql: 'sleep(30) = 0',
  sqlite: counting(1_000_000_000),
}

onEveryDatabase('a write that is stopped', (db) => {
  const slow = SLOW[db.dialect]
  const update = `update stopped set n = 1 where id = 1 and ${slow}`
  const add = (connection: Connection) => connection.insert('insert into stopped (id, n) values (2, 1)')

  beforeEach(async () => {
    await db.connection().statement('drop table if exists stopped')
    await db.connection().statement('create table stopped (id integer primary key, n integer not null)')
    await db.connection().insert('insert into stopped (id, n) values (1, 0)')
  })
  const stored = async () =>
    (await db.connection().select<{ n: number }>('select n from stopped order by id')).map(({ n }) => n)

  inBothHosts((host) => {
    test('by its time limit, in a transaction, leaves nothing of it', TIMED, async () => {
      const connection = connectIn(host, db.config({ pool: { max: 1 } }))
      const { error, ms } = await outcomeOf(
        connection.transaction(async (trx) => {
          await add(trx)
          await trx.update(update, [], { timeout: 100 })
        }),
      )
      expect(error).toBeInstanceOf(QueryTimeoutException)
      expect(error?.message).toContain('100 ms')
      expect(ms).toBeLessThan(1500)
      expect(await stored()).toEqual([0])
      expect(await connection.scalar('select 7')).toBe(7)
    })

    test('by a signal, alone and in a transaction, leaves nothing of it', TIMED, async () => {
      const connection = connectIn(host, db.config({ pool: { max: 1 } }))
      for (const isInside of [false, true]) {
        const controller = new AbortController()
        const { signal } = controller
        const write = async (on: Connection) => {
          if (isInside) await add(on)
          await on.update(update, [], { signal })
        }
        const writing = outcomeOf(isInside ? connection.transaction(write) : write(connection))
        await pause(60)
        const aborted = performance.now()
        controller.abort(new Error('enough'))
        const { error } = await writing
        expect(performance.now() - aborted).toBeLessThan(800)
        expect(error).toBeInstanceOf(QueryAbortedException)
        expect(await stored()).toEqual([0])
      }
      expect(await connection.scalar('select 7')).toBe(7)
    })

    test('by the limit of its connection is undone', TIMED, async () => {
      const connection = connectIn(host, db.config({ statementTimeout: 100 }))
      const { error, ms } = await outcomeOf(connection.update(update))
      expect(error).toBeInstanceOf(QueryTimeoutException)
      expect(ms).toBeLessThan(800)
      expect(await stored()).toEqual([0])
    })
  })
})

onDatabase('sqlite', 'a long write', (db) => {
  const slow = counting(1_000_000)

  beforeEach(async () => {
    await db.connection().statement('drop table if exists written')
    await db.connection().statement('create table written (id integer primary key, n integer not null)')
    await db.connection().insert('insert into written (id, n) values (1, 0), (2, 0)')
  })

  inBothHosts((host) => {
    // SQLite undoes the whole transaction with a write that is stopped.
    test('whose error is swallowed in a transaction does not let that commit', TIMED, async () => {
      const connection = connectIn(host, db.config())
      const failing = connection.transaction(async (trx) => {
        await trx.update('update written set n = 5 where id = 2')
        await trx
          .update(`update written set n = 1 where ${counting(1_000_000_000)}`, [], { timeout: 60 })
          .catch(() => {})
      })
      await expect(failing).rejects.toThrow(TransactionRolledBackException)
      expect(await connection.scalar('select sum(n) from written')).toBe(0)
    })

    test('leaves the event loop to others, and is done once', TIMED, async () => {
      const connection = connectIn(host, db.config())
      const write = (on: Connection) => on.update(`update written set n = n + 1 where id > 0 and ${slow}`)
      for (const [round, isInside] of [false, true, false].entries()) {
        let ticks = 0
        const timer = setInterval(() => ticks++, 5)
        const began = performance.now()
        expect(await (isInside ? connection.transaction(write) : write(connection))).toBe(2)
        const ms = performance.now() - began
        clearInterval(timer)
        report(`timer of 5 ms beside an update, sqlite ${host}`, { ms, ticks })
        expect(ticks).toBeGreaterThan((ms - 50) / 40)
        expect(await connection.scalar('select sum(n) from written')).toBe(2 * (round + 1))
      }
    })
  })
})
