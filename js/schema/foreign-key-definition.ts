import { InvalidArgumentException } from '../errors.js'
import type { ForeignKey, ReferentialAction, TableLock } from './change.js'

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
   * @throws InvalidArgumentException for any other.
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

  /**
   * What others may do with the table meanwhile; the server refuses what needs a stronger lock. MySQL and MariaDB only;
   * elsewhere it has no effect.
   *
   * @example
   * table.foreign('user_id').references('id').on('users').lock('none') // … references `users` (`id`), lock=none
   */
  lock(lock: TableLock): this {
    this.foreignKey.lock = lock
    return this
  }
}

const ACTIONS: ReferentialAction[] = ['cascade', 'restrict', 'set null', 'set default', 'no action']

function actionFrom(text: string): ReferentialAction {
  const action = ACTIONS.find((known) => known === text.trim().toLowerCase())
  if (action === undefined) {
    throw new InvalidArgumentException(`${text} is no action of a foreign key; there are ${ACTIONS.join(', ')}.`)
  }
  return action
}
