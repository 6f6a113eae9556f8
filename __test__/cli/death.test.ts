/** Concurrency and death: real processes, real signals, real servers. */
import { expect, test } from 'vitest'
import { onDatabase, onEveryDatabase, type PerDialect, type TestDatabase } from '../support/databases'
import { processes, until } from './processes'

/** A statement that takes so many seconds. */
const sleeps = (dialect: string, seconds: number) =>
  ({
    postgres: `await context.select('select pg_sleep(${seconds})')`,
    mysql: `await context.select('select sleep(${seconds})')`,
    // A count that is never done.
    sqlite: `await context.select('with recursive n(i) as (select 1 union all select i + 1 from n where i < ${seconds * 20_000_000}) select count(*) as n from n')`,
  })[dialect as keyof PerDialect<string>]

const creates = (table: string, then = '') => `export default class {
  async up(context) {
    await context.statement('create table ${table} (id integer primary key)')
    ${then}
  }
  async down(context) { await context.statement('drop table ${table}') }
}`

async function recorded(db: TestDatabase): Promise<unknown[]> {
  if (!(await db.connection().schema().hasTable('migrations'))) return []
  return (await db.connection().select('select migration from migrations order by id')).map((row) => row.migration)
}

async function statuses(db: TestDatabase): Promise<unknown[]> {
  if (!(await db.connection().schema().hasTable('migration_logs'))) return []
  const rows = await db.connection().select('select migration_name, status from migration_logs order by id')
  return rows.map((row) => `${row.migration_name} ${row.status}`)
}

