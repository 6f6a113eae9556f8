/** jest and vitest for real: several files, two workers, a database for each. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Capsule, type Connection, databaseForWorker } from '../../js/index'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { type Page, pagesIn, partsOf } from '../support/pages'
import { type Runner, TestProject } from './test-project'

const RUNNERS: Runner[] = ['jest', 'vitest']
const LIMIT = 120_000

const [guide] = pagesIn('docs').filter(({ path }) => path.endsWith('testing.md')) as [Page]
const { blocks } = partsOf(guide)

let project: TestProject

beforeAll(() => {
  project = new TestProject()
}, LIMIT)
afterAll(() => project?.remove())

/** How the files of a test import, as each runner wants it. */
const imports: Record<Runner, string> = {
  jest: `const { assertDatabaseCount, assertDatabaseHas, assertDatabaseMissing, Capsule, databaseForWorker, DB,
      useDatabaseTransactions, useRefreshDatabase } = require('guruorm')
    const hooks = undefined`,
  vitest: `import { assertDatabaseCount, assertDatabaseHas, assertDatabaseMissing, Capsule, databaseForWorker, DB,
      useDatabaseTransactions, useRefreshDatabase } from 'guruorm'
    import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
    const hooks = { beforeAll, beforeEach, afterEach, afterAll }`,
}

const USES = `const capsule = new Capsule().addConnection(databaseForWorker(JSON.parse(process.env.CONNECTION)))
  useRefreshDatabase(capsule, { migrations: 'database/migrations', seed: true, hooks })`

/** Three tests that would fail for a row that another test has left, or that another worker wrote. */
const TESTS = `for (const count of [1, 2, 3]) {
  test('isolated ' + count, async () => {
    await assertDatabaseCount('users', 1)
    await DB.table('users').insert({ email: 'a@x' })
    await DB.transaction((trx) => trx.table('users').insert({ email: 'b@x' }))
    const undone = DB.transaction(async (trx) => {
      await trx.table('users').insert({ email: 'c@x' })
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    const twice = DB.table('users').insert({ email: 'a@x' })
    await expect(twice).rejects.toMatchObject({ name: 'UniqueConstraintViolationException' })
    await new Promise((resolve) => setTimeout(resolve, 30))
    await assertDatabaseHas('users', { email: 'b@x' })
    await assertDatabaseMissing('users', { email: 'c@x' })
    await assertDatabaseCount('users', 3)
    await DB.beginTransaction()
    await DB.table('posts').insert({ user_id: 999999 }).catch(() => {})
  })
}`

const files = (runner: Runner, body = TESTS) =>
  Object.fromEntries([1, 2, 3, 4].map((at) => [`tests/${at}.test.js`, [imports[runner], USES, body].join('\n')]))

