import type { Command } from './command'
import { dbSeed } from './commands/db-seed'
import { dbWipe } from './commands/db-wipe'
import { init } from './commands/init'
import { makeMigration } from './commands/make-migration'
import { makeSeeder } from './commands/make-seeder'
import { migrate } from './commands/migrate'
import { migrateFresh } from './commands/migrate-fresh'
import { migrateLogs } from './commands/migrate-logs'
import { migrateRefresh } from './commands/migrate-refresh'
import { migrateReset } from './commands/migrate-reset'
import { migrateRollback } from './commands/migrate-rollback'
import { migrateStatus } from './commands/migrate-status'
import { migrateUnlock } from './commands/migrate-unlock'

/** Every command, in the order in which `--help` lists them. */
export const COMMANDS: readonly Command[] = [
  init,
  migrate,
  migrateRollback,
  migrateReset,
  migrateRefresh,
  migrateFresh,
  migrateStatus,
  migrateLogs,
  migrateUnlock,
  makeMigration,
  makeSeeder,
  dbSeed,
  dbWipe,
]