onEveryDatabase('several processes', (db) => {
  const { dialect } = db
  const isTransactional = dialect !== 'mysql'
  const empty = () => db.connection().schema().dropAllTables()

  test('scenario 32: two that start together run each migration once; both succeed', async () => {
    await empty()
    const slow = 'await new Promise((resolve) => setTimeout(resolve, 300))'
    const { start } = processes(db, {
      '1_a.mjs': creates('a', slow),
      '2_b.mjs': creates('b', slow),
      '3_c.mjs': creates('c'),
    })
    const ended = await Promise.all([start('migrate').ended, start('migrate').ended])
    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    expect(ended.filter(({ stdout }) => stdout === '✅ Nothing to migrate\n')).toHaveLength(1)
    expect(await recorded(db)).toEqual(['1_a', '2_b', '3_c'])
    expect(await statuses(db)).toEqual(['1_a success', '2_b success', '3_c success'])
  })

  test('a reader of stdout that goes away does not stop the run', async () => {
    await empty()
    const { start } = processes(db, { '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    const running = start('migrate')
    running.child.stdout?.destroy()
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(await recorded(db)).toEqual(['1_a', '2_b'])
  })

  test('scenario 34: a lock that stays held is given up with the name of its holder; --no-wait fails at once', async () => {
    await empty()
    const { start } = processes(db, {
      '1_a.mjs': creates('a', 'await new Promise((resolve) => setTimeout(resolve, 60_000))'),
    })
    const first = start('migrate')
    await until(async () => (await statuses(db)).length === 1)
    const second = await start('migrate --lock-timeout=2').ended
    expect(second.code).toBe(1)
    expect(second.stdout).toBe('')
    expect(second.stderr).toMatch(
      /^⏳ Waiting for the migration lock \(pid \d+, host .+, running 1_a for \d+s\) … [12]s left\n❌ Migration lock not acquired within 2s\. Holder: .*1_a, \d+s\.\n {3}Nothing was changed\. Wait and run again, or see `guruorm migrate:unlock` \(`--kill` ends that session\)\.\n$/,
    )
    const impatient = await start('migrate --no-wait --detailed-exit-codes').ended
    expect(impatient.code).toBe(4)
    expect(impatient.stderr).toMatch(/^❌ Migration lock not acquired within 0s\. Holder: .*1_a/)
    const shown = await start('migrate:unlock').ended
    expect(shown).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^The migration lock is held by .*1_a, \d+s\n$/),
    })
    expect((await start('migrate:unlock --kill').ended).code).toBe(1)
    if (dialect === 'sqlite') first.kill('SIGKILL')
    else expect((await start('migrate:unlock --kill --force').ended).stdout).toMatch(/^✅ Ended pid \d+/)
    await until(async () => (await start('migrate:unlock').ended).stdout === 'No migration lock is held\n')
    expect(await recorded(db)).toEqual([])
  })

  test('scenario 35: after SIGKILL in a long statement the next run gets the lock soon and runs it once', async () => {
    await empty()
    const { made, start } = processes(db, { '1_a.mjs': creates('a', sleeps(dialect, 8)) })
    const first = start('migrate')
    await until(async () => (await statuses(db)).length === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    first.kill('SIGKILL')
    await first.ended
    made.write({ 'database/migrations/1_a.mjs': creates('a') })
    const second = await start('migrate').ended
    expect(second.code).toBe(isTransactional ? 0 : 1)
    expect(second.stderr).toMatch(
      isTransactional
        ? /ℹ️ {2}Previous attempt of 1_a \(.+\/\d+\) was interrupted and rolled back\n/
        : /ℹ️ {2}Previous attempt of 1_a \(.+\/\d+\) was interrupted in the middle: statements before may remain\n❌ Failed: 1_a - interrupted\n {3}State: PARTIAL\./,
    )
    if (!isTransactional) expect((await start('migrate --resume').ended).code).toBe(0)
    expect(await recorded(db)).toEqual(['1_a'])
    expect(await statuses(db)).toEqual(['1_a failed', '1_a success'])
    if (dialect === 'postgres') expect(second.time).toBeLessThan(5_000)
  })

  test('status shows an interrupted attempt, but not one that runs', async () => {
    await empty()
    const { start } = processes(db, {
      '1_a.mjs': creates('a', 'await new Promise((resolve) => setTimeout(resolve, 60_000))'),
    })
    const first = start('migrate')
    await until(async () => (await statuses(db)).length === 1)
    expect((await start('migrate:status').ended).stdout).not.toContain('🟥')
    first.kill('SIGKILL')
    await until(async () => (await start('migrate:status').ended).stdout.includes('│   🟥    │'))
    expect((await start('migrate:status').ended).stdout).toContain('🟥 an attempt was interrupted')
  })

  test('scenario 38: SIGTERM in a long statement cancels it on the server and frees the lock; exit code 143', async () => {
    await empty()
    const { start } = processes(db, { '1_a.mjs': creates('a', sleeps(dialect, 60)), '2_b.mjs': creates('b') })
    const first = start('migrate')
    await until(async () => (await statuses(db)).length === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const sent = performance.now()
    first.kill('SIGTERM')
    const { code, stderr } = await first.ended
    expect(performance.now() - sent).toBeLessThan(4_000)
    expect(code).toBe(143)
    expect(stderr).toMatch(/^❌ Failed: 1_a - cancelled\n/)
    expect(stderr).toContain(
      isTransactional
        ? '   State: rolled back; nothing of this migration remains.\n'
        : '   State: MariaDB cannot roll back DDL; 1 completed step was reversed. Nothing of this migration remains.\n',
    )
    expect(stderr).toContain('   Not run: 2_b\n')
    expect(await db.connection().schema().hasTable('a')).toBe(false)
    expect(await statuses(db)).toEqual(['1_a failed'])
    expect((await start('migrate:unlock').ended).stdout).toBe('No migration lock is held\n')
  })

  test('scenario 38: the first Ctrl+C lets the current migration finish, the second cancels it; exit code 130', async () => {
    await empty()
    const slow = 'await new Promise((resolve) => setTimeout(resolve, 1200))'
    const { made, start } = processes(db, { '1_a.mjs': creates('a', slow), '2_b.mjs': creates('b') })
    const first = start('migrate')
    await until(async () => (await statuses(db)).length === 1)
    first.kill('SIGINT')
    const finished = await first.ended
    expect(finished.code).toBe(130)
    expect(finished.stderr).toBe(
      'Finishing the current migration; press Ctrl+C again to cancel it\n   Stopped. Not run: 2_b\n',
    )
    expect(await recorded(db)).toEqual(['1_a'])

    made.write({ 'database/migrations/2_b.mjs': creates('b', 'await new Promise(() => setTimeout(() => {}, 60_000))') })
    const second = start('migrate')
    await until(async () => (await statuses(db)).length === 2)
    second.kill('SIGINT')
    await until(() => second.stderr.includes('press Ctrl+C again'))
    second.kill('SIGINT')
    const cancelled = await second.ended
    expect(cancelled.code).toBe(130)
    expect(cancelled.stderr).toContain('❌ Failed: 2_b - cancelled\n')
    expect(await recorded(db)).toEqual(['1_a'])
  })

  test('scenario 37: killed after COMMIT, nothing runs again and the log is healed', async () => {
    await empty()
    const { start } = processes(db, { '1_a.mjs': creates('a') })
    expect((await start('migrate').ended).code).toBe(0)
    // What a process leaves that is killed between COMMIT and the end of its row.
    await db.connection().statement("update migration_logs set status = 'started', end_time = null, duration = null")
    expect(await start('migrate').ended).toMatchObject({ code: 0, stdout: '✅ Nothing to migrate\n', stderr: '' })
    expect(await statuses(db)).toEqual(['1_a success'])
  })

  test('killed between two migrations: the one that was about to begin is told, and runs', async () => {
    await empty()
    const { start } = processes(db, {
      '1_a.mjs': creates('a'),
      '2_b.mjs': `import { existsSync, writeFileSync } from 'node:fs'
      const killed = new URL('killed', import.meta.url)
      export default class {
        shouldRun() {
          if (existsSync(killed)) return true
          writeFileSync(killed, '')
          process.kill(process.pid, 'SIGKILL')
          return new Promise(() => {})
        }
        async up(context) { await context.statement('create table b (id integer primary key)') }
      }`,
    })
    expect(await start('migrate').ended).toMatchObject({ signal: 'SIGKILL' })
    expect(await recorded(db)).toEqual(['1_a'])
    expect(await statuses(db)).toEqual(['1_a success', '2_b started'])
    const { code, stderr } = await start('migrate').ended
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stderr).toContain('Previous attempt of 2_b')
    expect(await recorded(db)).toEqual(['1_a', '2_b'])
    expect(await statuses(db)).toEqual(['1_a success', '2_b failed', '2_b success'])
  })

  test('a closed stdout ends nothing', async () => {
    await empty()
    const { start } = processes(db, { '1_a.mjs': creates('a'), '2_b.mjs': creates('b') })
    const run = start('migrate')
    run.child.stdout?.destroy()
    expect((await run.ended).code).toBe(0)
    expect(await recorded(db)).toEqual(['1_a', '2_b'])
  })

  test('scenario 25: a failing statement that nobody awaited fails the migration, not the process', async () => {
    await empty()
    const { start } = processes(db, {
      '1_a.mjs': `export default class {
        async up(context) {
          await context.statement('create table a (id integer primary key)')
          context.statement('insert into nowhere (id) values (1)')
        }
        async down() {}
      }`,
    })
    const { code, stderr } = await start('migrate').ended
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^❌ Failed: 1_a - up\(\) returned while "insert into nowhere.*"( \(database\/migrations\/1_a\.mjs:4\))? was still running\n/,
    )
    expect(await statuses(db)).toEqual(['1_a failed'])
  })
})

