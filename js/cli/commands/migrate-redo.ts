import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, DATABASE, FORCE, LOCK, PATH, PRETEND } from '../options'

export const migrateRedo: Command<MigrationCommandOptions> = {
  name: 'migrate:redo',
  summary: 'Roll the last migration back and run it again',
  options: [PRETEND, FORCE, ...BACKUP, PATH, ...LOCK, ...DATABASE],
  examples: ['guruorm migrate:redo'],
  run(invocation) {
    return runMigrations('migrate:redo', invocation, (migrator, pretend) => migrator.redo({ pretend }))
  },
}
