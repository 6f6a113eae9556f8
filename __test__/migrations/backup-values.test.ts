/** Every value of every type goes into a backup and comes back as it was. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Backups } from '../../js/index'
import { onDatabase, onEveryDatabase, type PerDialect, type TestDatabase } from '../support/databases'
import { running } from './backup-run'
import { project } from './project'

/** A type, and SQL for values that are easily lost. */
type Sample = [type: string, ...values: string[]]

const TEXTS = ["''", "'null'", "'a''b\"c\\\\d'", "'=x'", "'line\nfeed\ttab'", "'\u2028é漢😀'"]

const SAMPLES: PerDialect<Sample[]> = {
  postgres: [
    ['smallint', '-32768', '32767'],
    ['bigint', '-9223372036854775808', '9223372036854775807'],
    ['numeric', "'NaN'", '12345678901234567890.123456789', '0.00'],
    ['numeric(12,4)', '-1.5000'],
    ['real', "'0.1'", "'-Infinity'", "'1e-45'"],
    ['double precision', '0.1::float8 + 0.2', "'NaN'", "'1.7976931348623157e308'"],
    ['boolean', 'true', 'false'],
    ['char(5)', "'ab'"],
    ['varchar(80)', ...TEXTS],
    ['text', ...TEXTS, "repeat('ü', 100000)"],
    ['bytea', "'\\x'", "'\\x00ff27225c'"],
    ['date', "'0001-01-01'", "'infinity'", "'4713-01-01 BC'"],
    ['time', "'24:00:00'", "'12:34:56.123456'"],
    ['timetz', "'12:34:56.1+05:30'"],
    ['timestamp', "'2025-10-26 02:30:00.123456'", "'-infinity'", "'0044-03-15 BC'"],
    ['timestamptz', "'2025-10-26 00:30:00.000001+00'", "'2025-10-26 01:30:00+00'"],
    ['interval', "'1 year -2 mons 3 days -04:05:06.7'"],
    ['uuid', "'00000000-0000-0000-0000-00000000000a'"],
    ['json', `'{"b": 1, "a":  1, "a": 12345678901234567890}'`, "'null'"],
    ['jsonb', `'{"a": 12345678901234567890.10, "t": "\\u2028"}'`, "'null'", '\'"text"\''],
    ['int[]', "'{1,NULL,3}'", "'{}'", "'[0:1]={7,8}'"],
    ['text[]', `'{"a,b",NULL,"NULL","q\\"q","{}"}'`],
    ['bytea[]', `array['\\x00'::bytea, null]`],
    ['inet', "'::1/64'"],
    ['bit(3)', "B'101'"],
    ['bit varying', "B''", "B'1'"],
    ['int4range', "'empty'", "'[1,)'"],
    ['point', "'(0.1,-0)'"],
    ['tsvector', `'a:1 ''b c'':2A'`],
    ['xml', "'<a>&amp;</a>'"],
    ['"mo.od"', "'so''so'"],
    ['"pa ir"', `'(1,"a ""b"" ,c")'`],
  ],
  mysql: [
    ['tinyint(1)', '1', '-128'],
    ['bigint unsigned', '18446744073709551615', '0'],
    ['bigint', '-9223372036854775808'],
    ['decimal(30,10)', '12345678901234567890.0123456789'],
    ['float', '0.1', '3.40282e38', '16777216'],
    ['double', '0.1e0 + 0.2e0', '1.7976931348623157e308', '-0e0'],
    ['bit(10)', "b'1000000001'", "b'0'"],
    ['char(5)', "'ab'"],
    ['varchar(80)', ...TEXTS],
    ['varchar(80) character set latin1', "'é'"],
    ['varchar(80) collate utf8mb4_bin', "'É'"],
    ['longtext', ...TEXTS, "repeat('ü', 100000)"],
    ['binary(4)', "x'00ff'"],
    ['varbinary(20)', "x''", "x'00ff27225c'"],
    ['longblob', "repeat(x'00ff', 50000)"],
    ['date', "'1000-01-01'", "'9999-12-31'"],
    ['time(6)', "'-838:59:59.000001'"],
    ['datetime(6)', "'2025-10-26 02:30:00.123456'"],
    ['timestamp(6)', "'2025-10-26 02:30:00.123456'"],
    ['year', '2155', '1901'],
    ['json', `'{"b": 1,  "a": "\\\\u2028\\\\n"}'`, "'null'", "'[]'"],
    ["enum('a','b,c','it''s')", "'it''s'", "'b,c'"],
    ["set('a','b')", "'a,b'", "''"],
    ['point', "st_geomfromtext('point(0.1 -2)', 4326)"],
    ['uuid', "'00000000-0000-0000-0000-00000000000a'"],
    ['inet6', "'::1'"],
  ],
  sqlite: [
    ['integer', '-9223372036854775808', "'text in a number'", '0.1'],
    ['real', '0.1 + 0.2', '9e999', '-9e999', '1.7976931348623157e308', '4.9e-324', '5'],
    ['numeric', '12345678901234567890', "'0123x'"],
    ['text', ...TEXTS, '12', "x'00'", "'a' || char(0) || 'b'", 'char(0)'],
    ['blob', "x''", "x'00ff27225c'", "'text'", '1', '1.0', 'zeroblob(100000)'],
    ['', '1', "'1'", '1.0', "x'31'"],
    ['datetime', "'2025-10-26 02:30:00'", '1700000000'],
  ],
}

