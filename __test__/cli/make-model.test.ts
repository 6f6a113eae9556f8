import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as guruorm from '../../js'
import { importFile } from '../../js/migrations/import-file'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { PACKAGE_UNDER_TEST } from '../support/under-test'
import { guruorm as run } from './run'

type Loaded = Record<string, unknown> & { default: unknown }
const load = async (path: string) => {
  let value: unknown = await importFile(path)
  while (typeof value === 'object' && value !== null && 'default' in value) value = (value as Loaded).default
  return value as Record<string, unknown>
}

/** What a class says of itself. */
const statics = (value: unknown) => ({ ...(value as object), name: (value as { name: string }).name })

const asFactory = (value: unknown) => value as guruorm.Factory

const KINDS = [
  ['ts', { 'tsconfig.json': '{}', 'package.json': '{"type":"module"}' }, '.ts'],
  ['ES modules', { 'package.json': '{"type":"module"}' }, '.js'],
  ['CommonJS', { 'package.json': '{}' }, '.js'],
] as const

describe('scenario 87:', () => {
  test.each(KINDS)('make:model --all in %s writes files that load', async (_, files, extension) => {
    const { path } = project({ ...PACKAGE_UNDER_TEST, ...files })
    const { code, stdout, stderr } = await run(path, ['make:model', 'OrderLine', '--all'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const written = [...stdout.matchAll(/^✅ Created (\w+): (.+)$/gm)].map(([, kind, file]) => [kind, file ?? ''])
    expect(written.map(([kind]) => kind)).toEqual(['model', 'migration', 'factory', 'seeder'])
    // At once: what several of them import is made once all the same.
    const loaded = await Promise.all(written.map(([, file]) => load(join(path, file ?? ''))))
    const [model, migration, factory, seeder] = loaded
    expect(statics(model)).toMatchObject({ name: 'OrderLine', table: 'order_lines', fillable: [] })
    expect(written[0]?.[1]).toBe(`app/models/OrderLine${extension}`)
    expect(asFactory(factory).modelName()).toBe('OrderLine')
    expect(guruorm.FactoryManager.has(model as never)).toBe(true)
    expect(await asFactory(factory).raw()).toEqual({})
    expect(guruorm.Model.getModel('OrderLine')).toBe(model)
    await new (seeder as unknown as new () => guruorm.Seeder)().run()
    expect(migration?.prototype).toHaveProperty('up')
    expect(statics(seeder).name).toBe('OrderLineSeeder')
    expect(readFileSync(join(path, written[1]?.[1] ?? ''), 'utf8')).toContain("Schema.create('order_lines'")
  })

  test('make:migration twice in a second gives names that are unique and ordered', async () => {
    const { path } = project(PACKAGE_UNDER_TEST)
    await run(path, ['make:migration', 'b_second'])
    await run(path, ['make:migration', 'a_first'])
    const files = readdirSync(join(path, 'database/migrations'))
    expect(files.map((file) => file.slice(18))).toEqual(['b_second.js', 'a_first.js'])
  })
})

test.each(['../Evil', 'a/b', "x'); y('", '{{ class }}', '', '1st', 'a b', '__proto__'])(
  '%j names no model and no factory, and nothing is written',
  async (name) => {
    const { path } = project()
    expect((await run(path, ['make:model', name, '--factory'])).code).toBe(1)
    expect((await run(path, ['make:factory', name])).code).toBe(1)
    expect((await run(path, ['make:factory', 'Good', `--model=${name}`])).code).toBe(1)
    expect(readdirSync(path)).toEqual([])
  },
)

test('nothing is written over, and nothing half', async () => {
  const { path } = project({ ...PACKAGE_UNDER_TEST, 'database/seeders/orderSeeder.ts': 'mine' })
  const { code, stderr } = await run(path, ['make:model', 'Order', '--factory', '--seeder'])
  expect(code).toBe(1)
  expect(stderr).toContain('OrderSeeder exists already')
  expect(existsSync(join(path, 'app'))).toBe(false)
})

test('make:factory imports its model', async () => {
  const { path } = project(PACKAGE_UNDER_TEST)
  await run(path, ['make:model', 'Order'])
  expect((await run(path, ['make:factory', 'BigOrder', '--model=Order'])).stdout).toBe(
    '✅ Created factory: database/factories/BigOrderFactory.js\n',
  )
  const made = await load(join(path, 'database/factories/BigOrderFactory.js'))
  expect(asFactory(made).modelName()).toBe('Order')
})

onEveryDatabase('make:model --from-table', (db) => {
  test('has the columns, casts and relations of the table, whatever they are called', async () => {
    const schema = db.connection().schema()
    await schema.create('teams', (table) => table.id())
    await schema.create('tbl_players', (table) => {
      table.id()
      table.string('name')
      table.string("it's \\ odd").nullable()
      table.decimal('fee', 8, 2).default(0)
      table.dateTime('born')
      table.foreignId('team_id').constrained()
      table.foreignId('save_id').nullable().constrained('teams')
      table.timestamps()
    })
    const { path } = project({ ...PACKAGE_UNDER_TEST, 'guruorm.config.json': JSON.stringify(db.config()) })
    const argv = ['make:model', 'Player', '--factory', '--from-table=tbl_players']
    expect(await run(path, argv)).toMatchObject({ code: 0, stderr: '' })
    const Player = (await load(join(path, 'app/models/Player.js'))) as unknown as {
      new (): Record<string, () => unknown>
    }
    expect(statics(Player)).toMatchObject({
      table: 'tbl_players',
      fillable: ['name', "it's \\ odd", 'fee', 'born', 'team_id', 'save_id'],
      casts: { fee: expect.stringMatching(/^decimal:/), born: 'datetime' },
    })
    await run(path, ['make:model', 'Team', '--factory'])
    const [Team] = [await load(join(path, 'app/models/Team.js'))] as unknown as [typeof guruorm.Model]
    guruorm.Model.register('Save', Team)
    for (const [method, column] of [
      ['team', 'team_id'],
      ['saveRelation', 'save_id'],
    ] as const) {
      const relation = new Player()[method]?.() as guruorm.BelongsTo
      expect([relation.getForeignKeyName(), relation.getRelated()]).toEqual([column, expect.any(Team)])
    }
    const players = asFactory(await load(join(path, 'database/factories/PlayerFactory.js')))
    expect(await players.raw()).toEqual({ name: 'name', born: expect.any(Date), team_id: 1 })
    guruorm.Model.setConnectionResolver({ connection: () => db.connection() })
    await db.connection().table('teams').insert({ id: 1 })
    const player = await players.create({ name: 'Ada' })
    expect([player.modelExists(), await db.connection().table('tbl_players').value('name')]).toEqual([true, 'Ada'])
    guruorm.Model.setConnectionResolver(undefined)
    expect((await run(path, ['make:model', 'Nobody', '--from-table=nobody'])).stderr).toContain(
      'There is no table "nobody"',
    )
    await schema.dropAllTables()
  })
})
