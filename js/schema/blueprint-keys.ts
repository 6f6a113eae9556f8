import { BlueprintReferences } from './blueprint-references.js'
import type { IndexKind } from './change.js'
import { CheckDefinition } from './check-definition.js'
import { type Expression, sqlText } from './default-value.js'
import { schemaDefaults } from './defaults.js'
import { ForeignKeyDefinition } from './foreign-key-definition.js'
import { type IndexPlaces, indexColumns } from './index-columns.js'
import { IndexDefinition } from './index-definition.js'
import { listOf } from './list-of.js'

/** Indexes and references. The SQL in the examples is PostgreSQL's. */
export abstract class BlueprintKeys extends BlueprintReferences {
  /**
   * Names the rows by these columns.
   *
   * @example
   * table.primary(['team_id', 'user_id']) // alter table "members" add primary key ("team_id", "user_id")
   */
  primary(columns: IndexPlaces, name?: string, algorithm?: string): IndexDefinition {
    return this.#index('primary', columns, name, algorithm)
  }

  /**
   * Forbids rows that are equal in these columns.
   *
   * @param name - Left out, it is `users_email_unique`.
   * @example
   * table.unique('email') // alter table "users" add constraint "users_email_unique" unique ("email")
   * table.unique(DB.raw('lower(email)'), 'users_email') // create unique index "users_email" on "users" ((lower(email)))
   */
  unique(columns: IndexPlaces, name?: string, algorithm?: string): IndexDefinition {
    return this.#index('unique', columns, name, algorithm)
  }

  /**
   * Finds rows by these columns.
   *
   * @param name - Left out, it is `users_email_index`.
   * @example
   * table.index(['last_name', 'first_name'])
   * // create index "users_last_name_first_name_index" on "users" ("last_name", "first_name")
   * table.index([{ column: 'seen_at', order: 'desc', nulls: 'last' }])
   * // create index "users_seen_at_index" on "users" ("seen_at" desc nulls last)
   */
  index(columns: IndexPlaces, name?: string, algorithm?: string): IndexDefinition {
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
   * Finds vectors near another by their angle. PostgreSQL with pgvector, and MariaDB.
   *
   * @throws UnsupportedException when the changes are compiled for MySQL or SQLite.
   * @example
   * table.vectorIndex('embedding')
   * // create index "posts_embedding_vectorindex" on "posts" using hnsw ("embedding" vector_cosine_ops)
   */
  vectorIndex(column: string, name?: string): IndexDefinition {
    return this.#index('vector', column, name)
  }

  /**
   * Finds rows by an SQL expression; never put input into it.
   *
   * @example
   * table.rawIndex('lower(email)', 'by_email') // create index "by_email" on "users" (lower(email))
   */
  rawIndex(expression: string | Expression, name: string): IndexDefinition {
    return this.add(new IndexDefinition({ kind: 'index', expression: sqlText(expression), name }))
  }

  /**
   * A condition that every row meets.
   *
   * @param expression - SQL; never put input into it.
   * @param name - The constraint's name: it is what a violation reports and what `dropCheck()` takes.
   * @example
   * table.check('ends_at > starts_at', 'events_in_order')
   * // alter table "events" add constraint "events_in_order" check (ends_at > starts_at)
   */
  check(expression: string | Expression, name: string): CheckDefinition {
    return this.add(new CheckDefinition({ name, expression: sqlText(expression) }))
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
    return this.add(new ForeignKeyDefinition({ columns: listOf(columns), ...(name !== undefined && { name }) }))
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

  #index(kind: IndexKind, columns: IndexPlaces, name?: string, algorithm?: string): IndexDefinition {
    const definition = new IndexDefinition({ kind, columns: indexColumns(columns) })
    if (name != null) definition.name(name)
    if (algorithm != null) definition.algorithm(algorithm)
    return this.add(definition)
  }

  #morphs(key: 'int' | 'uuid' | 'ulid', name: string, index: string | undefined, isNullable: boolean): void {
    const [type, id] = [`${name}_type`, `${name}_id`] as const
    this.string(type).nullable(isNullable)
    const column = { int: () => this.unsignedBigInteger(id), uuid: () => this.uuid(id), ulid: () => this.ulid(id) }[
      key
    ]()
    column.nullable(isNullable)
    this.index([type, id], index)
  }
}
