import { readFileSync } from 'node:fs'
import { MigrationError } from './migration-error'

/** A migration that a dump stands for. */
export interface DumpedMigration {
  name: string
  checksum: string | null
}

/** A dump's file, read. */
export interface SchemaDump {
  path: string
  driver: string
  migrations: DumpedMigration[]
  statements: string[]
}

const HEADER = /^-- guruorm schema v1, (\w+), replaces \d+ migrations?$/
const MIGRATION = /^-- migration (\S+) (.+)$/
const NOTE = '-- Made by guruorm. It is read statement by statement: leave the lines "-- next" alone.'

/** Stands between two statements, as only the database knows where one ends. */
const NEXT = '-- next'

/**
 * The text of a dump.
 *
 * @throws MigrationError for a statement or a name that the format cannot hold.
 */
export function formatDump(dump: Omit<SchemaDump, 'path'>): string {
  const { driver, migrations, statements } = dump
  for (const { name } of migrations) {
    if (/[\r\n]/.test(name))
      throw new MigrationError('refused', `The migration ${JSON.stringify(name)} has a line break.`)
  }
  const held = statements.find((sql) => sql.split('\n').includes(NEXT))
  if (held !== undefined) {
    throw new MigrationError(
      'refused',
      `A definition holds the line "${NEXT}", which separates statements in a dump:\n${held}`,
    )
  }
  const head = [
    `-- guruorm schema v1, ${driver}, replaces ${migrations.length} migration${migrations.length === 1 ? '' : 's'}`,
    NOTE,
    ...migrations.map(({ name, checksum }) => `-- migration ${checksum ?? '-'} ${name}`),
  ]
  return [head.join('\n'), ...statements.map((sql) => `${sql};`)].join(`\n${NEXT}\n`).concat('\n')
}

/** Reads a dump's text. @throws MigrationError for a file that is none. */
export function parseDump(text: string, path: string): SchemaDump {
  const [head = '', ...bodies] = text.replace(/\n$/, '').split(`\n${NEXT}\n`)
  const [first = '', , ...lines] = head.split('\n')
  const driver = HEADER.exec(first)?.[1]
  const migrations = lines.map((line) => MIGRATION.exec(line))
  if (driver === undefined || migrations.includes(null)) {
    throw new MigrationError('load', `${path} is no schema dump of guruorm. Make it again with: guruorm schema:dump`)
  }
  return {
    path,
    driver,
    migrations: migrations.map((match) => ({
      name: match?.[2] ?? '',
      checksum: match?.[1] === '-' ? null : (match?.[1] ?? null),
    })),
    statements: bodies.map((sql) => sql.replace(/;$/, '')),
  }
}

/** The dump in a file; null when there is none. */
export function readDump(path: string): SchemaDump | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return parseDump(text, path)
}
