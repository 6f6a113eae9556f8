/** What the migrator does about migrations that do something wrong, and what it says. */
import { expect, test } from 'vitest'
import { MigrationEventDispatcher, type MigrationEventMap } from '../../js/migrations/events'
import { failureLines, type MigrationFailure } from '../../js/migrations/failure'
import { Migrator, type MigratorOptions } from '../../js/migrations/migrator'
import { onDatabase, onEveryDatabase, type TestDatabase } from '../support/databases'
import { type Project, project } from './project'

/** A migration with this body. */
const doing = (body: string, fields = '') => `export default class {
  ${fields}
  async up(context) {
    ${body}
  }
  async down() {}
}`

const A = "await context.statement('create table a (id integer primary key)')"

interface Run {
  failure: MigrationFailure | undefined
  lines: string[]
  retries: MigrationEventMap['migration.retrying'][]
}

/** Runs the migrations of a project on a database. */
async function run(db: TestDatabase, made: Project, options: MigratorOptions = {}): Promise<Run> {
  const events = new MigrationEventDispatcher()
  const done: Run = { failure: undefined, lines: [], retries: [] }
  events.listen('migration.failed', (failure) => {
    done.failure = failure
    done.lines = failureLines(failure, made.path)
  })
  events.listen('migration.retrying', (retry) => void done.retries.push(retry))
  await new Migrator(db.connection(), { paths: [made.path], events, ...options }).run()
  return done
}

async function statuses(db: TestDatabase): Promise<string[]> {
  const rows = await db.connection().select('select migration_name, status from migration_logs order by id')
  return rows.map((row) => `${row.migration_name} ${row.status}`)
}

