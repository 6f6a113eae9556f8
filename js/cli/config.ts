import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Policies, Policy } from '../migrations/engine'
import { HOOKS, type MigrationHooks } from '../migrations/hooks'
import type { LintOptions } from '../migrations/lint/lint-engine'
import { DEFAULT_MIGRATIONS_PATH, DEFAULT_MIGRATIONS_TABLE, type MigratorOptions } from '../migrations/migrator'
import type { RunLimits } from '../migrations/run-options'
import { EXTENSIONS, UniversalLoader } from '../migrations/universal-loader'
import { DEFAULT_SEEDERS_PATH, DEFAULT_SEEDERS_TABLE } from '../seeding/runner'
import { CommandError } from './command-error'
import { loadDotenv } from './dotenv'
import type { Host } from './host'

/** Options of one connection, as `addConnection` takes them. */
export type ConnectionOptions = Record<string, unknown>

/** How migrations run; the migrator checks them. */
export type RunSettings = RunLimits &
  MigrationHooks &
  Pick<MigratorOptions, 'backup' | 'logTable' | 'lock' | 'onPartialFailure'>

const RUN_SETTINGS = [
  ...(['backup', 'logTable', 'lock', 'onPartialFailure'] as const),
  ...(['ddlLockTimeout', 'ddlLockRetries', 'statementTimeout'] as const),
  ...HOOKS,
] as const

/** What the command line knows of a project. */
export interface ProjectConfig {
  /** Where it was found, for messages. */
  source: string
  /** The name of the default connection. */
  default: string
  connections: Record<string, ConnectionOptions>
  migrations: {
    paths: string[]
    table: string
    logFile?: string
    run?: RunSettings
    lint?: LintOptions | false
  } & Policies
  seeders: { path: string; table: string }
  /** `production` guards as `NODE_ENV=production` does. */
  environment?: string
  /** Whether commands that lose tables or rows are refused, also with `--force`. */
  prohibitDestructiveCommands?: boolean
}

/**
 * The project's configuration: a file, else `DATABASE_URL`, else `DB_CONNECTION` (or `DB_DRIVER`), `DB_HOST`, …
 *
 * @throws CommandError of kind `usage` that says what is missing and how to add it.
 */
export async function loadConfig(host: Host, file?: string): Promise<ProjectConfig> {
  const path = findConfig(host, file)
  if (path !== undefined) return fromFile(path, relative(host.cwd, path) || path)
  const connection = fromEnvironment(host.env)
  if (connection !== undefined) return normalised(connection.options, connection.source)
  throw new CommandError(
    'usage',
    [
      'No database is configured.',
      `There is no guruorm.config.{${EXTENSIONS.join(',')}} in ${host.cwd},`,
      'and neither DATABASE_URL nor DB_CONNECTION (or DB_DRIVER) is set in the environment or in .env.',
      'Create a configuration with: npx guruorm init',
    ].join('\n'),
  )
}

/** The configuration file that is in use; none when there is none. */
export function findConfig(host: Host, file?: string): string | undefined {
  if (file !== undefined) {
    const path = resolve(host.cwd, file)
    if (!existsSync(path)) throw new CommandError('usage', `There is no configuration file ${path}.`)
    return path
  }
  return EXTENSIONS.map((extension) => join(host.cwd, `guruorm.config.${extension}`)).find((path) => existsSync(path))
}

