import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../js/cli/registry'
import { project } from '../migrations/project'
import { guruorm } from './run'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

describe('help', () => {
  test.each([[[]], [['--help']], [['help']]])('%j lists every command and succeeds', async (argv) => {
    const { code, stdout, stderr } = await guruorm('/', argv)
    expect(code).toBe(0)
    expect(stderr).toBe('')
    for (const { name, summary } of COMMANDS) expect(stdout).toMatch(new RegExp(`  ${name}.*${summary.slice(0, 20)}`))
  })

  test.each(COMMANDS.map(({ name }) => name))('of %s explains it with examples', async (name) => {
    const { code, stdout } = await guruorm('/', [name, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/Usage: guruorm /)
    expect(stdout).toMatch(/Examples:\n {2}\$ .*npx guruorm /)
  })

  test('examples are command lines that parse', async () => {
    for (const { name, examples } of COMMANDS) {
      for (const example of examples) {
        const argv =
          example
            .split(/ (?=guruorm)/)
            .at(-1)
            ?.split(' ')
            .slice(1) ?? []
        expect(argv[0]).toBe(name)
        // With --help every option before it is read, and nothing runs.
        expect((await guruorm('/', [...argv, '--help'])).code, example).toBe(0)
      }
    }
  })
})

test('--version prints the version of the package', async () => {
  expect(await guruorm('/', ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

describe('a command line that cannot work', () => {
  test.each([
    [['migrat'], /unknown command 'migrat'\n.*Did you mean migrate\?/],
    [['db:sed'], /unknown command 'db:sed'\n.*Did you mean db:seed\?/],
    [['migrate', '--forse'], /unknown option '--forse'\n.*Did you mean --force\?/],
    [['migrate:rollback', '--step=0'], /'0' is invalid\. Write a whole number from 1\./],
    [['migrate:rollback', '--step=two'], /'two' is invalid/],
    [['migrate', '--pretend=loud'], /Allowed choices are sql, names/],
    [['make:migration'], /missing required argument 'name'/],
    [['migrate', 'users'], /too many arguments/],
    [['db:seed', '--class='], /Write names separated by commas/],
  ])('%j is refused on stderr', async (argv, message) => {
    const { code, stdout, stderr } = await guruorm('/', argv)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^❌ /)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect((await guruorm('/', [...argv, '--detailed-exit-codes'])).code).toBe(2)
  })

  test('says so in JSON when JSON was asked for', async () => {
    const { code, stdout, stderr } = await guruorm('/', ['migrate', '--json', '--forse'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, command: 'migrate', error: { code: 'usage' } })
  })
})

describe('in production', () => {
  const LINE = '❌ Use --force to run migrations in production'
  const writing = [
    'migrate',
    'migrate:rollback',
    'migrate:reset',
    'migrate:refresh',
    'migrate:fresh',
    'db:seed',
    'db:wipe',
  ]

  test.each(writing)('%s wants --force, before it connects to anything', async (name) => {
    const { path } = project({ 'guruorm.config.cjs': 'throw new Error("was read")' })
    const { code, stdout, stderr } = await guruorm(path, [name], { env: { NODE_ENV: 'production' } })
    expect(stderr).toMatch(/^❌ Use --force to [a-z ]+ in production\n$/)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const forced = await guruorm(path, [name, '--force'], { env: { NODE_ENV: 'production' } })
    expect(forced.stderr).toContain('was read')
  })

  test('NODE_ENV of .env counts', async () => {
    const { path } = project({ '.env': 'NODE_ENV=production\n' })
    expect((await guruorm(path, ['migrate'])).stderr).toContain(LINE)
    expect((await guruorm(path, ['migrate'], { env: { NODE_ENV: 'test' } })).stderr).not.toContain(LINE)
  })

  test('status and --pretend need no --force', async () => {
    const { path } = project()
    for (const argv of [['migrate:status'], ['migrate', '--pretend'], ['migrate:rollback', '--pretend=names']]) {
      const { stderr } = await guruorm(path, argv, { env: { NODE_ENV: 'production' } })
      expect(stderr).toContain('No database is configured')
    }
  })

  test('the detailed exit code of a guard is 3', async () => {
    expect((await guruorm('/', ['migrate', '--detailed-exit-codes'], { env: { NODE_ENV: 'production' } })).code).toBe(3)
  })
})

describe('colours', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const ANSI = /\u001b\[/

  test('are for terminals only, and not when NO_COLOR or --no-color say so', async () => {
    const { path } = project()
    const stderr = async (argv: string[], options: Parameters<typeof guruorm>[2]) =>
      (await guruorm(path, argv, options)).stderr
    expect(await stderr(['migrate'], { isTTY: true })).toMatch(ANSI)
    expect(await stderr(['migrate'], {})).not.toMatch(ANSI)
    expect(await stderr(['migrate'], { isTTY: true, env: { NO_COLOR: '1' } })).not.toMatch(ANSI)
    expect(await stderr(['migrate', '--no-color'], { isTTY: true })).not.toMatch(ANSI)
    expect(await stderr(['migrate'], { isTTY: true, env: { NO_COLOR: '' } })).toMatch(ANSI)
  })
})

describe('make and init', () => {
  test('a migration is written where the configuration says, in the language of the project', async () => {
    const { path } = project({
      'guruorm.config.json':
        '{"driver":"sqlite","database":"x","migrations":{"path":"db/changes"},"seeders":{"path":"db/seeds"}}',
      'tsconfig.json': '{}',
    })
    const migration = await guruorm(path, ['make:migration', 'create_users_table'])
    expect(migration.stdout).toMatch(
      /^✅ Created migration: db\/changes\/\d{4}_\d\d_\d\d_\d{6}_create_users_table\.ts\n$/,
    )
    const seeder = await guruorm(path, ['make:seeder', 'User', '--js'])
    expect(seeder.stdout).toBe('✅ Created seeder: db/seeds/UserSeeder.js\n')
    const again = await guruorm(path, ['make:seeder', 'UserSeeder', '--js'])
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^❌ Seeder UserSeeder exists already/)
  })

  test('--json names the file', async () => {
    const { stdout } = await guruorm(project().path, ['make:seeder', 'User', '--json'])
    expect(JSON.parse(stdout)).toEqual({ ok: true, command: 'make:seeder', file: 'database/seeders/UserSeeder.js' })
  })

  test.each([
    ['guruorm.config.ts', { 'tsconfig.json': '{}' }],
    ['guruorm.config.js', { 'package.json': '{"type":"module"}' }],
    ['guruorm.config.js', { 'package.json': '{}' }],
  ])('init writes %s that loads, once', async (file, files) => {
    const { path, file: inside } = project(files as Record<string, string>)
    const first = await guruorm(path, ['init'])
    expect(first.stdout).toContain(`✅ Created ${file}`)
    const written = readFileSync(inside(file), 'utf8')
    const second = await guruorm(path, ['init'])
    expect(second.stderr).toBe(`❌ ${file} exists already. Nothing was written.\n`)
    expect(readFileSync(inside(file), 'utf8')).toBe(written)
    // It is found and can be read.
    expect((await guruorm(path, ['make:seeder', 'User'])).code).toBe(0)
  })
})

describe('--env', () => {
  test('names the environment: .env.NAME counts before .env, and what is set stays', async () => {
    const { path } = project({
      '.env.staging': 'DB_DATABASE=staging.sqlite\n',
      '.env': 'DB_CONNECTION=sqlite\nDB_DATABASE=other.sqlite\n',
    })
    const used = async (argv: string[], env: Record<string, string> = {}) => {
      await guruorm(path, ['migrate', ...argv], { env })
      const found = ['staging', 'other', 'set'].filter((name) => existsSync(join(path, `${name}.sqlite`)))
      for (const name of found) rmSync(join(path, `${name}.sqlite`))
      return found
    }
    const cwd = process.cwd()
    process.chdir(path)
    try {
      expect(await used(['--env=staging'])).toEqual(['staging'])
      expect(await used([])).toEqual(['other'])
      expect(await used(['--env=staging'], { DB_DATABASE: 'set.sqlite' })).toEqual(['set'])
    } finally {
      process.chdir(cwd)
    }
  })

  test('production guards as NODE_ENV=production does, and a name that is a path is refused', async () => {
    expect((await guruorm('/', ['migrate', '--env=production'])).stderr).toBe(
      '❌ Use --force to run migrations in production\n',
    )
    expect((await guruorm('/', ['migrate', '--env=../x'])).stderr).toContain('Write letters, digits, - and _')
  })
})

test('jiti, which is for TypeScript, is loaded by no project without it', () => {
  const program = `const path = ${JSON.stringify(join(process.cwd(), 'dist', 'cli'))}
    require(path).main(['migrate:status']).then(() => {
      console.log('LOADED', Object.keys(require.cache).filter((file) => file.includes('jiti')).length)
    })`
  const { path } = project({ 'guruorm.config.json': '{"driver": "sqlite", "database": ":memory:"}' })
  const { stdout } = spawnSync(process.execPath, ['-e', program], { cwd: path, encoding: 'utf8' })
  expect(stdout).toContain('LOADED 0')
})
