/** What a start costs, as far as it can be told without a clock: the files and modules of Node that are loaded. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as sources from '../../js'
import { InstalledPackage } from './installed-package'

const MEGABYTE = 1024 * 1024

let installed: InstalledPackage

beforeAll(() => {
  installed = new InstalledPackage()
}, 120_000)
afterAll(() => installed?.remove())

/** The files that a program loads, as paths in `node_modules`, and what it loads of Node's own that takes long. */
function loadedBy(program: string): { files: string[]; slow: string[] } {
  const report = `
    const slow = ['crypto', 'zlib', 'fs/promises', 'assert'].filter((name) => process.moduleLoadList.includes('NativeModule ' + name))
    const files = Object.keys(require.cache).filter((file) => /node_modules.*js$/.test(file))
    console.log('LOADED' + JSON.stringify({ slow, files: files.map((file) => file.split(/node_modules[\\\\/]/).pop().replaceAll('\\\\', '/')) }))`
  const output = installed.run('loaded.cjs', `process.on('exit', () => {${report}})\n${program}`)
  return JSON.parse(output.split('LOADED')[1] ?? '')
}

/** A program that runs a command line. */
const commandLine = (...argv: string[]) =>
  `require(${JSON.stringify(join(installed.folder, 'node_modules', 'guruorm', 'dist', 'cli.js'))}).main(${JSON.stringify(argv)})`

const ROW = `
  const { Capsule } = require('guruorm')
  const capsule = new Capsule()
  capsule.addConnection({ driver: 'sqlite', database: ':memory:' })
  capsule.connection().table(capsule.connection().raw('(select 1 as one)')).first().then(() => capsule.disconnect())`

describe('a program', () => {
  test('loads four files for its first row, and nothing of Node that takes long', () => {
    const { files, slow } = loadedBy(ROW)
    expect(files.sort()).toEqual(['base', 'core', 'index', 'shared'].map((name) => `guruorm/dist/${name}.js`))
    expect(slow).toEqual([])
  })

  test('loads what runs migrations when it runs some, with the same classes of errors', () => {
    const program = `
      const { Capsule, Migrator, MigrationException } = require('guruorm')
      const isLoaded = () => Object.keys(require.cache).some((file) => file.endsWith('migrations.js'))
      const capsule = new Capsule()
      capsule.addConnection({ driver: 'sqlite', database: ':memory:' })
      const migrator = new Migrator(capsule.connection())
      const before = isLoaded()
      migrator.run({ limit: 0 }).catch((error) => {
        console.log(JSON.stringify([before, isLoaded(), error instanceof MigrationException, error.message]))
        return capsule.disconnect()
      })`
    const answer = JSON.parse(installed.run('migrations.cjs', program))
    expect(answer).toEqual([false, true, true, expect.stringContaining('limit must be a whole number from 1')])
  })

  test('is told its own line where a transaction holds the pool', () => {
    const program = `
      const { Capsule } = require('guruorm')
      const capsule = new Capsule()
      capsule.addConnection({ driver: 'sqlite', database: ':memory:', pool: { max: 1, acquireTimeoutMillis: 200 } })
      const held = capsule.connection()
      held.transaction(() => held.outsideTransaction(() => held.select('select 1')))
        .catch((error) => console.log(error.message))
        .finally(() => capsule.disconnect())`
    expect(installed.run('held.cjs', program)).toMatch(/the oldest was begun at .*held\.cjs:6:\d+: work/)
  })
})

describe('the command line', () => {
  test('loads for --version nothing else', () => {
    expect(loadedBy(commandLine('--version')).files).toEqual(['guruorm/dist/cli.js', 'guruorm/dist/base.js'])
  })

  test('loads for --help no engine', () => {
    const { files } = loadedBy(commandLine('migrate', '--help'))
    expect(files).toContain('guruorm/dist/commands.js')
    expect(files.filter((file) => /core|migrations|dotenv|jiti/.test(file))).toEqual([])
  })
})

test('one class of each name: they are called as in the sources, and their paths of guruorm 2 lead to the same', () => {
  const program = `
    const whole = require('guruorm')
    const paths = ['Capsule/Capsule', 'Eloquent/Model', 'Seeding/Factory', 'Migrations/Migrator.js', 'index', 'core']
    const classes = Object.entries(whole).filter(([, value]) => typeof value === 'function')
    console.log(JSON.stringify({
      same: paths.every((path) => require('guruorm/dist/' + path) === whole),
      names: Object.fromEntries(classes.map(([exported, { name }]) => [exported, name])),
    }))`
  const { same, names } = JSON.parse(installed.run('classes.cjs', program))
  expect(same).toBe(true)
  const functions = Object.entries(sources).filter(([, value]) => typeof value === 'function')
  expect(names).toEqual(
    Object.fromEntries(functions.map(([exported, value]) => [exported, (value as { name: string }).name])),
  )
})

test('the package is small beside the engine of a platform, for which twelve megabytes are allowed together', () => {
  expect(installed.unpackedBytes).toBeLessThan(2 * MEGABYTE)
})
