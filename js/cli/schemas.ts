/** One command in several schemas of a database: tenants that each have tables and migrations of their own. */
import type { MigrationConnection } from '../migrations/migration-connection'
import type { NamespaceInfo } from '../schema/executor'
import type { CommandOption, DatabaseOptions, FailureOutcome, Invocation } from './command'
import { CommandError } from './command-error'
import type { ConnectionOptions } from './config'
import { withDatabase } from './database'
import { loadDotenv } from './dotenv'
import { GUARDED, guarded, guardProduction } from './guard'
import { names } from './options'
import { Output } from './output'
import { report } from './report'
import { counted } from './reporter'

export interface SchemasOptions extends DatabaseOptions {
  schema?: string[]
  eachSchema?: string
  pretend?: unknown
}

export const SCHEMAS: CommandOption[] = [
  {
    flags: '--schema <names>',
    description: 'the schemas to work in, one after the other, separated by commas',
    parse: names,
  },
  { flags: '--each-schema <pattern>', description: "every schema that is called so: 'tenant_%'" },
]

/** How a connection gets into a schema. A schema of MySQL is a database. */
const SETTINGS: Record<string, (schema: string) => ConnectionOptions> = {
  pgsql: (schema) => ({ searchPath: [schema] }),
  mysql: (schema) => ({ database: schema }),
  mariadb: (schema) => ({ database: schema }),
}

/** What a command says about itself under `--json`, as far as the summary reads it. */
interface Said {
  ok?: boolean
  pending?: number
  migrations?: { status?: string }[]
  error?: { message?: string }
}

/** Keeps the documents of `--json` for the one of all schemas. */
class SchemaOutput extends Output {
  said: Said = {}

  override document(document: object): void {
    this.said = document
  }
}

/**
 * Runs a command in every schema that the options name, each on a connection of its own, or once where they name
 * none. A schema that fails does not keep the others from it.
 *
 * @param command - Its name.
 */
export async function inSchemas<Options extends SchemasOptions>(
  command: string,
  invocation: Invocation<Options>,
  run: (invocation: Invocation<Options>) => Promise<FailureOutcome>,
): Promise<FailureOutcome> {
  const { host, options, output } = invocation
  if (options.schema === undefined && options.eachSchema === undefined) return run(invocation)
  loadDotenv(host)
  if (command in GUARDED) guardProduction(host, options, guarded(command).action)
  const { connection, places } = await withDatabase(invocation, async (database) => ({
    connection: database.name,
    places: await placesOf(database.connection, options),
  }))
  const lines: string[] = []
  const schemas: object[] = []
  const widest = Math.max(...places.map(({ schema }) => schema.length))
  let failure: FailureOutcome
  for (const place of places) {
    output.line(`▸ Schema ${place.schema}`)
    const own = new SchemaOutput(host, options)
    const outcome = await run({ ...invocation, output: own, options: { ...options, place } }).catch((error) =>
      report(error, own, command),
    )
    schemas.push({ schema: place.schema, ...own.said })
    lines.push(`${outcome === undefined ? '✅' : '❌'} ${place.schema.padEnd(widest)}  ${summaryOf(own.said)}`)
    failure ??= outcome
    if (outcome === 'interrupted' || outcome === 'terminated') break
  }
  output.line('')
  for (const line of lines) output.line(line)
  output.document({ ok: failure === undefined, command, connection, schemas })
  return failure
}

/** @throws CommandError where the database has no schemas, or none that is meant. */
async function placesOf(
  connection: MigrationConnection,
  { schema: wanted, eachSchema: pattern }: SchemasOptions,
): Promise<{ schema: string; settings: ConnectionOptions }[]> {
  const driver = connection.getDriverName()
  const settings = SETTINGS[driver]
  if (settings === undefined) {
    throw new CommandError(
      'usage',
      `--schema and --each-schema work on PostgreSQL, MySQL and MariaDB, and this database is ${driver}.`,
    )
  }
  if (wanted !== undefined && pattern !== undefined) {
    throw new CommandError('usage', 'Choose --schema or --each-schema, not both.')
  }
  const command = { do: 'schema.inspect', question: { ask: 'schemas' } }
  const there = ((await connection.native(command)) as NamespaceInfo[]).map(({ name }) => name).sort()
  const lost = wanted?.filter((name) => !there.includes(name)) ?? []
  if (lost.length > 0) {
    throw new CommandError('usage', `There is no schema ${lost.join(', ')}. There are: ${there.join(', ')}.`)
  }
  const chosen = wanted ?? there.filter((name) => matches(name, pattern ?? ''))
  if (chosen.length === 0) {
    throw new CommandError('usage', `No schema is called ${pattern}. There are: ${there.join(', ')}.`)
  }
  return [...new Set(chosen)].map((schema) => ({ schema, settings: settings(schema) }))
}

/** `%` and `*` stand for any text; everything else, `_` as well, for itself. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split(/[%*]/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'su').test(name)
}

function summaryOf({ migrations, pending, error }: Said): string {
  if (error?.message !== undefined) return error.message.split('\n')[0] ?? ''
  if (pending !== undefined) return `${pending} pending`
  return counted(migrations?.filter(({ status }) => status !== 'failed').length ?? 0, 'migration')
}
