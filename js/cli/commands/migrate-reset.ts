import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, DATABASE, FORCE, LOCK, PATH, PRETEND } from '../options'

export const migrateReset: Command<MigrationCommandOptions> = {
  name: 'migrate:reset',
  summary: 'Roll back all migrations',
  options: [PRETEND, FORCE, ...BACKUP, PATH, ...LOCK, ...DATABASE],
  examples: ['guruorm migrate:reset', 'guruorm migrate:reset --pretend=names'],
  run(invocation) {
    return runMigrations('migrate:reset', invocation, (migrator, pretend) => migrator.reset({ pretend }))
  },
}
