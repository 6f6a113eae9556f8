/** What lies in a project's folder of migrations, and what is refused before any of it runs. */
import { expect, test } from 'vitest'
import { onEveryDatabase } from '../support/databases'
import { processes } from './processes'

const creates = (table: string) => `export default class {
  async up(context) { await context.statement('create table ${table} (id integer primary key)') }
  async down(context) { await context.statement('drop table ${table}') }
}`

const FAILS = "throw new Error('this file is no migration')"

/** As the second of the five documents has it, and the base class of the project that it comes from. */
const VERIFICATION = `import { MigrationInterface, QueryRunner } from 'typeorm';
import { SafeMigration } from '../migration-framework/safe-migration.base';

export class AddUserEmailVerification1700000000000
  extends SafeMigration
  implements MigrationInterface
{
  name = 'AddUserEmailVerification1700000000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await this.safeAddColumn(queryRunner, 'users', 'is_verified', 'integer', { nullable: true });
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await this.safeDropColumn(queryRunner, 'users', 'is_verified');
  }
}`
const SAFE_MIGRATION = `import { QueryRunner } from 'typeorm';

export abstract class SafeMigration {
  protected async safeAddColumn(runner: QueryRunner, table: string, column: string, type: string, options: { nullable?: boolean } = {}): Promise<void> {
    const rule = options.nullable === true ? 'null' : 'not null';
    await runner.query(\`alter table \${table} add column \${column} \${type} \${rule}\`);
  }

  protected async safeDropColumn(runner: QueryRunner, table: string, column: string): Promise<void> {
    await runner.query(\`alter table \${table} drop column \${column}\`);
  }
}`

onEveryDatabase('folders of migrations', (db) => {
  const empty = () => db.connection().schema().dropAllTables()
  const tables = async () => (await db.connection().schema().inspect()).tables.map(({ name }) => name)

  test('scenario 7: declarations, maps, tests and folders inside of it do not run', async () => {
    await empty()
    const { start } = processes(db, {
      '1_a.mjs': creates('a'),
      '1_a.d.ts': FAILS,
      '1_a.mjs.map': '{}',
      '2_b.test.ts': FAILS,
      '2_b.spec.js': FAILS,
      'index.ts': FAILS,
      '.hidden.js': FAILS,
      'README.md': '# Migrations',
      'examples/3_c.ts': FAILS,
    })
    const { code, stdout, stderr } = await start('migrate').ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.replaceAll(/ \(\d+ms\)/g, '')).toBe(
      '🔄 Running migrations...\n✅ Migrated: 1_a\n✨ Migration completed! (1 migration)\n',
    )
    expect(await db.connection().table('migrations').pluck('migration')).toEqual(['1_a'])
  })

  test('scenario 9: TypeScript that imports typeorm, which is not installed, runs up and down', async () => {
    await empty()
    await db.connection().statement('create table users (id integer primary key)')
    const { made, start } = processes(db, {}, { migrations: { path: 'src/database/migrations' } })
    made.write({
      'package.json': '{}',
      'src/database/migrations/1700000000000-AddUserEmailVerification.ts': VERIFICATION,
      'src/database/migration-framework/safe-migration.base.ts': SAFE_MIGRATION,
    })
    const has = () => db.connection().schema().hasColumn('users', 'is_verified')
    expect(await start('migrate').ended).toMatchObject({ code: 0, stderr: '' })
    expect(await has()).toBe(true)
    expect(await start('migrate:rollback').ended).toMatchObject({ code: 0, stderr: '' })
    expect(await has()).toBe(false)
  })

  test("scenario 52: a user's own table called migrations is not touched", async () => {
    await empty()
    await db.connection().statement('create table migrations (bird varchar(20), seen_at varchar(20))')
    await db.connection().statement("insert into migrations (bird, seen_at) values ('stork', 'May')")
    const { start } = processes(db, { '1_a.mjs': creates('a') })
    for (const line of ['migrate', 'migrate:status', 'migrate:rollback']) {
      const { code, stdout, stderr } = await start(line).ended
      expect({ line, code, stdout }).toEqual({ line, code: 1, stdout: '' })
      expect(stderr).toMatch(
        /^❌ Table "migrations" exists but is not a migration table \(columns: bird, seen_at\)\..*migrations\.table/,
      )
    }
    expect(await tables()).toEqual(['migrations'])
    expect(await db.connection().select('select * from migrations')).toEqual([{ bird: 'stork', seen_at: 'May' }])
  })

  test('scenario 80: validating, showing and running end with 0; what cannot be loaded ends each with 1', async () => {
    await empty()
    const { made, start } = processes(db, { '1_a.mjs': creates('a') })
    const codes = async (lines: string[]) => {
      const ended: (number | null)[] = []
      for (const line of lines) ended.push((await start(line).ended).code)
      return ended
    }
    expect(await codes(['migrate:validate', 'migrate --pretend'])).toEqual([0, 0])
    expect(await tables()).toEqual([])
    expect(await codes(['migrate:run', 'migration:show', 'migrate:validate'])).toEqual([0, 0, 0])
    made.write({ 'database/migrations/2_b.mjs': creates('b'), 'database/migrations/3_c.mjs': FAILS })
    expect(await codes(['migrate:validate', 'migrate --pretend', 'migrate:run'])).toEqual([1, 1, 1])
    expect(await db.connection().schema().hasTable('b')).toBe(false)
    expect(await db.connection().table('migrations').pluck('migration')).toEqual(['1_a'])
  })
})
