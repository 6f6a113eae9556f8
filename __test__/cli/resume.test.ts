/** Migrations that were cut short where no transaction takes them back: real processes, real signals. */
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Capsule } from '../../js/index'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { processes, until } from './processes'

/** A migration that hangs before the statement whose number is in `HANG_AT`, and says so with a file. */
const hanging = (statements: string[], fields = '') => `import { writeFileSync } from 'node:fs'
export default class {
  ${fields}
  async up(context) {
    for (const [number, sql] of ${JSON.stringify(statements)}.entries()) {
      if (process.env.HANG_AT === String(number)) {
        writeFileSync('hangs', '')
        await new Promise(() => setTimeout(() => {}, 60_000))
      }
      await context.statement(sql)
    }
  }
  async down() {}
}`

const STATEMENTS = [
  'create table a (id integer primary key)',
  'insert into a (id) values (1)',
  'create table b (id integer primary key)',
  'insert into b (id) values (1)',
  'alter table a add column n integer',
  'insert into a (id, n) values (2, 2)',
]

async function recorded(db: TestDatabase): Promise<unknown[]> {
  return (await db.connection().select('select migration from migrations order by id')).map((row) => row.migration)
}

async function statuses(db: TestDatabase): Promise<unknown[]> {
  if (!(await db.connection().schema().hasTable('migration_logs'))) return []
  return (await db.connection().select('select status from migration_logs order by id')).map((row) => row.status)
}

onEveryDatabase('resuming', (db) => {
  const empty = () => db.connection().schema().dropAllTables()

  // On MariaDB what no transaction covers by itself; elsewhere what was opted out.
  const fields = db.dialect === 'mysql' ? '' : 'withinTransaction = false'

  test.each(STATEMENTS.map((_, number) => number))(
    'scenario 36: SIGKILL before statement %i: the next run is refused where something remains, and is resumed',
    async (at) => {
      await empty()
      const { made, start } = processes(db, { '1_a.mjs': hanging(STATEMENTS, fields), '2_b.mjs': hanging([]) })
      const first = start('migrate', { HANG_AT: String(at) })
      await until(() => existsSync(made.file('hangs')))
      first.kill('SIGKILL')
      await first.ended
      if (at > 0) {
        const second = await start('migrate --detailed-exit-codes').ended
        expect(second.stdout).toBe('')
        expect(second.stderr).toContain('❌ Failed: 1_a - interrupted\n   State: PARTIAL. ')
        expect(second.stderr).toContain(`     1. ${STATEMENTS[0]}\n`)
        expect(second.stderr).toMatch(/ {3}Nothing was run\.\n$/)
        expect(second.code).toBe(5)
        expect((await start('migrate').ended).code).toBe(1)
        expect(await recorded(db)).toEqual([])
      }
      const last = await start(at > 0 ? 'migrate --resume' : 'migrate').ended
      expect(last).toMatchObject({ code: 0, stdout: expect.stringContaining('✅ Migrated: 1_a') })
      if (at > 0) expect(last.stderr).toMatch(/↻ Resuming 1_a at step \d \(\d steps? verified\)\n/)
      expect(await db.connection().select('select id, n from a order by id')).toEqual([
        { id: 1, n: null },
        { id: 2, n: 2 },
      ])
      expect(await db.connection().table('b').count()).toBe(1)
      expect(await recorded(db)).toEqual(['1_a', '2_b'])
      expect((await statuses(db)).at(-1)).toBe('success')
    },
  )

  test('what remains is settled with migrate:mark, and shown by migrate:status until then', async () => {
    await empty()
    const { start } = processes(db, { '1_a.mjs': hanging([...STATEMENTS.slice(0, 3), 'no sql'], fields) })
    const failed = await start('migrate --detailed-exit-codes').ended
    expect(failed.code).toBe(5)
    expect((await start('migrate:status').ended).stdout).toContain('🟥')
    expect((await start('migrate --json').ended).stdout).toMatch(/^\{\n? *"ok": ?false/)
    const marked = await start('migrate:mark 1_a --applied').ended
    expect(marked).toMatchObject({ code: 0, stdout: '✅ Recorded as applied: 1_a\n' })
    expect(await start('migrate').ended).toMatchObject({ code: 0, stdout: '✅ Nothing to migrate\n' })
    expect(await statuses(db)).toEqual(['success'])
  })
})

onDatabase('mysql', 'resuming', (db) => {
  test('row 7: killed while a schema change waits: the next run waits for the server, then knows what it did', async () => {
    const connection = db.connection()
    await connection.schema().dropAllTables()
    await connection.statement('create table busy (id integer primary key, old integer)')
    const { start } = processes(db, {
      '1_a.mjs': hanging(['alter table busy drop column old', 'alter table busy add column fresh integer']),
    })
    const reader = new Capsule()
    reader.addConnection(db.config())
    let first = start('migrate:status')
    await reader
      .connection()
      .transaction(async (transaction) => {
        await transaction.select('select * from busy')
        first = start('migrate')
        await until(async () => {
          const waiting = await connection.select(
            "select id from information_schema.processlist where state like 'Waiting for table metadata lock' and db = database()",
          )
          return waiting.length > 0
        })
        first.kill('SIGKILL')
        await first.ended
      })
      .finally(() => reader.disconnect())
    const second = await start('migrate').ended
    // The server either notices that the client is gone, and lets the change be, or makes it when its turn comes.
    const isGone = second.code === 0
    expect(second.stderr).toMatch(
      isGone
        ? /^ℹ️ {2}Previous attempt of 1_a \(.+\) was interrupted and rolled back\n$/
        : /Step 1 of this migration is in the database:\n {5}1\. alter table busy drop column old\n/,
    )
    if (!isGone) expect(await start('migrate --resume').ended).toMatchObject({ code: 0 })
    const hasColumn = (name: string) => connection.schema().hasColumn('busy', name)
    expect([await hasColumn('old'), await hasColumn('fresh')]).toEqual([false, true])
    expect(await recorded(db)).toEqual(['1_a'])
  })

  test('row 12: the server ends the connection: creations are reversed on a new one', async () => {
    const connection = db.connection()
    await connection.schema().dropAllTables()
    const { start } = processes(db, {
      '1_a.mjs': `export default class {
        async up(context) {
          await context.statement('create table a (id integer primary key)')
          await context.select('select sleep(61)')
        }
        async down() {}
      }`,
    })
    const run = start('migrate')
    const sleeping = () =>
      connection.select(
        "select id from information_schema.processlist where info = 'select sleep(61)' and db = database()",
      )
    await until(async () => (await sleeping()).length > 0)
    await connection.unprepared(`kill ${(await sleeping())[0]?.id}`)
    const { code, stderr } = await run.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^❌ Failed: 1_a - server closed the connection\n/)
    expect(stderr).toContain(
      '   State: MariaDB cannot roll back DDL; 1 completed step was reversed. Nothing of this migration remains.\n',
    )
    expect(await connection.schema().hasTable('a')).toBe(false)
    expect(await statuses(db)).toEqual(['failed'])
  })
})
