import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { snakeCase, studlyCase } from '../support/text'
import { MigrationError } from './migration-error'
import { type Language, readStub } from './stub'

/** What may name a migration: it becomes part of a file name and of a class name. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,199}$/

/** What may name a table here: it becomes text inside quotes in the new file. */
const TABLE = /^[A-Za-z_][A-Za-z0-9_]{0,62}(?:\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/

export interface MigrationCreatorOptions {
  /** The folder to write into; it is created. */
  directory: string
  /** `sql`: a pair of files, `.up.sql` and `.down.sql`. */
  language: Language | 'sql'
  /** The moment the name begins with; now by default. */
  now?: Date
}

export interface MigrationTemplate {
  /** The table to change. */
  table?: string
  /** The table to create. */
  create?: string
}

/**
 * Writes a new migration file and gives its path.
 *
 * Without a table, one is guessed from the name: `create_users_table`, `add_votes_to_users_table`.
 *
 * @throws MigrationError for a name that could leave the folder or become code.
 */
export function createMigration(name: string, template: MigrationTemplate, options: MigrationCreatorOptions): string {
  if (!NAME.test(name)) {
    throw new MigrationError(
      'refused',
      `${JSON.stringify(name)} cannot name a migration: letters, digits, _ and - only, beginning with a letter (create_users_table).`,
    )
  }
  const snake = snakeCase(name)
  const guessed = template.create === undefined && template.table === undefined ? guessTemplate(snake) : template
  const table = guessed.create ?? guessed.table
  if (table !== undefined && !TABLE.test(table)) {
    throw new MigrationError(
      'refused',
      `${JSON.stringify(table)} cannot name a table here: letters, digits and _ only, as in users or audit.users.`,
    )
  }
  mkdirSync(options.directory, { recursive: true })
  const start = join(options.directory, `${unusedPrefix(options.directory, options.now)}_${snake}`)
  if (options.language === 'sql') return writePair(start, guessed)
  const stub =
    guessed.create !== undefined ? 'migration.create' : table !== undefined ? 'migration.table' : 'migration.blank'
  const content = readStub(stub, options.language, { class: studlyCase(snake), table: table ?? '' })
  const path = `${start}${extension(options.language)}`
  // `wx`: never over a file that exists.
  writeFileSync(path, content, { flag: 'wx' })
  return path
}

/** Writes both halves of a migration in SQL, and gives the path of the first. */
function writePair(start: string, { create, table }: MigrationTemplate): string {
  const name = create ?? table
  const [up, down] =
    create !== undefined
      ? [`create table ${create} (\n  id integer primary key\n);`, `drop table ${create};`]
      : [`-- What ${name === undefined ? 'it' : `it changes in ${name}: it`} does.`, '-- What takes it back.']
  writeFileSync(`${start}.up.sql`, `${up}\n`, { flag: 'wx' })
  writeFileSync(`${start}.down.sql`, `${down}\n`, { flag: 'wx' })
  return `${start}.up.sql`
}

export function extension(language: Language): string {
  return language === 'ts' ? '.ts' : '.js'
}

function guessTemplate(name: string): MigrationTemplate {
  const created = /^create_(\w+?)(?:_table)?$/.exec(name)
  if (created?.[1] !== undefined) return { create: created[1] }
  const changed = /_(?:to|from|in)_(\w+?)(?:_table)?$/.exec(name)
  return changed?.[1] === undefined ? {} : { table: changed[1] }
}

/** `YYYY_MM_DD_HHMMSS` in UTC, later by whole seconds until no file in the folder begins with it. */
function unusedPrefix(directory: string, now = new Date()): string {
  const taken = existsSync(directory) ? readdirSync(directory) : []
  for (let time = now.getTime(); ; time += 1000) {
    const [date = '', clock = ''] = new Date(time).toISOString().slice(0, 19).split('T')
    const prefix = `${date.replaceAll('-', '_')}_${clock.replaceAll(':', '')}`
    if (!taken.some((file) => file.startsWith(prefix))) return prefix
  }
}
