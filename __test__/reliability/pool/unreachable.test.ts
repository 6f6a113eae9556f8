/** A server that cannot be had: a typed error that says why, soon, and never with the password in it. */
import { type AddressInfo, createServer, type Server } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Capsule, ConnectionException, DB, GuruORMError } from '../../../js/index'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../../support/databases'
import { PrivatePostgres } from '../../support/private-servers'
import { meeting } from './meeting'
import { ServerView } from './server-view'
import { withConnection } from './with-connection'

const SECRET = 'sw0rdf1sh'
const SOON_MS = 1_000

/** Fails to connect `count` times at once. Answers one of the errors, and checks all of them. */
async function failure(db: TestDatabase, options: Record<string, unknown>, count = 5): Promise<GuruORMError> {
  return await withConnection(db, { password: SECRET, ...options }, async (connection) => {
    const began = performance.now()
    const errors = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        (n % 2 === 0 ? connection.select('select 1') : connection.transaction(() => {})).then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    )
    expect(performance.now() - began).toBeLessThan(SOON_MS)
    for (const error of errors) {
      expect(error).toBeInstanceOf(ConnectionException)
      expect(everythingOf(error)).not.toContain(SECRET)
    }
    expect(everythingOf(connection)).not.toContain(SECRET)
    expect(everythingOf(db.capsule)).not.toContain(SECRET)
    expect(JSON.stringify(connection.getConfig())).not.toContain(SECRET)
    expect(connection.pool.stats()).toMatchObject({ size: 0, active: 0, waiting: 0 })
    return errors[0] as GuruORMError
  })
}

/** All that a program could log of a value. */
function everythingOf(value: unknown): string {
  const error = value as Partial<GuruORMError>
  const shown = inspect(value, { depth: null, showHidden: true, getters: true })
  const json = value instanceof GuruORMError ? JSON.stringify(value) + value.format() : ''
  return [shown, json, String(value), error.message, error.stack, inspect(error.originalError, { depth: null })].join(
    '\n',
  )
}

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'a server that cannot be had', (db) => {
    let stranger: Server | undefined
    afterEach(() => {
      stranger?.close()
      stranger = undefined
    })
    /** Something else listens there. */
    async function listen(answer: string | undefined): Promise<number> {
      const server = createServer((socket) => {
        socket.on('error', () => {})
        if (answer !== undefined) socket.end(answer)
      })
      stranger = server.unref()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return (server.address() as AddressInfo).port
    }

    test('a wrong port', async () => {
      const error = await failure(db, { host: '127.0.0.1', port: 1 })
      expect(error.message).toContain('127.0.0.1')
      expect(error.message).toMatch(/:1\b/)
      expect(error.code).toBe('CONNECTION')
    })

    test('a host that does not answer', async () => {
      const error = await failure(db, { host: '192.0.2.1', pool: { createTimeoutMillis: 300 } })
      expect(error.code).toBe('CONNECTION')
    })

    test('a host without an address', async () => {
      const error = await failure(db, { host: 'no-such-host.invalid', pool: { createTimeoutMillis: 500 } })
      expect(error.code).toBe('CONNECTION')
    })

    test('a server of another kind', async () => {
      const port = await listen('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
      const error = await failure(db, { host: '127.0.0.1', port })
      expect(error.code).toBe('CONNECTION')
    })

    test('a server that accepts and says nothing', async () => {
      const port = await listen(undefined)
      const error = await failure(db, { host: '127.0.0.1', port, pool: { createTimeoutMillis: 300 } })
      expect(error.message).toContain('300 ms (pool.createTimeoutMillis)')
    })

    test('a server that closes at once', async () => {
      const error = await failure(db, { host: '127.0.0.1', port: await listen('') })
      expect(error.code).toBe('CONNECTION')
    })

    test('testConnection says the same', async () => {
      await withConnection(db, { host: '127.0.0.1', port: 1, password: SECRET }, async (connection) => {
        await expect(connection.testConnection()).rejects.toBeInstanceOf(ConnectionException)
        await expect(connection.reconnect()).rejects.toBeInstanceOf(ConnectionException)
      })
    })
  })
}