async function fromFile(path: string, source: string): Promise<ProjectConfig> {
  let value: unknown
  try {
    value = await UniversalLoader.loadModule(path)
  } catch (error) {
    throw new CommandError(
      'usage',
      `Cannot load ${source}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
  return normalised(value, source)
}

/** The connection that the environment describes, in the words of 2.1.24, Laravel and hosting providers. */
function fromEnvironment(env: Host['env']): { options: ConnectionOptions; source: string } | undefined {
  if (env.DATABASE_URL) {
    const options = { url: env.DATABASE_URL, ...(env.DIRECT_URL && { directUrl: env.DIRECT_URL }) }
    return { options, source: 'DATABASE_URL' }
  }
  const driver = env.DB_CONNECTION || env.DB_DRIVER
  if (!driver) return undefined
  const options: ConnectionOptions = { driver }
  const names = {
    DB_HOST: 'host',
    DB_PORT: 'port',
    DB_DATABASE: 'database',
    DB_USERNAME: 'username',
    DB_PASSWORD: 'password',
  }
  for (const [variable, key] of Object.entries(names)) {
    const value = env[variable]
    if (value !== undefined && value !== '') options[key] = key === 'port' ? Number(value) : value
  }
  return { options, source: env.DB_CONNECTION ? 'DB_CONNECTION' : 'DB_DRIVER' }
}

/** Brings the accepted shapes to one: `{ default, connections, … }`, or the options of a single connection. */
function normalised(value: unknown, source: string): ProjectConfig {
  if (!isRecord(value)) throw wrong(source, 'it must export an object')
  const isFlat = !isRecord(value.connections) && ('driver' in value || 'url' in value)
  const connections = isFlat ? { default: withoutSections(value) } : value.connections
  if (!isRecord(connections)) {
    throw wrong(source, 'it needs "connections: { name: { driver, … } }", or "driver" for a single connection')
  }
  const names = Object.keys(connections)
  if (names.length === 0) throw wrong(source, '"connections" is empty')
  for (const name of names) {
    if (!isRecord(connections[name])) throw wrong(source, `connection "${name}" must be an object`)
  }
  const chosen = isFlat ? 'default' : (value.default ?? (names.length === 1 ? names[0] : undefined))
  if (typeof chosen !== 'string') throw wrong(source, `"default" must name one of its connections: ${names.join(', ')}`)
  if (!names.includes(chosen)) {
    throw wrong(source, `"default" names the connection "${chosen}", which is not among: ${names.join(', ')}`)
  }
  const migrations = section(value, 'migrations', source)
  const seeders = section(value, 'seeders', source)
  return {
    source,
    default: chosen,
    connections: connections as Record<string, ConnectionOptions>,
    migrations: {
      paths: texts(migrations.path ?? migrations.paths ?? DEFAULT_MIGRATIONS_PATH, 'migrations.path', source),
      table: text(migrations.table ?? DEFAULT_MIGRATIONS_TABLE, 'migrations.table', source),
      checksums: policy(migrations.checksums, 'migrations.checksums', source),
      outOfOrder: policy(migrations.outOfOrder, 'migrations.outOfOrder', source),
      ...(migrations.logFile === undefined ? {} : { logFile: text(migrations.logFile, 'migrations.logFile', source) }),
      ...lintOptions(migrations.lint, source),
      ...runSettings(migrations),
    },
    seeders: {
      path: text(seeders.path ?? DEFAULT_SEEDERS_PATH, 'seeders.path', source),
      table: text(seeders.table ?? DEFAULT_SEEDERS_TABLE, 'seeders.table', source),
    },
    ...(value.environment === undefined ? {} : { environment: text(value.environment, 'environment', source) }),
    ...(flag(value.prohibitDestructiveCommands, 'prohibitDestructiveCommands', source) && {
      prohibitDestructiveCommands: true,
    }),
  }
}

/** Rules are known to the engine, which checks them. */
function lintOptions(value: unknown, source: string): { lint?: LintOptions | false } {
  if (value === undefined) return {}
  if (value === false || isRecord(value)) return { lint: value }
  throw wrong(source, '"migrations.lint" must be false, or an object with "rules" and "ignore"')
}

function runSettings(migrations: Record<string, unknown>): { run?: RunSettings } {
  const given = RUN_SETTINGS.filter((name) => migrations[name] !== undefined)
  return given.length === 0 ? {} : { run: Object.fromEntries(given.map((name) => [name, migrations[name]])) }
}

function withoutSections({
  migrations,
  seeders,
  environment,
  prohibitDestructiveCommands,
  ...options
}: Record<string, unknown>): ConnectionOptions {
  return options
}

/** A misspelled guard must not be an open one. */
function flag(value: unknown, name: string, source: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw wrong(source, `"${name}" must be true or false`)
  return value ?? false
}

function section(value: Record<string, unknown>, name: string, source: string): Record<string, unknown> {
  const found = value[name] ?? {}
  if (!isRecord(found)) throw wrong(source, `"${name}" must be an object`)
  return found
}

function text(value: unknown, name: string, source: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(source, `"${name}" must be text`)
  return value
}

/** What a doubt does; the migrator's own default when nothing is said. */
function policy(value: unknown, name: string, source: string): Policy | undefined {
  if (value === undefined || value === 'off' || value === 'warn' || value === 'error') return value
  throw wrong(source, `"${name}" must be 'off', 'warn' or 'error'`)
}

function texts(value: unknown, name: string, source: string): string[] {
  return Array.isArray(value) ? value.map((part) => text(part, name, source)) : [text(value, name, source)]
}

function wrong(source: string, what: string): CommandError {
  return new CommandError('usage', `${source} cannot be used: ${what}.`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Folders that a configuration file names; none when there is no file. Needs no database to be configured. */
export async function configuredPaths(
  host: Host,
  file?: string,
): Promise<{ migrations: string; seeders: string } | undefined> {
  loadDotenv(host)
  const path = findConfig(host, file)
  if (path === undefined) return undefined
  const { migrations, seeders } = await fromFile(path, relative(host.cwd, path) || path)
  return { migrations: migrations.paths[0] ?? DEFAULT_MIGRATIONS_PATH, seeders: seeders.path }
}
