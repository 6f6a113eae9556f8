import type { Command } from '../command'
import type { MigrationCommandOptions } from '../migration-command'
import { DATABASE, FORCE, LOCK, PATH } from '../options'
import { changeRecords } from '../record-command'

interface BaselineOptions extends MigrationCommandOptions {
  to?: string
}

export const migrateBaseline: Command<BaselineOptions> = {
  name: 'migrate:baseline',
  summary: 'Record the migrations that an existing database has already, as batch 0; runs none',
  options: [
    { flags: '--to <name>', description: 'the last one that it has (default: all)' },
    FORCE,
    PATH,
    ...LOCK,
    ...DATABASE,
  ],
  examples: ['guruorm migrate:baseline', 'guruorm migrate:baseline --to=2025_11_30_create_users_table'],
  run(invocation) {
    return changeRecords('migrate:baseline', invocation, (records) => records.baseline(invocation.options.to))
  },
}
