import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { inDatabase } from '../../js/connection/config'
import { Capsule, databaseForWorker, workerDatabase, workerId } from '../../js/index'
import { markAsProduction } from '../../js/migrations/production-mark'
import { onDatabase, onEveryDatabase } from '../support/databases'

describe('workerId', () => {
  test('is what jest and vitest call the worker, and 1 without them', () => {
    expect(workerId({ JEST_WORKER_ID: '3', VITEST_POOL_ID: '7' })).toBe('3')
    expect(workerId({ VITEST_POOL_ID: '2', VITEST_WORKER_ID: '9' })).toBe('2')
    expect(workerId({ VITEST_WORKER_ID: '9' })).toBe('9')
    expect(workerId({})).toBe('1')
    expect(workerId()).toBe(process.env.VITEST_POOL_ID)
  })
})

describe('databaseForWorker', () => {
  test('names the database, and changes nothing else', () => {
    const options = { driver: 'pgsql', database: 'shop', username: 'u', pool: { max: 3 } }
    expect(databaseForWorker(options, '4')).toEqual({ ...options, database: 'shop_test_4' })
    expect(options.database).toBe('shop')
    const address = 'mysql://root:secret@localhost/shop'
    expect(databaseForWorker(address, '4')).toEqual({ url: address, database: 'shop_test_4' })
    expect(databaseForWorker('sqlite:data/shop.sqlite', '4').database).toBe('data/shop_test_4.sqlite')
    expect(databaseForWorker({ driver: 'sqlite', database: ':memory:' }).database).toBe(':memory:')
  })

  test('names it on replicas as well, so that no test reads from the project’s database', () => {
    const { read, write } = databaseForWorker(
      { driver: 'pgsql', database: 'shop', read: [{ host: 'a', database: 'shop' }], write: 'postgres://w/shop' },
      '1',
    )
    expect(read).toEqual([{ host: 'a', database: 'shop_test_1' }])
    expect(write).toEqual([{ url: 'postgres://w/shop', database: 'shop_test_1' }])
    expect(inDatabase({ database: 'a', replication: { read: { host: 'r' } } }, 'b')).toEqual({
      database: 'b',
      replication: { read: [{ host: 'r', database: 'b' }] },
    })
  })

  test('refuses what would be another database', () => {
    expect(() => databaseForWorker({ driver: 'pgsql', database: 'x'.repeat(60) }, '1')).toThrow('63 bytes')
    expect(() => databaseForWorker({ driver: 'pgsql', database: 'shop' }, '1"; drop')).toThrow('letters, digits')
    expect(() => databaseForWorker({ driver: 'pgsql', host: 'a' }, '1')).toThrow('names its `database`')
  })
})

onEveryDatabase('workerDatabase', (db) => {
  const made = new Set<string>()
  /** A name that has to be quoted. */
  const WORKER = 'Worker_1'

  async function make(): Promise<Capsule> {
    const config = await workerDatabase(db.config(), WORKER)
    made.add(String(config.database))
    return new Capsule().addConnection(config)
  }

  afterEach(async () => {
    for (const name of made) {
      if (db.dialect === 'sqlite') rmSync(name, { force: true })
      else await db.connection().schema().dropDatabaseIfExists(name)
    }
    made.clear()
    await db.connection().statement('drop table if exists guruorm_meta')
  })

  test('creates a database beside the project’s, once', async () => {
    for (let count = 0; count < 2; count++) {
      const capsule = await make()
      const connection = capsule.connection()
      await connection.statement('create table if not exists notes (id integer)')
      await connection.insert('insert into notes values (1)')
      expect(await connection.scalar('select count(*) from notes')).toBe(count + 1)
      await capsule.disconnect()
    }
    expect([...made]).toEqual([db.name.replace(/(\.sqlite)?$/, `_test_${WORKER}$1`)])
    expect(await db.connection().schema().hasTable('notes')).toBe(false)
  })

  test('many that create it at once have it', async () => {
    const capsules = await Promise.all(Array.from({ length: 6 }, make))
    for (const capsule of capsules) {
      await capsule.connection().testConnection()
      await capsule.disconnect()
    }
  })

  test('refuses beside a database that is marked as production', async () => {
    await markAsProduction(db.connection())
    await expect(make()).rejects.toThrow('marked "production"')
    const name = String(databaseForWorker(db.config(), WORKER).database)
    if (db.dialect === 'sqlite') expect(existsSync(name)).toBe(false)
    else
      await expect(db.connection().beside(name).testConnection()).rejects.toMatchObject({ name: 'ConnectionException' })
  })

  test('needs no database of the project', async () => {
    const name = db.dialect === 'sqlite' ? `${dirname(db.name)}/none.sqlite` : `${db.name}_none`
    const config = await workerDatabase({ ...db.config(), database: name }, WORKER)
    made.add(String(config.database))
    const capsule = new Capsule().addConnection(config)
    await expect(capsule.connection().testConnection()).resolves.toBe(true)
    await capsule.disconnect()
    if (db.dialect === 'sqlite') expect(existsSync(name)).toBe(false)
  })
})

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'workerDatabase', (db) => {
    test('fails as the server does where it cannot be reached', async () => {
      const config = { ...db.config(), port: 1, pool: { createTimeoutMillis: 500 } }
      await expect(workerDatabase(config, '1')).rejects.toMatchObject({ code: 'CONNECTION' })
    })
  })
}
