/** Commands that work in several schemas of a database. */
import { expect, onTestFinished, test } from 'vitest'
import { project } from '../migrations/project'
import { onDatabase, type TestDatabase } from '../support/databases'
import { guruorm } from './run'

const creates = (table: string) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`

const FILES = { 'database/migrations/1_a.mjs': creates('a'), 'database/migrations/2_b.mjs': creates('b') }

function shop(db: TestDatabase, extra: Record<string, string> = {}) {
  const config = { default: 'main', connections: { main: db.config() } }
  const { path } = project({ 'guruorm.config.json': JSON.stringify(config), ...FILES, ...extra })
  return (line: string, env: Record<string, string> = {}) => guruorm(path, line.split(' '), { env })
}

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'several schemas', (db) => {
    /** Names that no other test has: a schema of MariaDB is a database of the server. */
    const tenants = ['a', 'b', 'c'].map((letter) => `${db.name}_t_${letter}`)
    const pattern = `${db.name}_t_%`
    const [one = '', two = '', three = ''] = tenants

    async function drop() {
      for (const tenant of tenants) {
        await db.connection().statement(`drop schema if exists ${tenant}${dialect === 'postgres' ? ' cascade' : ''}`)
      }
    }

    /** Empty schemas, which go when the test ends. */
    async function empty() {
      onTestFinished(drop)
      await drop()
      for (const tenant of tenants) await db.connection().statement(`create schema ${tenant}`)
      await db.connection().schema().dropAllTables()
    }

    const tables = async (schema: string) => {
      const found = await db.connection().schema().getTables(schema)
      return found.map(({ name }) => name).filter((name) => ['a', 'b'].includes(name))
    }

    test('scenario 90: one schema fails, the others are done, and a summary ends the run', async () => {
      await empty()
      await db.connection().statement(`create table ${two}.b (id integer)`)
      const run = shop(db)
      const { code, stdout, stderr } = await run(`migrate --each-schema=${pattern}`)
      expect(code).toBe(1)
      expect(stderr).toMatch(/❌ Failed: 2_b - .*b.* already exists/)
      const summary = stdout.split('\n').slice(-4, -1)
      expect(summary[0]).toBe(`✅ ${one}  2 migrations`)
      expect(summary[1]).toMatch(new RegExp(`^❌ ${two}  .*already exists`))
      expect(summary[2]).toBe(`✅ ${three}  2 migrations`)
      expect(await tables(one)).toEqual(['a', 'b'])
      expect(await tables(three)).toEqual(['a', 'b'])
      expect(await db.connection().schema().hasTable('migrations')).toBe(false)

      const json = await run(`migrate:status --json --schema=${two},${three}`)
      const status = JSON.parse(json.stdout)
      expect(status).toMatchObject({ ok: true, command: 'migrate:status', connection: 'main' })
      expect(
        status.schemas.map(({ schema, pending }: { schema: string; pending: number }) => [schema, pending]),
      ).toEqual([
        [two, 1],
        [three, 0],
      ])

      const back = JSON.parse((await run(`migrate:rollback --each-schema=${pattern} --json`)).stdout)
      expect(back).toMatchObject({ ok: true, command: 'migrate:rollback' })
      expect(back.schemas.map(({ migrations }: { migrations: unknown[] }) => migrations.length)).toEqual([2, 1, 2])
      expect(await tables(one)).toEqual([])
    })

    test('a file that cannot be loaded is said for every schema, and the exit code is its kind', async () => {
      await empty()
      const run = shop(db, { 'database/migrations/3_c.mjs': 'export default class {' })
      const { code, stdout, stderr } = await run(`migrate --schema=${one},${two} --detailed-exit-codes`)
      expect(code).toBe(2)
      expect(stderr.match(/❌ Cannot load/g)).toHaveLength(2)
      expect(stdout.match(/❌ \S+ {2}Cannot load/g)).toHaveLength(2)
    })

    test('schemas that are not there, and none that is meant, are refused before anything', async () => {
      await empty()
      const run = shop(db)
      expect((await run(`migrate --schema=${one},nowhere`)).stderr).toMatch(
        /^❌ There is no schema nowhere\. There are: /,
      )
      expect((await run('migrate --each-schema=nowhere_%')).stderr).toMatch(/^❌ No schema is called nowhere_%\. /)
      // An underscore is an underscore.
      expect((await run(`migrate --each-schema=${pattern.replace('_t_', '_t__')}`)).stderr).toContain('No schema')
      expect((await run(`migrate --schema=${one} --each-schema=${pattern}`)).stderr).toContain('not both')
      const { code, stderr } = await run(`migrate --each-schema=${pattern}`, { NODE_ENV: 'production' })
      expect([code, stderr]).toEqual([1, '❌ Use --force to run migrations in production\n'])
      expect(await tables(one)).toEqual([])
    })
  })
}

onDatabase('sqlite', 'several schemas', (db) => {
  test('there are none', async () => {
    const { code, stderr } = await shop(db)('migrate --each-schema=% --detailed-exit-codes')
    expect([code, stderr]).toEqual([
      2,
      '❌ --schema and --each-schema work on PostgreSQL, MySQL and MariaDB, and this database is sqlite.\n',
    ])
  })
})
