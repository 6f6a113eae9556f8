import { expect, test } from 'vitest'
import { SeederRunner } from '../../js/seeding/runner'
import { Seeder } from '../../js/seeding/seeder'
import { type Project, project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { guruorm } from './run'

const TIME = / \(\d+ms\)/g

onEveryDatabase('seeding from the command line', (db) => {
  /** A project whose tables refer to each other in a cycle. */
  async function shop(
    files: Record<string, string> = {},
  ): Promise<{ made: Project; run: (line: string) => ReturnType<typeof guruorm> }> {
    const made = project({
      'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
      ...files,
    })
    const run = (line: string) => guruorm(made.path, line.split(' '))
    expect(await run('db:wipe')).toMatchObject({ code: 0, stderr: '' })
    const schema = db.connection().schema()
    await schema.create('teams', (table) => {
      table.id()
      table.string('name')
      table.bigInteger('captain_id').unsigned().nullable()
    })
    await schema.create('players', (table) => {
      table.id()
      table.string('name')
      table.foreignId('team_id').nullable().constrained('teams')
    })
    if (db.dialect !== 'sqlite')
      await schema.table('teams', (table) => table.foreign('captain_id').references('id').on('players'))
    return { made, run }
  }

  const seeder = (name: string, then = '') => `export default class {
    async run() { await process.guruormTest.insert(${JSON.stringify(name)}); ${then} } }`

  const rows = async () => (await db.connection().table('teams').orderBy('id').get()).map((row) => row.name)

  function insertFor(): void {
    const insert = (name: string) => db.connection().table('teams').insert({ name })
    Object.assign(process, { guruormTest: { insert, Seeder, connection: () => db.connection() } })
  }

  // The command line's own connection is not the test's: its seeders write through the global one.
  const global = (name: string, then = '') => `
    export default class { async run() {
      await process.guruormGlobal().table('teams').insert({ name: ${JSON.stringify(name)} }); ${then} } }`

  async function useGlobal(): Promise<void> {
    const { Capsule } = await import('../../js/index.js')
    Object.assign(process, { guruormGlobal: () => Capsule.getInstance().connection() })
  }

  test('scenario 82: a second db:seed skips, --again runs again, --class runs in the order given', async () => {
    await useGlobal()
    const { run } = await shop({
      'database/seeders/DatabaseSeeder.mjs': global('first'),
      'database/seeders/ASeeder.mjs': global('a'),
      'database/seeders/BSeeder.mjs': global('b'),
    })
    expect(await run('db:seed')).toMatchObject({ code: 0, stderr: '' })
    expect((await run('db:seed')).stdout).toBe(
      '🌱 Seeding database...\n⏭️  Skipped: DatabaseSeeder (already run)\n✅ Nothing to seed\n',
    )
    expect(await rows()).toEqual(['first'])
    await run('db:seed --again')
    expect(await rows()).toEqual(['first', 'first'])
    expect((await run('db:seed --class=BSeeder,ASeeder')).stdout.replaceAll(TIME, '')).toBe(
      '🌱 Seeding database...\n✅ Seeded: BSeeder\n✅ Seeded: ASeeder\n✨ Seeding completed! (2 seeders)\n',
    )
    expect(await rows()).toEqual(['first', 'first', 'b', 'a'])
  })

  test('scenario 83: a seeder that fails half-way leaves nothing; the one before it is recorded', async () => {
    await useGlobal()
    const { run } = await shop({
      'database/seeders/ASeeder.mjs': global('a'),
      'database/seeders/BSeeder.mjs': global('b', "throw new Error('half way')"),
      'database/seeders/CSeeder.mjs': global('c'),
    })
    const { code, stderr } = await run('db:seed')
    expect(code).toBe(1)
    expect(stderr).toBe('❌ Failed: BSeeder - half way\n   State: rolled back; nothing of this seeder remains.\n')
    expect(await rows()).toEqual(['a'])
    expect((await run('db:seed')).stdout).toContain('⏭️  Skipped: ASeeder (already run)')
  })

  test('db:seed:refresh empties tables that refer to each other, and seeds; counters begin again', async () => {
    await useGlobal()
    const { run } = await shop({ 'database/seeders/DatabaseSeeder.mjs': global('one') })
    expect(await run('db:seed')).toMatchObject({ code: 0, stderr: '' })
    const [team] = await db.connection().table<{ id: number }>('teams').get()
    await db
      .connection()
      .table('players')
      .insert({ name: 'Ada', team_id: Number(team?.id) })
    await db.connection().table('teams').where('id', Number(team?.id)).update({ captain_id: 1 })
    const { code, stdout, stderr } = await run('db:refresh')
    expect(stderr).toBe('')
    expect(stdout.replaceAll(TIME, '')).toBe(
      '✅ Cleared all tables\n🌱 Seeding database...\n✅ Seeded: DatabaseSeeder\n✨ Seeding completed! (1 seeder)\n',
    )
    expect(code).toBe(0)
    expect(await db.connection().table('teams').get()).toMatchObject([{ id: 1, name: 'one', captain_id: null }])
    expect(Number(await db.connection().table('players').count())).toBe(0)
  })

  test('db:seed:refresh with a seeder that is not there clears nothing', async () => {
    await useGlobal()
    const { run } = await shop({ 'database/seeders/DatabaseSeeder.mjs': global('one') })
    expect(await run('db:seed')).toMatchObject({ code: 0, stderr: '' })
    const { code, stderr } = await run('db:seed:refresh --class=NoSeeder')
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('Seeder not found: NoSeeder') })
    expect(await rows()).toEqual(['one'])
  })

  test('db:clear keeps what migrations ran, and forgets what seeders ran', async () => {
    await useGlobal()
    const { run } = await shop({
      'database/seeders/DatabaseSeeder.mjs': global('one'),
      'database/migrations/2025_01_01_000000_nothing.mjs': 'export default { async up() {} }',
    })
    expect(await run('migrate --seed')).toMatchObject({ code: 0, stderr: '' })
    expect(await rows()).toEqual(['one'])
    expect(await run('db:clear')).toEqual({ code: 0, stdout: '✅ Cleared all tables\n', stderr: '' })
    expect(await rows()).toEqual([])
    expect((await run('migrate')).stdout).toBe('✅ Nothing to migrate\n')
    expect(await run('db:seed')).toMatchObject({ code: 0, stderr: '' })
    expect(await rows()).toEqual(['one'])
  })

  test('the runner tells its status, and forgets the last batch or all', async () => {
    insertFor()
    const { made } = await shop({
      'seeders/ASeeder.mjs': seeder('a'),
      'seeders/BSeeder.mjs': seeder('b'),
      'seeders/CSeeder.mjs': seeder('c'),
    })
    const runner = new SeederRunner(db.connection(), { path: made.file('seeders') })
    expect(await runner.status()).toEqual(
      ['ASeeder', 'BSeeder', 'CSeeder'].map((name) => ({ name, ran: false, batch: null })),
    )
    expect(await db.connection().schema().hasTable('seeders')).toBe(false)
    await runner.run({ classes: ['ASeeder'] })
    await runner.run({ classes: ['BSeeder', 'CSeeder'] })
    expect(await runner.rollback()).toEqual(['CSeeder', 'BSeeder'])
    expect((await runner.status()).map(({ ran, batch }) => [ran, batch])).toEqual([
      [true, 1],
      [false, null],
      [false, null],
    ])
    expect(await runner.reset()).toEqual(['ASeeder'])
    expect(await rows()).toEqual(['a', 'b', 'c'])
  })

  test('callOnce runs a seeder once in a run, callSilent prints nothing, arguments reach run()', async () => {
    insertFor()
    const { made } = await shop({
      'seeders/DatabaseSeeder.mjs': `export default class extends process.guruormTest.Seeder {
        async run() {
          await this.callOnce('ASeeder')
          await this.callOnce(['ASeeder', 'BSeeder'])
          await this.callSilent('NamedSeeder', ['given'])
        }
      }`,
      'seeders/ASeeder.mjs': seeder('a'),
      'seeders/BSeeder.mjs': seeder('b'),
      'seeders/NamedSeeder.mjs': `export default class { async run(name) { await process.guruormTest.insert(name) } }`,
    })
    const told: string[] = []
    const events = { seeded: (name: string) => void told.push(name) }
    const runner = new SeederRunner(db.connection(), { path: made.file('seeders'), events })
    await runner.run()
    expect(await rows()).toEqual(['a', 'b', 'given'])
    expect(told).toEqual(['ASeeder', 'BSeeder', 'DatabaseSeeder'])
    await runner.run({ again: true })
    expect(await rows()).toEqual(['a', 'b', 'given', 'a', 'b', 'given'])
  })
})
