import { ModelNotFoundException } from '../../errors'
import type { ValueArgument } from '../../query/arguments'
import { copySelect } from '../../query/ast'
import { QueryBuilder } from '../../query/builder'
import type { AnyRow, ColumnName } from '../../query/columns'
import type { OrderColumn } from '../../query/orders'
import type { Columns, Read, ValueColumn } from '../../query/reads/results'
import type { CastArgument } from '../casts/cast'
import { EloquentCollection } from '../collection'
import type { Keys } from '../concerns/keys'
import { listenersOf } from '../model-events'
import { castsOf } from '../model-meta'
import { hydrated, stateOf } from '../model-proxy'
import { ScopedQuery } from './scoped-query'

/** The key of a model. */
export type ModelKey = string | number | bigint

/** Keys of models: one, or a list of them. */
export type KeyArgument = ValueArgument | readonly ValueArgument[]

/** Rows as models. None of these calls changes the builder. */
export abstract class ModelReads<Row = AnyRow, Result = Row> extends ScopedQuery<Row, Result> {
  /**
   * The models.
   *
   * @example
   * const users = await User.where('votes', '>', 100).get()
   * // select * from "users" where "votes" > $1
   */
  override async get<const Names extends Columns<Row>>(
    ...columns: Names
  ): Promise<EloquentCollection<Read<Row, Result, Names>>> {
    return EloquentCollection.from(await super.get(...columns))
  }

  override all<const Names extends Columns<Row>>(
    ...columns: Names
  ): Promise<EloquentCollection<Read<Row, Result, Names>>> {
    return this.get(...columns)
  }

  /** The models in a plain array, without what is loaded with them. */
  async getModels<const Names extends Columns<Row>>(...columns: Names): Promise<Result[]> {
    const { rows } = await this.runRead({ kind: 'select', query: this.reading(columns) })
    return this.hydrate(rows)
  }

  /** Models of rows. */
  hydrate(rows: readonly AnyRow[]): Result[] {
    const { meta } = this
    const isElsewhere = this.connectionName !== meta.options.connection
    const models = rows.map((row) => {
      const model = hydrated(meta, row)
      return (isElsewhere ? this.connected(model) : model) as Result
    })
    this.giveCasts(models)
    return models
  }

  /**
   * Gives the models of this query more casts: for columns that it computes.
   *
   * @example
   * const users = await User.query().selectRaw('max(seen_at) as last').withCasts({ last: 'datetime' }).get()
   */
  withCasts(casts: Readonly<Record<string, CastArgument>>): this {
    this.ownCasts = { ...this.ownCasts, ...casts }
    return this
  }

  private giveCasts(models: readonly Result[]): void {
    if (this.ownCasts === undefined) return
    const option = { ...this.meta.options.casts, ...this.ownCasts }
    const casts = castsOf(option)
    for (const model of models) {
      const state = stateOf(model as object)
      state.casts = casts
      state.setOption('casts', option)
    }
  }

  protected override async received(rows: AnyRow[]): Promise<Result[]> {
    return await this.retrieved(this.hydrate(rows))
  }

  /** Rows that come one by one load no relations: that would be a query for each. */
  protected override streamed(row: AnyRow): Promise<Result[]> {
    return this.retrieved(this.hydrate([row]))
  }

  private async retrieved(models: Result[]): Promise<Result[]> {
    const listeners = listenersOf(this.meta.model, 'retrieved')
    for (const listener of listeners) for (const model of models) await listener(model as never)
    return models
  }

  /**
   * Models of what SQL of your own reads.
   *
   * @example
   * const users = await User.query().fromQuery('select * from users where votes > ?', [100])
   */
  async fromQuery(sql: string, bindings: readonly unknown[] = []): Promise<EloquentCollection<Result>> {
    const connection = (this.getModel() as Keys).getConnection()
    return EloquentCollection.from(this.hydrate((await connection.select(sql, bindings as never)) as AnyRow[]))
  }

  /**
   * The query with its scopes, whose rows are plain objects.
   *
   * @example
   * const rows = await User.where('votes', '>', 100).toBase().get() // no models
   */
  toBase(): QueryBuilder {
    const query = new QueryBuilder(this.executor)
    query.query = copySelect(this.toSelect())
    return Object.assign(query, { callOptions: this.callOptions })
  }

  /** The newest models first, by `CREATED_AT` of the class. */
  override latest(column?: OrderColumn<Row, Result>): this {
    return super.latest(column ?? this.creationColumn())
  }

  /** The oldest models first, by `CREATED_AT` of the class. */
  override oldest(column?: OrderColumn<Row, Result>): this {
    return super.oldest(column ?? this.creationColumn())
  }

