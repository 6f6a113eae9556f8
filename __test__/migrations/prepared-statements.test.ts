/** An application that goes on while a migration changes what its prepared statements answer. */
import { expect, test } from 'vitest'
import { processes } from '../cli/processes'
import { onEveryDatabase } from '../support/databases'

const WIDTH = 4

onEveryDatabase('prepared statements and a migration', (db) => {
  test('scenario 44: select * on the pool answers the new column, and no query fails meanwhile', async () => {
    await db.connection().schema().dropAllTables()
    await db.connection().statement('create table a (id integer primary key)')
    await db.connection().statement('insert into a (id) values (1)')
    const name = `application_${db.dialect}`
    db.capsule.addConnection(db.config({ pool: { min: WIDTH, max: WIDTH } }), name)
    const application = db.capsule.connection(name)
    // Both ways of asking, so often that every session has prepared both.
    const ask = () =>
      Promise.all(
        Array.from({ length: WIDTH * 4 }, (_, index) =>
          index % 2 === 0 ? application.table('a').get() : application.select('select * from a where id = ?', [1]),
        ),
      )
    for (let round = 0; round < 10; round++) await ask()

    const { start } = processes(db, {
      '1_grow.mjs': `export default class { async up(context) {
        await context.table('a', (table) => { table.string('name', 20).default('new') })
      } }`,
      '2_turn.mjs': `export default class { async up(context) {
        await context.table('a', (table) => { table.dropColumn('name') })
        await context.table('a', (table) => { table.integer('name').default(7) })
      } }`,
    })
    for (const [to, value] of [
      ['1_grow', 'new'],
      ['2_turn', 7],
    ] as const) {
      const migrating = start(`migrate --to=${to}`)
      let isOver = false
      const ended = migrating.ended.finally(() => {
        isOver = true
      })
      let rounds = 0
      while (!isOver) {
        await ask()
        rounds++
      }
      expect(await ended).toMatchObject({ code: 0, stderr: '' })
      expect(rounds).toBeGreaterThan(3)
      for (const rows of await ask()) expect(rows).toEqual([{ id: 1, name: value }])
    }
    await application.disconnect()
  })
})
