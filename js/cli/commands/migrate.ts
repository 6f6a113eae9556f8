import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { DATABASE, FORCE, LOCK, PATH, PRETEND, SEED } from '../options'

interface MigrateOptions extends MigrationCommandOptions {
  step?: boolean
}

export const migrate: Command<MigrateOptions> = {
  name: 'migrate',
  aliases: ['migrate:run', 'migration:up'],
  summary: 'Run the pending migrations',
  options: [
    { flags: '--step', description: 'give each migration a batch of its own, so that each can be rolled back alone' },
    PRETEND,
    FORCE,
    ...SEED,
    PATH,
    ...LOCK,
    ...DATABASE,
  ],
  examples: [
    'guruorm migrate',
    'guruorm migrate --pretend',
    'guruorm migrate --seed',
    'NODE_ENV=production guruorm migrate --force',
  ],
  run(invocation) {
    const { step } = invocation.options
    return runMigrations('migrate', invocation, (migrator, pretend) => migrator.run({ step, pretend }))
  },
}
