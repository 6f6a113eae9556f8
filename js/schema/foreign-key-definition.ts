import type { Column, ColumnType, ForeignKey, ReferentialAction } from './change.js'
import { ColumnDefinition } from './column-definition.js'
import { guessTable } from './guess-table.js'

/** A reference to another table being described. Every method adds to the description and returns it. */
export class ForeignKeyDefinition {
  /** The description so far. */
  readonly foreignKey: ForeignKey

  constructor(foreignKey: ForeignKey) {
    this.foreignKey = foreignKey
  }

  /**
   * The columns referred to, one for each column here.
   *
   * @example
   * table.foreign('user_id').references('id').on('users')
   * // alter table "posts" add constraint "posts_user_id_foreign" foreign key ("user_id") references "users" ("id")
   */
  references(columns: string | readonly string[]): this {
    this.foreignKey.references = typeof columns === 'string' ? [columns] : [...columns]
    return this
  }

  /** The table referred to. See {@link references}. */
  on(table: string): this {
    this.foreignKey.on = table
    return this
  }

  /** Its name, instead of `posts_user_id_foreign`. */
  name(name: string): this {
    this.foreignKey.name = name
    return this
  }

  /**
   * What happens here when the row there is deleted.
   *
   * @param action - `cascade`, `restrict`, `set null`, `set default` or `no action`, in any case.
   * @throws InvalidArgumentException for any other, when the changes are compiled.
   * @example
   * table.foreign('user_id').references('id').on('users').onDelete('cascade') // … on delete cascade
   */
  onDelete(action: string): this {
    this.foreignKey.onDelete = actionFrom(action)
    return this
  }

  /** What happens here when the key there changes. See {@link onDelete}. */
  onUpdate(action: string): this {
    this.foreignKey.onUpdate = actionFrom(action)
    return this
  }

  /** `on delete cascade` */
  cascadeOnDelete(): this {
    return this.onDelete('cascade')
  }

  /** `on delete restrict` */
  restrictOnDelete(): this {
    return this.onDelete('restrict')
  }

  /** `on delete set null` */
  nullOnDelete(): this {
    return this.onDelete('set null')
  }

  /** `on delete no action` */
  noActionOnDelete(): this {
    return this.onDelete('no action')
  }

  /** `on update cascade` */
  cascadeOnUpdate(): this {
    return this.onUpdate('cascade')
  }

  /** `on update restrict` */
  restrictOnUpdate(): this {
    return this.onUpdate('restrict')
  }

  /** `on update set null` */
  nullOnUpdate(): this {
    return this.onUpdate('set null')
  }

  /** `on update no action` */
  noActionOnUpdate(): this {
    return this.onUpdate('no action')
  }

  /** Lets the check wait for the end of the transaction. PostgreSQL only; elsewhere it has no effect. */
  deferrable(value = true): this {
    this.foreignKey.deferrable = value
    return this
  }

  /** Whether a deferrable key is checked at once unless the transaction says otherwise. PostgreSQL only. */
  initiallyImmediate(value = true): this {
    this.foreignKey.initiallyImmediate = value
    return this
  }

  /** Leaves existing rows unchecked. PostgreSQL only; elsewhere it has no effect. */
  notValid(value = true): this {
    this.foreignKey.notValid = value
    return this
  }
}

/** A column made to hold a reference: `foreignId()`, `foreignUuid()`, `foreignUlid()`. */
export class ForeignColumnDefinition extends ColumnDefinition {
  readonly #add: (foreignKey: ForeignKeyDefinition) => ForeignKeyDefinition

  constructor(
    name: string,
    type: ColumnType,
    modifiers: Partial<Column>,
    add: (foreignKey: ForeignKeyDefinition) => ForeignKeyDefinition,
  ) {
    super(name, type)
    Object.assign(this.column, modifiers)
    this.#add = add
  }

  /**
   * Refers to a table by convention: `user_id` to the column `id` of `users`.
   *
   * @param table - Left out, it is the plural of the column's name without `_id`.
   * @param column - The column there.
   * @param name - The constraint's name; left out, it is `posts_user_id_foreign`.
   * @returns The reference. Modifiers of the column have to come before.
   * @example
   * table.foreignId('user_id').nullable().constrained().cascadeOnDelete()
   * // alter table "posts" add constraint "posts_user_id_foreign"
   * //   foreign key ("user_id") references "users" ("id") on delete cascade
   */
  constrained(table?: string | null, column?: string | null, name?: string | null): ForeignKeyDefinition {
    const key = column ?? 'id'
    return this.references(key, name).on(table ?? guessTable(this.column.name, key))
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

/** The engine refuses a text that is none of the actions. */
function actionFrom(text: string): ReferentialAction {
  return text.trim().toLowerCase() as ReferentialAction
}
