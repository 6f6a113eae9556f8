import type { Blueprint } from './blueprint.js'
import type { Describe, SchemaBuilder } from './builder.js'
import type { Change } from './change.js'
import type { Database, Inspection } from './database.js'
import { type BlueprintResolver, schemaDefaults } from './defaults.js'
import type { ColumnInfo, ForeignKeyInfo, IndexInfo, NamespaceInfo, TableInfo, TypeInfo, ViewInfo } from './executor.js'

type Resolver = (connection?: string) => SchemaBuilder

let resolve: Resolver = () => {
  throw new Error('Schema has no connection; call capsule.setAsGlobal() first')
}

/** Says where `Schema` finds the builder of a connection. Called by `capsule.setAsGlobal()`. */
export function resolveSchemaWith(resolver: Resolver): void {
  resolve = resolver
}

/**
 * The structure of the default connection's database. Every method is that of {@link SchemaBuilder}.
 *
 * @example
 * await Schema.create('users', (table) => {
 *   table.id()
 *   table.string('email').unique()
 * })
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the documented face is a class with static methods
export class Schema {
  /**
   * The structure of another connection's database.
   *
   * @example
   * await Schema.connection('reports').hasTable('runs')
   */
  static connection(name?: string): SchemaBuilder {
    return resolve(name)
  }

  /** See {@link SchemaBuilder.create}. */
  static async create<B extends Blueprint = Blueprint>(table: string, describe: Describe<B>): Promise<void> {
    return resolve().create(table, describe)
  }

  /** See {@link SchemaBuilder.create}. */
  static async createTable<B extends Blueprint = Blueprint>(table: string, describe: Describe<B>): Promise<void> {
    return resolve().create(table, describe)
  }

  /** See {@link SchemaBuilder.table}. */
  static async table<B extends Blueprint = Blueprint>(table: string, describe: Describe<B>): Promise<void> {
    return resolve().table(table, describe)
  }

  /** See {@link SchemaBuilder.drop}. */
  static async drop(table: string): Promise<void> {
    return resolve().drop(table)
  }

  /** See {@link SchemaBuilder.dropIfExists}. */
  static async dropIfExists(table: string): Promise<void> {
    return resolve().dropIfExists(table)
  }

  /** See {@link SchemaBuilder.rename}. */
  static async rename(from: string, to: string): Promise<void> {
    return resolve().rename(from, to)
  }

  /** See {@link SchemaBuilder.dropColumns}. */
  static async dropColumns(table: string, columns: string | readonly string[]): Promise<void> {
    return resolve().dropColumns(table, columns)
  }

  /** See {@link SchemaBuilder.dropAllTables}. */
  static async dropAllTables(): Promise<void> {
    return resolve().dropAllTables()
  }

  /** See {@link SchemaBuilder.inspect}. */
  static async inspect(inspection?: Inspection): Promise<Database> {
    return resolve().inspect(inspection)
  }

  /** See {@link SchemaBuilder.changes}. */
  static async changes<B extends Blueprint = Blueprint>(
    table: string,
    describe: Describe<B>,
    kind: 'create' | 'table' = 'table',
  ): Promise<Change[]> {
    return resolve().changes(table, describe, kind)
  }

  /** See {@link SchemaBuilder.diff}. */
  static async diff(current: Database, wanted: Database): Promise<Change[]> {
    return resolve().diff(current, wanted)
  }

  /** See {@link SchemaBuilder.evolve}. */
  static async evolve(database: Database, changes: readonly Change[]): Promise<Database> {
    return resolve().evolve(database, changes)
  }

  /** See {@link SchemaBuilder.undo}. */
  static async undo(database: Database, changes: readonly Change[]): Promise<Change[]> {
    return resolve().undo(database, changes)
  }

  /** See {@link SchemaBuilder.plan}. */
  static async plan(changes: readonly Change[]): Promise<string[]> {
    return resolve().plan(changes)
  }

  /** See {@link SchemaBuilder.apply}. */
  static async apply(changes: readonly Change[]): Promise<void> {
    return resolve().apply(changes)
  }

  /** See {@link SchemaBuilder.toSql}. */
  static async toSql<B extends Blueprint = Blueprint>(
    table: string,
    describe: Describe<B>,
    kind: 'create' | 'table' = 'table',
  ): Promise<string[]> {
    return resolve().toSql(table, describe, kind)
  }

  /** See {@link SchemaBuilder.hasTable}. */
  static async hasTable(table: string): Promise<boolean> {
    return resolve().hasTable(table)
  }

  /** See {@link SchemaBuilder.hasColumn}. */
  static async hasColumn(table: string, column: string): Promise<boolean> {
    return resolve().hasColumn(table, column)
  }

  /** See {@link SchemaBuilder.hasColumns}. */
  static async hasColumns(table: string, columns: readonly string[]): Promise<boolean> {
    return resolve().hasColumns(table, columns)
  }

  /** See {@link SchemaBuilder.hasIndex}. */
  static async hasIndex(table: string, index: string | readonly string[], type?: string): Promise<boolean> {
    return resolve().hasIndex(table, index, type)
  }

  /** See {@link SchemaBuilder.getColumnListing}. */
  static async getColumnListing(table: string): Promise<string[]> {
    return resolve().getColumnListing(table)
  }

  /** See {@link SchemaBuilder.getColumnType}. */
  static async getColumnType(table: string, column: string, withParameters = false): Promise<string> {
    return resolve().getColumnType(table, column, withParameters)
  }

  /** See {@link SchemaBuilder.getColumns}. */
  static async getColumns(table: string): Promise<ColumnInfo[]> {
    return resolve().getColumns(table)
  }

  /** See {@link SchemaBuilder.getIndexes}. */
  static async getIndexes(table: string): Promise<IndexInfo[]> {
    return resolve().getIndexes(table)
  }

  /** See {@link SchemaBuilder.getForeignKeys}. */
  static async getForeignKeys(table: string): Promise<ForeignKeyInfo[]> {
    return resolve().getForeignKeys(table)
  }

  /** See {@link SchemaBuilder.getTables}. */
  static async getTables(schema?: string): Promise<TableInfo[]> {
    return resolve().getTables(schema)
  }

  /** See {@link SchemaBuilder.getAllTables}. */
  static async getAllTables(): Promise<string[]> {
    return resolve().getAllTables()
  }

  /** See {@link SchemaBuilder.dropAllViews}. */
  static async dropAllViews(): Promise<void> {
    return resolve().dropAllViews()
  }

  /** See {@link SchemaBuilder.dropAllTypes}. */
  static async dropAllTypes(): Promise<void> {
    return resolve().dropAllTypes()
  }

  /** See {@link SchemaBuilder.createDatabase}. */
  static async createDatabase(name: string): Promise<void> {
    return resolve().createDatabase(name)
  }

  /** See {@link SchemaBuilder.dropDatabaseIfExists}. */
  static async dropDatabaseIfExists(name: string): Promise<void> {
    return resolve().dropDatabaseIfExists(name)
  }

  /** See {@link SchemaBuilder.ensureExtensionExists}. */
  static async ensureExtensionExists(name: string): Promise<void> {
    return resolve().ensureExtensionExists(name)
  }

  /** See {@link SchemaBuilder.ensureVectorExtensionExists}. */
  static async ensureVectorExtensionExists(): Promise<void> {
    return resolve().ensureVectorExtensionExists()
  }

  /** See {@link SchemaBuilder.whenTableHasColumn}. */
  static async whenTableHasColumn<B extends Blueprint = Blueprint>(
    table: string,
    column: string,
    describe: Describe<B>,
  ): Promise<void> {
    return resolve().whenTableHasColumn(table, column, describe)
  }

  /** See {@link SchemaBuilder.whenTableDoesntHaveColumn}. */
  static async whenTableDoesntHaveColumn<B extends Blueprint = Blueprint>(
    table: string,
    column: string,
    describe: Describe<B>,
  ): Promise<void> {
    return resolve().whenTableDoesntHaveColumn(table, column, describe)
  }

  /** See {@link SchemaBuilder.getTableListing}. */
  static async getTableListing(schema?: string, qualified = true): Promise<string[]> {
    return resolve().getTableListing(schema, qualified)
  }

  /** See {@link SchemaBuilder.getIndexListing}. */
  static async getIndexListing(table: string): Promise<string[]> {
    return resolve().getIndexListing(table)
  }

  /** See {@link SchemaBuilder.hasView}. */
  static async hasView(view: string): Promise<boolean> {
    return resolve().hasView(view)
  }

  /** See {@link SchemaBuilder.getViews}. */
  static async getViews(schema?: string): Promise<ViewInfo[]> {
    return resolve().getViews(schema)
  }

  /** See {@link SchemaBuilder.getTypes}. */
  static async getTypes(schema?: string): Promise<TypeInfo[]> {
    return resolve().getTypes(schema)
  }

  /** See {@link SchemaBuilder.getSchemas}. */
  static async getSchemas(): Promise<NamespaceInfo[]> {
    return resolve().getSchemas()
  }

  /** See {@link SchemaBuilder.getCurrentSchemaListing}. */
  static async getCurrentSchemaListing(): Promise<string[]> {
    return resolve().getCurrentSchemaListing()
  }

  /** See {@link SchemaBuilder.getCurrentSchemaName}. */
  static async getCurrentSchemaName(): Promise<string | null> {
    return resolve().getCurrentSchemaName()
  }

  /** See {@link SchemaBuilder.whenTableHasIndex}. */
  static async whenTableHasIndex<B extends Blueprint = Blueprint>(
    table: string,
    index: string | readonly string[],
    describe: Describe<B>,
    type?: string,
  ): Promise<void> {
    return resolve().whenTableHasIndex(table, index, describe, type)
  }

  /** See {@link SchemaBuilder.whenTableDoesntHaveIndex}. */
  static async whenTableDoesntHaveIndex<B extends Blueprint = Blueprint>(
    table: string,
    index: string | readonly string[],
    describe: Describe<B>,
    type?: string,
  ): Promise<void> {
    return resolve().whenTableDoesntHaveIndex(table, index, describe, type)
  }

  /** See {@link SchemaBuilder.enableForeignKeyConstraints}. */
  static async enableForeignKeyConstraints(): Promise<void> {
    return resolve().enableForeignKeyConstraints()
  }

  /** See {@link SchemaBuilder.disableForeignKeyConstraints}. */
  static async disableForeignKeyConstraints(): Promise<void> {
    return resolve().disableForeignKeyConstraints()
  }

  /** See {@link SchemaBuilder.withoutForeignKeyConstraints}. */
  static async withoutForeignKeyConstraints<T>(work: () => T | Promise<T>): Promise<T> {
    return resolve().withoutForeignKeyConstraints(work)
  }

  /**
   * The length of `string()` and `char()` where none is given; 255 unless said.
   *
   * @example
   * Schema.defaultStringLength(191)
   */
  static defaultStringLength(length: number | null): void {
    schemaDefaults.stringLength = length
  }

  /** The digits of the second's fraction where none are given; 0 unless said. */
  static defaultTimePrecision(precision: number | null): void {
    schemaDefaults.timePrecision = precision
  }

  /** What `morphs()` refers to; numbers unless said. */
  static defaultMorphKeyType(type: 'int' | 'uuid' | 'ulid'): void {
    schemaDefaults.morphKeyType = type
  }

  /**
   * Makes the blueprints of all connections: those of a class with columns of your own.
   *
   * @param resolver - Makes one for a table that is created or altered; `null` brings the usual ones back.
   * @example
   * class ShopBlueprint extends Blueprint {
   *   money(column: string) {
   *     return this.decimal(column, 12, 2).default(0)
   *   }
   * }
   * Schema.blueprintResolver((table, isNew) => new ShopBlueprint(table, isNew))
   * await Schema.create('orders', (table: ShopBlueprint) => table.money('total'))
   * // create table "orders" ("total" decimal(12, 2) not null default '0')
   */
  static blueprintResolver(resolver: BlueprintResolver | null): void {
    schemaDefaults.blueprint = resolver
  }

  /** `morphs()` refers to UUIDs. */
  static morphUsingUuids(): void {
    schemaDefaults.morphKeyType = 'uuid'
  }

  /** `morphs()` refers to ULIDs. */
  static morphUsingUlids(): void {
    schemaDefaults.morphKeyType = 'ulid'
  }
}
