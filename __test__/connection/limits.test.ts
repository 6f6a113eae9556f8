import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { QueryAbortedException, QueryTimeoutException } from '../../js/index'
import { onDatabase, onEveryDatabase } from '../support/databases'

const SLOW = {
  postgres: 'select pg_sleep(5)',
  mysql: 'select sleep(5)',
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
}

onEveryDatabase('limits', (db) => {
  test('a time limit stops the statement on the server, and the connection works on', async () => {
    const started = performance.now()
    const running = db.connection().select(SLOW[db.dialect], [], { timeout: 100 })
    await expect(running).rejects.toBeInstanceOf(QueryTimeoutException)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(await db.connection().scalar('select 1 as one')).toBe(1)
    expect(db.connection().pool.stats().active).toBe(0)
  })

  test('a signal stops the statement, and its reason is the cause', async () => {
    const controller = new AbortController()
    const reason = new Error('the user left')
    setTimeout(() => controller.abort(reason), 50)
    const started = performance.now()
    const error = await db
      .connection()
      .select(SLOW[db.dialect], [], { signal: controller.signal })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(QueryAbortedException)
    expect((error as Error).cause).toBe(reason)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(await db.connection().scalar('select 1 as one')).toBe(1)
  })

  test('a signal that was given before sends nothing', async () => {
    const running = db
      .connection()
      .statement('create table never_made (id integer)', [], { signal: AbortSignal.abort() })
    await expect(running).rejects.toBeInstanceOf(QueryAbortedException)
    await expect(db.connection().select('select * from never_made')).rejects.toThrow()
  })

  test('a signal that outlives its statement is not held on to', async () => {
    const controller = new AbortController()
    for (let n = 0; n < 30; n++) await db.connection().select('select 1 as one', [], { signal: controller.signal })
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('the connection has a limit of its own', async () => {
    db.capsule.addConnection(db.config({ statementTimeout: 100 }), 'limited')
    const running = db.capsule.connection('limited').select(SLOW[db.dialect])
    await expect(running).rejects.toBeInstanceOf(QueryTimeoutException)
    await db.capsule.purge('limited')
  })

  test('a limit that is no number is refused', async () => {
    await expect(db.connection().select('select 1', [], { timeout: 'soon' as never })).rejects.toThrow('`timeout`')
  })
})

onEveryDatabase('limits of transactions', (db) => {
  test('stop the statement that is running', async () => {
    const started = performance.now()
    const running = db.connection().transaction((trx) => trx.select(SLOW[db.dialect]), { timeout: 100 })
    await expect(running).rejects.toThrow('The transaction took longer than 100 ms')
    expect(performance.now() - started).toBeLessThan(1000)
    expect(db.connection().pool.stats().active).toBe(0)
  })
})

onDatabase('postgres', 'replicas', (db) => {
  const nowhere = { host: '127.0.0.1', port: 1 }

  describe('reads go to `read`, writes to `write`', () => {
    const replicated = (name: string, options: Record<string, unknown>) => {
      db.capsule.addConnection(db.config({ read: nowhere, ...options }), name)
      return db.capsule.connection(name)
    }

    test('unless the read asks for the write server', async () => {
      const connection = replicated('split', {})
      await expect(connection.select('select 1 as one')).rejects.toMatchObject({ code: 'CONNECTION' })
      expect(await connection.select('select 1 as one', [], { useWrite: true })).toEqual([{ one: 1 }])
      expect(await connection.select('select 1 as one', [], false)).toEqual([{ one: 1 }])
      expect(await connection.statement('select 1')).toBe(true)
      await expect(connection.select('select 1 as one')).rejects.toMatchObject({ code: 'CONNECTION' })
      await db.capsule.purge('split')
    })

    test('or `sticky` lets reads follow a write of the same async flow', async () => {
      const connection = replicated('sticky', { sticky: true })
      const elsewhere = async () => await connection.select('select 1 as one')
      const flow = async () => {
        await connection.statement('select 1')
        return await connection.select('select 1 as one')
      }
      await expect(elsewhere()).rejects.toMatchObject({ code: 'CONNECTION' })
      const before = Promise.resolve().then(elsewhere)
      const [stuck, other] = await Promise.allSettled([Promise.resolve().then(flow), before])
      expect(stuck.status).toBe('fulfilled')
      expect(other.status).toBe('rejected')
      await db.capsule.purge('sticky')
    })

    test('inside of a transaction everything is on the write server', async () => {
      const connection = replicated('atomic', {})
      expect(await connection.transaction((trx) => trx.select('select 1 as one'))).toEqual([{ one: 1 }])
      await db.capsule.purge('atomic')
    })
  })
})
