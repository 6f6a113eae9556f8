import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, BATCHES, DATABASE, FORCE, LOCK, PATH, PRETEND, SEED } from '../options'

interface RefreshOptions extends MigrationCommandOptions {
  step?: number
}

export const migrateRefresh: Command<RefreshOptions> = {
  name: 'migrate:refresh',
  summary: 'Roll back all migrations and run them again',
  options: [BATCHES, PRETEND, FORCE, ...BACKUP, ...SEED, PATH, ...LOCK, ...DATABASE],
  examples: ['guruorm migrate:refresh', 'guruorm migrate:refresh --seed', 'guruorm migrate:refresh --step=1'],
  run(invocation) {
    const { step } = invocation.options
    const refresh: Parameters<typeof runMigrations>[2] = (migrator, pretend) => migrator.refresh({ step, pretend })
    // With `--step` the rows of other tables are still there.
    return runMigrations('migrate:refresh', invocation, refresh, step === undefined)
  },
}
