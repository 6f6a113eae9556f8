/** Everything that programs may import, and the one place that ties the layers together. */
import { setBuilders } from './connection/builders'
import { Capsule } from './connection/capsule'
import { QueryBuilder } from './query/builder'
import { raw } from './query/expression'
import { Grammar } from './query/grammar'
import { shapeOf } from './query/shape'
import { SchemaBuilder } from './schema/builder'
import { resolveSchemaWith } from './schema/schema'

setBuilders({
  query: (executor) => new QueryBuilder(executor),
  shapeOf,
  grammar: (executor) => new Grammar(executor),
  raw,
  schema: (executor) => new SchemaBuilder(executor),
})
resolveSchemaWith((connection) => Capsule.current().schema(connection))

// Connections
export { Capsule, Capsule as Manager } from './connection/capsule'
export type {
  ConnectionConfig,
  ConnectionOptions,
  LogConfig,
  PoolOptions,
  ServerOptions,
  SslOptions,
} from './connection/config'
export {
  Connection,
  MySqlConnection,
  PostgresConnection,
  SqliteConnection,
  SqlServerConnection,
} from './connection/connection'
export { ConnectionLogger } from './connection/connection-logger'
export { DB } from './connection/db'
export type { TransactionEvent } from './connection/events'
export { QueryExecuted } from './connection/events'
export type { QueryOptions } from './connection/executor'
export type { ConnectionResolverInterface } from './connection/manager'
export { ConnectionManager, ConnectionResolver } from './connection/manager'
export type { QueryLogEntry } from './connection/observers'
export type { PretendedQuery } from './connection/pretence'
export type { QueryListener, QueryLog } from './connection/query-logger'
export { QueryLogger } from './connection/query-logger'
export type { BeginTransactionOptions, IsolationLevel, TransactionOptions } from './connection/transaction-options'
// Models
export { Attribute } from './eloquent/attribute'
export { EloquentBuilder, EloquentBuilder as Builder } from './eloquent/builder/eloquent-builder'
export type { CastArgument, Castable, CastsAttributes, CastsInboundAttributes } from './eloquent/casts/cast'
export {
  ArrayCast,
  AsCollectionCast,
  AsStringableCast,
  EncryptedCast,
  JsonCast,
  LegacyEncryptedCast,
} from './eloquent/casts/named-cast-classes'
export { EloquentCollection } from './eloquent/collection'
export type { SaveOptions } from './eloquent/concerns/persistence'
export { Scopes as HasGlobalScopes } from './eloquent/concerns/scopes'
export { Factory } from './eloquent/factories/factory'
export { defineFactory, FactoryManager, factory } from './eloquent/factories/factory-manager'
export type { PivotAttributes } from './eloquent/factories/factory-relations'
export type { FactoryAttributes, FactoryState } from './eloquent/factories/factory-types'
export { Sequence } from './eloquent/factories/sequence'
export type { Scope } from './eloquent/global-scopes'
export type { RelationArguments } from './eloquent/loading/loads'
export type { AttributesOf, ModelClass } from './eloquent/model'
export { Model } from './eloquent/model'
export type { ModelListener, ModelObserver } from './eloquent/model-events'
export { ObserverRegistry } from './eloquent/observer-registry'
export { MorphPivot, Pivot } from './eloquent/pivot'
export { MassPrunable, MassPrunableModel, Prunable, PrunableModel } from './eloquent/prunable'
export { BelongsTo } from './eloquent/relations/belongs-to'
export { BelongsToMany } from './eloquent/relations/belongs-to-many'
export { HasMany } from './eloquent/relations/has-many'
export { HasManyThrough } from './eloquent/relations/has-many-through'
export { HasOne } from './eloquent/relations/has-one'
export { HasOneOrMany } from './eloquent/relations/has-one-or-many'
export { HasOneThrough } from './eloquent/relations/has-one-through'
export { MorphMany } from './eloquent/relations/morph-many'
export { MorphOne } from './eloquent/relations/morph-one'
export { MorphTo } from './eloquent/relations/morph-to'
export { MorphToMany } from './eloquent/relations/morph-to-many'
export { Relation } from './eloquent/relations/relation'
export { SoftDeleteModel, SoftDeletes } from './eloquent/soft-deletes'
export { SoftDeletingScope } from './eloquent/soft-deleting-scope'
export { HasUlids, HasUuids, UlidModel, UuidModel } from './eloquent/unique-keys'
// Errors
export * from './errors'
// Migrations and seeding
export type {
  BackedUpColumn,
  Backup,
  RestoreMode,
  RestoreOptions,
  RestoreResult,
  TableName,
} from './migrations/backups/backup'
export { BackupError, GuardError } from './migrations/backups/backup-error'
export type { BackupOptions } from './migrations/backups/backup-options'
export { Backups } from './migrations/backups/backups'
export { guardColumnDrop, guardTableDrop } from './migrations/backups/drop-guards'
export {
  LintError,
  MigrationCancelledError,
  MissingAwaitError,
  RefusedStatementError,
  SwallowedErrorError,
} from './migrations/body-errors'
export { MigrationEventDispatcher, migrationEvents } from './migrations/events'
export type { FileFinding, LintFinding, LintOptions } from './migrations/lint/lint-engine'
export type { LintChoice, LintReport } from './migrations/lint/linter'
export { MigrationLinter } from './migrations/lint/linter'
export { MigrationLogFile } from './migrations/log-file'
export { Migration } from './migrations/migration'
export type {
  MigrationOptions,
  MigrationResult,
  MigrationStatus,
  MigratorOptions,
  RollbackOptions,
  RunOptions,
} from './migrations/migrator'
export { Migrator } from './migrations/migrator'
export type { ChangedRecords, MigrationProblem } from './migrations/records'
export { MigrationRecords } from './migrations/records'
export { RunControl } from './migrations/run-control'
export type { SchemaFingerprint } from './migrations/schema-cache'
export { SchemaCache } from './migrations/schema-cache'
export { UniversalLoader } from './migrations/universal-loader'
export type { PoolStats } from './native/environment'
// Queries
export { QueryBuilder } from './query/builder'
export { Expression, raw } from './query/expression'
export { Grammar } from './query/grammar'
export { JoinClause } from './query/join-clause'
export { LengthAwarePaginator } from './query/reads/counted-page'
export { Cursor } from './query/reads/cursor'
export { CursorPaginator } from './query/reads/cursor-page'
export type { CursorPageOptions } from './query/reads/cursor-paginates'
export { Paginator } from './query/reads/simple-page'
// Schema
export { Blueprint } from './schema/blueprint'
export { SchemaBuilder } from './schema/builder'
export type { Change, Check, Column, ColumnType, ForeignKey, Index, IndexColumn, Table } from './schema/change'
export type { ColumnDefinition } from './schema/column-definition'
export type { Database, Inspection } from './schema/database'
export type {
  ColumnInfo,
  ForeignKeyInfo,
  IndexInfo,
  NamespaceInfo,
  TableInfo,
  TypeInfo,
  ViewInfo,
} from './schema/executor'
export { ForeignKeyDefinition } from './schema/foreign-key-definition'
export type { IndexPlace } from './schema/index-columns'
export type { IndexDefinition } from './schema/index-definition'
export { Schema } from './schema/schema'
export {
  MySqlSchemaGrammar,
  PostgresSchemaGrammar,
  SchemaGrammar,
  SqliteSchemaGrammar,
} from './schema/schema-grammar'
export { JSONSeeder } from './seeding/json-seeder'
export { SeederRunner } from './seeding/runner'
export { DatabaseSeeder, Seeder } from './seeding/seeder'
export { Collection, collect } from './support/collection'
export type { EncryptionKey } from './support/encrypter'
export { Encrypter } from './support/encrypter'
export { Hash } from './support/hash'
export {
  blank,
  dataGet,
  dataSet,
  filled,
  flatten,
  getClassName,
  head,
  isPlainObject,
  last,
  retry,
  tap,
  throwIf,
  throwUnless,
  value,
  withValue,
} from './support/helpers'
export { LazyCollection } from './support/lazy-collection'
export { camelCase, snakeCase, studlyCase } from './support/text'
export type { Bindable, Bindings, Row } from './support/types'
// Testing
export type { Attributes, OnWhich } from './testing/database-assertions'
export {
  assertDatabaseCount,
  assertDatabaseEmpty,
  assertDatabaseHas,
  assertDatabaseMissing,
} from './testing/database-assertions'
export { createDatabaseMigrations, DatabaseMigrations } from './testing/database-migrations'
export { createDatabaseTransactions, DatabaseTransactions } from './testing/database-transactions'
export type { RefreshOptions } from './testing/refresh-database'
export { createRefreshDatabase, RefreshDatabase } from './testing/refresh-database'
export type { TestHooks } from './testing/test-hooks'
export type { UseDatabaseOptions, UseRefreshDatabaseOptions } from './testing/use-database'
export { useDatabaseTransactions, useRefreshDatabase } from './testing/use-database'
export { WithTransaction } from './testing/with-transaction'
export { databaseForWorker, workerDatabase, workerId } from './testing/worker-database'
