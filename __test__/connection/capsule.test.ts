import { afterEach, describe, expect, test } from 'vitest'
import {
  Capsule,
  Connection,
  DB,
  GuruORMError,
  InvalidArgumentException,
  Manager,
  PostgresConnection,
} from '../../js/index'

const memory = { driver: 'sqlite', database: ':memory:' }
const unreachable = { driver: 'pgsql', host: '127.0.0.1', port: 1, database: 'x', username: 'x', password: 'hunter2' }

const opened: Capsule[] = []
function capsule(): Capsule {
  const made = new Capsule()
  opened.push(made)
  return made
}

afterEach(async () => {
  for (const each of opened.splice(0)) await each.disconnect()
})

test('adding a connection opens nothing and does not mind an unreachable server', () => {
  const connection = capsule().addConnection(unreachable).connection()
  expect(connection).toBeInstanceOf(PostgresConnection)
  expect(connection.pool.getPoolSize()).toBe(0)
})

describe('options that cannot work are refused at once', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ driver: 'oracle' }, "there is no driver 'oracle'"],
    [{ driver: 'pgsql', pasword: 'hunter2' }, 'did you mean `password`?'],
    [{ driver: 'pgsql', pool: { min: 5, max: 2 } }, '`pool.min` (5) is over `pool.max` (2)'],
    [{ driver: 'pgsql', port: 'hunter2' }, '`port` must be a whole number'],
    [{ url: 'postgres://u:hunter2@h:99999999/d' }, '`url` cannot be read'],
    [{ driver: 'pgsql', wrapIdentifier: () => '' }, '`wrapIdentifier` is not supported'],
  ])('%j', (options, message) => {
    const add = () => capsule().addConnection(options, 'main')
    expect(add).toThrow(InvalidArgumentException)
    expect(add).toThrow('Connection [main]: ')
    expect(add).toThrow(message)
    expect(add).not.toThrow('hunter2')
  })

  test('something else than an object or a URL', () => {
    expect(() => capsule().addConnection(null as never)).toThrow('must be an object or a URL')
  })
})

describe('the default connection', () => {
  test('is the only one, whatever its name', () => {
    expect(capsule().addConnection(memory, 'main').connection().getName()).toBe('main')
  })

  test('is the one called default among several', () => {
    const several = capsule().addConnection(memory, 'main').addConnection(memory)
    expect(several.connection().getName()).toBe('default')
  })

  test('is the one that was set, from then on', () => {
    const several = capsule().addConnection(memory).addConnection(memory, 'other')
    expect(several.connection().getName()).toBe('default')
    several.setDefaultConnection('other')
    expect(several.getConnection().getName()).toBe('other')
    expect(several.getDefaultConnection()).toBe('other')
  })

  test('that is missing names those that are there', () => {
    const several = capsule().addConnection(memory, 'a').addConnection(memory, 'b')
    expect(() => several.connection()).toThrow('Connection [default] not configured; there are [a], [b]')
    expect(() => several.connection('c')).toThrow('Connection [c] not configured')
    expect(() => capsule().connection()).toThrow('call addConnection() first')
  })
})

describe('the global capsule', () => {
  test('is whichever was made global last, for DB and the static methods', async () => {
    capsule().addConnection(memory, 'one').setAsGlobal()
    expect(DB.connection().getName()).toBe('one')
    const second = capsule().addConnection(memory, 'two').setAsGlobal()
    expect(DB.connection().getName()).toBe('two')
    expect(Capsule.connection().getName()).toBe('two')
    expect(Capsule.getInstance()).toBe(second)
    expect(await Capsule.select('select 1 as one')).toEqual([{ one: 1 }])
    expect(await DB.selectOne('select 1 as one')).toEqual({ one: 1 })
    expect(DB).toBeInstanceOf(Capsule)
  })

  test('is called Manager, too', () => {
    expect(Manager).toBe(Capsule)
  })
})

test('a connection may be chosen by name in every call', async () => {
  const two = capsule()
    .addConnection({ ...memory, database: ':memory:' }, 'a')
    .addConnection(memory, 'b')
  await two.statement('create table t (id integer)', [], 'b')
  await two.insert('insert into t values (?)', [1], 'b')
  expect(await two.select('select * from t', [], 'b')).toEqual([{ id: 1 }])
  expect(await two.table('t', undefined, 'b').get()).toEqual([{ id: 1 }])
  await expect(two.select('select * from t', [], 'a')).rejects.toThrow('t')
  expect(await two.transaction(async (trx) => trx.getName(), 'b')).toBe('b')
  expect(await two.transaction(async (trx) => trx.getName(), { connection: 'b' })).toBe('b')
})

test('disconnecting may be repeated, and a later query connects again', async () => {
  const one = capsule().addConnection(memory)
  await one.testConnection()
  await one.disconnect()
  await one.disconnect()
  expect(await one.select('select 1 as one')).toEqual([{ one: 1 }])
  await one.reconnect()
  await one.destroy()
})

test('a purged connection is forgotten', async () => {
  const one = capsule().addConnection(memory, 'gone').addConnection(memory)
  await one.purge('gone')
  expect(one.hasConnection('gone')).toBe(false)
  expect(() => one.connection('gone')).toThrow(GuruORMError)
})

test('an unreachable server is noticed by the query, without the password', async () => {
  const error = await capsule()
    .addConnection(unreachable)
    .select('select 1')
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'ConnectionException', code: 'CONNECTION', driver: 'pgsql' })
  expect(JSON.stringify(error) + (error as Error).stack).not.toContain('hunter2')
})

describe('what a connection says of itself', () => {
  test('names and driver', () => {
    const connection = capsule()
      .addConnection({ ...unreachable, prefix: 'app_', schema: 'sales' }, 'main')
      .connection()
    expect(connection.getName()).toBe('main')
    expect(connection.getDriverName()).toBe('pgsql')
    expect(connection.getDatabaseName()).toBe('x')
    expect(connection.getTablePrefix()).toBe('app_')
    expect(connection.getSchemaName()).toBe('sales')
    expect(connection).toBeInstanceOf(Connection)
  })

  test.each([
    ['sqlite::memory:', ':memory:'],
    ['sqlite:///var/app.db?busyTimeout=1', '/var/app.db'],
    ['postgres://u:p@h:1/my%20db?sslmode=disable', 'my db'],
  ])('the database of %s is %s', (url, database) => {
    expect(capsule().addConnection(url).connection().getDatabaseName()).toBe(database)
  })

  test('its options, without secrets', () => {
    const key = '-----BEGIN PRIVATE KEY-----hunter2'
    const options = {
      ...unreachable,
      url: 'postgres://user:hunter2@host/db',
      read: [{ host: 'replica', password: 'hunter2' }],
      ssl: { key, cert: '-----BEGIN CERTIFICATE-----' },
    }
    const connection = capsule().addConnection(options).connection()
    expect(JSON.stringify(connection.getConfig())).not.toContain('hunter2')
    expect(connection.getConfig('host')).toBe('127.0.0.1')
    expect(connection.getConfig('password')).not.toBe('hunter2')
  })
})
