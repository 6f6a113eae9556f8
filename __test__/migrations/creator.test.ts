import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createMigration } from '../../js/migrations/creator'
import { loadMigration } from '../../js/migrations/loader'
import { type Language, languageOf } from '../../js/migrations/stub'
import { createSeeder } from '../../js/seeding/creator'
import { project } from './project'

const NOW = new Date('2025-11-30T12:00:00.500Z')
const LANGUAGES: Language[] = ['ts', 'esm', 'cjs']

/** Names that try to leave the folder, to become code, or to break a file system. */
const HOSTILE = [
  '../evil',
  '..',
  '.',
  '/etc/passwd',
  'a/b',
  'a\\b',
  "x'); process.exit(1); ('",
  'x`$\u007b1}`',
  '$\u007b1}',
  '{{ class }}',
  'a b',
  'a.b',
  'a;b',
  'a\nb',
  'a\0b',
  '',
  ' ',
  '1abc',
  '_abc',
  '-rf',
  'é',
  'a​b',
  'пример',
  '$x',
  'a'.repeat(300),
  'CON:',
  'a*',
  'a?',
  '<a>',
  'a|b',
  'a"b',
  '__proto__',
]

describe('make:migration', () => {
  test.each(LANGUAGES)('writes %s that loads and has both halves', async (language) => {
    const { path } = project({
      'package.json': JSON.stringify({ type: language === 'esm' ? 'module' : 'commonjs' }),
      'node_modules/guruorm/package.json': '{"main":"index.js"}',
      'node_modules/guruorm/index.js': 'exports.Schema = {}; exports.DB = {}; exports.Seeder = class {}',
    })
    const directory = `${path}/database/migrations`
    for (const template of [{ create: 'users' }, { table: 'users' }, {}]) {
      const file = createMigration('do_it', template, { directory, language, now: NOW })
      const migration = await loadMigration({ name: 'it', path: file })
      expect(migration.down).toBeTypeOf('function')
      expect(readFileSync(file, 'utf8')).not.toMatch(/\{\{|\}\}/)
    }
  })

  test('is named for the moment in UTC, one second later for each name that is taken', () => {
    const { path: directory } = project()
    const made = ['create_users_table', 'CreatePosts', 'add-votes'].map((name) =>
      basename(createMigration(name, {}, { directory, language: 'ts', now: NOW })),
    )
    expect(made).toEqual([
      '2025_11_30_120000_create_users_table.ts',
      '2025_11_30_120001_create_posts.ts',
      '2025_11_30_120002_add_votes.ts',
    ])
  })

  test.each([
    ['create_users_table', {}, "Schema.create('users'", "Schema.dropIfExists('users')"],
    ['create_users', {}, "Schema.create('users'", "Schema.dropIfExists('users')"],
    ['add_votes_to_users_table', {}, "Schema.table('users'", "Schema.table('users'"],
    ['remove_votes_from_users', {}, "Schema.table('users'", "Schema.table('users'"],
    ['something', { create: 'audit.users' }, "Schema.create('audit.users'", "Schema.dropIfExists('audit.users')"],
    ['create_x_table', { table: 'users' }, "Schema.table('users'", "Schema.table('users'"],
  ])('%s with %j works on the right table, and undoing it drops only what it created', (name, template, up, down) => {
    const { path: directory } = project()
    const content = readFileSync(createMigration(name, template, { directory, language: 'esm' }), 'utf8')
    const [first = '', second = ''] = content.split('async down')
    expect(first).toContain(up)
    expect(second).toContain(down)
  })

  test('a name says nothing about a table: then there is none', () => {
    const { path: directory } = project()
    expect(readFileSync(createMigration('tidy', {}, { directory, language: 'esm' }), 'utf8')).not.toContain('Schema')
  })

  test.each(HOSTILE)('refuses %j as a name and as a table', (hostile) => {
    const { path } = project({ 'inside/.keep': '' })
    const options = { directory: `${path}/inside`, language: 'ts' as const }
    expect(() => createMigration(hostile, {}, options)).toThrow(/cannot name a migration/)
    expect(() => createSeeder(hostile, options)).toThrow(/cannot name a seeder/)
    // Tables may begin with _ and may be qualified.
    if (!/^[A-Za-z_][\w.]{0,60}$/.test(hostile)) {
      expect(() => createMigration('fine', { table: hostile }, options)).toThrow(/cannot name a table here/)
      expect(() => createMigration('fine', { create: hostile }, options)).toThrow(/cannot name a table here/)
    }
    expect(readdirSync(path)).toEqual(['inside'])
    expect(readdirSync(`${path}/inside`)).toEqual(['.keep'])
  })
})

describe('make:seeder', () => {
  test.each(['user', 'users-seeder', 'UserSeeder', 'order_item'])('%s becomes a class that ends in Seeder', (name) => {
    const { path: directory } = project()
    const file = createSeeder(name, { directory, language: 'cjs' })
    const className = basename(file, '.js')
    expect(className).toMatch(/^[A-Z]\w*Seeder$/)
    expect(className).not.toMatch(/SeederSeeder/)
    expect(readFileSync(file, 'utf8')).toContain(`module.exports = class ${className} extends Seeder`)
    expect(dirname(file)).toBe(directory)
  })

  test('never overwrites one, whatever it is written in', () => {
    const { path: directory, file } = project({ 'UserSeeder.ts': 'mine' })
    expect(() => createSeeder('UserSeeder', { directory, language: 'cjs' })).toThrow(/exists already/)
    expect(readdirSync(directory)).toEqual(['UserSeeder.ts'])
    expect(readFileSync(file('UserSeeder.ts'), 'utf8')).toBe('mine')
  })
})

test('a project is TypeScript when it has a tsconfig.json, else what its package says', () => {
  expect(languageOf(project({ 'tsconfig.json': '{}', 'package.json': '{"type":"module"}' }).path)).toBe('ts')
  expect(languageOf(project({ 'package.json': '{"type":"module"}' }).path)).toBe('esm')
  expect(languageOf(project({ 'package.json': '{}' }).path)).toBe('cjs')
  expect(languageOf(project().path)).toBe('cjs')
})
