import type { MigrationContext } from './context'
import type { MigrationSchema } from './migration-connection'

/**
 * What a migration has to offer. A class that `implements Migration`, a class without any base and a plain object
 * all do.
 */
export interface Migration {
  up(context: MigrationContext): unknown
  down(context: MigrationContext): unknown
}

abstract class MigrationBase {
  /** The schema builder of the session that this migration runs in. Set before `up()` and `down()`. */
  declare schema: MigrationSchema

  /** Runs `work` in a savepoint: an error inside can be caught. Set before `up()` and `down()`. */
  declare savepoint: <T>(work: () => Promise<T>) => Promise<T>

  /** Runs `work` once the migration is committed, outside of its transaction. Set before `up()` and `down()`. */
  declare afterCommit: (work: () => unknown) => void

  /** What it is recorded under, instead of the name of its file. */
  name?: string
  /** Runs `work` with statements that lint says nothing about. Set before `up()` and `down()`. */
  declare safetyAssured: <T>(work: () => T | PromiseLike<T>) => Promise<T>

  /** False runs the migration outside a transaction, for what databases refuse inside one. */
  withinTransaction = true

  /** Runs the migration on this connection instead of the one that keeps the journal. */
  connection?: string

  abstract up(context: MigrationContext): unknown

  down?(context: MigrationContext): unknown

  /** False leaves the migration pending. */
  shouldRun(): boolean | Promise<boolean> {
    return true
  }
}

/**
 * Base class of migrations; optional.
 *
 * @example
 * export default class CreateUsersTable extends Migration {
 *   async up() {
 *     await Schema.create('users', (table) => { table.id() })
 *   }
 *   async down() {
 *     await Schema.dropIfExists('users')
 *   }
 * }
 */
export const Migration: typeof MigrationBase = MigrationBase
