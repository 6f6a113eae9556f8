import { BlueprintColumns } from './blueprint-columns.js'
import type { Change, Column, IndexKind, TableOptions } from './change.js'
import { ColumnDefinition } from './column-definition.js'
import { schemaDefaults } from './defaults.js'
import { type Expression, sqlText } from './default-value.js'
import { ForeignKeyDefinition } from './foreign-key-definition.js'
import { IndexDefinition } from './index-definition.js'

type Entry = ColumnDefinition | IndexDefinition | ForeignKeyDefinition | Change

/** Collects what a closure says about one table; {@link toChanges} gives it as data. */
export class Blueprint extends BlueprintColumns {
  readonly #table: string
  readonly #isNew: boolean
  readonly #options: TableOptions = {}
  #entries: Entry[] = []
  #after: string | undefined

  /**
   * @param table - The table's name, without the connection's prefix.
   * @param isNew - Whether the table is created, or altered.
   */
  constructor(table: string, isNew = false) {
    super()
    this.#table = table
    this.#isNew = isNew
  }

  /** The table's name. */
  getTable(): string {
    return this.#table
  }

  /** The columns described so far. */
  getColumns(): Column[] {
    return this.#definitions().map((definition) => definition.column)
  }

  /** What was said, as data, in the order in which it was said. */
  toChanges(): Change[] {
    const table = this.#table
    const changes: Change[] = []
    if (this.#isNew) {
      changes.push({ kind: 'createTable', table: { name: table, columns: this.getColumns(), options: this.#options } })
    } else if (Object.keys(this.#options).length > 0) {
      throw new TypeError(`${table}: ${Object.keys(this.#options).join(', ')} can only be chosen when a table is created`)
    }
    for (const entry of this.#entries) {
      if (entry instanceof ColumnDefinition) {
        if (this.#isNew) continue
        changes.push({ kind: entry.isChange ? 'changeColumn' : 'addColumn', table, column: entry.column })
      } else if (entry instanceof IndexDefinition) {
        changes.push({ kind: 'addIndex', table, index: entry.index })
      } else if (entry instanceof ForeignKeyDefinition) {
        changes.push({ kind: 'addForeignKey', table, foreignKey: entry.foreignKey })
      } else {
        changes.push(entry)
      }
    }
    return changes
  }

  /**
   * The columns `created_at` and `updated_at`, which Eloquent keeps.
   *
   * @param precision - Digits of the second's fraction.
   * @example
   * table.timestamps() // "created_at" timestamp(0) without time zone null, "updated_at" …
   */
  timestamps(precision: number | null = schemaDefaults.timePrecision): void {
    for (const column of ['created_at', 'updated_at']) this.timestamp(column, precision).nullable()
  }

  /** The same as {@link timestamps}. */
  nullableTimestamps(precision: number | null = schemaDefaults.timePrecision): void {
    this.timestamps(precision)
  }

  /** {@link timestamps} with zone. */
  timestampsTz(precision: number | null = schemaDefaults.timePrecision): void {
    for (const column of ['created_at', 'updated_at']) this.timestampTz(column, precision).nullable()
  }

  /** {@link timestamps} as `datetime` on MySQL, which reaches beyond the year 2038. */
  datetimes(precision: number | null = schemaDefaults.timePrecision): void {
    for (const column of ['created_at', 'updated_at']) this.dateTime(column, precision).nullable()
  }

  /**
   * The column that Eloquent fills instead of deleting a row.
   *
   * @example
   * table.softDeletes() // "deleted_at" timestamp(0) without time zone null
   */
  softDeletes(column = 'deleted_at', precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.timestamp(column, precision).nullable()
  }

  /** {@link softDeletes} with zone. */
  softDeletesTz(column = 'deleted_at', precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.timestampTz(column, precision).nullable()
  }

  /** {@link softDeletes} as `datetime` on MySQL, which reaches beyond the year 2038. */
  softDeletesDatetime(column = 'deleted_at', precision: number | null = schemaDefaults.timePrecision): ColumnDefinition {
    return this.dateTime(column, precision).nullable()
  }

  /**
   * The two columns of a polymorphic relation, and their index.
   *
   * @param index - The index's name.
   * @example
   * table.morphs('taggable') // "taggable_type" varchar(255) not null, "taggable_id" bigint not null, and an index
   */
  morphs(name: string, index?: string): void {
    this.#morphs(schemaDefaults.morphKeyType, name, index, false)
  }

  /** {@link morphs} that may be `NULL`. */
  nullableMorphs(name: string, index?: string): void {
    this.#morphs(schemaDefaults.morphKeyType, name, index, true)
  }

  /** {@link morphs} to numbers, whatever `Schema.morphUsingUuids()` says. */
  numericMorphs(name: string, index?: string): void {
    this.#morphs('int', name, index, false)
  }

  /** {@link numericMorphs} that may be `NULL`. */
  nullableNumericMorphs(name: string, index?: string): void {
    this.#morphs('int', name, index, true)
  }

  /** {@link morphs} to UUIDs. */
  uuidMorphs(name: string, index?: string): void {
    this.#morphs('uuid', name, index, false)
  }

  /** {@link uuidMorphs} that may be `NULL`. */
  nullableUuidMorphs(name: string, index?: string): void {
    this.#morphs('uuid', name, index, true)
  }

  /** {@link morphs} to ULIDs. */
  ulidMorphs(name: string, index?: string): void {
    this.#morphs('ulid', name, index, false)
  }

  /** {@link ulidMorphs} that may be `NULL`. */
  nullableUlidMorphs(name: string, index?: string): void {
    this.#morphs('ulid', name, index, true)
  }

  /**
   * Names the rows by these columns.
   *
   * @example
   * table.primary(['team_id', 'user_id']) // alter table "members" add primary key ("team_id", "user_id")
   */
  primary(columns: string | readonly string[], name?: string, algorithm?: string): IndexDefinition {
    return this.#index('primary', columns, name, algorithm)
  }

  /**
   * Forbids rows that are equal in these columns.
   *
   * @param name - Left out, it is `users_email_unique`.
   * @example
   * table.unique('email') // alter table "users" add constraint "users_email_unique" unique ("email")
   */
  unique(columns: string | readonly string[], name?: string, algorithm?: string): IndexDefinition {
    return this.#index('unique', columns, name, algorithm)
  }

  /**
   * Finds rows by these columns.
   *
   * @param name - Left out, it is `users_email_index`.
   * @example
   * table.index(['last_name', 'first_name'])
   * // create index "users_last_name_first_name_index" on "users" ("last_name", "first_name")
   */
  index(columns: string | readonly string[], name?: string, algorithm?: string): IndexDefinition {
    return this.#index('index', columns, name, algorithm)
  }

  /**
   * Finds words in these columns. Not on SQLite.
   *
   * @throws UnsupportedException when the changes are compiled for SQLite.
   * @example
   * table.fullText('body') // create index "posts_body_fulltext" on "posts" using gin ((to_tsvector('english', "body")))
   */
  fullText(columns: string | readonly string[], name?: string, algorithm?: string): IndexDefinition {
    return this.#index('fulltext', columns, name, algorithm)
  }

  /**
   * Finds shapes in these columns. Not on SQLite.
   *
   * @throws UnsupportedException when the changes are compiled for SQLite.
   * @example
   * table.spatialIndex('area') // create index "places_area_spatialindex" on "places" using gist ("area")
   */
  spatialIndex(columns: string | readonly string[], name?: string, operatorClass?: string): IndexDefinition {
    const definition = this.#index('spatial', columns, name)
    if (operatorClass !== undefined) definition.index.operatorClass = operatorClass
    return definition
  }

  /**
   * Finds rows by an SQL expression; never put input into it.
   *
   * @example
   * table.rawIndex('lower(email)', 'by_email') // create index "by_email" on "users" (lower(email))
   */
  rawIndex(expression: string | Expression, name: string): IndexDefinition {
    return this.#add(new IndexDefinition({ kind: 'index', expression: sqlText(expression), name }))
  }

  /**
   * Refers to another table.
   *
   * @param name - Left out, it is `posts_user_id_foreign`.
   * @example
   * table.foreign('user_id').references('id').on('users').onDelete('cascade')
   * // alter table "posts" add constraint "posts_user_id_foreign"
   * //   foreign key ("user_id") references "users" ("id") on delete cascade
   */
  foreign(columns: string | readonly string[], name?: string): ForeignKeyDefinition {
    return this.#add(new ForeignKeyDefinition({ columns: listOf(columns), ...(name !== undefined && { name }) }))
  }

  /**
   * Columns go, with their values.
   *
   * @example
   * table.dropColumn('nick', 'motto') // alter table "users" drop column "nick", drop column "motto"
   */
  dropColumn(columns: string | readonly string[], ...more: string[]): void {
    this.#add({ kind: 'dropColumns', table: this.#table, columns: [...listOf(columns), ...more] })
  }

  /** The same as {@link dropColumn}. */
  dropColumns(columns: string | readonly string[], ...more: string[]): void {
    this.dropColumn(columns, ...more)
  }

  /**
   * A column gets another name.
   *
   * @example
   * table.renameColumn('nick', 'alias') // alter table "users" rename column "nick" to "alias"
   */
  renameColumn(from: string, to: string): void {
    this.#add({ kind: 'renameColumn', table: this.#table, column: from, to })
  }

  /** Forgets a column described before. */
  removeColumn(name: string): this {
    this.#entries = this.#entries.filter((entry) => !(entry instanceof ColumnDefinition && entry.column.name === name))
    return this
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
    this.#drop('primary', index ?? 'primary')
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
   * A reference to another table goes.
   *
   * @param index - Its name, or the list of columns that its name is made from.
   * @example
   * table.dropForeign(['user_id']) // alter table "posts" drop constraint "posts_user_id_foreign"
   */
  dropForeign(index: string | readonly string[]): void {
    const foreignKey = typeof index === 'string' ? { columns: [], name: index } : { columns: [...index] }
    this.#add({ kind: 'dropForeignKey', table: this.#table, foreignKey })
  }

  /** A reference and its column go. */
  dropConstrainedForeignId(column: string): void {
    this.dropForeign([column])
    this.dropColumn(column)
  }

  /**
   * An index gets another name. Not on SQLite.
   *
   * @example
   * table.renameIndex('by_mail', 'by_email') // alter index "by_mail" rename to "by_email"
   */
  renameIndex(from: string, to: string): void {
    this.#add({ kind: 'renameIndex', table: this.#table, index: from, to })
  }

  /** The table gets another name. */
  rename(to: string): void {
    this.#add({ kind: 'renameTable', table: this.#table, to })
  }

  /** The table goes. */
  drop(): void {
    this.#add({ kind: 'dropTable', table: this.#table })
  }

  /** The table goes, if it is there. */
  dropIfExists(): void {
    this.#add({ kind: 'dropTable', table: this.#table, ifExists: true })
  }

  /** A note on the table that the server keeps. SQLite keeps none. */
  comment(text: string): void {
    this.#add({ kind: 'commentTable', table: this.#table, comment: text })
  }

  /** The new table is gone at the end of the session. */
  temporary(): void {
    this.#options.temporary = true
  }

  /** The storage engine of the new table. MySQL and MariaDB only; elsewhere it has no effect. */
  engine(name: string): void {
    this.#options.engine = name
  }

  /** The character set of the new table. MySQL and MariaDB only; elsewhere it has no effect. */
  charset(name: string): void {
    this.#options.charset = name
  }

  /** The collation of the new table. MySQL and MariaDB only; elsewhere it has no effect. */
  collation(name: string): void {
    this.#options.collation = name
  }

  /**
   * Puts the columns that a closure describes right after another one, in their order. MySQL and MariaDB only.
   *
   * @example
   * table.after('name', (table) => table.string('nick')) // … add `nick` varchar(255) not null after `name`
   */
  after(column: string, describe: (table: this) => void): void {
    this.#after = column
    try {
      describe(this)
    } finally {
      this.#after = undefined
    }
  }

  protected override push<C extends ColumnDefinition>(definition: C): C {
    if (this.#after !== undefined) {
      definition.after(this.#after)
      this.#after = definition.column.name
    }
    return this.#add(definition)
  }

  protected override pushForeignKey(definition: ForeignKeyDefinition): ForeignKeyDefinition {
    return this.#add(definition)
  }

  #definitions(): ColumnDefinition[] {
    return this.#entries.filter((entry) => entry instanceof ColumnDefinition)
  }

  #add<E extends Entry>(entry: E): E {
    this.#entries.push(entry)
    return entry
  }

  #index(kind: IndexKind, columns: string | readonly string[], name?: string, algorithm?: string): IndexDefinition {
    const definition = new IndexDefinition({ kind, columns: listOf(columns) })
    if (name != null) definition.name(name)
    if (algorithm != null) definition.algorithm(algorithm)
    return this.#add(definition)
  }

  #drop(kind: IndexKind, index: string | readonly string[]): void {
    const which = typeof index === 'string' ? { kind, name: index } : { kind, columns: [...index] }
    this.#add({ kind: 'dropIndex', table: this.#table, index: which })
  }

  #morphs(key: 'int' | 'uuid' | 'ulid', name: string, index: string | undefined, isNullable: boolean): void {
    const [type, id] = [`${name}_type`, `${name}_id`] as const
    this.string(type).nullable(isNullable)
    const column = { int: () => this.unsignedBigInteger(id), uuid: () => this.uuid(id), ulid: () => this.ulid(id) }[key]()
    column.nullable(isNullable)
    this.index([type, id], index)
  }
}

function listOf(columns: string | readonly string[]): string[] {
  return typeof columns === 'string' ? [columns] : [...columns]
}
