import { expect, test } from 'vitest'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { guruorm } from './run'

onEveryDatabase('looking at a database', (db) => {
  async function shop() {
    const { path } = project({
      'guruorm.config.json': JSON.stringify({
        default: 'main',
        connections: {
          main: db.config(),
          same: db.config(),
          other:
            db.dialect === 'sqlite' ? { driver: 'pgsql', database: 'x' } : { driver: 'sqlite', database: ':memory:' },
        },
      }),
    })
    const run = (line: string) => guruorm(path, line.split(' '))
    expect(await run('db:wipe')).toMatchObject({ code: 0 })
    const schema = db.connection().schema()
    await schema.create('users', (table) => {
      table.id()
      table.string('name').index()
    })
    return { run, schema }
  }

  test('schema:diff against a dump prints the SQL that leads back to it, and the changes as JSON', async () => {
    const { run, schema } = await shop()
    await run('schema:dump')
    expect(await run('schema:diff --dump')).toEqual({ code: 0, stdout: '✅ No schema differences\n', stderr: '' })
    await schema.table('users', (table) => table.integer('by_hand').nullable())
    const { code, stdout, stderr } = await run('schema:diff --dump')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.replaceAll('`', '"')).toMatch(/^alter table "users" drop (?:column )?"by_hand";\n$/)
    const document = JSON.parse((await run('schema:diff --dump --json')).stdout)
    expect(document).toMatchObject({
      ok: true,
      changes: [{ kind: 'dropColumns', table: 'users', columns: ['by_hand'] }],
    })
    expect((await run('schema:diff --dump --exit-code')).code).toBe(1)
    expect(await schema.hasColumn('users', 'by_hand')).toBe(true)
  })

  test('schema:diff compares two connections of one kind', async () => {
    const { run } = await shop()
    expect(await run('schema:diff --to=same')).toEqual({ code: 0, stdout: '✅ No schema differences\n', stderr: '' })
    expect((await run('schema:diff --to=other')).stderr).toContain('cannot be compared with one of')
    expect((await run('schema:diff --to=nope')).stderr).toContain('has no connection "nope"')
    expect((await run('schema:diff')).stderr).toContain('Give --to=CONNECTION or --dump')
    expect((await run('schema:diff --dump=nowhere.sql')).stderr).toContain('There is no schema dump')
  })

  test('db:show names tables and what is in them, and changes nothing', async () => {
    const { run, schema } = await shop()
    const { code, stdout } = await run('db:show')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      new RegExp(`^${db.driver} \\S+.*, connection main.*\\n {2}users {2}2 columns, 0 keys.*\\n1 table\\n$`),
    )
    expect(JSON.parse((await run('db:show --json')).stdout)).toMatchObject({
      ok: true,
      driver: db.driver,
      tables: [{ name: 'users', columns: 2, foreignKeys: 0 }],
      views: 0,
    })
    expect((await schema.inspect()).tables).toHaveLength(1)
  })
})
