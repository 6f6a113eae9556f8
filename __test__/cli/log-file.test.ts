import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MigrationLogFile } from '../../js/index'
import { project } from '../migrations/project'
import { onEveryDatabase } from '../support/databases'
import { Running, until } from './processes'
import { guruorm } from './run'

const creates = (table: string, more = '') => `export default class {
  async up(context) {
    await context.statement('create table ${table} (id integer primary key)')
    ${more}
  }
  async down(context) { await context.statement('drop table ${table}') }
}`

const AT = String.raw`^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\]`

onEveryDatabase('migrations.logFile', (db) => {
  async function shop(files: Record<string, string>, logFile = 'logs/migrations.log') {
    await db.connection().schema().dropAllTables()
    const named = Object.entries(files).map(([name, text]) => [`database/migrations/${name}`, text])
    const config = { default: 'main', connections: { main: db.config() }, migrations: { logFile } }
    const made = project({ 'guruorm.config.json': JSON.stringify(config), ...Object.fromEntries(named) })
    const lines = () => readFileSync(made.file(logFile), 'utf8').trimEnd().split('\n')
    return { made, lines, run: (line: string) => guruorm(made.path, line.split(' ')) }
  }

  test('has a line for everything that happens, with its time and level', async () => {
    const { run, lines } = await shop({ '1_a.mjs': creates('a') })
    await run('migrate --pretend')
    expect((await run('migrate')).code).toBe(0)
    await run('migrate:rollback')
    const patterns = [
      'INFO Running migrations',
      String.raw`INFO Migrating: 1_a \(batch 1\)`,
      String.raw`INFO Migrated: 1_a \(\d+ms\)`,
      'INFO Rolling back migrations',
      String.raw`INFO Rolling back: 1_a \(batch 1\)`,
      String.raw`INFO Rolled back: 1_a \(\d+ms\)`,
    ]
    expect(lines()).toHaveLength(patterns.length)
    for (const [index, pattern] of patterns.entries()) {
      expect(lines()[index]).toMatch(new RegExp(`${AT} ${pattern}$`))
    }
  })

  test('tells a failure without the values that were bound, and refusals', async () => {
    const insert = "await context.insert('insert into nowhere (a, b) values (?, ?)', ['s3cret-value', 2])"
    const { made, run, lines } = await shop({ '1_a.mjs': creates('a', insert) })
    await run('migrate')
    const text = lines().join('\n')
    expect(text).toMatch(/ ERROR Failed: 1_a - .*nowhere/)
    expect(text).toMatch(/ ERROR insert into nowhere \(a, b\) values \(.*\) \(2 bindings\)\n/)
    expect(text).toMatch(/ ERROR State: /)
    expect(text).not.toContain('s3cret-value')
    made.write({ 'database/migrations/2_b.mjs': 'export default class {' })
    await run('migrate')
    expect(lines().at(-1)).toMatch(/ ERROR Cannot load database\/migrations\/2_b\.mjs|ERROR Cannot load .*2_b\.mjs/)
  })

  test('has every line although the process is killed', async () => {
    const { made, lines } = await shop({
      '1_a.mjs': creates('a'),
      '2_b.mjs': creates('b', 'await new Promise((resolve) => setTimeout(resolve, 30_000))'),
    })
    const run = new Running(made.path, 'migrate')
    await until(() => run.stdout.includes('Migrated: 1_a'))
    await until(() => lines().some((line) => line.endsWith('INFO Migrating: 2_b (batch 1)')))
    run.kill('SIGKILL')
    await run.ended
    expect(lines().some((line) => /Migrated: 1_a/.test(line))).toBe(true)
  })

  test('a file that cannot be written is one warning, and migrations run', async () => {
    const { made, run } = await shop({ '1_a.mjs': creates('a') })
    mkdirSync(made.file('logs/migrations.log'), { recursive: true })
    const { code, stderr } = await run('migrate')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^⚠️ {2}logs\/migrations\.log cannot be written: .*\n$/)
  })
})

test('a file of more than ten megabytes becomes .1 and a new one begins', () => {
  const { file } = project({ 'a.log': 'old\n', 'a.log.1': 'older\n' })
  writeFileSync(file('a.log'), 'x'.repeat(10 * 1024 * 1024 - 10))
  const log = new MigrationLogFile(file('a.log'))
  log.write('INFO', 'first of the new one')
  log.write('INFO', 'second')
  expect(statSync(file('a.log.1')).size).toBe(10 * 1024 * 1024 - 10)
  expect(readFileSync(file('a.log'), 'utf8').trimEnd().split('\n')).toHaveLength(2)
})

test('passwords are masked, and a message is one line', () => {
  const { file } = project()
  const log = new MigrationLogFile(file('a.log'))
  log.write('ERROR', 'cannot reach postgres://shop:s3cret@db:5432/shop\nwith password = s3cret')
  log.write('INFO', `create user a identified by 's3cret'`)
  log.write('INFO', `alter role a password 's3cret'`)
  log.write('INFO', '{"password": "s3cret", "host": "db"}')
  const text = readFileSync(file('a.log'), 'utf8')
  expect(text).not.toContain('s3cret')
  expect(text).toContain('postgres://shop:***@db:5432/shop with password = ***\n')
  expect(text.trimEnd().split('\n')).toHaveLength(4)
})
