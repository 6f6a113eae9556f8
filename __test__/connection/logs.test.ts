import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { QueryExecuted, QueryLogger } from '../../js/index'
import { onEveryDatabase } from '../support/databases'
import { createPeople } from '../support/people'

onEveryDatabase('what is heard of queries', (db) => {
  beforeEach(() => createPeople(db))

  afterEach(() => {
    const connection = db.connection()
    connection.disableQueryLog()
    connection.flushQueryLog()
    connection.setQueryLogger(undefined)
    QueryLogger.disable()
    QueryLogger.flushQueryLog()
  })

  test('the query log has SQL, bindings and real milliseconds', async () => {
    const connection = db.connection()
    await connection.select('select 1 as earlier')
    connection.enableQueryLog()
    expect(connection.logging()).toBe(true)
    await connection.select('select * from people where id = ?', [1])
    const log = connection.getQueryLog()
    expect(log).toEqual([{ query: 'select * from people where id = ?', bindings: [1], time: expect.any(Number) }])
    expect(log[0]?.time).toBeGreaterThan(0)
    expect(log[0]?.time).toBeLessThan(5000)
    connection.flushQueryLog()
    expect(connection.getQueryLog()).toEqual([])
  })

  test('queries of the builder are logged as they are sent', async () => {
    const connection = db.connection()
    connection.enableQueryLog()
    await connection.table('people').where('votes', '>', 80).where('first_name', 'Ada').get()
    const sql = {
      postgres: 'select * from "people" where "votes" > $1 and "first_name" = $2',
      mysql: 'select * from `people` where `votes` > ? and `first_name` = ?',
      sqlite: 'select * from "people" where "votes" > ? and "first_name" = ?',
    }[db.dialect]
    expect(connection.getQueryLog()).toMatchObject([{ query: sql, bindings: [80, 'Ada'] }])
  })

  test('the log keeps the newest thousand', async () => {
    const connection = db.connection()
    connection.enableQueryLog()
    for (let n = 0; n < 2100; n++) connection.logQuery(`query ${n}`)
    const log = connection.getQueryLog()
    expect(log).toHaveLength(1000)
    expect(log[999]?.query).toBe('query 2099')
  })

  test('listeners hear of every query, in the async flow of the program, until they stop', async () => {
    const requests = new AsyncLocalStorage<string>()
    const heard: [string | undefined, QueryExecuted][] = []
    const stop = db.connection().listen((query) => heard.push([requests.getStore(), query]))
    const stopShared = db.capsule.listen((query) => heard.push(['shared', query]))
    await requests.run('request 7', () => db.connection().select('select 1 as one'))
    stop()
    stopShared()
    await db.connection().select('select 2 as two')
    expect(heard.map(([who]) => who)).toEqual(['shared', 'request 7'])
    expect(heard[0]?.[1]).toBeInstanceOf(QueryExecuted)
    expect(heard[0]?.[1]).toMatchObject({ sql: 'select 1 as one', connectionName: 'default', driver: db.driver })
  })

  test('a listener that throws does not make the query fail', async () => {
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    const stop = db.connection().onQuery(() => {
      throw new Error('listener')
    })
    expect(await db.connection().scalar('select 1 as one')).toBe(1)
    stop()
    expect((await warned).message).toContain('A query listener threw')
  })

  test('scenarios 199 and 235: a QueryLogger hears of slow queries as documented', async () => {
    const logger = new QueryLogger()
    const slow: string[] = []
    logger.onQuery((query) => {
      if (query.time >= 0) slow.push(query.sql)
    })
    db.connection().setQueryLogger(logger)
    await db.connection().select('select 1 as one')
    expect(slow).toEqual(['select 1 as one'])
  })

  test('the program-wide log counts, sums and finds slow queries', async () => {
    QueryLogger.enable()
    await db.connection().select('select 1 as one')
    await db.connection().select('select 2 as two')
    expect(QueryLogger.getQueryCount()).toBe(2)
    expect(QueryLogger.getTotalTime()).toBeGreaterThan(0)
    expect(QueryLogger.getSlowQueries(60_000)).toEqual([])
    expect(QueryLogger.getQueryLog()[0]).toMatchObject({ sql: 'select 1 as one', connection: 'default' })
    expect(QueryLogger.prettyPrint()).toContain('select 2 as two')
  })

  test('scenario 198: debug writes queries without their values', async () => {
    const lines: string[] = []
    db.capsule.addConnection(db.config({ debug: true, log: { debug: (line: string) => lines.push(line) } }), 'debugged')
    await db.capsule.connection('debugged').select('select * from people where email = ?', ['ada@example.com'])
    await db.capsule.purge('debugged')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('[debugged] select * from people where email = ?')
    expect(lines[0]).not.toContain('ada@example.com')
  })

  describe('pretend', () => {
    test('answers what would be sent, and sends nothing', async () => {
      const connection = db.connection()
      const queries = await connection.pretend(async () => {
        expect(connection.pretending()).toBe(true)
        expect(await connection.table('people').get()).toEqual([])
        await connection.table('people').where('id', 1).delete()
        await connection.insert('insert into people (id) values (?)', [9])
        await connection.transaction(() => connection.statement('drop table people'))
      })
      expect(connection.pretending()).toBe(false)
      expect(await connection.scalar('select count(*) as n from people')).toBe(3)
      expect(queries.map(({ sql }) => sql.split(' ')[0])).toEqual(['select', 'delete', 'insert', 'drop'])
      expect(queries[1]?.bindings).toEqual([1])
    })

    test('includes the statements of schema changes', async () => {
      const queries = await db.connection().pretend((connection) => connection.schema().drop('people'))
      expect(queries.map(({ query }) => query)).toEqual([expect.stringMatching(/^drop table .people.$/)])
      expect(await db.connection().scalar('select count(*) as n from people')).toBe(3)
    })

    test('concerns its own async flow only', async () => {
      const connection = db.connection()
      const [, rows] = await Promise.all([
        connection.pretend(() => connection.select('select 1 as one')),
        connection.select('select 2 as two'),
      ])
      expect(rows).toEqual([{ two: 2 }])
    })
  })
})
