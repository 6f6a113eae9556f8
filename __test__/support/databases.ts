/**
 * Tests that run on every database.
 *
 * Each test file gets a database of its own on each server, named for the file; it is dropped when the file ends, and
 * kept when a test failed, to be looked at. Servers are named by `GURUORM_TEST_POSTGRES_URL` and
 * `GURUORM_TEST_MARIADB_URL` (`npm test` finds or starts them); without one its tests are reported as skipped.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { Capsule, type Connection } from '../../js/index'

/** What decides the SQL. */
export type DialectName = 'postgres' | 'mysql' | 'sqlite'

/** One answer for each dialect: forgetting one does not compile. */
export type PerDialect<T> = Record<DialectName, T>

/** Options of a connection, as `Capsule.addConnection` takes them. */
export type ConnectionOptions = Record<string, unknown>

export interface TestDatabase {
  readonly dialect: DialectName
  /** As `getDriverName()` answers: `pgsql`, `mariadb`, `sqlite`. */
  readonly driver: string
  /** The database's own name; a path for SQLite. */
  readonly name: string
  /** Where it is, for programs that take a URL. */
  readonly url: string
  /** What connects to it, with more options or other ones. */
  config(overrides?: ConnectionOptions): ConnectionOptions
  /** Has one connection, `default`, and is global while the tests of this database run. */
  readonly capsule: Capsule
  connection(): Connection
}

interface Server {
  readonly dialect: DialectName
  readonly driver: string
  readonly title: string
  /** Undefined: there is no such server here. */
  readonly url: string | undefined
  create(name: string): Promise<void>
  drop(name: string): Promise<void>
}

/**
 * The name of this file's databases: the same in every run, different for every file, parallel worker and clone of
 * the project (two clones may test on one server at a time).
 */
const FILE = expect.getState().testPath ?? ''
const NAME = `guruorm_${createHash('sha256').update(FILE).digest('hex').slice(0, 10)}_${process.env.VITEST_POOL_ID ?? 0}`

const SQLITE_FOLDERS: string[] = []

const SERVERS: PerDialect<Server> = {
  postgres: {
    dialect: 'postgres',
    driver: 'pgsql',
    title: 'PostgreSQL',
    url: process.env.GURUORM_TEST_POSTGRES_URL,
    async create(name) {
      await this.drop(name)
      await asAdministrator(this, `create database "${name}"`)
    },
    drop: (name) => asAdministrator(SERVERS.postgres, `drop database if exists "${name}" with (force)`),
  },
  mysql: {
    dialect: 'mysql',
    driver: 'mariadb',
    title: 'MariaDB',
    url: process.env.GURUORM_TEST_MARIADB_URL,
    async create(name) {
      await this.drop(name)
      await asAdministrator(this, `create database \`${name}\` character set utf8mb4`)
    },
    drop: (name) => asAdministrator(SERVERS.mysql, `drop database if exists \`${name}\``),
  },
  sqlite: {
    dialect: 'sqlite',
    driver: 'sqlite',
    title: 'SQLite',
    url: 'sqlite:',
    create: async () => {},
    drop: async () => {
      for (const folder of SQLITE_FOLDERS.splice(0)) rmSync(folder, { recursive: true, force: true })
    },
  },
}

let aTestFailed = false
const opened: Database[] = []

class Database implements TestDatabase {
  readonly dialect: DialectName
  readonly driver: string
  readonly name: string
  readonly url: string
  #capsule: Capsule | undefined
  readonly #server: Server

  constructor(server: Server) {
    this.#server = server
    this.dialect = server.dialect
    this.driver = server.driver
    if (server.dialect === 'sqlite') {
      SQLITE_FOLDERS.push(mkdtempSync(join(tmpdir(), 'guruorm-sqlite-')))
      this.name = join(SQLITE_FOLDERS.at(-1) ?? '', `${NAME}.sqlite`)
      this.url = `sqlite:${this.name}`
    } else {
      this.name = NAME
      const url = new URL(server.url ?? '')
      url.pathname = `/${NAME}`
      this.url = url.href
    }
  }

  config(overrides: ConnectionOptions = {}): ConnectionOptions {
    if (this.dialect === 'sqlite') return { driver: 'sqlite', database: this.name, ...overrides }
    return { ...optionsOf(this.driver, this.url), ...overrides }
  }

  get capsule(): Capsule {
    if (this.#capsule === undefined) throw new Error('The database is there inside of tests and hooks only.')
    return this.#capsule
  }

  connection(): Connection {
    return this.capsule.connection()
  }

  /** Makes the database, once a file. */
  async open(): Promise<void> {
    if (this.#capsule === undefined) {
      await this.#server.create(this.name)
      opened.push(this)
      this.#capsule = new Capsule()
      this.#capsule.addConnection(this.config())
    }
    this.#capsule.setAsGlobal()
  }

  async close(): Promise<void> {
    await this.#capsule?.disconnect()
    if (aTestFailed) console.info(`Kept for a look: ${this.url}`)
    else await this.#server.drop(this.name)
  }
}

const databases = new Map<DialectName, Database>()

/** Defines the same tests for every database. */
export function onEveryDatabase(name: string, tests: (db: TestDatabase) => void): void {
  for (const dialect of Object.keys(SERVERS) as DialectName[]) onDatabase(dialect, name, tests)
}

/** Defines tests for one database: what the others do not have. */
export function onDatabase(dialect: DialectName, name: string, tests: (db: TestDatabase) => void): void {
  const server = SERVERS[dialect]
  if (server.url === undefined) {
    describe.skip(`${name} on ${server.title} (there is no server)`, () => tests(absent(server)))
    return
  }
  const db = databases.get(dialect) ?? new Database(server)
  databases.set(dialect, db)
  describe(`${name} on ${server.title}`, () => {
    beforeAll(() => db.open())
    tests(db)
  })
}

/** Lets the tests of a missing server be listed. Nothing of it may be used while they are. */
function absent(server: Server): TestDatabase {
  return { dialect: server.dialect, driver: server.driver, name: '', url: '' } as TestDatabase
}

afterEach(({ task }) => {
  aTestFailed ||= task.result?.state === 'fail'
})

afterAll(async () => {
  for (const db of opened) await db.close()
})

/** The keys of a connection to the database that a URL names. */
function optionsOf(driver: string, address: string): ConnectionOptions {
  const url = new URL(address)
  return {
    driver,
    host: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    database: decodeURIComponent(url.pathname.slice(1)),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
}

async function asAdministrator(server: Server, sql: string): Promise<void> {
  const capsule = new Capsule()
  capsule.addConnection(optionsOf(server.driver, server.url ?? ''))
  try {
    await capsule.connection().statement(sql)
  } finally {
    await capsule.disconnect()
  }
}
