import type { Command } from './command'
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
import { migrateFresh } from './commands/migrate-fresh'
import { migrateRefresh } from './commands/migrate-refresh'
import { migrateReset } from './commands/migrate-reset'
import { migrateRollback } from './commands/migrate-rollback'
import { migrateSquash } from './commands/migrate-squash'
import { migrateStatus } from './commands/migrate-status'
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
  migrateStatus,
  migrateSquash,
  schemaDump,
  schemaDiff,
  makeMigration,
  makeModel,
  makeFactory,
  makeSeeder,
  dbSeed,
  dbSeedRefresh,
  dbClear,
  dbWipe,
  dbShow,
]
