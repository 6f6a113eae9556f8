import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, DATABASE, FORCE, LOCK, PATH, PRETEND } from '../options'

export const migrateUp: Command<MigrationCommandOptions> = {
  name: 'migrate:up',
  summary: 'Run one pending migration',
  argument: { name: 'name', description: 'its name, with or without extension' },
  options: [PRETEND, FORCE, ...BACKUP, PATH, ...LOCK, ...DATABASE],
  examples: ['guruorm migrate:up 2025_11_30_120000_create_users_table'],
  run(invocation) {
    const { argument: only } = invocation
    return runMigrations('migrate:up', invocation, (migrator, pretend) => migrator.run({ only, pretend }))
  },
}
