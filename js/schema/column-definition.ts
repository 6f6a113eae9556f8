import type { IndexKind, TableLock } from './change.js'
import { ColumnComputation } from './column-computation.js'
import { type DefaultConstant, defaultValue, type Expression, sqlText } from './default-value.js'

/** A column being described. Every method adds to the description and returns it. */
export class ColumnDefinition extends ColumnComputation {
  /**
   * Lets the column be `NULL`. Without it a column must have a value.
   *
   * @example
   * table.text('bio').nullable() // "bio" text null
   */
  nullable(value = true): this {
    this.column.nullable = value
    return this
  }

  /**
   * The column must have a value, also where the connection says `nullableByDefault`.
   *
   * @example
   * table.text('bio').notNullable() // "bio" text not null
   */
  notNullable(): this {
    return this.nullable(false)
  }

  /**
   * What a row gets that does not name the column.
   *
   * @param value - A constant, written as a literal; `DB.raw('…')` is sent as it is; `null` is no default.
   * @throws InvalidArgumentException for a value that has no literal.
   * @example
   * table.integer('votes').default(0) // "votes" integer not null default '0'
   * table.uuid('id').default(DB.raw('uuid_generate_v4()')) // "id" uuid not null default uuid_generate_v4()
   */
  default(value: DefaultConstant | Expression): this {
    this.column.default = defaultValue(this.column.name, value)
    return this
  }

  /** The same as {@link default}. */
  defaultTo(value: DefaultConstant | Expression): this {
    return this.default(value)
  }

  /**
   * An SQL expression as default. Never put input into it.
   *
   * @example
   * table.uuid('id').defaultRaw('uuid_generate_v4()') // "id" uuid not null default uuid_generate_v4()
   */
  defaultRaw(sql: string | Expression): this {
    this.column.default = { kind: 'raw', sql: sqlText(sql) }
    return this
  }

  /**
   * The current date or time as default. For dates, timestamps and years.
   *
   * @example
   * table.timestamp('seen_at').useCurrent() // … not null default CURRENT_TIMESTAMP
   */
  useCurrent(): this {
    this.column.default = { kind: 'current' }
    return this
  }

  /**
   * The current time on every update. MySQL and MariaDB only; elsewhere it has no effect.
   *
   * @example
   * table.timestamp('seen_at').useCurrentOnUpdate() // … on update CURRENT_TIMESTAMP
   */
  useCurrentOnUpdate(): this {
    this.column.currentOnUpdate = true
    return this
  }

  /**
   * No negative numbers. MySQL and MariaDB only; elsewhere there is no such type.
   *
   * @example
   * table.integer('votes').unsigned() // `votes` int unsigned not null
   */
  unsigned(value = true): this {
    this.column.unsigned = value
    return this
  }

  /**
   * The server numbers the rows by this integer column, which becomes the primary key unless another is named.
   *
   * @example
   * table.integer('id').autoIncrement() // "id" serial not null primary key
   */
  autoIncrement(value = true): this {
    this.column.autoIncrement = value
    return this
  }

  /**
   * The first number that an auto-incrementing column gets. SQLite starts at 1 always.
   *
   * @example
   * table.id().from(1000) // alter table `users` auto_increment = 1000
   */
  from(value: number): this {
    this.column.startingValue = value
    return this
  }

  /** The same as {@link from}. */
  startingValue(value: number): this {
    return this.from(value)
  }

  /**
   * Makes the column the primary key.
   *
   * @example
   * table.uuid('id').primary() // alter table "users" add primary key ("id")
   */
  primary(): this {
    return this.#index('primary')
  }

  /**
   * Forbids equal values.
   *
   * @param name - Left out, it is `users_email_unique`.
   * @example
   * table.string('email').unique() // alter table "users" add constraint "users_email_unique" unique ("email")
   */
  unique(name?: string): this {
    return this.#index('unique', name)
  }

  /**
   * Finds rows by this column.
   *
   * @param name - Left out, it is `users_email_index`.
   * @example
   * table.string('email').index() // create index "users_email_index" on "users" ("email")
   */
  index(name?: string): this {
    return this.#index('index', name)
  }

  /**
   * Finds words in this column. Not on SQLite.
   *
   * @param name - Left out, it is `posts_body_fulltext`.
   * @throws UnsupportedException when the changes are compiled for SQLite.
   * @example
   * table.text('body').fullText() // create index "posts_body_fulltext" on "posts" using gin (…)
   */
  fullText(name?: string): this {
    return this.#index('fulltext', name)
  }

  /** The same as {@link fullText}. */
  fulltext(name?: string): this {
    return this.fullText(name)
  }

