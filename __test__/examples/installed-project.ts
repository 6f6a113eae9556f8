/** Projects as users have them: a folder of its own with the package installed, and commands as processes. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from 'vitest'
import { type Ended, Running } from '../cli/processes'
import { type Project, project } from '../migrations/project'
import type { TestDatabase } from '../support/databases'

const ROOT = join(__dirname, '..', '..')
const SHOP = join(ROOT, 'examples', 'shop')

/** What a folder of the example has beside its files: made by people who tried it. */
const LEFT_OUT = /^node_modules$|^package-lock\.json$|^\.env$|\.sqlite/

/** A project that can import `guruorm`, on this database. */
export class InstalledProject {
  readonly made: Project
  readonly #env: Record<string, string>

  constructor(db: TestDatabase, files: Record<string, string> = {}) {
    this.made = project(files)
    // MariaDB is named by its protocol's name in the address that tests are given.
    this.#env = { DATABASE_URL: db.url.replace(/^mysql:/, 'mariadb:') }
    mkdirSync(this.made.file('node_modules'))
    symlinkSync(ROOT, this.made.file('node_modules/guruorm'), 'junction')
  }

  /** One command line, to its end. */
  run(line: string, env: Record<string, string> = {}): Promise<Ended> {
    return new Running(this.made.path, line, { ...this.#env, ...env }).ended
  }

  /** Drops everything, also of a database that a test has marked as one of production. */
  async empty(): Promise<this> {
    await this.done('db:wipe --force')
    return this
  }

  /** A program of the project, to its end. */
  program(file: string, line = ''): Promise<Ended> {
    return new Running(this.made.path, line, this.#env, this.made.file(file)).ended
  }

  /** A command that has to succeed without a word on stderr; answers what it printed, without times. */
  async done(line: string, env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(line, env)
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' })
    return stdout.replaceAll(/ \(\d+ms\)/g, '')
  }
}

/** A copy of `examples/shop` on an empty database. */
export async function shop(db: TestDatabase): Promise<InstalledProject> {
  const installed = new InstalledProject(db)
  cpSync(SHOP, installed.made.path, { recursive: true, filter: (source) => !LEFT_OUT.test(basename(source)) })
  return installed.empty()
}

/** Names of all tables, but for those that guruorm keeps. */
export async function tablesOf(db: TestDatabase): Promise<string[]> {
  const own = new Set(['migrations', 'migration_logs', 'seeders', 'guruorm_meta'])
  const { tables } = await db.connection().schema().inspect()
  return tables.map(({ name }) => name).filter((name) => !own.has(name))
}
