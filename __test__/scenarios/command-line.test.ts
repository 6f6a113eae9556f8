/** What the documents promise of the command line, as a program calls it. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { DB, Schema } from '../../js'
import { guruorm, type RunOptions } from '../cli/run'
import { project } from '../migrations/project'
import { onEveryDatabase, type TestDatabase } from '../support/databases'
import { PACKAGE_UNDER_TEST } from '../support/under-test'

const PRODUCTION = { env: { NODE_ENV: 'production' } }

const creates = (table: string) => `const { Migration, Schema } = require('guruorm')
module.exports = class extends Migration {
  async up() { await Schema.create('${table}', (table) => { table.id(); table.string('name').nullable(); table.timestamps() }) }
  async down() { await Schema.dropIfExists('${table}') }
}`

const FLIGHTS = { 'database/migrations/2026_01_01_000000_create_flights.cjs': creates('flights') }
const PLANES = { 'database/migrations/2026_01_02_000000_create_planes.cjs': creates('planes') }
const PILOTS = { 'database/migrations/2026_01_03_000000_create_pilots.cjs': creates('pilots') }

const seeds = (name: string) => `const { DB, Seeder } = require('guruorm')
module.exports = class ${name} extends Seeder {
  async run() { await DB.table('flights').insert({ name: '${name}' }) }
}`

const SEEDERS = Object.fromEntries(
  ['DatabaseSeeder', 'ASeeder', 'BSeeder'].map((name) => [`database/seeders/${name}.cjs`, seeds(name)]),
)

/** A project with the package, on an empty database. */
async function shop(db: TestDatabase, files: Record<string, string> = {}) {
  await db.connection().schema().dropAllTables()
  const made = project({
    ...PACKAGE_UNDER_TEST,
    'package.json': '{}',
    'guruorm.config.json': JSON.stringify({ default: 'main', connections: { main: db.config() } }),
    ...files,
  })
  const run = async (line: string, options?: RunOptions) => {
    const ran = await guruorm(made.path, line.split(' '), options)
    // The command's connections were the global ones.
    db.capsule.setAsGlobal()
    return ran
  }
  const done = async (line: string, options?: RunOptions) => {
    const ran = await run(line, options)
    expect({ line, ...ran }).toMatchObject({ code: 0, stderr: '' })
    return ran.stdout
  }
  return { made, run, done }
}

/** The tables of the program. */
const tables = async () => {
  const own = ['flights', 'planes', 'pilots']
  const there = await Promise.all(own.map((name) => Schema.hasTable(name)))
  return own.filter((_, at) => there[at])
}
const flights = () => DB.table('flights').orderBy('id').pluck('name')
const batches = () => DB.table('migrations').orderBy('id').pluck('batch')

