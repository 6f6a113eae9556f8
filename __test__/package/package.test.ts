import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inRoot } from '../../scripts/lib/paths.mjs'
import { InstalledPackage } from './installed-package'

let installed: InstalledPackage

beforeAll(() => {
  installed = new InstalledPackage()
}, 120_000)
afterAll(() => installed?.remove())

/** A program that inserts a row into SQLite, reads it, and prints it. */
const ROUND_TRIP = `
  const capsule = new Capsule()
  capsule.addConnection({ driver: 'sqlite', database: ':memory:' })
  const connection = capsule.connection()
  await connection.statement('create table people (id integer primary key, name text)')
  await connection.insert('insert into people (name) values (?)', ['Ada'])
  console.log(JSON.stringify(await connection.select('select * from people')))
  await capsule.disconnect()
`
const ADA = [{ id: 1, name: 'Ada' }]

describe('the packed package', () => {
  test('holds what is needed to run, and nothing else', () => {
    const folders = new Set(installed.files.map((path) => path.split('/')[0]))
    expect([...folders].sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'bin',
        'dist',
        'index.d.mts',
        'index.d.ts',
        'index.mjs',
        'package.json',
        'stubs',
      ].sort(),
    )
    expect(installed.files.filter((path) => /\.node$|\.rs$|\.test\./.test(path))).toEqual([])
  })

  test('scenario 1: works by require', () => {
    const program = `const { Capsule } = require('guruorm'); (async () => {${ROUND_TRIP}})()`
    expect(JSON.parse(installed.run('round-trip.cjs', program))).toEqual(ADA)
  })

  test('scenario 2: works by import', () => {
    const program = `import { Capsule } from 'guruorm'\n${ROUND_TRIP}`
    expect(JSON.parse(installed.run('round-trip.mjs', program))).toEqual(ADA)
  })

  test('is one instance for require and import, with the same names', () => {
    const program = `
      import { createRequire } from 'node:module'
      import * as imported from 'guruorm'
      import whole from 'guruorm'
      const required = createRequire(import.meta.url)('guruorm')
      const { default: _, ...named } = imported
      const differing = Object.keys(required).filter((name) => named[name] !== required[name])
      const extra = Object.keys(named).filter((name) => !(name in required))
      console.log(JSON.stringify({ differing, extra, isWhole: whole === required }))`
    expect(JSON.parse(installed.run('names.mjs', program))).toEqual({ differing: [], extra: [], isWhole: true })
  })

  test('lets its files and its manifest be required', () => {
    const program = `console.log(require('guruorm/package.json').version, typeof require('guruorm/dist/index'), typeof require('guruorm/dist/index.js'))`
    expect(installed.run('deep.cjs', program).trim()).toBe(`${installed.manifest().version} object object`)
  })

  /** Where guruorm 2 had what programs import from inside of it. */
  const DEEP = {
    'Testing/DatabaseTransactions': ['DatabaseTransactions', 'createDatabaseTransactions', 'WithTransaction'],
    'Testing/RefreshDatabase.js': ['RefreshDatabase', 'createRefreshDatabase'],
    'Testing/DatabaseMigrations': ['DatabaseMigrations', 'createDatabaseMigrations'],
    'Migrations/MigrationEvents': ['MigrationEventDispatcher', 'migrationEvents'],
    'Migrations/Migrator': ['Migrator'],
    'Migrations/Migration': ['Migration'],
    'Connection/Connection': ['Connection'],
    'Capsule/Manager': ['Manager'],
    'Errors/GuruORMError': ['GuruORMError', 'QueryException'],
  }

  test.each(Object.entries(DEEP))('has dist/%s, the same by require and import', (path, names) => {
    const program = `
      import { createRequire } from 'node:module'
      import { ${names.join(', ')} } from 'guruorm/dist/${path}'
      const required = createRequire(import.meta.url)('guruorm/dist/${path}')
      const whole = createRequire(import.meta.url)('guruorm')
      const same = Object.entries({ ${names.join(', ')} }).map(([name, value]) =>
        typeof value !== 'undefined' && required[name] === value && whole[name] === value)
      console.log(JSON.stringify(same))`
    expect(JSON.parse(installed.run('old-path.mjs', program))).toEqual(names.map(() => true))
  })

  test.each(['cts', 'mts'])(
    'E24: has types for a program in .%s, models among them, strictly and with its libraries checked',
    (extension) => {
      const program = `
      import { Capsule, DB, HasUuids, Model, SoftDeletes } from 'guruorm'
      import { RefreshDatabase } from 'guruorm/dist/Testing/RefreshDatabase'
      export const refresh: RefreshDatabase = new RefreshDatabase()
      class Person extends SoftDeletes(HasUuids(Model))<{ id: string; name: string }> {
        static fillable = ['name']
      }
      export async function rename(): Promise<string> {
        const person = await Person.where('name', 'Ada').firstOrFail()
        // @ts-expect-error a name is text
        person.name = 1
        return person.trashed() ? 'gone' : person.name
      }
      const capsule: Capsule = new Capsule()
      export async function names(): Promise<unknown[]> {
        capsule.setAsGlobal()
        // @ts-expect-error a number is no name of a table
        DB.table(1)
        return DB.table('people').where('votes', '>', 1).get()
      }`
      const compiler = [process.execPath, inRoot('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--strict']
      const options = [
        '--module',
        'node16',
        '--target',
        'es2022',
        '--types',
        'node',
        '--typeRoots',
        inRoot('node_modules', '@types'),
      ]
      expect(installed.run(`program.${extension}`, program, [...compiler, ...options])).toBe('')
    },
    120_000,
  )

  test('starts its command line', () => {
    const bin = join(installed.folder, 'node_modules', 'guruorm', 'bin', 'guruorm.js')
    const program = `console.log(require('node:child_process').execFileSync(process.execPath, [${JSON.stringify(bin)}, '--version'], { encoding: 'utf8' }))`
    expect(installed.run('version.cjs', program)).toContain(installed.manifest().version)
  })
})
