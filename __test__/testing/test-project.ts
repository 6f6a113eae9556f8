/** A small project with tests of its own, run by jest and vitest as its developers run them. */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inRoot } from '../../scripts/lib/paths.mjs'
import { InstalledPackage } from '../package/installed-package'
import type { TestDatabase } from '../support/databases'

export type Runner = 'jest' | 'vitest'

export interface Ran {
  code: number | null
  /** What it prints, errors included. */
  output: string
}

/** How each is started: two workers, and an end of its own. */
const COMMANDS: Record<Runner, string[]> = {
  jest: [inRoot('node_modules', 'jest', 'bin', 'jest.js'), '--rootDir', '.', '--maxWorkers', '2'],
  vitest: [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--maxWorkers', '2'],
}

/** Migrations in every syntax that users write, and a seeder. Through jest they come without Babel or TypeScript set up. */
const FILES: Record<string, string> = {
  'package.json': '{ "private": true }',
  'database/migrations/1_users.js': `const { Schema } = require('guruorm')
    exports.up = () => Schema.create('users', (table) => { table.id(); table.string('email').unique() })`,
  'database/migrations/2_posts.js': `import { Schema } from 'guruorm'
    export default class { async up() {
      await Schema.create('posts', (table) => { table.id(); table.foreignId('user_id').constrained() }) } }`,
  'database/migrations/3_tags.ts': `import { Migration, Schema } from 'guruorm'
    export default class Tags extends Migration { async up(): Promise<void> {
      await Schema.create('tags', (table) => table.id()) } }`,
  'database/migrations/4_notes.mjs': `import { DB } from 'guruorm'
    export const up = () => DB.statement('create table notes (id integer primary key)')`,
  'database/seeders/DatabaseSeeder.js': `import { DB, Seeder } from 'guruorm'
    export default class DatabaseSeeder extends Seeder {
      async run() { await DB.table('users').insert({ email: 'seeded@x' }) } }`,
}

/** The project; removed by `remove`. */
export class TestProject {
  readonly #installed = new InstalledPackage()

  constructor() {
    // What users install beside it.
    symlinkSync(inRoot('node_modules', 'vitest'), join(this.folder, 'node_modules', 'vitest'), 'junction')
    this.write(FILES)
  }

  get folder(): string {
    return this.#installed.folder
  }

  write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true })
      writeFileSync(join(this.folder, name), text)
    }
  }

  /** Has only these files with tests. */
  writeTests(files: Record<string, string>): void {
    rmSync(join(this.folder, 'tests'), { recursive: true, force: true })
    this.write(files)
  }

  removeFile(name: string): void {
    rmSync(join(this.folder, name))
  }

  /** Runs the tests until the runner ends by itself. */
  async run(runner: Runner, db: TestDatabase, options: string[] = [], nodeOptions: string[] = []): Promise<Ran> {
    const ran: Ran = { code: null, output: '' }
    const child = spawn(process.execPath, [...nodeOptions, ...COMMANDS[runner], ...options], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH ?? '',
        CONNECTION: JSON.stringify(db.config()),
        DATABASE_URL: db.url,
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const hear = (text: Buffer) => {
      ran.output += text
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const timer = setTimeout(() => {
      ran.output += '\nIt did not end by itself.'
      child.kill('SIGKILL')
    }, 90_000)
    ran.code = await new Promise((resolve) => child.once('close', resolve))
    clearTimeout(timer)
    return ran
  }

  remove(): void {
    this.#installed.remove()
  }
}