onDatabase('postgres', 'a server that refuses', (db) => {
  let server: InstanceType<typeof PrivatePostgres>
  beforeAll(async () => {
    server = await PrivatePostgres.create({
      auth: 'scram-sha-256',
      password: 'right one',
      settings: { max_connections: 5, superuser_reserved_connections: 0 },
    })
  })
  afterAll(() => server.destroy())
  const at = () => ({ host: '127.0.0.1', port: server.port, database: 'postgres' })

  test('a wrong password', async () => {
    const error = await failure(db, at(), 3)
    expect(error).toMatchObject({ code: 'CONNECTION', nativeCode: '28P01' })
  })

  test('a database that does not exist', async () => {
    const error = await failure(db, { ...at(), password: 'right one', database: 'no_such_database' }, 3)
    expect(error).toMatchObject({ code: 'CONNECTION', nativeCode: '3D000' })
    expect(error.message).toContain('no_such_database')
  })

  test('a full server: those who get no connection hear why, and it works again when there is room', async () => {
    const options = { ...at(), password: 'right one' }
    await withConnection(db, { ...options, pool: { max: 5 } }, async (others) => {
      const everybody = meeting(5)
      await Promise.all(Array.from({ length: 5 }, () => others.transaction(() => everybody())))
      await withConnection(db, options, async (connection) => {
        const error: unknown = await connection.scalar('select 1 as one').catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ConnectionException)
        expect(error).toMatchObject({ nativeCode: '53300' })
        expect(everythingOf(error)).not.toContain('right one')
        await others.disconnect()
        expect(await connection.scalar('select 1 as one')).toBe(1)
      })
    })
  })

  test('a pool larger than the server: what fits is answered, what does not is told, nothing hangs', async () => {
    await withConnection(db, { ...at(), password: 'right one', pool: { max: 20 } }, async (connection) => {
      const results = await Promise.allSettled(
        Array.from({ length: 100 }, () => connection.select('select pg_sleep(0.01)')),
      )
      const refused = results.filter((result) => result.status === 'rejected')
      expect(refused.length).toBeLessThan(100)
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'CONNECTION', nativeCode: '53300' })
      expect(await connection.scalar('select 1 as one')).toBe(1)
      expect(connection.pool.stats()).toMatchObject({ active: 0, waiting: 0 })
    })
  })
})

onDatabase('mysql', 'a server that refuses', (db) => {
  const username = `gu_tx_${process.pid}`
  beforeAll(async () => {
    await DB.statement(`drop user if exists ${username}@'%'`)
    await DB.statement(`create user ${username}@'%' identified by 'right one' with max_user_connections 2`)
    await DB.statement(`grant all on \`${db.name}\`.* to ${username}@'%'`)
  })
  afterAll(() => DB.statement(`drop user ${username}@'%'`))

  test('a wrong password', async () => {
    const error = await failure(db, { username }, 3)
    expect(error).toMatchObject({ code: 'CONNECTION', nativeCode: '1045' })
  })

  test('a database that does not exist', async () => {
    const error = await failure(db, { username: 'root', password: '', database: 'no_such_database' }, 3)
    expect(error).toMatchObject({ code: 'CONNECTION', nativeCode: '1049' })
    expect(error.message).toContain('no_such_database')
  })

  test('a full server: those who get no connection hear why, and it works again when there is room', async () => {
    const options = { username, password: 'right one' }
    await withConnection(db, { ...options, pool: { max: 2 } }, async (others) => {
      const everybody = meeting(2)
      await Promise.all([1, 2].map(() => others.transaction(() => everybody())))
      await withConnection(db, options, async (connection) => {
        const error: unknown = await connection.scalar('select 1 as one').catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ConnectionException)
        expect(error).toMatchObject({ nativeCode: '1226' })
        expect(everythingOf(error)).not.toContain('right one')
        await others.disconnect()
        const view = new ServerView(db)
        expect(await view.sessions()).not.toContain(0)
        await view.close()
        expect(await connection.scalar('select 1 as one')).toBe(1)
      })
    })
  })
})

onEveryDatabase('a database that cannot be opened', (db) => {
  test('is noticed by the first query, not by addConnection, and by each one', async () => {
    const capsule = new Capsule()
    const nowhere = db.dialect === 'sqlite' ? { database: '/no/such/folder/x.sqlite' } : { host: '127.0.0.1', port: 1 }
    capsule.addConnection(db.config({ ...nowhere }))
    for (let n = 0; n < 3; n++) {
      await expect(capsule.connection().select('select 1')).rejects.toBeInstanceOf(ConnectionException)
    }
    expect(capsule.connection().pool.stats()).toMatchObject({ size: 0, waiting: 0 })
    await capsule.disconnect()
  })
})
