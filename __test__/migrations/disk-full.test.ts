/** A migration for which there is no space left. */
import { expect, test } from 'vitest'
import { processes } from '../cli/processes'
import { onEveryDatabase } from '../support/databases'

/**
 * Statements that need more space than there is: a limit of the server's own stands for the disk, whose end it reports
 * with the same codes.
 */
const FILLS = {
  // 53400: the limit of temporary files; 53100 is the disk's.
  postgres: `await context.statement("set local temp_file_limit = '64kB'")
    await context.statement("set local work_mem = '64kB'")
    await context.select('select count(*) from (select i, repeat(i::text, 50) as t from generate_series(1, 200000) i order by t) as sorted')`,
  // 1114: what a table in memory reports, and InnoDB when its files cannot grow.
  mysql: `await context.statement('set session max_heap_table_size = 16384')
    await context.statement('create table heap_rows (id integer, body char(200)) engine = memory')
    await context.statement("insert into heap_rows select seq, 'x' from seq_1_to_10000")`,
  // 13: no page is left, whether the disk or the database has none.
  sqlite: `await context.select('pragma max_page_count = 40')
    await context.statement("insert into filled (id, body) with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000) select i, hex(zeroblob(200)) from n")`,
}

const CODES = { postgres: '53400', mysql: '1114', sqlite: '13' }

onEveryDatabase('a full disk', (db) => {
  test('scenario 30: the block says that no space is left, the state is true, and the lock is free', async () => {
    await db.connection().schema().dropAllTables()
    const { start } = processes(db, {
      '1_before.mjs': `export default class {
        async up(context) { await context.statement('create table before_it (id integer)') }
      }`,
      '2_fills.mjs': `export default class { async up(context) {
    await context.statement('create table filled (id integer, body text)')
    ${FILLS[db.dialect]}
  } }`,
    })
    const { code, stdout, stderr } = await start('migrate').ended
    expect({ code, stdout: stdout.includes('✅ Migrated: 1_before') }).toEqual({ code: 1, stdout: true })
    expect(stderr).toMatch(/^❌ Failed: 2_fills - /)
    expect(stderr).toMatch(
      new RegExp(`^ {3}statement \\d · ${CODES[db.dialect]} · database/migrations/2_fills\\.mjs:\\d$`, 'm'),
    )
    expect(stderr).toContain('   HINT: no space left; free space, then run again\n')
    const exists = await db.connection().schema().hasTable('filled')
    if (db.dialect === 'mysql') expect(stderr).toMatch(/^ {3}State: /m)
    else {
      expect(stderr).toContain('   State: rolled back; nothing of this migration remains.')
      expect(exists).toBe(false)
    }
    const [attempt] = await db.connection().select("select status from migration_logs where migration_name = '2_fills'")
    expect(attempt).toEqual({ status: 'failed' })
    expect(await db.connection().table('migrations').pluck('migration')).toEqual(['1_before'])
    const lock = await start('migrate:unlock').ended
    expect(lock.stdout).toBe('No migration lock is held\n')
  })
})
