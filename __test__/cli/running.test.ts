/** What commands that run migrations print and how they exit, whatever happens. */
import { expect, test } from 'vitest'
import { MigrationEventDispatcher } from '../../js/migrations/events'
import { Migrator } from '../../js/migrations/migrator'
import { type Project, project } from '../migrations/project'
import { onDatabase, onEveryDatabase } from '../support/databases'
import { FaultProxy } from '../support/proxy'
import { Running } from './processes'
import { guruorm } from './run'

const creates = (table: string) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`

/** ANSI colours. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[`)

onEveryDatabase('running', (db) => {
  async function shop(files: Record<string, string>, config: object = {}): Promise<Project> {
    await db.connection().schema().dropAllTables()
    const named = Object.fromEntries(Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text]))
    return project({
      'guruorm.config.json': JSON.stringify({ connections: { main: db.config() }, ...config }),
      ...named,
    })
  }

  test('scenario 88: --json is one document on stdout, whatever happens', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '2_b.mjs': creates('a'), '3_c.mjs': creates('c') })
    const lines = [
      // The second file makes the table of the first once more.
      ['migrate --pretend', 1],
      ['migrate --pretend=names', 0],
      ['migrate', 1],
      ['migrate:logs', 0],
      ['migrate:logs --failed', 0],
      ['migrate:unlock', 0],
      ['migrate:status', 0],
      ['migrate:status --pending', 1],
      ['migrate:rollback', 0],
      ['migrate --database=nope', 1],
      ['migrate --nope', 1],
      ['migrat', 1],
    ] as const
    for (const [line, code] of lines) {
      const ran = await guruorm(made.path, [...line.split(' '), '--json'])
      expect({ line, code: ran.code, stderr: ran.stderr }).toEqual({ line, code, stderr: '' })
      expect(ran.stdout.trimEnd().split('\n'), line).toHaveLength(1)
      expect(JSON.parse(ran.stdout), line).toMatchObject({ ok: code === 0 || line.endsWith('--pending') })
    }
    await shop({})
    const failed = JSON.parse((await guruorm(made.path, ['migrate', '--json'])).stdout)
    expect(failed).toMatchObject({
      command: 'migrate',
      connection: 'main',
      migrations: [
        { name: '1_a', status: 'done' },
        { name: '2_b', status: 'failed' },
      ],
      error: { statement: 1, line: 2, sql: 'create table a (id integer primary key)', notRun: ['3_c'] },
    })
    expect(failed.error.sqlstate).toBe({ postgres: '42P07', mysql: '1050', sqlite: '1' }[db.dialect])
  })

  test('--quiet prints failures only; colours are for terminals that want them', async () => {
    const made = await shop({ '1_a.mjs': creates('a') })
    expect(await guruorm(made.path, ['migrate', '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' })
    made.write({ 'database/migrations/2_b.mjs': creates('a') })
    const failed = await guruorm(made.path, ['migrate', '-q'])
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^❌ Failed: 2_b/) })

    const status = (argv: string[], env: Record<string, string>, isTTY = true) =>
      guruorm(made.path, ['migrate', ...argv], { env, isTTY })
    expect((await status([], {})).stderr).toMatch(COLOUR)
    for (const plain of [status(['--no-color'], {}), status([], { NO_COLOR: '1' }), status([], {}, false)]) {
      expect((await plain).stderr).not.toMatch(COLOUR)
    }
  })

  test('migrate:logs tells attempts, the newest first', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '2_b.mjs': creates('a') })
    expect((await guruorm(made.path, ['migrate:logs'])).stdout).toBe('No attempts found\n')
    await guruorm(made.path, ['migrate'])
    const { stdout } = await guruorm(made.path, ['migrate:logs'])
    expect(stdout).toMatch(
      /^❌ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d 2_b: failed \(\d+ms\), up, batch 1, .+\/\d+\n {3}.*already exists.*\n✅ \S+ \S+ 1_a: success \(\d+ms\), up, batch 1, .+\/\d+\n$/,
    )
    const failed = await guruorm(made.path, ['migrate:logs', '--failed', '--limit=1'])
    expect(failed.stdout).toMatch(/^❌ .* 2_b: failed/)
    expect(failed.stdout).not.toContain('1_a')
    expect((await guruorm(made.path, ['migrate:logs', '--limit=0'])).code).toBe(1)
  })

  test('the configuration says how migrations run', async () => {
    const made = await shop(
      { '1_a.mjs': creates('a') },
      { migrations: { logTable: 'attempts', ddlLockTimeout: '5s', ddlLockRetries: 2, statementTimeout: '1m' } },
    )
    expect((await guruorm(made.path, ['migrate'])).code).toBe(0)
    expect(await db.connection().table('attempts').count()).toBe(1)
    expect(await db.connection().schema().hasTable('migration_logs')).toBe(false)
    const wrong = await shop({}, { migrations: { ddlLockTimeout: 'soon' } })
    const { code, stderr } = await guruorm(wrong.path, ['migrate', '--detailed-exit-codes'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^❌ `ddlLockTimeout` must be milliseconds/)
  })

  test('exit codes are finer when asked for', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '2_b.mjs': creates('a') })
    const code = async (line: string, env?: Record<string, string>) =>
      (await guruorm(made.path, [...line.split(' '), '--detailed-exit-codes'], env && { env })).code
    expect(await code('migrate')).toBe(1)
    expect(await code('migrate --nope')).toBe(2)
    expect(await code('migrate', { NODE_ENV: 'production' })).toBe(3)
    expect(await code('migrate:status --pending')).toBe(6)
    made.write({ 'database/migrations/3_c.mjs': 'export default {' })
    expect(await code('migrate')).toBe(2)
    expect(await code('migrate:status')).toBe(0)
  })

  test('scenario 20: a file that cannot be read as JavaScript stops everything, with its place', async () => {
    const made = await shop({ '1_a.mjs': creates('a'), '4_d.ts': 'export default class {\n  up( {\n}' })
    const { code, stdout, stderr } = await guruorm(made.path, ['migrate'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^❌ Cannot load .*4_d\.ts:\d+:\d+: /)
    expect(await db.connection().schema().hasTable('a')).toBe(false)
  })

  test('scenario 19: five files, the third fails; once it is mended the rest runs', async () => {
    const names = ['1_a', '2_b', '3_c', '4_d', '5_e']
    const made = await shop(Object.fromEntries(names.map((name) => [`${name}.mjs`, creates(name.slice(2))])))
    made.write({ 'database/migrations/3_c.mjs': creates('a') })
    const { code, stderr } = await guruorm(made.path, ['migrate'])
    expect(code).toBe(1)
    expect(stderr).toContain('2 migrations of this run stay applied (batch 1).')
    expect(stderr).toContain('   Not run: 4_d, 5_e\n')
    made.write({ 'database/migrations/3_c.mjs': creates('c') })
    // Another process: this one has loaded the file already.
    const mended = await new Running(made.path, 'migrate').ended
    expect(mended.stdout).toContain('✨ Migration completed! (3 migrations)')
  })
})

