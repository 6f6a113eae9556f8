import type { Index } from './change.js'

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
}
