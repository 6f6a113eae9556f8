import { expect, test } from 'vitest'
import { guruorm } from '../cli/run'
import { onEveryDatabase } from '../support/databases'
import { project } from './project'

onEveryDatabase('the context of a migration', (db) => {
  async function run(up: string, line = 'migrate'): ReturnType<typeof guruorm> {
    await db.connection().schema().dropAllTables()
    const { path } = project({
      'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
      'database/migrations/1_a.mjs': `export default class { async up(context) { ${up} } }`,
    })
    return guruorm(path, line.split(' '))
  }

  test('log and warn print lines, and a document has the warnings', async () => {
    const up = "context.log('half way'); context.warn('12 rows have no name')"
    expect((await run(up)).stderr).toBe('ℹ️  1_a: half way\n⚠️  1_a: 12 rows have no name\n')
    const { stdout, stderr } = await run(up, 'migrate --json')
    expect([JSON.parse(stdout).warnings, stderr]).toEqual([['1_a: 12 rows have no name'], ''])
    expect((await run(up, 'migrate --pretend')).stderr).toContain('ℹ️  1_a: half way\n')
  })

  test('other tools find their names for it', async () => {
    const { code, stderr } = await run(`
      if (context.queryRunner !== context || context.client !== context) throw new Error('another one')
      await context.queryRunner.query('create table a (id integer)')
      await context.createTable('b', (table) => { table.id() })
      await context.dropTable('b')
    `)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect([...(await db.connection().schema().getAllTables())].sort()).toEqual(['a', 'migration_logs', 'migrations'])
  })

  test('batched hands all rows on, in pieces, while they are changed', async () => {
    const { code, stderr } = await run(`
      await context.create('users', (table) => { table.id(); table.string('name'); table.string('slug').nullable() })
      await context.connection.table('users').insert(Array.from({ length: 25 }, (_, index) => ({ name: 'User ' + index })))
      const sizes = []
      await context.batched('users', 10, async (users) => {
        sizes.push(users.length)
        for (const { id, name } of users) await context.update('update users set slug = ? where id = ?', [name.toLowerCase(), id])
        return false
      })
      if (String(sizes) !== '10,10,5') throw new Error(String(sizes))
    `)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await db.connection().table('users').whereNull('slug').count()).toBe(0)
  })
})