onDatabase('postgres', 'running', (db) => {
  test('scenario 40: the connection is cut at any point of COMMIT: what is told is true', async () => {
    const proxy = await FaultProxy.inFrontOf(db.url)
    const seen = new Set<boolean>()
    const shared = globalThis as Record<string, unknown>
    // The end of the attempt is written before it: the first points are there, in COMMIT are those that are `inCommit`.
    const points = (['toServer', 'toClient'] as const).flatMap((direction) => [
      ...[1, 12, 24, 60].map((bytes) => ({ direction, bytes, inCommit: false })),
      ...[1, 6, 10, 12, 14, 18, 20, 24].map((bytes) => ({ direction, bytes, inCommit: true })),
    ])
    for (const { direction, bytes, inCommit } of points) {
      await db.connection().schema().dropAllTables()
      const name = `cut_${direction}_${bytes}_${inCommit}`
      db.capsule.addConnection(db.config({ host: '127.0.0.1', port: proxy.port }), name)
      const connection = db.capsule.connection(name)
      const made = project({
        '1_a.mjs': `export default class { async up(context) {
          await context.statement('create table a (id integer primary key)')
          globalThis.guruormCut()
        } }`,
      })
      shared.guruormCut = () => proxy.cutAfterBytes(direction, bytes, inCommit ? 'commit' : undefined)
      const events = new MigrationEventDispatcher()
      const [result] = await new Migrator(connection, { paths: [made.path], events }).run()
      const isThere = await db.connection().schema().hasTable('a')
      const about = { direction, bytes, inCommit }
      expect({ ...about, success: result?.success }).toEqual({ ...about, success: isThere })
      const [attempt] = await db.connection().select('select status from migration_logs')
      expect({ ...about, ...attempt }).toEqual({ ...about, status: isThere ? 'success' : 'failed' })
      if (inCommit) seen.add(isThere)
      await connection.disconnect()
    }
    await proxy.close()
    expect(seen.size).toBe(2)
  })
})