  private creationColumn(): OrderColumn<Row, Result> {
    return (this.meta.options.CREATED_AT ?? 'created_at') as OrderColumn<Row, Result>
  }

  /** Values as programs see them: `pluck` goes by casts and accessors as properties do. */
  protected override pluckable(rows: readonly AnyRow[], column: ValueColumn<Row>): readonly AnyRow[] {
    if (typeof column !== 'string') return rows
    const name = column.slice(column.lastIndexOf('.') + 1)
    return this.meta.accessors.has(name) || this.isCast(name) ? (this.hydrate(rows) as readonly AnyRow[]) : rows
  }

  private isCast(column: string): boolean {
    return this.meta.casts.has(column) || this.ownCasts?.[column] !== undefined || this.meta.isDate(column)
  }

  /**
   * The model with this key, `null` when there is none; of several keys, those that are there.
   *
   * @example
   * const user = await User.find(3) // select * from "users" where "users"."id" = $1 limit 1
   */
  override find<const Names extends Columns<Row>>(
    id: ModelKey,
    ...columns: Names
  ): Promise<Read<Row, Result, Names> | null>
  override find<const Names extends Columns<Row>>(
    ids: readonly ModelKey[],
    ...columns: Names
  ): Promise<EloquentCollection<Result>>
  override find<const Names extends Columns<Row>>(
    id: ValueArgument,
    ...columns: Names
  ): Promise<Read<Row, Result, Names> | null>
  override find(id: KeyArgument, ...columns: readonly unknown[]): Promise<never> {
    const found = isList(id) ? this.findMany(id, ...(columns as [])) : super.find(id, ...(columns as []))
    return found as Promise<never>
  }

  /**
   * The models with these keys.
   *
   * @example
   * const users = await User.query().findMany([1, 2]) // select * from "users" where "users"."id" in ($1, $2)
   */
  async findMany<const Names extends Columns<Row>>(
    ids: readonly ValueArgument[],
    ...columns: Names
  ): Promise<EloquentCollection<Result>> {
    if (ids.length === 0) return new EloquentCollection<Result>()
    return (await this.clone()
      .whereKey(ids)
      .get(...columns)) as EloquentCollection<Result>
  }

  /**
   * The model with this key; of several keys, all of them.
   *
   * @throws ModelNotFoundException that names the keys that are missing.
   */
  override findOrFail<const Names extends Columns<Row>>(
    id: ModelKey,
    ...columns: Names
  ): Promise<Read<Row, Result, Names>>
  override findOrFail<const Names extends Columns<Row>>(
    ids: readonly ModelKey[],
    ...columns: Names
  ): Promise<EloquentCollection<Result>>
  override findOrFail<const Names extends Columns<Row>>(
    id: ValueArgument,
    ...columns: Names
  ): Promise<Read<Row, Result, Names>>
  override async findOrFail(id: KeyArgument, ...columns: readonly unknown[]): Promise<never> {
    if (!isList(id)) return (await super.findOrFail(id, ...(columns as []))) as never
    const found = await this.findMany(id, ...(columns as []))
    const keys = new Set(found.modelKeys().map(String))
    const missing = id.filter((key) => !keys.has(String(key)))
    if (missing.length > 0) throw this.notFound(missing)
    return found as never
  }

  /**
   * The only model that fits, with this key.
   *
   * @throws ModelNotFoundException when there is none, MultipleRecordsFoundException where a join makes several of it.
   */
  findSole<const Names extends Columns<Row>>(id: ModelKey, ...columns: Names): Promise<Read<Row, Result, Names>> {
    return this.withId(id).sole(...columns)
  }

  /** Only the models with these keys. */
  whereKey(id: KeyArgument): this {
    const key = this.qualifiedKey()
    return isList(id) ? this.whereIn(key, id as never) : this.where(key, '=', id as never)
  }

  /** Only the models without these keys. */
  whereKeyNot(id: KeyArgument): this {
    const key = this.qualifiedKey()
    return isList(id) ? this.whereNotIn(key, id as never) : this.where(key, '!=', id as never)
  }

  protected override withId(id: ValueArgument): this {
    return this.clone().whereKey(id)
  }

  protected override notFound(ids: readonly unknown[], message?: string): Error {
    const error = new ModelNotFoundException(this.meta.model.name, ids)
    if (message !== undefined) error.message = message
    return error
  }

  private qualifiedKey(): ColumnName<Row> {
    return this.qualifyColumn(this.keyColumn()) as ColumnName<Row>
  }

  /** A column with the table of the query. */
  qualifyColumn(column: string): string {
    const table = this.tableAlias()
    return column.includes('.') || table === undefined ? column : `${table}.${column}`
  }
}

function isList(id: KeyArgument): id is readonly ValueArgument[] {
  return Array.isArray(id)
}