  /**
   * Finds shapes in this column. Not on SQLite.
   *
   * @param name - Left out, it is `places_position_spatialindex`.
   * @throws UnsupportedException when the changes are compiled for SQLite.
   * @example
   * table.geometry('position').spatialIndex() // create index "places_position_spatialindex" on "places" using gist (…)
   */
  spatialIndex(name?: string): this {
    return this.#index('spatial', name)
  }

  /** Finds vectors near another, as `table.vectorIndex()` does: `table.vector('embedding', 3).vectorIndex()` */
  vectorIndex(name?: string): this {
    return this.#index('vector', name)
  }

  /**
   * A condition that the column meets in every row.
   *
   * @param expression - SQL; never put input into it.
   * @param name - Left out, it is `products_price_check`.
   * @example
   * table.decimal('price').check('price >= 0')
   * // alter table "products" add constraint "products_price_check" check (price >= 0)
   */
  check(expression: string | Expression, name?: string): this {
    this.checks.push({ expression: sqlText(expression), ...(name !== undefined && { name }) })
    return this
  }

  /**
   * A note that the server keeps. SQLite keeps none.
   *
   * @example
   * table.string('email').comment('as typed') // comment on column "users"."email" is 'as typed'
   */
  comment(text: string): this {
    this.column.comment = text
    return this
  }

  /**
   * The column's character set. MySQL and MariaDB only; elsewhere it has no effect.
   *
   * @example
   * table.string('code').charset('ascii') // `code` varchar(255) character set ascii not null
   */
  charset(name: string): this {
    this.column.charset = name
    return this
  }

  /**
   * How the column's text is compared.
   *
   * @example
   * table.string('name').collation('de_DE') // "name" varchar(255) collate "de_DE" not null
   */
  collation(name: string): this {
    this.column.collation = name
    return this
  }

  /**
   * Puts the column right after another. MySQL and MariaDB only; elsewhere new columns come last.
   *
   * @example
   * table.string('nick').after('name') // … add `nick` varchar(255) not null after `name`
   */
  after(column: string): this {
    this.column.position = { kind: 'after', column }
    return this
  }

  /**
   * Puts the column before all others. MySQL and MariaDB only; elsewhere new columns come last.
   *
   * @example
   * table.string('code').first() // … add `code` varchar(255) not null first
   */
  first(): this {
    this.column.position = { kind: 'first' }
    return this
  }

  /**
   * Leaves the column out of `select *`. MySQL and MariaDB only; elsewhere it has no effect.
   *
   * @example
   * table.string('secret').invisible() // `secret` varchar(255) not null invisible
   */
  invisible(): this {
    this.column.invisible = true
    return this
  }

  /**
   * Adds or changes the column without a copy of the table, or not at all. MySQL and MariaDB only; elsewhere it has no
   * effect.
   *
   * @example
   * table.string('nick').nullable().instant() // alter table `users` add `nick` varchar(255) null, algorithm=instant
   */
  instant(value = true): this {
    this.column.instant = value
    return this
  }

  /**
   * What others may do with the table meanwhile; the server refuses what needs a stronger lock. MySQL and MariaDB only;
   * elsewhere it has no effect.
   *
   * @example
   * table.string('nick').nullable().lock('none') // alter table `users` add `nick` varchar(255) null, lock=none
   */
  lock(lock: TableLock): this {
    this.column.lock = lock
    return this
  }

  /**
   * How `change()` converts what is there. PostgreSQL only; elsewhere it has no effect.
   *
   * @param expression - SQL; never put input into it.
   * @example
   * table.date('born').using('born::date').change() // alter table … alter column "born" type date using born::date, …
   */
  using(expression: string | Expression): this {
    this.column.using = sqlText(expression)
    return this
  }

  /**
   * An existing column becomes what is described, in every respect: what is not said is removed.
   *
   * SQLite alters a table so by a copy of it, as it does for keys and checks of an existing table. Indexes, triggers,
   * views and the rows of other tables stay. In a transaction that needs foreign keys off, where rows refer to the table:
   * begin it inside of `Schema.withoutForeignKeyConstraints()`. Migrations do that by themselves.
   *
   * @throws UnsupportedException on SQLite where something of the table would be lost, or rows that refer to it.
   * @example
   * table.string('name', 50).nullable().change() // alter table `users` modify `name` varchar(50) null
   */
  change(): this {
    this.isChange = true
    return this
  }

  #index(kind: IndexKind, name?: string): this {
    const indexes = (this.column.indexes ?? []).filter((index) => index.kind !== kind)
    this.column.indexes = [...indexes, name === undefined ? { kind } : { kind, name }]
    return this
  }
}
