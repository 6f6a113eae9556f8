/** The empty database that is migrated, and the files of each migrator. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDriver } from '../migrators/driver.mjs'

/** `0001` */
const numbered = (number) => String(number).padStart(4, '0')

const createTable = (number) =>
  `create table table_${numbered(number)} (id integer not null primary key, name varchar(100) not null, votes integer not null default 0, created_at timestamp null)`

const body = (call, sql) => `await ${call}(${JSON.stringify(sql)})`
const dropTable = (number) => `drop table table_${numbered(number)}`

/** What one migration is to each of them: the name of its file, and its text. */
const FILES = {
  guruorm: (number) => [
    `${numbered(number)}_create.cjs`,
    `module.exports = class {
  async up(context) { ${body('context.statement', createTable(number))} }
  async down(context) { ${body('context.statement', dropTable(number))} }
}\n`,
  ],
  knex: (number) => [
    `${numbered(number)}_create.cjs`,
    `exports.up = async (knex) => { ${body('knex.raw', createTable(number))} }
exports.down = async (knex) => { ${body('knex.raw', dropTable(number))} }\n`,
  ],
  // The class has to end with a time of 13 digits.
  typeorm: (number) => [
    `${numbered(number)}_create.cjs`,
    `exports.Create${1700000000000 + number} = class Create${1700000000000 + number} {
  async up(runner) { ${body('runner.query', createTable(number))} }
  async down(runner) { ${body('runner.query', dropTable(number))} }
}\n`,
  ],
  umzug: (number) => [
    `${numbered(number)}_create.cjs`,
    `exports.up = async ({ context }) => { ${body('context.query', createTable(number))} }
exports.down = async ({ context }) => { ${body('context.query', dropTable(number))} }\n`,
  ],
  'drizzle-orm': (number) => [`${numbered(number)}_create.sql`, `${createTable(number)};\n`],
}

/** drizzle's list of its files, as drizzle-kit writes it. */
function drizzleJournal(numbers) {
  const entries = numbers.map((number) => ({
    idx: number - 1,
    version: '7',
    when: 1700000000000 + number,
    tag: `${numbered(number)}_create`,
    breakpoints: true,
  }))
  return `${JSON.stringify({ version: '7', dialect: 'any', entries })}\n`
}

/** Writes the files of every migrator; answers the folder that holds one folder for each. */
function writeFiles(count) {
  const root = join(tmpdir(), `guruorm_bench_migrations_${count}`)
  rmSync(root, { recursive: true, force: true })
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  for (const [peer, fileOf] of Object.entries(FILES)) {
    mkdirSync(join(root, peer, 'meta'), { recursive: true })
    for (const number of numbers) {
      const [name, text] = fileOf(number)
      writeFileSync(join(root, peer, name), text)
    }
  }
  writeFileSync(join(root, 'drizzle-orm', 'meta', '_journal.json'), drizzleJournal(numbers))
  return root
}

/** Makes the database and writes the files; answers where the database is. */
export async function prepare(database, server, name, { migrations }) {
  process.env.GURUORM_BENCH_MIGRATIONS = writeFiles(migrations)
  if (database === 'sqlite') return join(tmpdir(), `${name}_migrations.sqlite`)
  const url = new URL(server)
  url.pathname = database === 'postgres' ? '/postgres' : '/mysql'
  const admin = await openDriver(database, url.href)
  const target = `${name}_migrations`
  await admin.query(`drop database if exists ${target}`)
  await admin.query(`create database ${target}`)
  await admin.close()
  url.pathname = `/${target}`
  return url.href
}

/** The database, empty, before anything is measured. */
export async function empty(database, url) {
  if (database === 'sqlite') {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${url}${suffix}`, { force: true })
    return
  }
  const driver = await openDriver(database, url)
  if (database === 'postgres') {
    for (const schema of ['public', 'drizzle']) await driver.query(`drop schema if exists ${schema} cascade`)
    await driver.query('create schema public')
  } else {
    const name = new URL(url).pathname.slice(1)
    await driver.query(`drop database ${name}`)
    await driver.query(`create database ${name}`)
  }
  await driver.close()
}
