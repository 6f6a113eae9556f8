import type { Command } from './command'
import { dbSeed } from './commands/db-seed'
import { dbWipe } from './commands/db-wipe'
import { init } from './commands/init'
import { makeMigration } from './commands/make-migration'
import { makeSeeder } from './commands/make-seeder'
import { migrate } from './commands/migrate'
import { migrateBaseline } from './commands/migrate-baseline'
import { migrateDown } from './commands/migrate-down'
import { migrateFresh } from './commands/migrate-fresh'
import { migrateMark } from './commands/migrate-mark'
import { migrateRedo } from './commands/migrate-redo'
import { migrateRefresh } from './commands/migrate-refresh'
import { migrateRepair } from './commands/migrate-repair'
import { migrateReset } from './commands/migrate-reset'
import { migrateRollback } from './commands/migrate-rollback'
import { migrateStatus } from './commands/migrate-status'
import { migrateUp } from './commands/migrate-up'
import { migrateValidate } from './commands/migrate-validate'

/** Every command, in the order in which `--help` lists them. */
export const COMMANDS: readonly Command[] = [
  init,
  migrate,
  migrateRollback,
  migrateReset,
  migrateRefresh,
  migrateFresh,
  migrateUp,
  migrateDown,
  migrateRedo,
  migrateStatus,
  migrateValidate,
  migrateMark,
  migrateBaseline,
  migrateRepair,
  makeMigration,
  makeSeeder,
  dbSeed,
  dbWipe,
]
