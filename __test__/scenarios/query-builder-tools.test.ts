import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { DB, type QueryBuilder, QueryTimeoutException, Schema, UnsupportedException } from '../../js/index'
import { onDatabase } from '../support/databases'
import { createShop, namesOf, scenarios } from './shop'

const users = (): QueryBuilder => DB.table('users')

/** What a call writes to the terminal. */
function printed(call: () => unknown): string {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  try {
    call()
    return write.mock.calls.map(([text]) => String(text)).join('')
  } finally {
    write.mockRestore()
  }
}

scenarios('tools of the query builder', (db) => {
  test('scenario 57: whereFullText finds words; SQLite says that it has none', async () => {
    if (db.dialect === 'sqlite') {
      await expect(users().whereFullText('name', 'Ada').get()).rejects.toThrow(UnsupportedException)
      return
    }
    await Schema.dropIfExists('pages')
    await Schema.create('pages', (table) => {
      table.id()
      table.text('body')
      table.fullText('body')
    })
    const bodies = ['The engine weaves algebraic patterns', 'A compiler for business programs', 'Kernels and engines']
    await DB.table('pages').insert(bodies.map((body) => ({ body })))
    const found = (words: string, options = {}) =>
      DB.table('pages').whereFullText('body', words, options).orderBy('id').pluck('id')
    expect(await found('compiler')).toEqual([2])
    expect(await found('algebraic', { mode: 'boolean' })).toEqual([1])
    expect(await found('nowhere')).toEqual([])
    const either = DB.table('pages').where('id', 3).orWhereFullText('body', 'compiler')
    expect(await either.orderBy('id').pluck('id')).toEqual([2, 3])
  })

  test('scenario 81: when and unless, with closures for the other case', async () => {
    const inCity = (city: string | undefined) =>
      users().when(
        city,
        (query, value) => query.where('city', value),
        (query) => query.whereNull('city'),
      )
    expect(namesOf(await inCity('London').orderBy('id').get())).toEqual(['Ada', 'Alan'])
    expect(namesOf(await inCity(undefined).get())).toEqual(['Barbara'])
    expect(
      await users()
        .unless(true, (query) => query.where('id', 1))
        .count(),
    ).toBe(5)
  })

  test('scenario 82: dump prints the SQL and the values', () => {
    const text = printed(() => users().where('name', 'Ada').dump())
    expect(text).toMatch(/select \* from .users. where .name. = /)
    expect(text).toContain("'Ada'")
  })

  test('scenario 83: toRawSql writes the values in, with their quotes doubled', async () => {
    await users().where('id', 1).update({ name: "O'Reilly \\ ?" })
    const sql = users().where('name', "O'Reilly \\ ?").where('votes', '>', 1).toRawSql()
    expect(namesOf(await DB.select<Record<string, unknown>>(sql))).toEqual(["O'Reilly \\ ?"])
  })

  test('scenario 84: explain answers the plan', async () => {
    const plan = await users().where('email', 'ada@example.com').explain()
    expect(plan.length).toBeGreaterThan(0)
    expect(JSON.stringify(plan)).toContain('users')
  })

  test('scenario 85: sharedLock reads in a transaction', async () => {
    const votes = await DB.transaction(async (trx) => trx.table('users').where('id', 1).sharedLock().value('votes'))
    expect(votes).toBe(100)
  })

  test('scenario 86: lockForUpdate reads in a transaction', async () => {
    await DB.transaction(async (trx) => {
      const votes = await trx.table('users').where('id', 1).lockForUpdate().value<number>('votes')
      await trx
        .table('users')
        .where('id', 1)
        .update({ votes: Number(votes) + 1 })
    })
    expect(await users().where('id', 1).value('votes')).toBe(101)
  })

  describe('beyond 2.1.24', () => {
    test('explain of a query with JSON and a question mark', async () => {
      const query = users().where('name', 'why?').whereJsonContainsKey('prefs->lang').where('votes', '>', 1)
      expect((await query.explain()).length).toBeGreaterThan(0)
    })

    test('explain({ analyze: true }), where the database has it', async () => {
      const plan = users().where('id', 1).explain({ analyze: true })
      if (db.dialect === 'sqlite') await expect(plan).rejects.toThrow(UnsupportedException)
      else expect((await plan).length).toBeGreaterThan(0)
    })

    test('tap and pipe', async () => {
      expect(
        await users()
          .tap((query) => query.where('id', 1))
          .pipe((query) => query.count()),
      ).toBe(1)
    })
  })
})

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'locked rows', (db) => {
    test('are skipped, waited for, or refused at once', async () => {
      await createShop()
      await DB.transaction(async (first) => {
        await first.table('users').where('id', 1).lockForUpdate().get()
        await db.connection().outsideTransaction(async () => {
          await DB.transaction(async (second) => {
            const free = second.table('users').where('id', '<', 3).orderBy('id').lockForUpdate().skipLocked()
            expect(namesOf(await free.get())).toEqual(['Grace'])
          })
          const refused = DB.transaction((second) =>
            second.table('users').where('id', 1).lockForUpdate().noWait().get(),
          )
          await expect(refused).rejects.toThrow()
        })
      })
    })

    test('scenario 204: timeout(ms) ends a query that waits', async () => {
      await createShop()
      await DB.transaction(async (first) => {
        await first.table('users').where('id', 1).lockForUpdate().get()
        await db.connection().outsideTransaction(async () => {
          const waiting = DB.transaction((second) =>
            second.table('users').where('id', 1).lockForUpdate().timeout(200).get(),
          )
          await expect(waiting).rejects.toThrow(QueryTimeoutException)
        })
        await sleep(1)
      })
    })
  })
}
