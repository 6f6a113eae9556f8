import { resolve } from 'node:path'
import { loadDump } from '../../migrations/dump-loader'
import { structureOf } from '../../migrations/dumper'
import { Journal } from '../../migrations/journal'
import { OWN_TABLES } from '../../migrations/meta'
import { readDump } from '../../migrations/schema-dump'
import type { Change } from '../../schema/change'
import type { Database as Structure } from '../../schema/database'
import type { Command, DatabaseOptions } from '../command'
import { CommandError } from '../command-error'
import { type Database, withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { dumpPath } from '../dump-path'
import { DATABASE } from '../options'
import { withScratchDatabase } from '../scratch-database'

interface DiffOptions extends DatabaseOptions {
  to?: string
  dump?: string | true
  exitCode?: boolean
}

export const schemaDiff: Command<DiffOptions> = {
  name: 'schema:diff',
  summary: 'Show the SQL that makes the tables of this database those of another one, or of a dump',
  options: [
    { flags: '--to <connection>', description: 'the connection whose database is wanted' },
    {
      flags: '--dump [file]',
      description: 'the dump that is wanted (default database/schema/<connection>-schema.sql)',
    },
    { flags: '--exit-code', description: 'exit with 1 when there is a difference' },
    ...DATABASE,
  ],
  examples: ['guruorm schema:diff --to=staging', 'guruorm schema:diff --dump --exit-code'],
  async run(invocation) {
    const { host, options, output } = invocation
    if ((options.to === undefined) === (options.dump === undefined)) {
      throw new CommandError('usage', 'Give --to=CONNECTION or --dump: what this database is compared with.')
    }
    loadDotenv(host)
    return withDatabase(invocation, async (database) => {
      const { config, connection, name } = database
      const file = options.dump === true ? dumpPath(host, name) : resolve(host.cwd, options.dump ?? '')
      const without = [config.migrations.table, config.seeders.table, ...OWN_TABLES]
      const wanted =
        options.to === undefined ? await dumped(database, file) : await other(database, options.to, without)
      const current = await structureOf(connection, without)
      const changes = (await connection.native({ do: 'schema.diff', current, wanted })) as Change[]
      const plan = { do: 'schema.plan', changes, settled: true }
      const statements = changes.length === 0 ? [] : ((await connection.native(plan)) as string[])
      output.document({ ok: true, command: 'schema:diff', connection: name, changes, statements })
      if (changes.length === 0) output.line('✅ No schema differences')
      for (const sql of statements) output.line(`${sql};`)
      return options.exitCode && changes.length > 0 ? 'validation' : undefined
    })
  },
}

async function other(
  { config, connection, resolveConnection }: Database,
  name: string,
  without: string[],
): Promise<Structure> {
  const names = Object.keys(config.connections)
  if (!names.includes(name)) {
    throw new CommandError('usage', `${config.source} has no connection "${name}". It has: ${names.join(', ')}.`)
  }
  const target = resolveConnection(name)
  const [from, to] = [connection.getDriverName(), target.getDriverName()]
  if (from !== to) {
    throw new CommandError('usage', `A database of ${to} cannot be compared with one of ${from}: their types differ.`)
  }
  const found = await structureOf(target, without)
  // A table of the one's namespace is a table of the other's.
  return { ...found, namespace: null }
}

/** What a dump makes, in a database that goes again. */
async function dumped(database: Database, path: string): Promise<Structure> {
  const dump = readDump(path)
  if (dump === null)
    throw new CommandError('usage', `There is no schema dump ${path}. Make it with: guruorm schema:dump`)
  const { table } = database.config.migrations
  return withScratchDatabase(database, async ({ connection }) => {
    const journal = await Journal.open(connection, 'migrations', table)
    await journal.prepare(connection)
    await connection.pin((session) => loadDump(session, journal, dump))
    return { ...(await structureOf(connection, [table, ...OWN_TABLES])), namespace: null }
  })
}
