import type { Command } from './command'
import { backupList } from './commands/backup-list'
import { backupPrune } from './commands/backup-prune'
import { backupRestore } from './commands/backup-restore'
import { completion } from './commands/completion'
import { dbClear } from './commands/db-clear'
import { dbSeed } from './commands/db-seed'
import { dbSeedRefresh } from './commands/db-seed-refresh'
import { dbShow } from './commands/db-show'
import { dbWipe } from './commands/db-wipe'
import { init } from './commands/init'
import { makeFactory } from './commands/make-factory'
import { makeMigration } from './commands/make-migration'
import { makeModel } from './commands/make-model'
import { makeSeeder } from './commands/make-seeder'
import { migrate } from './commands/migrate'
import { migrateBaseline } from './commands/migrate-baseline'
import { migrateDown } from './commands/migrate-down'
import { migrateFresh } from './commands/migrate-fresh'
import { migrateLint } from './commands/migrate-lint'
import { migrateLogs } from './commands/migrate-logs'
import { migrateMark } from './commands/migrate-mark'
import { migrateRedo } from './commands/migrate-redo'
import { migrateRefresh } from './commands/migrate-refresh'
import { migrateRepair } from './commands/migrate-repair'
import { migrateReset } from './commands/migrate-reset'
import { migrateRollback } from './commands/migrate-rollback'
import { migrateSquash } from './commands/migrate-squash'
import { migrateStatus } from './commands/migrate-status'
import { migrateUnlock } from './commands/migrate-unlock'
import { migrateUp } from './commands/migrate-up'
import { migrateValidate } from './commands/migrate-validate'
import { modelPrune } from './commands/model-prune'
import { schemaCache } from './commands/schema-cache'
import { schemaDiff } from './commands/schema-diff'
import { schemaDump } from './commands/schema-dump'

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
  migrateSquash,
  schemaDump,
  schemaCache,
  schemaDiff,
  migrateValidate,
  migrateLint,
  migrateMark,
  migrateBaseline,
  migrateRepair,
  migrateLogs,
  migrateUnlock,
  backupList,
  backupRestore,
  backupPrune,
  makeMigration,
  makeModel,
  makeFactory,
  makeSeeder,
  modelPrune,
  dbSeed,
  dbSeedRefresh,
  dbClear,
  dbWipe,
  dbShow,
  completion,
]
