import { resolve } from 'node:path'
import type { MigrationFailure } from '../migrations/failure'
import { type MigrationResult, Migrator, type MigratorOptions, type Pretend } from '../migrations/migrator'
import { RunControl } from '../migrations/run-control'
import { type SeederResult, SeederRunner } from '../seeding/runner'
import { backupSetting } from './backup-command'
import type { DatabaseOptions, FailureOutcome, Invocation } from './command'
import { CommandError } from './command-error'
import type { Database } from './database'
import { dumpPath } from './dump-path'
import { withGuardedDatabase } from './guarded-database'
import type { Host } from './host'
import { loggedToFile } from './log-file'
import { migrationDocument } from './migration-document'
import { counted, Reporter } from './reporter'
import { keepingCache } from './schema-cache'
import type { SchemasOptions } from './schemas'
import { ScriptReporter } from './script-reporter'
import { withSignals } from './signals'

/** Options of the commands that run migrations. */
export interface MigrationCommandOptions extends SchemasOptions {
  path?: string[]
  pretend?: true | 'sql' | 'names'
  /** With `pretend`: as a script. */
  sql?: boolean
  rehearse?: boolean
  resume?: true | 'skip' | 'retry'
  lockTimeout?: number
  wait?: boolean
  backup?: boolean
  seed?: boolean
  seeder?: string[]
}

/**
 * Guards, opens the database, runs migrations, then seeders when asked to, and reports.
 *
 * @param seedsAgain - Whether seeders that ran before run once more, as what they wrote is gone.
 */
export async function runMigrations<Options extends MigrationCommandOptions>(
  command: string,
  invocation: Invocation<Options>,
  work: (migrator: Migrator, pretend: Pretend | undefined) => Promise<MigrationResult[]>,
  seedsAgain = false,
): Promise<FailureOutcome> {
  const { host, options, output } = invocation
  const pretend = pretendOf(options)
  return withGuardedDatabase(command, invocation, async (database) => {
    const reporter = pretend === 'script' ? new ScriptReporter(output, host.cwd) : new Reporter(output, host.cwd)
    const control = new RunControl()
    const migrator = migratorOf(invocation, database, control)
    const end = reporter.listen(migrator.events)
    const warn = (message: string) => reporter.warn(message)
    const running = () =>
      loggedToFile(invocation, database, { events: migrator.events, warn }, () =>
        keepingCache(invocation, database, warn, () => work(migrator, pretend)),
      )
    const { result: results = [], ended } = await withSignals(host, output, control, running).finally(end)

    const isSeeding =
      ended === undefined &&
      (options.seed || options.seeder !== undefined) &&
      !options.pretend &&
      !options.rehearse &&
      reporter.failure === undefined
    const chosen = { classes: options.seeder, again: seedsAgain }
    const seeders = isSeeding ? await runSeeders(invocation, database, reporter, chosen) : []
    const { failure } = reporter
    const isSeeded = seeders.every((seeder) => seeder.success)
    output.document({
      ok: failure === undefined && isSeeded && ended === undefined,
      command,
      connection: database.name,
      ...migrationDocument(results, failure),
      ...(isSeeding ? { seeders } : {}),
      ...(ended === undefined ? {} : { ended }),
      warnings: reporter.warnings,
    })
    if (ended !== undefined) return ended
    if (failure !== undefined) return outcomeOf(failure)
    return isSeeded ? undefined : 'failed'
  })
}

function outcomeOf({ state, code }: MigrationFailure): FailureOutcome {
  if (state.startsWith('PARTIAL')) return 'partial'
  return code === 'BACKUP_FAILED' || code === 'GUARD' ? 'refused' : 'failed'
}

/** @throws CommandError for a script of nothing. */
function pretendOf({ pretend, sql }: MigrationCommandOptions): Pretend | undefined {
  if (!sql) return pretend
  if (pretend === undefined || pretend === 'names') {
    throw new CommandError('usage', '--sql prints what --pretend shows: write --pretend --sql.')
  }
  return 'script'
}

export function migratorOf(
  { host, options }: Invocation<MigrationCommandOptions>,
  { config, connection, name, resolveConnection }: Database,
  control = new RunControl(),
): Migrator {
  return new Migrator(connection, {
    ...config.migrations.run,
    control,
    backup: backupSetting(host, options.backup, config),
    environment: config.environment ?? host.env.NODE_ENV,
    progress: progressTimes(host, options),
    paths: (options.path ?? config.migrations.paths).map((path) => resolve(host.cwd, path)),
    table: config.migrations.table,
    schemaDump: dumpPath(host, name),
    checksums: config.migrations.checksums,
    outOfOrder: config.migrations.outOfOrder,
    lint: config.migrations.lint,
    lockTimeout:
      options.wait === false ? 0 : options.lockTimeout === undefined ? undefined : options.lockTimeout * 1000,
    resolveConnection,
  })
}

/** Less often where nobody looks on; never where one document is asked for. */
function progressTimes({ stderr }: Host, { json, quiet }: MigrationCommandOptions): MigratorOptions['progress'] {
  if (json || quiet) return false
  return stderr.isTTY ? {} : { first: 60_000, every: 60_000 }
}

export function seederRunnerOf(
  host: Host,
  { config, connection, resolveConnection }: Pick<Database, 'config' | 'connection' | 'resolveConnection'>,
  reporter: Reporter,
): SeederRunner {
  return new SeederRunner(connection, {
    path: resolve(host.cwd, config.seeders.path),
    table: config.seeders.table,
    events: reporter.seeders(),
    resolveConnection,
  })
}

/** Runs seeders with the lines that belong to them. */
export async function runSeeders(
  { host, output }: Invocation<DatabaseOptions>,
  { config, connection, resolveConnection }: Database,
  reporter: Reporter,
  options: { classes?: string[]; again?: boolean },
): Promise<SeederResult[]> {
  output.line('🌱 Seeding database...')
  const results = await seederRunnerOf(host, { config, connection, resolveConnection }, reporter).run(options)
  const done = results.filter((result) => result.success && !result.skipped).length
  if (results.every((result) => result.success)) {
    output.line(done === 0 ? '✅ Nothing to seed' : `✨ Seeding completed! (${counted(done, 'seeder')})`)
  }
  return results
}