onDatabase('postgres', 'several processes', (db) => {
  test('scenario 39: a connection that the server ends is a failure that was checked; the process does not hang', async () => {
    await db.connection().schema().dropAllTables()
    const { start } = processes(db, { '1_a.mjs': creates('a', sleeps('postgres', 60)), '2_b.mjs': creates('b') })
    const run = start('migrate')
    await until(async () => (await statuses(db)).length === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await db
      .connection()
      .select(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
      )
    const { code, stderr } = await run.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^❌ Failed: 1_a - server closed the connection\n/)
    expect(stderr).toContain('   State: rolled back by the server (checked); nothing of this migration remains.\n')
    expect(await db.connection().schema().hasTable('a')).toBe(false)
    expect(await statuses(db)).toEqual(['1_a failed'])
  })

  test('scenario 33: create index concurrently does not meet a second runner in a deadlock', async () => {
    await db.connection().schema().dropAllTables()
    const online = `export default class { withinTransaction = false
      async up(context) {
        await context.select('select pg_sleep(2)')
        await context.statement('create index concurrently a_id on a (id)')
      }
      async down() {} }`
    const { start } = processes(db, { '1_a.mjs': creates('a'), '2_index.mjs': online })
    const first = start('migrate')
    await until(async () => (await statuses(db)).length === 2)
    const second = start('migrate')
    const [one, two] = await Promise.all([first.ended, second.ended])
    expect([one.code, two.code]).toEqual([0, 0])
    expect(two.stderr).toMatch(/^⏳ Waiting for the migration lock \(pid \d+, host .+, running 2_index for \d+s\)/)
    expect(two.stdout).toBe('✅ Nothing to migrate\n')
    const [row] = await db
      .connection()
      .select("select indisvalid as valid from pg_index where indexrelid = 'a_id'::regclass")
    expect(row?.valid).toBe(true)
  })
})
