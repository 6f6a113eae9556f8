/** Transactions that are everywhere: what a program does in one is what it does without. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, DB, Schema } from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { withNotes } from './notes'

/** Runs work in an async flow that knows of nothing, as a hook of a test runner or a server's request is one. */
const elsewhere = AsyncLocalStorage.snapshot()

onEveryDatabase('a transaction that is everywhere', (db) => {
  const { add, ids } = withNotes(db)
  let connection: Connection
  let trx: Connection

  beforeEach(async () => {
    connection = db.connection()
    trx = await connection.beginTransaction({ everywhere: true })
  })
  afterEach(async () => {
    if (trx.transactionLevel() > 0) await trx.rollBack()
    expect(connection.transactionLevel()).toBe(0)
  })

  test('has what any async flow does', async () => {
    await elsewhere(() => add(DB, 1))
    await connection.outsideTransaction(() => add(DB, 2))
    expect(await ids()).toEqual([1, 2])
    await trx.rollBack()
    expect(await ids()).toEqual([])
  })

  test('has statements that run side by side', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => add(DB, at)))
    expect((await ids()).length).toBe(20)
  })

  test('has the transactions of the program as savepoints', async () => {
    await DB.transaction((inner) => add(inner, 1), 3)
    const failing = DB.transaction(async (inner) => {
      await add(inner, 2)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await DB.beginTransaction()
    await add(DB, 3)
    await DB.commit()
    expect(await ids()).toEqual([1, 3])
  })

  test('lets a transaction of the program have the options that it has without', async () => {
    await connection.transaction((inner) => add(inner, 1), { isolation: 'serializable' })
    await connection.beginTransaction({ isolation: 'serializable' })
    await connection.rollBack()
    expect(await ids()).toEqual([1])
  })

  test('lets what waits for a commit of the program run at that commit', async () => {
    const heard: string[] = []
    await connection.transaction(async () => {
      await DB.afterCommit(async () => heard.push(`committed, ${(await ids()).length} row`))
      await add(DB, 1)
      heard.push('end')
    })
    expect(heard).toEqual(['end', 'committed, 1 row'])
    await connection.afterCommit(() => heard.push('at once'))
    expect(heard).toHaveLength(3)
  })

  test('goes on after a statement that failed', async () => {
    await add(DB, 1)
    await expect(add(DB, 1)).rejects.toMatchObject({ code: 'UNIQUE_VIOLATION' })
    await expect(connection.unprepared('select nonsense from nowhere')).rejects.toThrow()
    await Promise.allSettled([add(DB, 2), add(DB, 1), add(DB, 3)])
    expect(await ids()).toEqual([1, 2, 3])
  })

  test('lets a program write while it reads row by row', async () => {
    await Promise.all([add(DB, 1), add(DB, 2)])
    for await (const { id } of connection.cursor<{ id: number }>('select id from notes order by id')) {
      await add(DB, id + 10)
    }
    expect(await ids()).toEqual([1, 2, 11, 12])
  })

  test('knows a commit that nothing belongs to, as there is none without it', async () => {
    await expect(DB.commit()).rejects.toThrow('there is no transaction here')
    await expect(trx.commit()).rejects.toThrow('there is no transaction here')
    expect(trx.transactionLevel()).toBe(1)
  })

  test('may be in another one, whose turn it is again afterwards', async () => {
    await add(DB, 1)
    const inner = await connection.beginTransaction({ everywhere: true })
    await elsewhere(() => add(DB, 2))
    await inner.rollBack()
    await elsewhere(() => add(DB, 3))
    expect(await elsewhere(() => ids())).toEqual([1, 3])
    await trx.rollBack()
    expect(await ids()).toEqual([])
  })

  test('ends whole, whatever the program left open in it', async () => {
    await DB.beginTransaction()
    await add(DB, 1)
    let goOn = () => {}
    const left = elsewhere(() =>
      connection.transaction(async (inner) => {
        await add(inner, 2)
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
        await add(inner, 3)
      }),
    )
    await sleep(20)
    await trx.rollBack()
    expect(await elsewhere(() => ids())).toEqual([])
    goOn()
    await expect(left).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' })
    expect(await elsewhere(() => ids())).toEqual([])
  })

  test('says at its end that a statement has ended it before', async () => {
    await connection.unprepared('commit')
    await expect(trx.rollBack()).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
    expect(connection.transactionLevel()).toBe(0)
  })

  test('says so of a table that was made in it, where that commits', async () => {
    await add(DB, 1)
    await Schema.create('made', (table) => table.id())
    if (db.dialect === 'mysql') {
      await expect(trx.rollBack()).rejects.toThrow('create, alter, drop and truncate')
      await Schema.drop('made')
      return
    }
    await trx.rollBack()
    expect(await Schema.hasTable('made')).toBe(false)
  })

  test('cannot begin inside of one that is not', async () => {
    await trx.rollBack()
    const inside = connection.transaction(() => connection.beginTransaction({ everywhere: true }))
    await expect(inside).rejects.toThrow('cannot begin inside of another one')
  })
})

describe('a transaction that is everywhere', () => {
  const SLOW = { postgres: 'select pg_sleep(20)', mysql: 'select sleep(20)' }
  for (const dialect of ['postgres', 'mysql'] as const) {
    onDatabase(dialect, 'stopping', (db) => {
      test('stops what a test left running when it ends', async () => {
        const trx = await db.connection().beginTransaction({ everywhere: true })
        const left = db.connection().select(SLOW[dialect])
        const failure = left.catch((error: unknown) => error)
        const start = performance.now()
        await trx.rollBack()
        expect(performance.now() - start).toBeLessThan(8_000)
        if (dialect === 'postgres') expect(await failure).toMatchObject({ code: 'ABORTED' })
        expect(db.connection().pool.stats().active).toBe(0)
      })

      test('goes on after the time limit of a transaction of the program', async () => {
        const trx = await db.connection().beginTransaction({ everywhere: true })
        const limited = db.connection().transaction((inner) => inner.select(SLOW[dialect]), { timeout: 50 })
        await expect(limited).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' })
        expect(await db.connection().scalar('select 1')).toBe(1)
        await trx.rollBack()
      })
    })
  }
})
