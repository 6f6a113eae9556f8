import type { Command } from '../command'
import { type MigrationCommandOptions, runMigrations } from '../migration-command'
import { BACKUP, DATABASE, FORCE, LOCK, PATH, PRETEND } from '../options'

export const migrateDown: Command<MigrationCommandOptions> = {
  name: 'migrate:down',
  summary: 'Roll one migration back',
  argument: { name: 'name', description: 'its name, with or without extension' },
  options: [PRETEND, FORCE, ...BACKUP, PATH, ...LOCK, ...DATABASE],
  examples: ['guruorm migrate:down 2025_11_30_120000_create_users_table'],
  run(invocation) {
    return runMigrations('migrate:down', invocation, (migrator, pretend) =>
      migrator.down(invocation.argument, { pretend }),
    )
  },
}
