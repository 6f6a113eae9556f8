import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, BATCHES, DATABASE, FORCE, LOCK, PATH, PRETEND, wholeNumber } from '../options'

interface RollbackOptions extends MigrationCommandOptions {
  step?: number
  migrations?: number
  batch?: number
  to?: string
  skipMissing?: boolean
}

export const migrateRollback: Command<RollbackOptions> = {
  name: 'migrate:rollback',
  aliases: ['migration:down'],
  summary: 'Roll back the last batch of migrations',
  options: [
    BATCHES,
    {
      flags: '--migrations <number>',
      description: 'how many migrations to roll back, whatever their batches',
      parse: (value) => wholeNumber(value, 1),
    },
    {
      flags: '--batch <number>',
      description: 'the batch to roll back',
      parse: (value) => wholeNumber(value, 1),
    },
    { flags: '--to <name>', description: 'roll back everything that ran after this migration' },
    { flags: '--skip-missing', description: 'leave out migrations whose file is gone' },
    PRETEND,
    FORCE,
    ...BACKUP,
    PATH,
    ...LOCK,
    ...DATABASE,
  ],
  examples: ['guruorm migrate:rollback', 'guruorm migrate:rollback --step=2', 'guruorm migrate:rollback --pretend'],
  run(invocation) {
    const { step, migrations, batch, to, skipMissing } = invocation.options
    return runMigrations('migrate:rollback', invocation, (migrator, pretend) =>
      migrator.rollback({ step, migrations, batch, to, skipMissing, pretend }),
    )
  },
}
