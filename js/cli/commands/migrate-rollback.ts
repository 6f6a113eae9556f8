import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, BATCHES, DATABASE, FORCE, LOCK, PATH, PRETEND, RESUME, SCRIPT, wholeNumber } from '../options'
import { inSchemas, SCHEMAS } from '../schemas'

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
    RESUME,
    PRETEND,
    SCRIPT,
    FORCE,
    ...BACKUP,
    PATH,
    ...LOCK,
    ...SCHEMAS,
    ...DATABASE,
  ],
  examples: ['guruorm migrate:rollback', 'guruorm migrate:rollback --step=2', 'guruorm migrate:rollback --pretend'],
  run(invocation) {
    const { step, migrations, batch, to, skipMissing, resume } = invocation.options
    const chosen = { step, migrations, batch, to, skipMissing, resume }
    return inSchemas('migrate:rollback', invocation, (each) =>
      runMigrations('migrate:rollback', each, (migrator, pretend) => migrator.rollback({ ...chosen, pretend })),
    )
  },
}