onEveryDatabase('the documented command line', (db) => {
  afterEach(async () => {
    await db.connection().schema().dropAllTables()
  })

  test('scenarios 19 and 20: make:migration writes files that create and that change a table', async () => {
    const { made, done } = await shop(db)
    await done('make:migration create_flights_table --create=flights')
    await done('make:migration add_price_to_flights --table=flights')
    const [create = '', alter = ''] = readdirSync(made.file('database/migrations')).map((name) =>
      readFileSync(made.file(`database/migrations/${name}`), 'utf8'),
    )
    expect(create).toContain("Schema.create('flights'")
    expect(alter).toContain("Schema.table('flights'")
    expect(alter).not.toContain('drop(')
    await done('migrate --step')
    expect(await tables()).toEqual(['flights'])
    await done('migrate:rollback')
    expect(await tables()).toEqual(['flights'])
    await done('migrate:rollback')
    expect(await tables()).toEqual([])
  })

  test('scenarios 21 and 231: migrate runs what is pending; production wants --force', async () => {
    const { made, run, done } = await shop(db, FLIGHTS)
    await done('migrate')
    made.write(PLANES)
    const refused = await run('migrate', PRODUCTION)
    expect(refused).toEqual({ code: 1, stdout: '', stderr: '❌ Use --force to run migrations in production\n' })
    expect(await tables()).toEqual(['flights'])
    expect(await done('migrate --force', PRODUCTION)).toContain('Migrated: 2026_01_02_000000_create_planes')
    expect([await tables(), await batches()]).toEqual([
      ['flights', 'planes'],
      [1, 2],
    ])
  })

  test('scenario 22: migrate --step=1 runs one migration, --step gives each a batch', async () => {
    const { run, done } = await shop(db, { ...FLIGHTS, ...PLANES, ...PILOTS })
    await done('migrate --step=1')
    expect(await tables()).toEqual(['flights'])
    await done('migrate --step')
    expect([await tables(), await batches()]).toEqual([
      ['flights', 'planes', 'pilots'],
      [1, 2, 3],
    ])
    expect((await run('migrate --step=none')).code).toBe(1)
  })

  test('scenarios 23, 168 and 225: rollback of the last batch and of two, reset, refresh', async () => {
    const { made, done } = await shop(db, { ...FLIGHTS, ...PLANES })
    await done('migrate')
    made.write(PILOTS)
    await done('migrate')
    await done('migrate:rollback')
    expect(await tables()).toEqual(['flights', 'planes'])
    await done('migrate')
    await done('migrate:rollback --step=2')
    expect(await tables()).toEqual([])
    await done('migrate')
    await DB.table('flights').insert({ name: 'A' })
    await done('migrate:refresh')
    expect([await tables(), await flights()]).toEqual([['flights', 'planes', 'pilots'], []])
    await done('migrate:reset')
    expect(await tables()).toEqual([])
  })

  test('scenarios 24 and 226: migrate:fresh --seed drops everything; migrate:refresh --seed', async () => {
    const { done } = await shop(db, { ...FLIGHTS, ...SEEDERS })
    await done('migrate')
    await Schema.create('pilots', (table) => table.id())
    const fresh = await done('migrate:fresh --seed')
    expect(fresh).toContain('✅ Seeded: DatabaseSeeder')
    expect([await tables(), await flights()]).toEqual([['flights'], ['DatabaseSeeder']])
    await done('migrate:refresh --seed')
    expect(await flights()).toEqual(['DatabaseSeeder'])
  })

  test('scenarios 25, 230 and 240: seeders are made, run once, and by name in the order given', async () => {
    const { made, run, done } = await shop(db, { ...FLIGHTS, ...SEEDERS })
    await done('migrate')
    await done('make:seeder Empty')
    expect(readFileSync(made.file('database/seeders/EmptySeeder.js'), 'utf8')).toContain('class EmptySeeder')
    await done('db:seed')
    await done('db:seed')
    expect(await flights()).toEqual(['DatabaseSeeder'])
    await done('db:seed --class=EmptySeeder')
    await done('db:seed --class=BSeeder,ASeeder')
    expect(await flights()).toEqual(['DatabaseSeeder', 'BSeeder', 'ASeeder'])
    expect((await run('db:seed --class=NoSeeder')).code).toBe(1)
  })

  test('scenarios 26 and 241: models, migrations, factories and seeders are made, and work', async () => {
    const { made, run, done } = await shop(db)
    expect(await done('make:model Flight --migration --factory --seeder')).toMatch(
      /model: .*\n.*migration: .*\n.*factory: .*\n.*seeder: /,
    )
    await done('make:factory Late --model=Flight')
    await done('migrate')
    made.write({
      'database/seeders/DatabaseSeeder.cjs': `require('${made.file('database/factories/FlightFactory.js')}')
        const Flight = require('${made.file('app/models/Flight.js')}')
        const late = require('${made.file('database/factories/LateFactory.js')}')
        module.exports = class { async run() { await Flight.factory().count(2).create(); await late.create() } }`,
    })
    await done('db:seed')
    expect(await DB.table('flights').count()).toBe(3)
    expect((await run('make:model Flight')).code).toBe(1)
  })

  test('scenario 27: model:prune removes what the models say', async () => {
    const model = (name: string) => `const { Model, Prunable } = require('guruorm')
      module.exports = class ${name} extends Prunable(Model) {
        static table = 'flights'
        prunable() { return this.constructor.where('name', '${name}') }
      }`
    const { done } = await shop(db, {
      ...FLIGHTS,
      'app/models/Old.cjs': model('Old'),
      'app/models/Older.cjs': model('Older'),
    })
    await done('migrate')
    await DB.table('flights').insert([{ name: 'Old' }, { name: 'Older' }, { name: 'New' }])
    await done('model:prune --model=Old')
    expect(await flights()).toEqual(['Older', 'New'])
    await done('model:prune')
    expect(await flights()).toEqual(['New'])
  })

  test('scenario 165: migrations and seeders run on the connection that they name', async () => {
    const elsewhere = project().file('elsewhere.sqlite')
    const other = creates('pilots').replace('extends Migration {', "extends Migration {\n  connection = 'other'")
    const { made, done } = await shop(db, {
      ...FLIGHTS,
      'database/migrations/2026_01_04_000000_pilots.cjs': other,
      'database/seeders/PilotSeeder.cjs': seeds('PilotSeeder')
        .replace('flights', 'pilots')
        .replace('extends Seeder {', "extends Seeder {\n  connection = 'other'"),
    })
    made.write({
      'guruorm.config.json': JSON.stringify({
        default: 'main',
        connections: { main: db.config(), other: { driver: 'sqlite', database: elsewhere } },
      }),
    })
    await done('migrate --pretend')
    expect(await Schema.getAllTables()).toEqual([])
    await done('migrate')
    expect([await tables(), await batches()]).toEqual([['flights'], [1, 1]])
    db.capsule.addConnection({ driver: 'sqlite', database: elsewhere }, 'other')
    await done('db:seed')
    expect(await DB.connection('other').table('pilots').pluck('name')).toEqual(['PilotSeeder'])
    await db.capsule.purge('other')
  })

  test('scenarios 164, 166, 222 and 237: classes run up and down; status shows batches; nothing runs twice', async () => {
    const { made, done } = await shop(db, FLIGHTS)
    const before = Date.now()
    await done('migrate')
    made.write(PLANES)
    expect(await done('migrate:status')).toMatch(/create_flights .*1 .*✅[\s\S]*create_planes .*⏳/)
    await done('migrate')
    expect(await done('migrate')).toBe('✅ Nothing to migrate\n')
    const rows = await DB.table('migrations').orderBy('id').get('migration', 'batch', 'executed_at')
    expect(rows.map(({ migration, batch }) => [migration, batch])).toEqual([
      ['2026_01_01_000000_create_flights', 1],
      ['2026_01_02_000000_create_planes', 2],
    ])
    const at = new Date(rows[0]?.executed_at as string)
    // Servers have their own time zones; a day is enough to tell a time from none.
    expect(Math.abs(at.getTime() - before)).toBeLessThan(25 * 3600 * 1000)
    await done('migrate:rollback')
    expect(await tables()).toEqual(['flights'])
  })

  test('scenarios 167, 227 and 228: --pretend prints SQL and changes nothing, in production without --force', async () => {
    const { done } = await shop(db, FLIGHTS)
    for (const options of [{}, PRODUCTION]) {
      const shown = await done('migrate --pretend', options)
      expect(shown).toMatch(/^Would run: 2026_01_01_000000_create_flights\n {2}create table .flights./)
    }
    expect(await Schema.getAllTables()).toEqual([])
    await done('migrate')
    await DB.table('flights').insert({ name: 'A' })
    for (const options of [{}, PRODUCTION])
      expect(await done('migrate:rollback --pretend', options)).toMatch(/drop table if exists .flights./)
    expect([await flights(), await batches()]).toEqual([['A'], [1]])
  })

  test('scenarios 169 and 244: dumps of the structure, and the migrations that they stand for', async () => {
    const { made, done } = await shop(db, { ...FLIGHTS, ...PLANES })
    await done('migrate')
    const dump = 'database/schema/main-schema.sql'
    await done('schema:dump')
    expect(readFileSync(made.file(dump), 'utf8')).toMatch(/create table .flights./i)
    await done('migrate:squash --no-verify')
    await done('db:wipe')
    expect(await done('migrate')).toContain('📦 Loaded schema dump (2 migrations)')
    expect(await tables()).toEqual(['flights', 'planes'])
    expect(await done('schema:dump --prune --force')).toContain('✅ Deleted 2 files')
    expect(readdirSync(made.file('database/migrations'))).toEqual([])
    await done('db:wipe')
    await done('migrate')
    expect(await tables()).toEqual(['flights', 'planes'])
  })

  test('scenario 187: db:seed in production wants --force', async () => {
    const { run, done } = await shop(db, { ...FLIGHTS, ...SEEDERS })
    await done('migrate')
    const refused = await run('db:seed', PRODUCTION)
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Use --force')])
    expect(await flights()).toEqual([])
    await done('db:seed --force', PRODUCTION)
    expect(await flights()).toEqual(['DatabaseSeeder'])
  })

  test('scenarios 223, 224 and 238: what fails ends with 1 and leaves nothing, or says what it left; what follows waits', async () => {
    const failing = `const { Schema, DB } = require('guruorm')
      module.exports = class {
        async up() {
          await Schema.create('planes', (table) => table.id())
          await DB.table('planes').insert({ nowhere: 1 })
        }
        async down() { await Schema.drop('planes') }
      }`
    const { made, run, done } = await shop(db, {
      ...FLIGHTS,
      'database/migrations/2026_01_02_000000_fails.cjs': failing,
      ...PILOTS,
    })
    const { code, stderr } = await run('migrate')
    expect([code, stderr]).toEqual([1, expect.stringContaining('❌ Failed: 2026_01_02_000000_fails - ')])
    expect(stderr).toMatch(/ {3}State: .+/)
    expect(await tables()).toEqual(['flights'])
    expect(await DB.table('migrations').pluck('migration')).toEqual(['2026_01_01_000000_create_flights'])
    // Node keeps what it has loaded: in this process the mended file needs another name.
    rmSync(made.file('database/migrations/2026_01_02_000000_fails.cjs'))
    made.write(PLANES)
    await done('migrate')
    expect(await tables()).toEqual(['flights', 'planes', 'pilots'])
  })

  test('scenario 234: DATABASE_URL is the connection', async () => {
    await shop(db)
    const { path } = project({ ...PACKAGE_UNDER_TEST, ...FLIGHTS })
    const { code, stderr } = await guruorm(path, ['migrate'], { env: { DATABASE_URL: db.url } })
    db.capsule.setAsGlobal()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await tables()).toEqual(['flights'])
  })

  test('scenario 243: schema:cache writes what is there', async () => {
    const { made, done } = await shop(db, FLIGHTS)
    await done('migrate')
    expect(await done('schema:cache')).toMatch(/^✅ Cached 3 tables: /)
    expect(readFileSync(made.file('.guruorm/schema-main.json'), 'utf8')).toContain('flights')
    await done('schema:cache --clear')
    expect(readdirSync(made.file('.guruorm'))).toEqual([])
  })
})
