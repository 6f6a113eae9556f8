import { describe, expect, test } from 'vitest'
import {
  Capsule,
  DB,
  Migrator,
  Schema,
  type TestHooks,
  useDatabaseTransactions,
  useRefreshDatabase,
} from '../../js/index'
import { withNotes } from '../connection/notes'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'

/** A runner that runs what it is told to, when it is told to. */
class Runner {
  readonly timeouts: (number | undefined)[] = []
  private readonly works = new Map<string, () => Promise<void>>()

  hooks(names = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']): TestHooks {
    const hook = (name: string) => (work: () => Promise<void>, timeout?: number) => {
      this.works.set(name, work)
      this.timeouts.push(timeout)
    }
    return Object.fromEntries(names.map((name) => [name, hook(name)]))
  }

  async run(name: string): Promise<void> {
    await this.works.get(name)?.()
  }
}

describe('the hooks', () => {
  test('must be there', () => {
    const { beforeAll: _, ...some } = new Runner().hooks()
    for (const hooks of [undefined, some])
      expect(() => useDatabaseTransactions(new Capsule(), { hooks })).toThrow('import { beforeAll, beforeEach')
  })

  test('may be called before and after, and are then given no time limit', () => {
    const runner = new Runner()
    const hooks = runner.hooks(['before', 'beforeEach', 'afterEach', 'after'])
    useRefreshDatabase(new Capsule(), { hooks })
    expect(runner.timeouts).toEqual([undefined, undefined, undefined, undefined])
  })

  test('have time to build a database', () => {
    const runner = new Runner()
    useRefreshDatabase(new Capsule(), { hooks: runner.hooks(), timeout: 5 })
    expect(runner.timeouts).toEqual([5, undefined, undefined, 5])
  })
})

onEveryDatabase('useDatabaseTransactions', (db) => {
  const { add, ids } = withNotes(db)

  test('rolls each test back, and closes the connections in the end', async () => {
    const runner = new Runner()
    const capsule = new Capsule().addConnection(db.config())
    useDatabaseTransactions(capsule, { hooks: runner.hooks() })
    await runner.run('beforeAll')
    for (let count = 0; count < 2; count++) {
      await runner.run('beforeEach')
      await add(capsule, 1)
      await runner.run('afterEach')
    }
    expect(await ids()).toEqual([])
    expect(capsule.connection().pool.getPoolSize()).toBe(1)
    await runner.run('afterAll')
    expect(capsule.connection().pool.getPoolSize()).toBe(0)
  })

  test('refuses a test that begins while another one is in its transaction', async () => {
    const runner = new Runner()
    useDatabaseTransactions(db.capsule, { hooks: runner.hooks(), disconnect: false })
    await runner.run('beforeAll')
    await runner.run('beforeEach')
    await expect(runner.run('beforeEach')).rejects.toThrow('Tests that run at once cannot share a connection')
    await runner.run('afterEach')
    await runner.run('afterAll')
    expect(db.connection().pool.getPoolSize()).toBeGreaterThan(0)
  })

  test('rolls several connections back, also when one of them fails', async () => {
    if (db.dialect === 'sqlite') return // one writer
    const runner = new Runner()
    const capsule = new Capsule().addConnection(db.config(), 'a').addConnection(db.config(), 'b')
    useDatabaseTransactions(capsule, { connections: ['a', 'b'], hooks: runner.hooks() })
    await runner.run('beforeAll')
    await runner.run('beforeEach')
    await add(capsule.connection('a'), 1)
    await add(capsule.connection('b'), 2)
    await capsule.connection('a').rollBack()
    await expect(runner.run('afterEach')).rejects.toMatchObject({ code: 'TRANSACTION_ENDED' })
    expect(await ids()).toEqual([])
    await runner.run('afterAll')
  })
})

onEveryDatabase('useRefreshDatabase', (db) => {
  const CREATES = `export const up = (context) => context.statement('create table things (id integer primary key)')`

  test('builds the database, makes its capsule the global one, and builds again after a test that committed', async () => {
    await db.connection().schema().dropAllTables()
    const runner = new Runner()
    const capsule = new Capsule().addConnection(db.config(), 'main')
    const path = project({ '1_things.mjs': CREATES }).path
    useRefreshDatabase(capsule, { migrations: path, hooks: runner.hooks(), onCommit: 'rebuild' })
    await runner.run('beforeAll')
    expect(DB.getDefaultConnection()).toBe('main')
    expect(await Schema.hasTable('things')).toBe(true)
    for (const end of ['commit', 'rollback']) {
      await runner.run('beforeEach')
      expect(await DB.table('things').count()).toBe(0)
      await DB.table('things').insert({ id: 1 })
      await DB.unprepared(end)
      await runner.run('afterEach')
    }
    await runner.run('afterAll')
    db.capsule.setAsGlobal()
  })

  test('takes a migrator as well', async () => {
    await db.connection().schema().dropAllTables()
    const runner = new Runner()
    const migrations = new Migrator(db.connection(), { paths: [project({ '1_things.mjs': CREATES }).path] })
    useRefreshDatabase(db.capsule, { migrations, hooks: runner.hooks(), disconnect: false })
    await runner.run('beforeAll')
    expect(await Schema.hasTable('things')).toBe(true)
  })
})
