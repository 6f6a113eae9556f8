import { expect, test } from 'vitest'
import { type SeederResult, SeederRunner } from '../../js/seeding/runner'
import { Seeder } from '../../js/seeding/seeder'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'

const brief = (results: SeederResult[]) =>
  results.map(({ name, success, skipped }) => `${name} ${skipped ? 'skipped' : success ? 'ok' : 'failed'}`)

onEveryDatabase('seeders', (db) => {
  const names = async () => (await db.connection().select('select name from people order by id')).map((row) => row.name)

  async function empty(): Promise<void> {
    const connection = db.connection()
    await connection.schema().dropAllTables()
    await connection.statement('create table people (id integer primary key, name varchar(50) not null)')
  }

  /** A seeder that inserts a row and then does `then`. */
  const seeder = (id: number, name: string, then = '') => `import { insert } from './support/guruorm.mjs'
    export default class { async run(force) { await insert(${id}, '${name}'); ${then} } }`

  /** What a seeder's file imports from `guruorm` in a project, it reaches through the process here. */
  function seeders(files: Record<string, string>): string {
    const key = `guruorm-test-${db.dialect}`
    const insert = (id: number, name: string) =>
      db.connection().insert('insert into people (id, name) values (?, ?)', [id, name])
    Object.assign(process, { [key]: { insert, Seeder } })
    return project({ ...files, 'support/guruorm.mjs': `export const { insert, Seeder } = process['${key}']` }).path
  }

  const runner = (path: string, skipped: string[] = []) =>
    new SeederRunner(db.connection(), { path, events: { skipped: (name) => void skipped.push(name) } })

  test('DatabaseSeeder runs alone, once, and again when asked', async () => {
    await empty()
    const path = seeders({
      'DatabaseSeeder.mjs': seeder(1, 'Ada', 'this.ran = true'),
      'OtherSeeder.mjs': seeder(9, 'no'),
    })
    const skipped: string[] = []
    expect(brief(await runner(path).run())).toEqual(['DatabaseSeeder ok'])
    expect(brief(await runner(path, skipped).run())).toEqual(['DatabaseSeeder skipped'])
    expect(skipped).toEqual(['DatabaseSeeder'])
    expect(await names()).toEqual(['Ada'])
    await db.connection().statement('delete from people')
    expect(brief(await runner(path).run({ again: true }))).toEqual(['DatabaseSeeder ok'])
    expect(await names()).toEqual(['Ada'])
  })

  test('all run in the order of their names when there is no DatabaseSeeder', async () => {
    await empty()
    const path = seeders({ 'BSeeder.mjs': seeder(2, 'b'), 'ASeeder.mjs': seeder(1, 'a') })
    expect(brief(await runner(path).run())).toEqual(['ASeeder ok', 'BSeeder ok'])
  })

  test('named ones run in the order given', async () => {
    await empty()
    const path = seeders({
      'ASeeder.mjs': seeder(1, 'a'),
      'BSeeder.mjs': seeder(2, 'b'),
      'CSeeder.mjs': seeder(3, 'c'),
    })
    expect(brief(await runner(path).run({ classes: ['CSeeder', 'ASeeder'] }))).toEqual(['CSeeder ok', 'ASeeder ok'])
    expect(await names()).toEqual(['a', 'c'])
  })

  test('an unknown name lists the known ones and runs nothing', async () => {
    await empty()
    const path = seeders({ 'ASeeder.mjs': seeder(1, 'a') })
    await expect(runner(path).run({ classes: ['ASeeder', 'NoSeeder'] })).rejects.toThrow(
      /Seeder not found: NoSeeder\. Nothing was run\.\nKnown seeders in .*: ASeeder/,
    )
    await expect(runner(path).run({ classes: ['../ASeeder'] })).rejects.toThrow(/Seeder not found/)
    expect(await names()).toEqual([])
  })

  test('a failing one leaves nothing and stops the run; those before it stay', async () => {
    await empty()
    const path = seeders({
      'ASeeder.mjs': seeder(1, 'a'),
      'BSeeder.mjs': seeder(2, 'b', "throw new Error('half way')"),
      'CSeeder.mjs': seeder(3, 'c'),
    })
    const results = await runner(path).run()
    expect(brief(results)).toEqual(['ASeeder ok', 'BSeeder failed'])
    expect(results[1]?.error).toBe('half way')
    expect(await names()).toEqual(['a'])
    expect(brief(await runner(path).run({ classes: ['ASeeder'] }))).toEqual(['ASeeder skipped'])
  })

  test('names that guruorm 2 recorded with .js count as run', async () => {
    await empty()
    const path = seeders({ 'ASeeder.mjs': seeder(1, 'a'), 'BSeeder.mjs': seeder(2, 'b') })
    await runner(path).run({ classes: ['ASeeder'] })
    await db.connection().statement("update seeders set seeder = 'ASeeder.js'")
    expect(brief(await runner(path).run())).toEqual(['ASeeder skipped', 'BSeeder ok'])
  })

  test('a seeder calls others by class and by name inside its transaction', async () => {
    await empty()
    const told: string[] = []
    const path = seeders({
      'DatabaseSeeder.ts': `import { insert, Seeder } from './support/guruorm.mjs'
        class Inner extends Seeder { async run() { await insert(2, 'inner') } }
        export default class extends Seeder {
          async run() {
            await this.call(['FirstSeeder', Inner])
            await this.callWith('SilentSeeder', { silent: true })
          }
        }`,
      'FirstSeeder.mjs': seeder(1, 'first'),
      'SilentSeeder.mjs': seeder(3, 'silent'),
    })
    const events = { seeded: (name: string, _: number, depth: number) => void told.push(`${depth} ${name}`) }
    expect(brief(await new SeederRunner(db.connection(), { path, events }).run())).toEqual(['DatabaseSeeder ok'])
    expect(await names()).toEqual(['first', 'inner', 'silent'])
    expect(told).toEqual(['1 FirstSeeder', '1 Inner', '0 DatabaseSeeder'])
  })
})
