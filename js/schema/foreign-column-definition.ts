import type { Column, ColumnType, ForeignKey } from './change.js'
import { ColumnDefinition } from './column-definition.js'
import { ForeignKeyDefinition } from './foreign-key-definition.js'
import { guessTable } from './guess-table.js'

/** What a column is made to refer to, where that is known. */
export interface Target {
  table?: string
  column?: string
}

/** A column made to hold a reference: `foreignId()`, `foreignUuid()`, `foreignUlid()`. */
export class ForeignColumnDefinition extends ColumnDefinition {
  readonly #add: (foreignKey: ForeignKeyDefinition) => ForeignKeyDefinition
  readonly #target: Target

  constructor(
    name: string,
    type: ColumnType,
    modifiers: Partial<Column>,
    add: (foreignKey: ForeignKeyDefinition) => ForeignKeyDefinition,
    target: Target = {},
  ) {
    super(name, type)
    Object.assign(this.column, modifiers)
    this.#add = add
    this.#target = target
  }

  /**
   * Refers to a table by convention: `user_id` to the column `id` of `users`.
   *
   * @param table - Left out, it is the model's, or the plural of the column's name without `_id`.
   * @param column - The column there; left out, it is the model's key, or `id`.
   * @param name - The constraint's name; left out, it is `posts_user_id_foreign`.
   * @returns The reference. Modifiers of the column have to come before.
   * @example
   * table.foreignId('user_id').nullable().constrained().cascadeOnDelete()
   * // alter table "posts" add constraint "posts_user_id_foreign"
   * //   foreign key ("user_id") references "users" ("id") on delete cascade
   */
  constrained(table?: string | null, column?: string | null, name?: string | null): ForeignKeyDefinition {
    const key = column ?? this.#target.column ?? 'id'
    return this.references(key, name).on(table ?? this.#target.table ?? guessTable(this.column.name, key))
  }

  /**
   * Refers to a column of another table.
   *
   * @returns The reference. Modifiers of the column have to come before.
   * @example
   * table.foreignId('author_id').references('id').on('users')
   */
  references(column: string | readonly string[], name?: string | null): ForeignKeyDefinition {
    const foreignKey: ForeignKey = { columns: [this.column.name] }
    if (name != null) foreignKey.name = name
    return this.#add(new ForeignKeyDefinition(foreignKey)).references(column)
  }
}