const PREPARE: PerDialect<string[]> = {
  postgres: [
    'drop type if exists "mo.od" cascade',
    'drop type if exists "pa ir" cascade',
    `create type "mo.od" as enum ('so''so', 'b')`,
    `create type "pa ir" as (a int, b text)`,
  ],
  mysql: [],
  sqlite: [],
}

onEveryDatabase('values in backups', (db) => {
  const q = (name: string) => (db.dialect === 'mysql' ? `\`${name}\`` : `"${name}"`)
  const run = (sql: string) => db.connection().unprepared(sql)
  const samples = SAMPLES[db.dialect]

  /** A table with a column of every type, in each row one value; the last row has none. */
  const fill = async (table: string) => {
    for (const sql of PREPARE[db.dialect]) await run(sql)
    await run(`drop table if exists ${q(table)}`)
    const columns = samples.map(([type], index) => `${q(`c${index}`)} ${type}${db.dialect === 'mysql' ? ' null' : ''}`)
    await run(`create table ${q(table)} (id integer primary key, ${columns.join(', ')})`)
    let id = 0
    for (const [index, [, ...values]] of samples.entries()) {
      for (const value of values) {
        id += 1
        await run(`insert into ${q(table)} (id, ${q(`c${index}`)}) values (${id}, ${value})`)
      }
    }
    await run(`insert into ${q(table)} (id) values (0)`)
    return id + 1
  }

  /** Everything that is stored, as the server writes it down. */
  const stored = (table: string) => db.connection().select(`select id, ${expressions(db)} from ${q(table)} order by id`)

  for (const target of ['table', 'file'] as const) {
    test(`a table is the same after it was dropped and came back from a ${target}`, async () => {
      const table = `every_${target}`
      const count = await fill(table)
      const before = await stored(table)
      const directory = project().file('backups')
      const drop = `await context.drop('${table}')`
      const { failure } = await running(db, drop, { backup: { target, directory } })
      expect(failure).toBeUndefined()
      const backups = new Backups(db.connection(), { target, directory })
      const [backup] = await backups.list(table)
      if (backup === undefined) throw new Error('no backup')
      expect(backup.rows).toBe(count)
      expect(await backups.restore(backup)).toMatchObject({ rows: count, isRecreated: true })
      expect(await stored(table)).toEqual(before)
      expect(backup.columns.map(({ type }) => type)).toHaveLength(samples.length + 1)
    })

    test(`columns of every type come back into their rows from a ${target}`, async () => {
      const table = `columns_${target}`
      await fill(table)
      const before = await stored(table)
      const backups = new Backups(db.connection(), { target, directory: project().file('backups') })
      for (const index of samples.keys()) {
        const backup = await backups.take(table, `c${index}`)
        if (backup === null) throw new Error(`no backup of c${index}`)
        await run(`update ${q(table)} set ${q(`c${index}`)} = null`)
        await backups.restore(backup)
      }
      expect(await stored(table)).toEqual(before)
    }, 120_000)
  }
})

/** Each column as text that tells all values apart. */
function expressions(db: TestDatabase): string {
  return SAMPLES[db.dialect]
    .map(([type], index) => {
      if (db.dialect === 'postgres') return `"c${index}"::text as "c${index}"`
      if (db.dialect === 'sqlite') return `typeof("c${index}") || hex("c${index}") || quote("c${index}") as "c${index}"`
      const value = type === 'float' ? `c${index} + 0e0` : `c${index}`
      return `hex(${type.startsWith('bit') || type === 'point' ? value : `cast(${value} as binary)`}) as c${index}`
    })
    .join(', ')
}

