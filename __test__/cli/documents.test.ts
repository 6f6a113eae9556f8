/** What `--json` says, and how the command line ends where something around it is missing. */
import { expect, test } from 'vitest'
import { type Project, project } from '../migrations/project'
import { type ConnectionOptions, onDatabase, onEveryDatabase } from '../support/databases'
import { Running } from './processes'
import { guruorm } from './run'

const creates = (table: string) => `export default class {
  async up(context) {
    await context.statement('create table ${table} (id integer primary key)')
    await context.insert('insert into ${table} values (1)')
  }
  async down(context) { await context.statement('drop table ${table}') }
}`

onEveryDatabase('documents', (db) => {
  async function shop(files: Record<string, string>, connection: ConnectionOptions = {}): Promise<Project> {
    await db.connection().schema().dropAllTables()
    const named = Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text])
    const config = { default: 'main', connections: { main: db.config(connection) } }
    return project({ 'guruorm.config.json': JSON.stringify(config), ...Object.fromEntries(named) })
  }

  const documentOf = async ({ path }: Project, line: string) =>
    JSON.parse((await guruorm(path, [...line.split(' '), '--json'])).stdout)

  test('scenario 88: a run says its batch, and of each migration what was done, how long it took and how much it sent', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    const durationMs = expect.any(Number)
    expect(await documentOf(made, 'migrate')).toEqual({
      ok: true,
      command: 'migrate',
      connection: 'main',
      batch: 1,
      migrations: [
        { name: '1_a', action: 'up', status: 'done', durationMs, statements: 2 },
        { name: '2_b', action: 'up', status: 'done', durationMs, statements: 2 },
      ],
      warnings: [],
    })
    expect(await documentOf(made, 'migrate')).toMatchObject({ batch: null, migrations: [] })
    expect(await documentOf(made, 'migrate:redo')).toMatchObject({
      batch: 1,
      migrations: [
        { name: '2_b', action: 'down', statements: 1 },
        { name: '2_b', action: 'up', statements: 2 },
      ],
    })
    expect(await documentOf(made, 'migrate:rollback --pretend')).toMatchObject({
      batch: 1,
      migrations: [
        { name: '2_b', action: 'down', status: 'pretended', statements: [{ sql: 'drop table b', bindings: [] }] },
        { name: '1_a', action: 'down', status: 'pretended' },
      ],
    })
  })

  test('a failure is one with its place, its SQL and what is left', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '2_b.mjs': creates('a'), '3_c.mjs': creates('c') })
    const { error, migrations } = await documentOf(made, 'migrate')
    expect(migrations[1]).toMatchObject({ name: '2_b', action: 'up', status: 'failed' })
    expect(Object.keys(error)).toEqual(
      expect.arrayContaining(['code', 'sqlstate', 'message', 'file', 'line', 'statement', 'sql', 'state', 'notRun']),
    )
    expect(error).toMatchObject({ line: 3, statement: 1, notRun: ['3_c'] })
  })

  test('status says how long each took, as far as it was logged', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    await guruorm(made.path, ['migrate', '--only=1_a'])
    const { migrations, ...about } = await documentOf(made, 'migrate:status')
    expect(about).toEqual({ ok: true, command: 'migrate:status', connection: 'main', pending: 1 })
    expect(migrations).toEqual([
      {
        name: '1_a',
        batch: 1,
        state: 'applied',
        executedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        durationMs: expect.any(Number),
        checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
        file: made.file('database/migrations/1_a.mjs'),
      },
      {
        name: '2_b',
        batch: null,
        state: 'pending',
        executedAt: null,
        durationMs: null,
        checksum: null,
        file: made.file('database/migrations/2_b.mjs'),
      },
    ])
  })

  test('scenario 2: running again changes nothing', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    await guruorm(made.path, ['migrate'])
    const rows = () => db.connection().select('select * from migrations order by id')
    const before = await rows()
    expect(await guruorm(made.path, ['migrate'])).toEqual({ code: 0, stdout: '✅ Nothing to migrate\n', stderr: '' })
    expect(await rows()).toEqual(before)
    expect(before).toHaveLength(2)
  })

  test('row 57: a reader that closes the pipe does not end the run', async () => {
    const files = Array.from({ length: 6 }, (_, index) => [`${index}_t.mjs`, creates(`t${index}`)])
    const made = await shop(Object.fromEntries(files))
    const run = new Running(made.path, 'migrate')
    run.child.stdout?.destroy()
    run.child.stderr?.destroy()
    expect((await run.ended).code).toBe(0)
    expect(await db.connection().select('select count(*) as n from migrations')).toEqual([{ n: 6 }])
  })

  test('row 58: a connection that is not configured is one line', async () => {
    const { path } = await shop({})
    const { code, stderr } = await guruorm(path, ['migrate', '--database=nope', '--detailed-exit-codes'])
    expect([code, stderr]).toEqual([2, '❌ guruorm.config.json has no connection "nope". It has: main.\n'])
  })

  test('row 59: a project without a folder of migrations has nothing to migrate', async () => {
    const made = await shop({})
    const { code, stdout, stderr } = await guruorm(made.path, ['migrate'])
    expect([code, stdout]).toEqual([0, '✅ Nothing to migrate\n'])
    expect(stderr).toBe(`⚠️  There is no folder ${made.file('database/migrations')}\n`)
    expect((await guruorm(made.path, ['make:migration', 'add_a'])).code).toBe(0)
    expect(await documentOf(made, 'migrate:status')).toMatchObject({ pending: 1, migrations: [{ state: 'pending' }] })
  })
})

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'a server that cannot be reached', (db) => {
    test.each([
      ['a host that is down', { host: '127.0.0.1', port: 1 }],
      ['a user that is not there', { username: 'nobody_of_that_name' }],
    ])('row 58: %s is one line without stack and password', async (_, connection) => {
      const config = { connections: { main: db.config({ ...connection, password: 's3cret-word' }) } }
      const { path } = project({
        'guruorm.config.json': JSON.stringify(config),
        'database/migrations/1_a.mjs': creates('a'),
      })
      for (const line of ['migrate', 'migrate:status']) {
        const { code, stdout, stderr } = await guruorm(path, [line, '--detailed-exit-codes'])
        expect([code, stdout]).toEqual([2, ''])
        expect(stderr).toMatch(/^❌ [^\n]+\n$/)
        expect(stderr).not.toContain('s3cret-word')
      }
    })
  })
}
