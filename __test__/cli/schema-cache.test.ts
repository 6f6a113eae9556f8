import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SchemaCache } from '../../js/index'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { guruorm } from './run'

const creates = (table: string) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`

const STALE = '⚠️  The schema cache'

onEveryDatabase('the schema cache', (db) => {
  async function shop() {
    await db.connection().schema().dropAllTables()
    const config = { default: 'main', connections: { main: db.config() } }
    const made = project({
      'guruorm.config.json': JSON.stringify(config),
      'database/migrations/1_a.mjs': creates('a'),
    })
    const path = made.file('.guruorm/schema-main.json')
    const run = (line: string) => guruorm(made.path, line.split(' '))
    const cached = async () => {
      const schema = await new SchemaCache(db.connection(), path).read()
      return schema?.tables.map(({ name }) => name).filter((name) => /^[a-z]$/.test(name)) ?? null
    }
    return { made, path, run, cached }
  }

  test('scenario 86: migrate refreshes the cache that is there, and writes none where there is none', async () => {
    const { made, path, run, cached } = await shop()
    await run('migrate')
    expect([existsSync(path), await cached()]).toEqual([false, null])
    expect(await run('schema:cache')).toEqual({
      code: 0,
      stdout: '✅ Cached 3 tables: .guruorm/schema-main.json\n',
      stderr: '',
    })
    expect(await cached()).toEqual(['a'])
    const { fingerprint } = JSON.parse(readFileSync(path, 'utf8'))
    expect(fingerprint).toMatchObject({ driver: db.driver, count: 1, max: 1 })

    made.write({ 'database/migrations/2_b.mjs': creates('b') })
    await run('migrate --pretend')
    expect(await cached()).toEqual(['a'])
    expect(await run('migrate')).toMatchObject({ code: 0, stderr: '' })
    expect(await cached()).toEqual(['a', 'b'])
    await run('migrate:rollback')
    expect(await cached()).toEqual(['a'])

    expect((await run('schema:cache --clear')).stdout).toBe('✅ Removed .guruorm/schema-main.json\n')
    expect((await run('schema:cache --clear')).stdout).toBe('✅ There is no .guruorm/schema-main.json\n')
    await run('migrate')
    expect(existsSync(path)).toBe(false)
  })

  test('scenario 86: a cache of another database or of other migrations is ignored with one warning', async () => {
    const { made, path, run, cached } = await shop()
    await run('migrate')
    await run('schema:cache')
    const foreign = readFileSync(path, 'utf8')
    // As many migrations with the same numbers, and another history.
    await db.connection().schema().dropAllTables()
    await run('migrate')
    // MariaDB keeps whole seconds.
    await db.connection().statement("update migrations set executed_at = '2024-01-02 03:04:05'")
    writeFileSync(path, foreign)
    expect(await cached()).toBeNull()
    made.write({ 'database/migrations/2_b.mjs': creates('b') })
    const later = await run('migrate --json')
    expect(JSON.parse(later.stdout)).toMatchObject({
      ok: true,
      warnings: [expect.stringMatching(/^The schema cache .* is ignored$/)],
    })
    expect(await cached()).toEqual(['a', 'b'])

    writeFileSync(path, '{"format": 1')
    const mended = await run('migrate')
    expect(mended).toMatchObject({ code: 0, stdout: '✅ Nothing to migrate\n' })
    expect(mended.stderr.split('\n').filter((line) => line.startsWith(STALE))).toHaveLength(1)
    expect(await run('migrate')).toMatchObject({ code: 0, stderr: '' })
    expect(await cached()).toEqual(['a', 'b'])
  })

  test('a run that fails leaves a cache that says what is there', async () => {
    const { made, run, cached } = await shop()
    await run('schema:cache')
    made.write({ 'database/migrations/2_b.mjs': creates('a') })
    expect((await run('migrate')).code).toBe(1)
    expect(await cached()).toEqual(['a'])
  })
})