onEveryDatabase('backups in files', (db) => {
  const run = (sql: string) => db.connection().unprepared(sql)
  const fill = async (table: string, count: number) => {
    await run(`drop table if exists ${table}`)
    await run(`create table ${table} (id integer primary key, a varchar(100))`)
    const rows = Array.from({ length: count }, (_, id) => ({ id, a: `value ${id} é` }))
    for (let from = 0; from < count; from += 500)
      await db
        .connection()
        .table(table)
        .insert(rows.slice(from, from + 500))
  }

  test('the file is compressed JSON with what is known of it beside, which says when it is another one', async () => {
    await fill('filed', 3)
    const directory = project().file('backups/migrations')
    const backups = new Backups(db.connection(), { target: 'file', directory })
    const backup = await backups.take('filed')
    if (backup?.file === undefined) throw new Error('no file')
    expect(readdirSync(directory).sort()).toEqual([`${backup.id}.jsonl.gz`, `${backup.id}.meta.json`])
    const lines = gunzipSync(readFileSync(backup.file)).toString().trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(JSON.parse(line)).toHaveLength(2)
    const known = JSON.parse(readFileSync(backup.file.replace('.jsonl.gz', '.meta.json'), 'utf8'))
    expect(known).toMatchObject({ rows: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), key: ['id'] })
    expect(known.columns.map((column: { name: string; type: string }) => column.name)).toEqual(['id', 'a'])
    expect(known.ddl[0]).toMatch(/^create table/)
    expect(await backups.list('filed')).toEqual([backup])

    const bytes = readFileSync(backup.file)
    bytes[20] = (bytes[20] ?? 0) ^ 1
    writeFileSync(backup.file, bytes)
    await run('delete from filed')
    await expect(backups.restore(backup)).rejects.toThrow('its sha-256 is another one. Nothing was changed.')
    await backups.remove(backup)
    expect(readdirSync(directory)).toEqual([])
  })

  test('a file goes with the rollback that gave its table back, but on MySQL, where the table is gone', async () => {
    await fill('file_rolled', 2)
    const directory = project().file('backups')
    const body = "await context.drop('file_rolled')\nawait context.statement('nonsense')"
    const { failure } = await running(db, body, { backup: { target: 'file', directory } })
    expect(failure?.sql).toBe('nonsense')
    expect(readdirSync(directory)).toHaveLength(db.dialect === 'mysql' ? 2 : 0)
  })

  test('rows that fill many pieces come back, and missing ones only where they are missing', async () => {
    await fill('many', 30_000)
    const backups = new Backups(db.connection(), { target: 'file', directory: project().file('backups') })
    const backup = await backups.take('many')
    if (backup === null) throw new Error('no backup')
    await run("update many set a = 'new' where id = 5")
    await run('delete from many where id between 100 and 20099')
    expect(await backups.restore(backup, { mode: 'missing-rows', dryRun: true })).toMatchObject({ rows: 20_000 })
    expect(await backups.restore(backup, { mode: 'missing-rows' })).toMatchObject({ rows: 20_000 })
    expect(await db.connection().table('many').count()).toBe(30_000)
    expect(await db.connection().table('many').where('id', 5).value('a')).toBe('new')
    expect(await db.connection().table('many').where('id', 19_999).value('a')).toBe('value 19999 é')
  })
})

onDatabase('sqlite', 'backups in files', (db) => {
  test('memory does not grow with the rows', async () => {
    await db.connection().unprepared(`create table wide as with recursive n(i) as
      (select 1 union all select i + 1 from n where i < 40000) select i, hex(randomblob(1000)) as a from n`)
    const backups = new Backups(db.connection(), { target: 'file', directory: project().file('backups') })
    const start = process.memoryUsage().rss
    let highest = start
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss)
    }, 20)
    const backup = await backups.take('wide')
    await db.connection().unprepared('delete from wide')
    await backups.restore(backup?.id ?? '')
    clearInterval(watch)
    expect(await db.connection().table('wide').count()).toBe(40_000)
    // 80 MB of text went out and in.
    expect((highest - start) / 2 ** 20).toBeLessThan(60)
  })
})