onEveryDatabase('guards of migrations', (db) => {
  const isTransactional = db.dialect !== 'mysql'
  const exists = (table: string) => db.connection().schema().hasTable(table)
  const empty = () => db.connection().schema().dropAllTables()
  const isRecorded = async () => (await db.connection().select('select id from migrations')).length > 0

  test('scenario 17: the block names the statement, the code, the place and the SQL; the log says failed', async () => {
    await empty()
    const made = project({
      '1_a.mjs': doing(`${A}
    await context.statement('create table a (id integer primary key)')
    await context.statement('create table c (id integer primary key)')`),
      '2_b.mjs': doing(''),
    })
    const { failure, lines } = await run(db, made)
    expect(failure).toMatchObject({ statement: 2, line: 5, notRun: ['2_b'] })
    expect(lines[0]).toMatch(/^❌ Failed: 1_a - .*already exists/)
    expect(lines[1]).toMatch(/^ {3}statement 2 · (42P07|1050|1) · 1_a\.mjs:5$/)
    expect(lines[2]).toBe('   create table a (id integer primary key)')
    expect(lines[3]).toMatch(
      isTransactional
        ? /^ {3}State: rolled back; nothing of this migration remains\.$/
        : /^ {3}State: MariaDB cannot roll back DDL; 1 completed step was reversed\. Nothing of this migration remains\.$/,
    )
    expect(lines[4]).toBe('   Not run: 2_b')
    expect([await exists('a'), await exists('c'), await isRecorded()]).toEqual([false, false, false])
    expect(await statuses(db)).toEqual(['1_a failed'])
  })

  test('statements of the schema builder are counted one by one', async () => {
    await empty()
    const made = project({
      '1_a.mjs': doing(`await context.create('a', (table) => { table.id(); table.string('name').index() })
    await context.drop('nowhere')`),
    })
    const { failure } = await run(db, made)
    expect(failure?.sql).toMatch(/^drop table .nowhere./)
    expect(failure?.statement).toBe(3)
  })

  test('scenario 25: a statement without await fails the migration and is waited for', async () => {
    await empty()
    const slow = { postgres: 'select pg_sleep(0.3)', mysql: 'select sleep(0.3)', sqlite: 'select 1' }[db.dialect]
    const made = project({
      '1_a.mjs': doing(`${A}
    context.select('${slow}').then(() => context.statement('create table late (id integer)'))`),
    })
    const { failure } = await run(db, made)
    expect(failure).toMatchObject({ code: 'MISSING_AWAIT' })
    expect(failure?.message).toMatch(
      db.dialect === 'sqlite'
        ? /^up\(\) returned while "select 1" \(.*1_a\.mjs:5\) was still running$/
        : /^up\(\) returned while "select (pg_)?sleep\(0\.3\)" \(.*1_a\.mjs:5\) was still running$/,
    )
    // What it left behind is over before anything is taken back.
    expect([await exists('a'), await exists('late'), await isRecorded()]).toEqual([false, false, false])
  })

  test('scenario 26: transaction control in the body is refused before it reaches the server', async () => {
    await empty()
    const made = project({ '1_a.mjs': doing(`${A}\n    await context.statement('COMMIT')`) })
    const { failure, lines } = await run(db, made)
    const reason = isTransactional
      ? 'guruorm already runs this migration in a transaction'
      : 'a migration may not end or begin transactions by itself'
    expect(lines[0]).toBe(
      `❌ Failed: 1_a - statement 2 is COMMIT: ${reason}; remove it or set withinTransaction = false`,
    )
    expect(failure).toMatchObject({ code: 'REFUSED_STATEMENT', statement: 2, nativeCode: null, sql: 'COMMIT' })
    expect(await exists('a')).toBe(false)
    const script = project({
      '1_a.mjs': doing("await context.unprepared('create table b (id integer); commit; select 1')"),
    })
    expect((await run(db, script)).failure?.message).toMatch(/^statement 2 is COMMIT/)
    expect(await exists('b')).toBe(false)
    const open = project({
      '1_a.mjs': doing(
        "await context.statement('begin'); await context.statement('commit')",
        'withinTransaction = false',
      ),
    })
    expect((await run(db, open)).failure).toBeUndefined()
  })

  test('an error inside of a savepoint may be caught', async () => {
    await empty()
    const made = project({
      '1_a.mjs': doing(`${A}
    await this.savepoint(() => context.statement('insert into nowhere (id) values (1)')).catch(() => {})
    await context.statement('insert into a (id) values (1)')`),
    })
    expect((await run(db, made)).failure).toBeUndefined()
    expect(await db.connection().table('a').count()).toBe(1)
    expect(await statuses(db)).toEqual(['1_a success'])
  })

  test('what afterCommit() was given runs once the migration is recorded; its failure leaves the migration applied', async () => {
    await empty()
    const made = project({
      '1_a.mjs': doing(`${A}\n    this.afterCommit(() => {})
    context.afterCommit(() => { throw new Error('no luck') })`),
    })
    const { failure } = await run(db, made)
    expect(failure).toMatchObject({ message: 'no luck' })
    expect(failure?.state).toMatch(/^this migration is applied and stays so/)
    expect([await exists('a'), await isRecorded()]).toEqual([true, true])
  })

  test('scenario 79: the log is a table that SQL can be asked about, with one row an attempt', async () => {
    await empty()
    const made = project({ '1_a.mjs': doing(A), '2_b.mjs': doing("throw new Error('b is not ready')") })
    await run(db, made)
    const connection = db.connection()
    const [good] = await connection.select(
      "select * from migration_logs where status = 'success' order by created_at desc",
    )
    const failed = await connection.select(
      "select migration_name, error_message from migration_logs where status = 'failed'",
    )
    const [average] = await connection.select(
      "select avg(duration) as average from migration_logs where status = 'success'",
    )
    expect(good?.migration_name).toBe('1_a')
    expect(failed).toEqual([{ migration_name: '2_b', error_message: 'b is not ready' }])
    expect(Number(average?.average)).toBeGreaterThanOrEqual(0)
    const [last, first] = await new Migrator(connection).attempts()
    expect(first).toMatchObject({ name: '1_a', status: 'success', error: null })
    expect(first?.metadata).toMatchObject({
      direction: 'up',
      batch: 1,
      mode: isTransactional ? 'tx' : 'steps',
      pid: process.pid,
      node: process.version,
      steps: { done: 1, last_sql: 'create table a (id integer primary key)' },
    })
    expect(last?.metadata.run_id).toBe(first?.metadata.run_id)
    expect(Number(first?.endedAt) - Number(first?.startedAt)).toBeLessThan(10_000)

    await new Migrator(connection, { paths: [made.path], events: new MigrationEventDispatcher() }).rollback()
    expect(await statuses(db)).toEqual(['1_a success', '2_b failed', '1_a rolled_back'])
    expect(await new Migrator(connection).attempts({ failed: true, limit: 5 })).toHaveLength(1)
  })

  test('without a log table nothing of it is made; a table that is something else is refused', async () => {
    await empty()
    await run(db, project({ '1_a.mjs': doing(A) }), { logTable: false })
    expect([await exists('migration_logs'), await exists('a')]).toEqual([false, true])
    await db.connection().statement('create table migration_logs (bird varchar(20))')
    await expect(run(db, project({ '2_b.mjs': doing('') }))).rejects.toThrow(
      /^Table "migration_logs" exists but is not a table of migration attempts \(columns: bird\)\..*Nothing was changed\./,
    )
  })

  test('scenario 41: a pool of one connection is enough, for the global DB too', async () => {
    await empty()
    const name = `single_${db.dialect}`
    db.capsule.addConnection(db.config({ pool: { max: 1 } }), name)
    const connection = db.capsule.connection(name)
    const made = project({
      '1_a.mjs': doing(`${A}
    await globalThis.guruormTest.connection('${name}').table('a').insert({ id: 1 })
    this.afterCommit(() => context.statement('insert into a (id) values (2)'))`),
    })
    ;(globalThis as Record<string, unknown>).guruormTest = db.capsule
    const events = new MigrationEventDispatcher()
    const results = await new Migrator(connection, { paths: [made.path], events }).run()
    expect(results).toMatchObject([{ name: '1_a', success: true }])
    expect(await connection.table('a').count()).toBe(2)
    await connection.disconnect()
  })

  test('a statement that takes longer than statementTimeout is ended', async () => {
    await empty()
    const slow = {
      postgres: 'select pg_sleep(20)',
      mysql: 'select sleep(20)',
      sqlite:
        'with recursive n(i) as (select 1 union all select i + 1 from n where i < 900000000) select count(*) as n from n',
    }[db.dialect]
    const start = performance.now()
    const { failure } = await run(db, project({ '1_a.mjs': doing(`await context.select('${slow}')`) }), {
      statementTimeout: '300ms',
    })
    expect(failure?.code).toBe('QUERY_TIMEOUT')
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  test('times and numbers that cannot be are refused', () => {
    for (const wrong of [{ ddlLockTimeout: 'soon' }, { statementTimeout: -1 }, { ddlLockRetries: 1.5 }]) {
      expect(() => new Migrator(db.connection(), wrong)).toThrow(/must be/)
    }
  })
})

onDatabase('postgres', 'guards of migrations', (db) => {
  const empty = () => db.connection().schema().dropAllTables()

  test('scenario 24: a swallowed error is told by its statement', async () => {
    await empty()
    const made = project({
      '1_a.mjs': doing(`${A}\n    await context.statement('insert into x (id) values (1)').catch(() => {})`),
    })
    const { failure } = await run(db, made)
    expect(failure).toMatchObject({ code: 'SWALLOWED_ERROR', nativeCode: '42P01', statement: 2 })
    expect(failure?.message).toBe(
      'statement 2 failed (42P01 relation "x" does not exist) and the migration caught the error; PostgreSQL has already discarded the transaction. Wrap it in this.savepoint(() => …).',
    )
    expect(await db.connection().schema().hasTable('a')).toBe(false)
  })

  test('scenario 27: create index concurrently is refused in a transaction, and runs outside of one', async () => {
    await empty()
    const text =
      'CREATE INDEX CONCURRENTLY cannot run inside a transaction: set withinTransaction = false (migration contains only this statement) or call this.afterCommit(() => …)'
    const sql = "await context.statement('create index concurrently a_id on a (id)')"
    await run(db, project({ '1_a.mjs': doing(A) }))
    const { failure } = await run(db, project({ '1_a.mjs': doing(A), '2_index.mjs': doing(sql) }))
    expect(failure).toMatchObject({ message: text, code: 'REFUSED_STATEMENT', nativeCode: null })
    const built = "await context.table('a', (table) => { table.index('id', 'a_id2').online() })"
    const refused = await run(db, project({ '1_a.mjs': doing(A), '2_index.mjs': doing(built) }))
    expect(refused.failure?.message).toBe(text)

    const made = project({
      '1_a.mjs': doing(A),
      '2_index.mjs': doing(sql, 'withinTransaction = false'),
      '3_after.mjs': doing("this.afterCommit(() => context.statement('create index concurrently a_id3 on a (id)'))"),
    })
    expect((await run(db, made)).failure).toBeUndefined()
    const rows = await db
      .connection()
      .select("select indisvalid as valid from pg_index where indexrelid in ('a_id'::regclass, 'a_id3'::regclass)")
    expect(rows).toEqual([{ valid: true }, { valid: true }])
  })

  test('scenario 43: behind a slow reader a change of a table is retried, and nobody waits behind it for long', async () => {
    await empty()
    await run(db, project({ '1_a.mjs': doing(A) }))
    const reader = db.connection().transaction(async (transaction) => {
      await transaction.select('select * from a')
      await transaction.select('select pg_sleep(2.5)')
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const made = project({
      '1_a.mjs': doing(A),
      '2_b.mjs': doing("await context.statement('alter table a add column b integer')"),
    })
    const migrating = run(db, made, { ddlLockTimeout: '500ms' })
    const waits: number[] = []
    for (let probe = 0; probe < 20; probe++) {
      const start = performance.now()
      await db.connection().select('select count(*) as n from a')
      waits.push(performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const { failure, retries } = await migrating
    await reader
    expect(failure).toBeUndefined()
    expect(retries[0]).toMatchObject({ reason: 'lock timeout on "a"', attempt: 1, attempts: 5 })
    expect(Math.max(...waits)).toBeLessThan(900)
    expect(Math.max(...waits)).toBeGreaterThan(100)
  })

  test('a lock that never comes free fails after the last retry, and says how', async () => {
    await empty()
    await run(db, project({ '1_a.mjs': doing(A) }))
    const pinned = db.connection()
    let release = () => {}
    const reader = pinned.transaction(async (transaction) => {
      await transaction.select('select * from a')
      await new Promise<void>((resolve) => {
        release = resolve
      })
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const made = project({ '1_a.mjs': doing(A), '2_b.mjs': doing("await context.statement('drop table a')") })
    const { failure, retries } = await run(db, made, { ddlLockTimeout: 100, ddlLockRetries: 1 })
    release()
    await reader
    expect(retries).toHaveLength(1)
    expect(failure).toMatchObject({ code: 'LOCK_TIMEOUT', nativeCode: '55P03' })
    expect(failure?.state).toMatch(/^rolled back/)
  })
})

onDatabase('mysql', 'guards of migrations', (db) => {
  test('a statement that meets a lock is sent again by itself', async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().statement('create table a (id integer primary key)')
    const reader = db.connection().transaction(async (transaction) => {
      await transaction.select('select * from a')
      await new Promise((resolve) => setTimeout(resolve, 1800))
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const made = project({
      '1_a.mjs': doing(`await context.statement('create table once (id integer)')
    await context.statement('alter table a add column b integer')`),
    })
    const { failure, retries } = await run(db, made, { ddlLockTimeout: '1s' })
    await reader
    expect(failure).toBeUndefined()
    expect(retries[0]).toMatchObject({ reason: 'lock timeout on "a"', attempt: 1 })
  })
})
