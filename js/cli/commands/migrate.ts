import type { Command } from '../command'
import { CommandError } from '../command-error'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, DATABASE, FORCE, LOCK, PATH, PRETEND, RESUME, SCRIPT, SEED, wholeNumber } from '../options'
import { inSchemas, SCHEMAS } from '../schemas'

interface MigrateOptions extends MigrationCommandOptions {
  step?: boolean | number
  to?: string
  only?: string
  limit?: number
  singleTransaction?: boolean
}

export const migrate: Command<MigrateOptions> = {
  name: 'migrate',
  aliases: ['migrate:run', 'migration:up'],
  summary: 'Run the pending migrations',
  options: [
    {
      flags: '--step [number]',
      description:
        'give each migration a batch of its own, so that each can be rolled back alone; =1 runs only the first',
      parse: (value) => wholeNumber(value, 1),
    },
    { flags: '--to <name>', description: 'the last migration to run; those before it run as well' },
    { flags: '--only <name>', description: 'the only migration to run' },
    {
      flags: '--limit <number>',
      description: 'how many migrations run at most',
      parse: (value) => wholeNumber(value, 1),
    },
    RESUME,
    PRETEND,
    SCRIPT,
    {
      flags: '--rehearse',
      description: 'run in one transaction and roll back: PostgreSQL, SQLite, SQL Server',
    },
    {
      flags: '--single-transaction',
      description: 'all of them or none, in one transaction: PostgreSQL, SQLite, SQL Server',
    },
    FORCE,
    ...BACKUP,
    ...SEED,
    PATH,
    ...LOCK,
    ...SCHEMAS,
    ...DATABASE,
  ],
  examples: [
    'guruorm migrate',
    'guruorm migrate --pretend',
    'guruorm migrate --pretend --sql > migrate.sql',
    'guruorm migrate --to=2025_11_30_120000_create_users_table',
    'guruorm migrate --seed',
    'guruorm migrate --each-schema=tenant_%',
    'guruorm migrate --resume',
    'NODE_ENV=production guruorm migrate --force',
  ],
  run(invocation) {
    const { step, to, only, rehearse, singleTransaction, pretend: shown, resume } = invocation.options
    const limit = invocation.options.limit ?? (typeof step === 'number' ? step : undefined)
    if (rehearse && (shown !== undefined || singleTransaction)) {
      throw new CommandError('usage', '--rehearse goes with neither --pretend nor --single-transaction.')
    }
    return inSchemas('migrate', invocation, (each) =>
      runMigrations('migrate', each, (migrator, pretend) =>
        rehearse
          ? migrator.rehearse({ to, only, limit })
          : migrator.run({ step: step !== undefined, to, only, limit, pretend, singleTransaction, resume }),
      ),
    )
  },
}
