/** Tables of migrations that other programs made, taken over with what they remember. */
import { expect, test } from 'vitest'
import { project } from '../migrations/project'
import { onEveryDatabase, type PerDialect } from '../support/databases'
import { guruorm } from './run'

const creates = (table: string) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`

/** As `typeorm migration:create` writes them; what they are called is in the class. */
const typeorm = (
  name: string,
  table: string,
  property = '',
) => `import { MigrationInterface, QueryRunner } from 'typeorm'
export class ${name} implements MigrationInterface {
  ${property}
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('create table ${table} (id integer primary key)')
  }
  public async down(queryRunner: QueryRunner): Promise<void> { await queryRunner.query('drop table ${table}') }
}`

interface Program {
  layout: string
  table: string
  create: PerDialect<string>
  /** Statements that record the first two of the files. */
  history: string[]
  /** Rows as they are remembered once the third has run: name and batch. */
  rows: [string, number][]
  /** Columns after the adoption. */
  columns: string[]
  files?: Record<string, string>
}

const FILES = { '1_a.mjs': creates('a'), '2_b.mjs': creates('b'), '3_c.mjs': creates('c') }
const THREE: [string, number][] = [
  ['1_a', 1],
  ['2_b', 1],
  ['3_c', 2],
]
const NAMED = 'name varchar(255) primary key, executed_at timestamp default current_timestamp'

const PROGRAMS: Program[] = [
  {
    layout: 'guruorm 2 or Laravel',
    table: 'migrations',
    create: {
      postgres:
        'create table "migrations" ("id" serial not null primary key, "migration" varchar(255) not null, "batch" integer not null)',
      mysql:
        "create table `migrations` (`id` int unsigned not null auto_increment primary key, `migration` varchar(255) not null, `batch` int not null) default character set utf8mb4 collate 'utf8mb4_unicode_ci'",
      sqlite:
        'create table "migrations" ("id" integer primary key autoincrement not null, "migration" varchar not null, "batch" integer not null)',
    },
    history: ["insert into migrations (migration, batch) values ('1_a', 1), ('2_b', 1)"],
    rows: THREE,
    columns: ['id', 'migration', 'batch', 'executed_at', 'checksum'],
  },
  {
    layout: 'TypeORM',
    table: 'migrations',
    create: {
      postgres:
        'CREATE TABLE "migrations" ("id" SERIAL NOT NULL, "timestamp" bigint NOT NULL, "name" character varying NOT NULL, CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY ("id"))',
      mysql:
        'CREATE TABLE `migrations` (`id` int NOT NULL AUTO_INCREMENT, `timestamp` bigint NOT NULL, `name` varchar(255) NOT NULL, PRIMARY KEY (`id`)) ENGINE=InnoDB',
      sqlite:
        'CREATE TABLE "migrations" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL)',
    },
    history: [
      "insert into migrations (timestamp, name) values (1700000000000, 'CreateUsers1700000000000')",
      "insert into migrations (timestamp, name) values (1700000000001, 'AddPosts1700000000001')",
    ],
    rows: [
      ['CreateUsers1700000000000', 1],
      ['AddPosts1700000000001', 1],
      ['AddNotes1700000000002', 2],
    ],
    columns: ['id', 'timestamp', 'name', 'batch', 'executed_at', 'checksum'],
    files: {
      '1700000000000-CreateUsers.ts': typeorm('CreateUsers1700000000000', 'a'),
      '1700000000001-AddPosts.ts': typeorm('Whatever', 'b', "name = 'AddPosts1700000000001'"),
      '1700000000002-AddNotes.ts': typeorm('AddNotes1700000000002', 'c'),
    },
  },
  {
    layout: 'Knex',
    table: 'knex_migrations',
    create: {
      postgres:
        'create table "knex_migrations" ("id" serial primary key, "name" varchar(255), "batch" integer, "migration_time" timestamptz)',
      mysql:
        'create table `knex_migrations` (`id` int unsigned not null auto_increment primary key, `name` varchar(255), `batch` int, `migration_time` timestamp null)',
      sqlite:
        'create table `knex_migrations` (`id` integer not null primary key autoincrement, `name` varchar(255), `batch` integer, `migration_time` datetime)',
    },
    history: [
      "insert into knex_migrations (name, batch, migration_time) values ('1_a.mjs', 1, '2024-01-02 03:04:05')",
      "insert into knex_migrations (name, batch, migration_time) values ('2_b.mjs', 1, '2024-01-02 03:04:06')",
    ],
    rows: [
      ['1_a.mjs', 1],
      ['2_b.mjs', 1],
      ['3_c', 2],
    ],
    columns: ['id', 'name', 'batch', 'migration_time', 'checksum'],
  },
  {
    layout: 'db-core',
    table: 'migrations',
    create: {
      postgres: `create table migrations (${NAMED})`,
      mysql: `create table migrations (${NAMED})`,
      sqlite: `create table migrations (${NAMED})`,
    },
    history: [
      "insert into migrations values ('1_a', '2024-01-02 03:04:05')",
      "insert into migrations values ('2_b', '2024-01-02 03:04:06')",
    ],
    rows: THREE,
    columns: ['name', 'executed_at', 'id', 'batch', 'checksum'],
  },
  {
    layout: 'Linkgress',
    table: '__migrations',
    create: {
      postgres:
        'create table __migrations (id serial primary key, filename varchar(255) not null unique, applied_at timestamp not null default now())',
      mysql:
        'create table __migrations (id serial primary key, filename varchar(255) not null unique, applied_at timestamp not null default now())',
      sqlite:
        'create table __migrations (id integer primary key, filename varchar(255) not null unique, applied_at timestamp not null default current_timestamp)',
    },
    history: ["insert into __migrations (filename) values ('1_a.ts'), ('2_b.ts')"],
    rows: [
      ['1_a.ts', 1],
      ['2_b.ts', 1],
      ['3_c', 2],
    ],
    columns: ['id', 'filename', 'applied_at', 'batch', 'checksum'],
  },
  {
    layout: 'Linkgress',
    table: '__linkgress_migrations',
    create: {
      postgres:
        'create table __linkgress_migrations (id serial primary key, name varchar(255) not null, batch integer not null, applied_at timestamp not null default now())',
      mysql:
        'create table __linkgress_migrations (id serial primary key, name varchar(255) not null, batch integer not null, applied_at timestamp not null default now())',
      sqlite:
        'create table __linkgress_migrations (id integer primary key, name varchar(255) not null, batch integer not null, applied_at timestamp not null default current_timestamp)',
    },
    history: ["insert into __linkgress_migrations (name, batch) values ('1_a', 1), ('2_b', 1)"],
    rows: THREE,
    columns: ['id', 'name', 'batch', 'applied_at', 'checksum'],
  },
]

onEveryDatabase('a table of migrations that another program made', (db) => {
  async function shop(table: string, files: Record<string, string>) {
    await db.connection().schema().dropAllTables()
    const config = { default: 'main', connections: { main: db.config() }, migrations: { table } }
    const named = Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text])
    const { path } = project({ 'guruorm.config.json': JSON.stringify(config), ...Object.fromEntries(named) })
    const run = (line: string) => guruorm(path, line.split(' '))
    const exists = (name: string) => db.connection().schema().hasTable(name)
    const columns = async () =>
      (await db.connection().schema().getColumnListing(table)).map((name) => name.toLowerCase())
    const states = async () => {
      const { migrations } = JSON.parse((await run('migrate:status --json')).stdout)
      return migrations.map(({ state }: { state: string }) => state).join(' ')
    }
    return { run, exists, columns, states }
  }

  test.each(PROGRAMS)('scenario 51 and row 53: $layout, $table', async (program) => {
    const { layout, table } = program
    const { run, exists, columns, states } = await shop(table, program.files ?? FILES)
    const connection = db.connection()
    await connection.statement(program.create[db.dialect])
    for (const sql of program.history) await connection.statement(sql)
    const before = await columns()

    expect(await states()).toBe('applied applied pending')
    expect(await run('migrate --pretend=names')).toMatchObject({ code: 0 })
    expect(await columns()).toEqual(before)

    const first = await run('migrate')
    expect(first.stderr).toBe(`ℹ️  Adopted existing table "${table}" (${layout} layout, 2 rows)\n`)
    expect(first.stdout).toContain('✨ Migration completed! (1 migration)')
    expect([await exists('a'), await exists('b'), await exists('c')]).toEqual([false, false, true])
    // SQLite numbers the rows of every table itself.
    const isNumbered = before.includes('id') || db.dialect !== 'sqlite'
    expect(await columns()).toEqual(program.columns.filter((column) => column !== 'id' || isNumbered))
    const name = program.columns.find((column) => ['migration', 'name', 'filename'].includes(column))
    const rows = await connection.select(
      `select ${name} as name, batch from ${table} order by ${isNumbered ? 'id' : 'rowid'}`,
    )
    expect(rows.map((row) => [row.name, row.batch])).toEqual(program.rows)
    expect(await states()).toBe('applied applied applied')

    expect(await run('migrate')).toEqual({ code: 0, stderr: '', stdout: '✅ Nothing to migrate\n' })
    expect((await run('migrate:rollback')).stdout).toContain(`✅ Rolled back: ${program.rows[2]?.[0]} (`)
    expect(await exists('c')).toBe(false)
    expect(await states()).toBe('applied applied pending')
    expect(
      (await run('migrate:rollback --pretend=names')).stdout.match(/Would rollback: .*2_b|Would rollback: .*00001/),
    ).not.toBeNull()
  })

  test('migrate:fresh makes a table of ours, and knows every file again', async () => {
    const { files = {}, create } = PROGRAMS[1] as Program
    const { run, columns, states } = await shop('migrations', files)
    await db.connection().statement(create[db.dialect])
    await run('migrate')
    expect((await run('migrate:fresh')).stdout).toContain('✨ Migration completed! (3 migrations)')
    expect(await columns()).toEqual(['id', 'migration', 'batch', 'executed_at', 'checksum'])
    expect(await states()).toBe('applied applied applied')
    expect((await run('migrate')).stdout).toBe('✅ Nothing to migrate\n')
  })

  test('scenario 52 and row 54: a table that nobody knows is refused and left as it was', async () => {
    const { run, exists, columns } = await shop('migrations', FILES)
    await db.connection().statement('create table migrations (id integer, name varchar(20), season varchar(20))')
    const { code, stderr } = await run('migrate --detailed-exit-codes')
    expect(stderr).toBe(
      '❌ Table "migrations" exists but is not a migration table (columns: id, name, season). Set migrations.table to another name. Nothing was changed.\n',
    )
    expect(code).toBe(2)
    expect((await run('migrate')).code).toBe(1)
    expect(await columns()).toEqual(['id', 'name', 'season'])
    expect([await exists('a'), await exists('migration_logs')]).toEqual([false, false])
  })

  test('a migration is what its name property says, wherever it is looked at, and its file orders it', async () => {
    const named = (name: string, table: string) => creates(table).replace('async up', `name = '${name}'\n  async up`)
    const files = {
      '1_first.mjs': named('zebra', 'a'),
      '2_second.mjs': named('ant', 'b'),
      '3_third.mjs': `${creates('c')} // name = 'nothing'`,
    }
    const { run, states, exists } = await shop('migrations', files)
    expect((await run('migrate --step')).stdout.match(/Migrated: \S+/g)).toEqual([
      'Migrated: zebra',
      'Migrated: ant',
      'Migrated: 3_third',
    ])
    const rows = await db.connection().select('select migration, checksum from migrations order by id')
    expect(rows.map((row) => row.migration)).toEqual(['zebra', 'ant', '3_third'])
    expect(await states()).toBe('applied applied applied')
    expect(await run('migrate:validate')).toMatchObject({ code: 0 })
    // The name of the file means it as well.
    expect((await run('migrate:down 2_second')).stdout).toContain('✅ Rolled back: ant')
    expect([await exists('b'), await states()]).toEqual([false, 'applied pending applied'])
    expect((await run('migrate --only=ant')).stdout).toContain('✅ Migrated: ant')
    expect((await run('migrate:rollback --to=zebra')).stdout.match(/Rolled back: \S+/g)).toEqual([
      'Rolled back: ant',
      'Rolled back: 3_third',
    ])
  })

  test('a name that was given afterwards does not run a migration again', async () => {
    const { run, states } = await shop('migrations', {
      '1_first.mjs': creates('a').replace('async up', "name = 'zebra'\n  async up"),
    })
    await run('migrate')
    await db.connection().statement("update migrations set migration = '1_first'")
    expect(await states()).toBe('applied')
    expect((await run('migrate')).stdout).toBe('✅ Nothing to migrate\n')
    expect((await run('migrate:rollback')).stdout).toContain('✅ Rolled back: zebra')
  })
})