onEveryDatabase('the tests of a project', (db) => {
  const workers = ['1', '2']

  /** Looks into a worker's database. */
  async function inDatabaseOf<T>(worker: string, look: (connection: Connection) => Promise<T>): Promise<T> {
    const capsule = new Capsule().addConnection(databaseForWorker(db.config(), worker))
    return await look(capsule.connection()).finally(() => capsule.disconnect())
  }

  async function drop(of: TestDatabase): Promise<void> {
    for (const worker of workers) {
      if (of.dialect === 'sqlite') await inDatabaseOf(worker, (connection) => connection.schema().dropAllTables())
      else
        await db
          .connection()
          .schema()
          .dropDatabaseIfExists(String(databaseForWorker(of.config(), worker).database))
    }
  }

  afterEach(() => drop(db))

  describe.each(RUNNERS)('under %s', (runner) => {
    test(
      'are isolated, leave nothing, keep the database, and end by themselves',
      async () => {
        project.writeTests(files(runner))
        const first = await project.run(runner, db)
        expect(first.output).toMatch(/Tests:?\s+12 passed/)
        expect(first.output).not.toMatch(/did not end|did not exit|failed to exit|open handle|MaxListeners/i)
        expect(first.code).toBe(0)

        // A runner that knows its files to be quick gives all of them to one worker: the others have no database then.
        const built = async () => {
          const found = workers.map((worker) =>
            inDatabaseOf(worker, async (connection) => ({
              worker,
              emails: await connection.table('users').pluck('email'),
              posts: Number(await connection.table('posts').count()),
              builtAt: await connection.table('guruorm_meta').where('key', 'testing.fingerprint').value('updated_at'),
            })).catch(() => undefined),
          )
          return (await Promise.all(found)).filter((one) => one !== undefined)
        }
        const afterFirst = await built()
        expect(afterFirst.length).toBeGreaterThan(0)
        for (const { emails, posts } of afterFirst)
          expect({ emails, posts }).toEqual({ emails: ['seeded@x'], posts: 0 })
        expect(await db.connection().schema().hasTable('users')).toBe(false)

        const second = await project.run(runner, db)
        expect(second.code).toBe(0)
        expect(await built()).toEqual(expect.arrayContaining(afterFirst))
      },
      LIMIT,
    )

    test(
      'show what a failed assertion found, leave nothing of the test that failed, and may hold time still',
      async () => {
        const body = `test('wrong', async () => {
          await DB.table('users').insert({ email: 'left@x' })
          await assertDatabaseHas('users', { email: 'seeded@x', id: 77 })
        })
        test('next', () => assertDatabaseCount('users', 1))`
        const timers = `test('holds time still', async () => {
          ${runner === 'jest' ? 'jest' : "(await import('vitest')).vi"}.useFakeTimers()
          await DB.transaction((trx) => trx.table('users').insert({ email: 'a@x' }))
          await assertDatabaseCount('users', 2)
        })
        test('next', () => assertDatabaseCount('users', 1))`
        project.writeTests({
          'tests/1.test.js': [imports[runner], USES, body].join('\n'),
          'tests/2.test.js': [imports[runner], USES, timers].join('\n'),
        })
        const options = runner === 'jest' ? ['--detectOpenHandles'] : []
        const { code, output } = await project.run(runner, db, options)
        expect(code).toBe(1)
        expect(output).not.toMatch(/open handle/i)
        expect(output).toMatch(/Tests:?\s+1 failed(,| \|) 3 passed/)
        expect(output).toMatch(/-\s+"id": 77,/)
        expect(output).toMatch(/\+\s+"id": 1,/)
      },
      LIMIT,
    )
  })
})

onDatabase('sqlite', 'the tests of a project', (db) => {
  describe.each(RUNNERS)('under %s', (runner) => {
    test(
      'are as the guide writes them',
      async () => {
        const examples = blocks.flatMap(({ lines: [first = '', ...lines] }) => {
          const [, named = 'vitest', path] = /^\/\/ (?:(jest): )?(tests\/\S+)$/.exec(first) ?? []
          return path !== undefined && named === runner ? [[path, lines.join('\n')]] : []
        })
        expect(examples).toHaveLength(2)
        project.writeTests(Object.fromEntries(examples))
        const { code, output } = await project.run(runner, db)
        expect(output).toMatch(runner === 'jest' ? /Tests:\s+1 passed/ : /Tests\s+2 passed/)
        expect(code).toBe(0)
      },
      LIMIT,
    )
  })

  test(
    'may be ES modules under jest',
    async () => {
      const imported = imports.vitest.split('import { afterAll')[0]
      project.writeTests({
        'tests/1.test.mjs': [imported, 'const hooks = undefined', USES, TESTS].join('\n'),
        'jest.config.json': '{ "testMatch": ["**/tests/*.mjs"] }',
      })
      const { code, output } = await project.run('jest', db, [], ['--experimental-vm-modules'])
      project.removeFile('jest.config.json')
      expect(output).toMatch(/Tests:?\s+3 passed/)
      expect(code).toBe(0)
    },
    LIMIT,
  )
})
