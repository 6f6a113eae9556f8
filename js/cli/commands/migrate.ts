import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, DATABASE, FORCE, LOCK, PATH, PRETEND, SEED, wholeNumber } from '../options'

interface MigrateOptions extends MigrationCommandOptions {
  step?: boolean
  to?: string
  only?: string
  limit?: number
}

export const migrate: Command<MigrateOptions> = {
  name: 'migrate',
  aliases: ['migrate:run', 'migration:up'],
  summary: 'Run the pending migrations',
  options: [
    { flags: '--step', description: 'give each migration a batch of its own, so that each can be rolled back alone' },
    { flags: '--to <name>', description: 'the last migration to run; those before it run as well' },
    { flags: '--only <name>', description: 'the only migration to run' },
    {
      flags: '--limit <number>',
      description: 'how many migrations run at most',
      parse: (value) => wholeNumber(value, 1),
    },
    PRETEND,
    FORCE,
    ...BACKUP,
    ...SEED,
    PATH,
    ...LOCK,
    ...DATABASE,
  ],
  examples: [
    'guruorm migrate',
    'guruorm migrate --pretend',
    'guruorm migrate --to=2025_11_30_120000_create_users_table',
    'guruorm migrate --seed',
    'NODE_ENV=production guruorm migrate --force',
  ],
  run(invocation) {
    const { step, to, only, limit } = invocation.options
    return runMigrations('migrate', invocation, (migrator, pretend) => migrator.run({ step, to, only, limit, pretend }))
  },
}
