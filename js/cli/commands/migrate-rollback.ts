import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BATCHES, DATABASE, FORCE, LOCK, PATH, PRETEND } from '../options'

interface RollbackOptions extends MigrationCommandOptions {
  step?: number
}

export const migrateRollback: Command<RollbackOptions> = {
  name: 'migrate:rollback',
  aliases: ['migration:down'],
  summary: 'Roll back the last batch of migrations',
  options: [BATCHES, PRETEND, FORCE, PATH, ...LOCK, ...DATABASE],
  examples: ['guruorm migrate:rollback', 'guruorm migrate:rollback --step=2', 'guruorm migrate:rollback --pretend'],
  run(invocation) {
    const { step } = invocation.options
    return runMigrations('migrate:rollback', invocation, (migrator, pretend) => migrator.rollback({ step, pretend }))
  },
}
