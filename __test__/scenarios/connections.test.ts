/** What the documents promise of connections. */
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { Capsule, type Connection, ConnectionException, InvalidArgumentException, UnsupportedException } from '../../js'
import { type ConnectionOptions, onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'

/** Runs `work` with one more connection to the database. */
async function connected(db: TestDatabase, options: ConnectionOptions, work: (connection: Connection) => unknown) {
  db.capsule.addConnection(db.config(options), 'more')
  try {
    await work(db.capsule.connection('more'))
  } finally {
    await db.capsule.purge('more')
  }
}

const LEVELS = {
  postgres: "select current_setting('transaction_isolation') as level",
  mysql:
    'select trx_isolation_level as level from information_schema.innodb_trx where trx_mysql_thread_id = connection_id()',
  // SQLite has no other.
  sqlite: "select 'serializable' as level",
}

onEveryDatabase('documented connections', (db) => {
  test('scenario 193: a transaction has the isolation level that it asks for', async () => {
    const connection = db.connection()
    await connection.schema().dropIfExists('isolated')
    await connection.schema().create('isolated', (table) => table.integer('n'))
    const ask = async (trx: Connection) => {
      await trx.table('isolated').insert({ n: 1 })
      return await trx.scalar(LEVELS[db.dialect])
    }
    const level = await connection.transaction(ask as never, { isolation: 'serializable' })
    expect(String(level).toLowerCase()).toBe('serializable')
    const unknown = connection.transaction(async () => {}, { isolation: 'chaos' as never })
    await expect(unknown).rejects.toThrow(InvalidArgumentException)
  })

  test('scenarios 194, 195, 229 and 239: the pool is as large as it says, and says how large it is', async () => {
    const pool = { min: 1, max: 3, acquireTimeoutMillis: 200, idleTimeoutMillis: 100 }
    await connected(db, { pool }, async (connection) => {
      expect(connection.pool.stats()).toMatchObject({ size: 0, active: 0, waiting: 0, max: 3 })
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      // On SQLite one of a pool's connections writes, and the others read.
      const readers = [false, true, true].map((readOnly) =>
        connection.transaction(
          async (trx) => {
            await trx.select('select 1')
            await held
          },
          { readOnly },
        ),
      )
      await expect.poll(() => connection.pool.stats().active).toBe(3)
      expect(connection.pool.getPoolSize()).toBe(3)
      const more = connection.transaction((trx) => trx.select('select 1'), { readOnly: true })
      await expect(more).rejects.toMatchObject({ name: 'PoolTimeoutException' })
      release()
      await Promise.all(readers)
      await expect.poll(() => connection.pool.getPoolSize()).toBe(1)
    })
  })

  test('scenario 200: reads go to `read`, writes to `write`; SQLite has one place, and says so', async () => {
    if (db.dialect === 'sqlite') {
      const add = () => db.capsule.addConnection(db.config({ read: { database: 'other.sqlite' } }), 'more')
      expect(add).toThrow(InvalidArgumentException)
      return
    }
    const schema = db.connection().schema()
    await schema.dropIfExists('replicated')
    await schema.create('replicated', (table) => table.integer('n'))
    await connected(db, { read: { host: '127.0.0.1', port: 1 } }, async (connection) => {
      await connection.table('replicated').insert({ n: 1 })
      await expect(connection.table('replicated').get()).rejects.toThrow(ConnectionException)
      expect(await connection.table('replicated').useWritePdo().get()).toEqual([{ n: 1 }])
    })
  })

  test('scenario 201: testConnection() asks the server, destroy() closes', async () => {
    const capsule = new Capsule()
    capsule.addConnection(db.config())
    await capsule.testConnection()
    expect(capsule.connection().pool.getPoolSize()).toBeGreaterThan(0)
    await capsule.destroy()
    expect(capsule.connection().pool.getPoolSize()).toBe(0)
    const nowhere = db.dialect === 'sqlite' ? { database: '/nowhere/at/all.sqlite' } : { host: '127.0.0.1', port: 1 }
    const wrong = new Capsule()
    wrong.addConnection(db.config(nowhere))
    await expect(wrong.testConnection()).rejects.toThrow(ConnectionException)
    await wrong.destroy()
  })

  test('E25, scenario 202: errors have the code of the server and a class', async () => {
    const schema = db.connection().schema()
    await schema.dropIfExists('coded')
    await schema.create('coded', (table) => table.integer('n').unique())
    const insert = () => db.connection().table('coded').insert({ n: 1 })
    await insert()
    const code = { postgres: '23505', mysql: 'ER_DUP_ENTRY', sqlite: 'SQLITE_CONSTRAINT_UNIQUE' }[db.dialect]
    await expect(insert()).rejects.toMatchObject({
      name: 'UniqueConstraintViolationException',
      originalError: { code },
    })
  })
})

onDatabase('sqlite', 'TLS', () => {
  test('scenario 203: SQLite has no TLS, and says so', () => {
    const add = (options: ConnectionOptions) => new Capsule().addConnection({ driver: 'sqlite', ...options } as never)
    for (const options of [{ ssl: true }, { sslmode: 'require' }])
      expect(() => add({ database: ':memory:', ...options })).toThrow(InvalidArgumentException)
  })
})

test('scenario 218: SQL Server has its SQL, and a server that is none is an error', async () => {
  const capsule = new Capsule()
  // A server that accepts and closes.
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  try {
    capsule.addConnection({
      driver: 'sqlserver',
      host: '127.0.0.1',
      port,
      database: 'shop',
      username: 'sa',
      password: 'x',
    })
    const query = capsule.table('users').where('votes', '>', 100).orderBy('id').limit(5)
    expect(query.toSql()).toBe('select top 5 * from [users] where [votes] > @p1 order by [id] asc')
    const failure = await query.get().catch((error: unknown) => error)
    expect([ConnectionException, UnsupportedException].some((kind) => failure instanceof kind)).toBe(true)
  } finally {
    await capsule.destroy()
    server.close()
  }
})
