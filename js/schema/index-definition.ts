import type { Index, TableLock } from './change.js'
import { type Expression, sqlText } from './default-value.js'
import { listOf } from './list-of.js'

/** An index being described. Every method adds to the description and returns it. */
export class IndexDefinition {
  /** The description so far. */
  readonly index: Index

  constructor(index: Index) {
    this.index = index
  }

  /**
   * Its name, instead of `users_email_index`.
   *
   * @example
   * table.index('email').name('by_email') // create index "by_email" on "users" ("email")
   */
  name(name: string): this {
    this.index.name = name
    return this
  }

  /**
   * How it finds rows. SQLite has one way.
   *
   * @example
   * table.index('tags').algorithm('gin') // create index "posts_tags_index" on "posts" using gin ("tags")
   */
  algorithm(name: string): this {
    this.index.algorithm = name
    return this
  }

  /**
   * Carries columns along, so that a query for them alone needs no row of the table. PostgreSQL and SQL Server.
   *
   * @throws UnsupportedException when the changes are compiled for another database.
   * @example
   * table.index('email').include('name') // create index "users_email_index" on "users" ("email") include ("name")
   */
  include(columns: string | readonly string[]): this {
    this.index.include = listOf(columns)
    return this
  }

  /**
   * Only the rows for which a condition holds are in it, and with `unique()` only they must differ. Not on MySQL and
   * MariaDB.
   *
   * @param condition - SQL; never put input into it.
   * @throws UnsupportedException when the changes are compiled for MySQL or MariaDB.
   * @example
   * table.unique('email').where('deleted_at is null')
   * // create unique index "users_email_unique" on "users" ("email") where deleted_at is null
   */
  where(condition: string | Expression): this {
    this.index.where = sqlText(condition)
    return this
  }

  /**
   * The language of a full-text index. PostgreSQL only; `english` unless said.
   *
   * @example
   * table.fullText('body').language('german') // … using gin ((to_tsvector('german', "body")))
   */
  language(name: string): this {
    this.index.language = name
    return this
  }

  /**
   * Builds it without locking the table. PostgreSQL only, and not in a transaction.
   *
   * @example
   * table.index('email').online() // create index concurrently "users_email_index" on "users" ("email")
   */
  online(value = true): this {
    this.index.online = value
    return this
  }

  /**
   * Whether two `NULL`s are equal to a unique constraint. PostgreSQL 15 and later.
   *
   * @example
   * table.unique('email').nullsNotDistinct() // … unique nulls not distinct ("email")
   */
  nullsNotDistinct(value = true): this {
    this.index.nullsNotDistinct = value
    return this
  }

  /**
   * Lets the check of a unique constraint wait for the end of the transaction. PostgreSQL only; elsewhere it has no
   * effect.
   *
   * @example
   * table.unique('rank').deferrable() // … add constraint "users_rank_unique" unique ("rank") deferrable
   */
  deferrable(value = true): this {
    this.index.deferrable = value
    return this
  }

  /**
   * Whether a deferrable constraint is checked at once unless the transaction says otherwise. PostgreSQL only.
   *
   * @example
   * table.unique('rank').deferrable().initiallyImmediate(false) // … unique ("rank") deferrable initially deferred
   */
  initiallyImmediate(value = true): this {
    this.index.initiallyImmediate = value
    return this
  }

  /**
   * What others may do with the table meanwhile; the server refuses what needs a stronger lock. MySQL and MariaDB only;
   * elsewhere it has no effect.
   *
   * @example
   * table.index('email').lock('none') // alter table `users` add index `users_email_index`(`email`), lock=none
   */
  lock(lock: TableLock): this {
    this.index.lock = lock
    return this
  }
}
