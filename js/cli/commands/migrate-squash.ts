import { readFileSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import { Journal } from '../../migrations/journal'
import type { MigrationStatus } from '../../migrations/migrator'
import { writeWhole } from '../../support/write-whole'
import type { Command, Invocation } from '../command'
import { CommandError } from '../command-error'
import { type Database, withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { dumpPath } from '../dump-path'
import { guardProduction } from '../guard'
import { type MigrationCommandOptions, migratorOf } from '../migration-command'
import { DATABASE, FORCE, PATH } from '../options'
import { mustBeInGit, prune } from '../prune'
import { counted } from '../reporter'
import { differencesOf } from '../squash-verification'
import { DUMP_OPTIONS, type DumpOptions, makeDump } from '../write-dump'

type SquashOptions = DumpOptions & MigrationCommandOptions & { prune?: boolean; verify?: boolean }

/** Text in a migration that changes rows, as the builder and SQL say it. */
const WRITES = /\.(?:insert\w*|upsert|update\w*|delete)\(|\binsert\s+into\b|\bdelete\s+from\b|\bupdate\s+\S+\s+set\b/i

export const migrateSquash: Command<SquashOptions> = {
  name: 'migrate:squash',
  summary: 'Write what the migrations made as one schema dump, with which empty databases begin',
  options: [
    { flags: '--prune', description: 'delete the files of the migrations that the dump stands for' },
    { flags: '--verify', description: 'fail when the dump cannot be compared with the migrations' },
    { flags: '--no-verify', description: 'do not compare the dump with the migrations' },
    ...DUMP_OPTIONS,
    FORCE,
    PATH,
    ...DATABASE,
  ],
  examples: ['guruorm migrate:squash', 'guruorm migrate:squash --prune', 'guruorm migrate:squash --include-data=roles'],
  async run(invocation) {
    const { host, options, output } = invocation
    loadDotenv(host)
    if (options.prune) guardProduction(host, options, 'prune migrations')
    return withDatabase(invocation, async (database) => {
      const { name } = database
      const old = dumpPath(host, name)
      const path = options.output === undefined ? old : resolve(host.cwd, options.output)
      const { migrations, files } = await squashable(invocation, database)
      const { dump, text } = await makeDump(database, migrations, options)
      const warnings = files
        .filter(writesRows)
        .map((file) => `${basename(file)} changes rows, and its rows are not in the dump`)
      if (options.prune && !options.force) await mustBeInGit(files)
      if (options.verify !== false) {
        const paths = (options.path ?? database.config.migrations.paths).map((folder) => resolve(host.cwd, folder))
        const warning = await verify(database, () => differencesOf(database, dump, { paths, schemaDump: old }), options)
        if (warning !== undefined) warnings.push(warning)
      }
      writeWhole(path, text)
      if (options.prune) prune(files)
      const file = relative(host.cwd, path)
      for (const warning of warnings) output.note(`⚠️  ${warning}`)
      output.line(`✅ Squashed ${counted(migrations.length, 'migration')}: ${file}`)
      if (options.prune) output.line(`✅ Deleted ${counted(files.length, 'file')}`)
      const pruned = options.prune ? files.map((one) => relative(host.cwd, one)) : []
      output.document({ ok: true, command: 'migrate:squash', connection: name, file, migrations, pruned, warnings })
      return undefined
    })
  },
}

/** What a migration may not be, and what is to be done first. */
const OBSTACLES: [MigrationStatus['state'], string][] = [
  ['interrupted', 'Attempts were interrupted: run them to their end first.'],
  ['pending', 'Migrations are pending: run or remove them first.'],
  [
    'edited',
    'Migrations were edited after they were applied: restore them, or take the edits as they are with --force.',
  ],
]

/** @throws CommandError of kind `refused` where the files and the database do not say the same, or nothing has run. */
async function squashable(invocation: Invocation<SquashOptions>, database: Database) {
  const { config, connection } = database
  const lines = await migratorOf(invocation, database).status()
  for (const [state, why] of OBSTACLES) {
    const found = lines.filter((line) => line.state === state)
    if (found.length > 0 && !(state === 'edited' && invocation.options.force)) throw refused(why, found)
  }
  if (lines.length === 0) throw refused('No migration has run: there is nothing to squash.', [])
  const journal = await Journal.open(connection, 'migrations', config.migrations.table)
  const migrations = (await journal.rows(connection)).map(({ name, checksum }) => ({ name, checksum }))
  const old = dumpPath(invocation.host, database.name)
  const files = lines.flatMap(({ file }) => (file === null || file === old ? [] : [file]))
  return { migrations, files }
}

function refused(why: string, lines: MigrationStatus[]): CommandError {
  return new CommandError('refused', [`${why} Nothing was written.`, ...lines.map(({ name }) => name)].join('\n'))
}

/** @returns Why it was not verified, where that was not asked for. */
async function verify(
  { connection }: Database,
  compare: () => Promise<string[]>,
  options: SquashOptions,
): Promise<string | undefined> {
  let differences: string[]
  try {
    differences = await compare()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (options.verify || !isDenied(error, connection.getDriverName())) {
      throw new CommandError('refused', `The dump cannot be verified: ${reason}\nNothing was written.`, {
        cause: error,
      })
    }
    return `The dump was not compared with the migrations: this user may not create a database (${reason})`
  }
  if (differences.length === 0) return undefined
  throw new CommandError(
    'refused',
    ['The dump is not what the migrations make. Nothing was written.', ...differences].join('\n'),
  )
}

/** Whether a user may not create databases. */
function isDenied(error: unknown, driver: string): boolean {
  const code = String((error as { nativeCode?: unknown } | null)?.nativeCode)
  return driver === 'pgsql' ? code === '42501' : ['1044', '1227', '262'].includes(code)
}

function writesRows(file: string): boolean {
  return WRITES.test(readFileSync(file, 'utf8'))
}
