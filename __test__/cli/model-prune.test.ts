import { expect, test } from 'vitest'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { PACKAGE_UNDER_TEST } from '../support/under-test'
import { guruorm as cli } from './run'

const model = (name: string, mixin: string) => `const { Model, ${mixin} } = require('guruorm')
class ${name} extends ${mixin}(Model) {
  static table = 'prune_rows'
  static timestamps = false
  prunable() {
    return ${name}.where('kind', '${name}').where('age', '>', 5)
  }
}
module.exports = ${name}`

onEveryDatabase('model:prune', (db) => {
  const prepare = async () => {
    await db.connection().schema().dropIfExists('prune_rows')
    await db
      .connection()
      .schema()
      .create('prune_rows', (table) => {
        table.id()
        table.string('kind', 20)
        table.integer('age')
      })
    const rows = ['Session', 'Visit'].flatMap((kind) => Array.from({ length: 10 }, (_, age) => ({ kind, age })))
    await db.connection().table('prune_rows').insert(rows)
    const made = project({
      ...PACKAGE_UNDER_TEST,
      'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
      'app/models/Session.cjs': model('Session', 'Prunable'),
      'app/models/deep/Visit.cjs': model('Visit', 'MassPrunable'),
      'app/models/User.cjs': "const { Model } = require('guruorm')\nexports.User = class User extends Model {}",
    })
    const run = (line: string) => cli(made.path, line.split(' '))
    return { run, left: () => db.connection().table('prune_rows').count() }
  }

  test('removes what every prunable model of the folder finds, and says how many', async () => {
    const { run, left } = await prepare()
    expect(await run('model:prune --pretend')).toEqual({
      code: 0,
      stdout: '  Session: 4 records would be pruned\n  Visit: 4 records would be pruned\n',
      stderr: '',
    })
    expect(await left()).toBe(20)
    const { code, stdout } = await run('model:prune --chunk=3')
    expect([code, stdout]).toEqual([0, '✅ Session: 4 records pruned\n✅ Visit: 4 records pruned\n'])
    expect(await left()).toBe(12)
    // The command's connections were the global ones.
    db.capsule.setAsGlobal()
  })

  test('takes names of models, and refuses those that are none', async () => {
    const { run, left } = await prepare()
    const { stdout } = await run('model:prune --except=Session --json')
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, pretend: false, pruned: [{ model: 'Visit', count: 4 }] })
    expect(await left()).toBe(16)
    expect((await run('model:prune --model=User')).stderr).toContain('There is no prunable model User.')
    expect((await run('model:prune --path=nowhere')).stderr).toContain('There is no folder nowhere')
    expect((await run('model:prune --model=Visit --except=Session')).code).toBe(1)
    expect(await left()).toBe(16)
    db.capsule.setAsGlobal()
  })
})
