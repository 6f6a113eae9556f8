import { BlueprintKeys } from './blueprint-keys.js'
import type { IndexKind } from './change.js'
import { ColumnRemoval } from './column-removal.js'
import { listOf } from './list-of.js'
import { type ModelReference, modelColumn } from './model-reference.js'

/** What goes or gets another name. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintRemovals extends BlueprintKeys {
  /**
   * Columns go, with their values.
   *
   * @example
   * table.dropColumn('nick', 'motto') // alter table "users" drop column "nick", drop column "motto"
   */
  dropColumn(columns: string | readonly string[], ...more: string[]): ColumnRemoval {
    const removal = new ColumnRemoval(this.table, [...listOf(columns), ...more])
    this.add(removal.change)
    return removal
  }

  /** The same as {@link dropColumn}. */
  dropColumns(columns: string | readonly string[], ...more: string[]): ColumnRemoval {
    return this.dropColumn(columns, ...more)
  }

  /**
   * A column gets another name.
   *
   * @example
   * table.renameColumn('nick', 'alias') // alter table "users" rename column "nick" to "alias"
   */
  renameColumn(from: string, to: string): void {
    this.add({ kind: 'renameColumn', table: this.table, column: from, to })
  }

  /** The columns of {@link timestamps} go. */
  dropTimestamps(): void {
    this.dropColumn('created_at', 'updated_at')
  }

  /** The columns of {@link timestampsTz} go. */
  dropTimestampsTz(): void {
    this.dropTimestamps()
  }

  /** The column of {@link softDeletes} goes. */
  dropSoftDeletes(column = 'deleted_at'): void {
    this.dropColumn(column)
  }

  /** The column of {@link softDeletesTz} goes. */
  dropSoftDeletesTz(column = 'deleted_at'): void {
    this.dropSoftDeletes(column)
  }

  /** The column of `rememberToken()` goes. */
  dropRememberToken(): void {
    this.dropColumn('remember_token')
  }

  /** The index and the columns of {@link morphs} go. */
  dropMorphs(name: string, index?: string): void {
    const columns = [`${name}_type`, `${name}_id`]
    this.dropIndex(index ?? columns)
    this.dropColumn(columns)
  }

  /**
   * The primary key goes.
   *
   * @example
   * table.dropPrimary() // alter table "users" drop constraint "users_pkey"
   */
  dropPrimary(index?: string | readonly string[]): void {
    this.#drop('primary', index ?? [])
  }

  /**
   * A unique constraint goes.
   *
   * @param index - Its name, or the list of columns that its name is made from.
   * @example
   * table.dropUnique(['email']) // alter table "users" drop constraint "users_email_unique"
   */
  dropUnique(index: string | readonly string[]): void {
    this.#drop('unique', index)
  }

  /**
   * An index goes.
   *
   * @param index - Its name, or the list of columns that its name is made from.
   * @example
   * table.dropIndex(['email']) // drop index "users_email_index"
   */
  dropIndex(index: string | readonly string[]): void {
    this.#drop('index', index)
  }

  /** A full-text index goes. See {@link dropIndex}. */
  dropFullText(index: string | readonly string[]): void {
    this.#drop('fulltext', index)
  }

  /** A spatial index goes. See {@link dropIndex}. */
  dropSpatialIndex(index: string | readonly string[]): void {
    this.#drop('spatial', index)
  }

  /**
   * A condition on rows goes.
   *
   * @param name - The constraint's name.
   * @example
   * table.dropCheck('events_in_order') // alter table "events" drop constraint "events_in_order"
   */
  dropCheck(name: string): void {
    this.add({ kind: 'dropCheck', table: this.table, check: { name } })
  }

  /**
   * A vector index goes. See {@link dropIndex}.
   *
   * @example
   * table.dropVectorIndex(['embedding']) // drop index "posts_embedding_vectorindex"
   */
  dropVectorIndex(index: string | readonly string[]): void {
    this.#drop('vector', index)
  }

  /**
   * A reference to another table goes.
   *
   * @param index - Its name, or the list of columns that its name is made from.
   * @example
   * table.dropForeign(['user_id']) // alter table "posts" drop constraint "posts_user_id_foreign"
   */
  dropForeign(index: string | readonly string[]): void {
    const foreignKey = typeof index === 'string' ? { columns: [], name: index } : { columns: [...index] }
    this.add({ kind: 'dropForeignKey', table: this.table, foreignKey })
  }

  /** A reference and its column go. */
  dropConstrainedForeignId(column: string): void {
    this.dropForeign([column])
    this.dropColumn(column)
  }

  /**
   * The column of {@link foreignIdFor} goes.
   *
   * @example
   * table.dropForeignIdFor(User) // alter table "posts" drop column "user_id"
   */
  dropForeignIdFor(model: ModelReference, column?: string | null): ColumnRemoval {
    return this.dropColumn(modelColumn(model, column))
  }

  /**
   * The column of {@link foreignIdFor} goes, with its reference.
   *
   * @example
   * table.dropConstrainedForeignIdFor(User)
   * // alter table "posts" drop constraint "posts_user_id_foreign"
   * // alter table "posts" drop column "user_id"
   */
  dropConstrainedForeignIdFor(model: ModelReference, column?: string | null): void {
    this.dropConstrainedForeignId(modelColumn(model, column))
  }

  /**
   * An index gets another name. SQLite makes it again under that name.
   *
   * @example
   * table.renameIndex('by_mail', 'by_email') // alter index "by_mail" rename to "by_email"
   */
  renameIndex(from: string, to: string): void {
    this.add({ kind: 'renameIndex', table: this.table, index: from, to })
  }

  /** The table gets another name. */
  rename(to: string): void {
    this.add({ kind: 'renameTable', table: this.table, to })
  }

  /** The table goes. */
  drop(): void {
    this.add({ kind: 'dropTable', table: this.table })
  }

  /** The table goes, if it is there. */
  dropIfExists(): void {
    this.add({ kind: 'dropTable', table: this.table, ifExists: true })
  }

  #drop(kind: IndexKind, index: string | readonly string[]): void {
    const which = typeof index === 'string' ? { kind, name: index } : { kind, columns: [...index] }
    this.add({ kind: 'dropIndex', table: this.table, index: which })
  }
}
