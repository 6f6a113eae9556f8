import { InvalidArgumentException } from '../../errors'
import type { Operand } from '../../query/ast'
import type { QueryBuilder } from '../../query/builder'
import type { AnyRow } from '../../query/columns'
import type { EloquentCollection } from '../collection'
import type { AnyModel } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import type { ModelOptions } from '../model-options'
import { hydrated, stateOf } from '../model-proxy'
import { collected } from './has-many'
import { storedKey } from './keys'
import { defaultPivotClass, type PivotPlace } from './pivot-class'
import { Relation } from './relation'

/** The tables and columns of a relation through a pivot table. */
export interface PivotTable {
  readonly table: string
  readonly foreignPivotKey: string
  readonly relatedPivotKey: string
  readonly parentKey: string
  readonly relatedKey: string
}

/** A condition on pivot rows, for the query of the related table and for that of the pivot table alone. */
type PivotCondition = (query: QueryBuilder) => unknown

/** Models that a pivot table ties to the parent: what is read. */
export abstract class PivotQuery<Related = AnyModel, Parent = AnyModel> extends Relation<
  Related,
  Parent,
  EloquentCollection<Related>
> {
  readonly isMany = true
  protected readonly parentColumn: string
  protected readonly pivot: PivotTable
  /** Further columns of pivot rows to read. Lists are never changed in place: copies of the relation share them. */
  protected pivotColumns: readonly string[] = []
  protected pivotConditions: readonly PivotCondition[] = []
  protected pivotValues: AnyRow = {}
  protected pivotTimes: readonly [created: string, updated: string] | undefined = undefined
  protected pivotClass: AnyModelClass | undefined = undefined
  protected accessor = 'pivot'

  constructor(parent: object, related: AnyModelClass, pivot: PivotTable) {
    super(parent, related)
    this.pivot = pivot
    this.parentColumn = pivot.parentKey
  }

  protected matchedColumn(): string {
    return this.qualifyPivotColumn(this.pivot.foreignPivotKey)
  }

  protected hold(_parent: object, related: Related[]): EloquentCollection<Related> {
    return collected(related)
  }

  protected override addConstraints(query: this): void {
    const { table, relatedKey, relatedPivotKey } = this.pivot
    query.join(table, this.qualifyColumn(relatedKey), '=', this.qualifyPivotColumn(relatedPivotKey))
    const morph = this.morph()
    if (morph !== undefined) query.where(this.qualifyPivotColumn(morph[0]) as never, '=', morph[1] as never)
  }

  protected override columnsToRead(columns: readonly Operand[] | undefined): readonly Operand[] {
    const pivots = this.readPivotColumns().map((name) => `${this.qualifyPivotColumn(name)} as ${aliasOf(name)}`)
    return [...(columns ?? [this.qualifyColumn('*')]), ...pivots]
  }

  protected override ownMatchedColumn(): readonly string[] {
    return []
  }

  protected override selectedColumn(name: string): string {
    return this.qualifyColumn(name)
  }

  protected override matchKeys(): (related: object) => unknown {
    const { accessor, pivot } = this
    return (related) => storedKey(stateOf(related).relations?.get(accessor) as object, pivot.foreignPivotKey)
  }

  /** Models of rows, each with its pivot. */
  override hydrate(rows: readonly AnyRow[]): Related[] {
    const pivots = this.takePivots(rows)
    const models = super.hydrate(rows)
    models.forEach((model, index) => void stateOf(model as object).setRelation(this.accessor, pivots[index]))
    return models
  }

  /** Takes the columns of the pivot rows out of rows. */
  private takePivots(rows: readonly AnyRow[]): AnyModel[] {
    const columns = this.readPivotColumns().map((name) => [name, aliasOf(name)] as const)
    const aliases = new Set(columns.map(([, alias]) => alias))
    // As the rows have them, from the last: V8 makes a dictionary of an object that loses any but its newest property, or
    // whose property is named by another text than its own.
    const fromLast = Object.keys(rows[0] ?? {})
      .filter((name) => aliases.has(name))
      .reverse()
    const meta = metaOf(this.getPivotClass())
    const common = this.commonOfPivots()
    return rows.map((row) => {
      const attributes: AnyRow = {}
      for (const [name, alias] of columns) attributes[name] = row[alias]
      for (const alias of fromLast) delete row[alias]
      return placed(hydrated(meta, attributes), common)
    })
  }

  /** The columns of pivot rows that are read, each once. */
  protected readPivotColumns(): string[] {
    const { foreignPivotKey, relatedPivotKey } = this.pivot
    return [...new Set([foreignPivotKey, relatedPivotKey, ...this.pivotColumns])]
  }

  /** The pivot of a row that is there. */
  newExistingPivot(attributes: AnyRow = {}): AnyModel {
    return placed(hydrated(metaOf(this.getPivotClass()), attributes), this.commonOfPivots())
  }

  /** A pivot that is not saved, unless `exists` says so. */
  newPivot(attributes: AnyRow = {}, exists = false): AnyModel {
    if (exists) return this.newExistingPivot({ ...attributes })
    const made: object = Reflect.construct(this.getPivotClass() as new () => object, [])
    return placed(made, this.commonOfPivots()).forceFill(attributes)
  }

  private commonOfPivots(): CommonOfPivots {
    const { connectionName, pivotTimes, parent } = this
    const { table, foreignPivotKey, relatedPivotKey } = this.pivot
    const own = {
      table,
      timestamps: pivotTimes !== undefined,
      ...(connectionName !== undefined && { connection: connectionName }),
      ...(pivotTimes !== undefined && { CREATED_AT: pivotTimes[0], UPDATED_AT: pivotTimes[1] }),
    }
    return { own, place: { foreignKey: foreignPivotKey, relatedKey: relatedPivotKey, morph: this.morph(), parent } }
  }

  /** The column of a polymorphic side and its value. */
  protected morph(): PivotPlace['morph'] {
    return undefined
  }

  /** @throws InvalidArgumentException for a parent that is not saved. */
  protected assertParentKey(): void {
    if (this.hasParentKey()) return
    const [parent, related] = [stateOf(this.parent).meta.model.name, this.meta.model.name]
    throw new InvalidArgumentException(`Save the ${parent} first: without a key no ${related} can be attached to it.`)
  }

  /** A query of the parent's rows of the pivot table. */
  newPivotQuery(): QueryBuilder {
    this.assertParentKey()
    const query = this.newQuery().from(this.pivot.table)
    for (const condition of this.pivotConditions) condition(query)
    const morph = this.morph()
    if (morph !== undefined) query.where(this.qualifyPivotColumn(morph[0]), '=', morph[1])
    return query.where(this.matchedColumn(), '=', this.parentKey() as never)
  }

  /** A query of the whole pivot table. */
  newPivotStatement(): QueryBuilder {
    return this.newQuery().from(this.pivot.table)
  }

  /**
   * Reads further columns of the pivot rows.
   *
   * @example
   * roles() { return this.belongsToMany(Role).withPivot('active', 'expires_at') }
   * // select "roles".*, "role_user"."user_id" as "pivot_user_id", …, "role_user"."active" as "pivot_active", … from "roles"
   */
  withPivot(...columns: readonly (string | readonly string[])[]): this {
    this.pivotColumns = [...this.pivotColumns, ...columns.flat()]
    return this
  }

  /** Keeps the times of pivot rows: `created_at` and `updated_at`, or other columns. */
  withTimestamps(createdAt = 'created_at', updatedAt = 'updated_at'): this {
    this.pivotTimes = [createdAt, updatedAt]
    return this.withPivot(createdAt, updatedAt)
  }

  /** Gives pivots a class of their own, an extension of `Pivot`: with casts, methods and events. */
  using(model: AnyModelClass): this {
    this.pivotClass = model
    return this
  }

  /** Keeps the models whose pivot row meets a condition. Takes what `where()` takes. */
  wherePivot(column: string, ...condition: readonly unknown[]): this {
    return this.onPivot('where', column, condition)
  }
  orWherePivot(column: string, ...condition: readonly unknown[]): this {
    return this.onPivot('orWhere', column, condition)
  }
  wherePivotIn(column: string, values: Iterable<unknown>): this {
    return this.onPivot('whereIn', column, [[...values]])
  }
  orWherePivotIn(column: string, values: Iterable<unknown>): this {
    return this.onPivot('orWhereIn', column, [[...values]])
  }
  wherePivotNotIn(column: string, values: Iterable<unknown>): this {
    return this.onPivot('whereNotIn', column, [[...values]])
  }
  orWherePivotNotIn(column: string, values: Iterable<unknown>): this {
    return this.onPivot('orWhereNotIn', column, [[...values]])
  }
  wherePivotBetween(column: string, range: readonly [unknown, unknown]): this {
    return this.onPivot('whereBetween', column, [range])
  }
  orWherePivotBetween(column: string, range: readonly [unknown, unknown]): this {
    return this.onPivot('orWhereBetween', column, [range])
  }
  wherePivotNotBetween(column: string, range: readonly [unknown, unknown]): this {
    return this.onPivot('whereNotBetween', column, [range])
  }
  orWherePivotNotBetween(column: string, range: readonly [unknown, unknown]): this {
    return this.onPivot('orWhereNotBetween', column, [range])
  }
  wherePivotNull(column: string): this {
    return this.onPivot('whereNull', column, [])
  }
  orWherePivotNull(column: string): this {
    return this.onPivot('orWhereNull', column, [])
  }
  wherePivotNotNull(column: string): this {
    return this.onPivot('whereNotNull', column, [])
  }
  orWherePivotNotNull(column: string): this {
    return this.onPivot('orWhereNotNull', column, [])
  }

  /** Keeps the models whose pivot row has this value, which rows that are attached get as well. */
  withPivotValue(column: string | AnyRow, value?: unknown): this {
    if (typeof column === 'object') {
      for (const [name, each] of Object.entries(column)) this.withPivotValue(name, each)
      return this
    }
    this.pivotValues = { ...this.pivotValues, [column]: value }
    return this.wherePivot(column, '=', value)
  }

  orderByPivot(column: string, direction: 'asc' | 'desc' = 'asc'): this {
    return this.orderBy(this.qualifyPivotColumn(column) as never, direction)
  }

  orderByPivotDesc(column: string): this {
    return this.orderByPivot(column, 'desc')
  }

  /** A column with the pivot table. */
  qualifyPivotColumn(column: string): string {
    return column.includes('.') ? column : `${this.pivot.table}.${column}`
  }

  private onPivot(method: string, column: string, args: readonly unknown[]): this {
    const apply = (query: object) => {
      const call = (query as Record<string, (...given: unknown[]) => unknown>)[method]
      return call?.call(query, this.qualifyPivotColumn(column), ...args)
    }
    this.pivotConditions = [...this.pivotConditions, apply]
    apply(this)
    return this
  }

  getTable(): string {
    return this.pivot.table
  }

  getForeignPivotKeyName(): string {
    return this.pivot.foreignPivotKey
  }

  getQualifiedForeignPivotKeyName(): string {
    return this.qualifyPivotColumn(this.pivot.foreignPivotKey)
  }

  getRelatedPivotKeyName(): string {
    return this.pivot.relatedPivotKey
  }

  getQualifiedRelatedPivotKeyName(): string {
    return this.qualifyPivotColumn(this.pivot.relatedPivotKey)
  }

  getParentKeyName(): string {
    return this.pivot.parentKey
  }

  getRelatedKeyName(): string {
    return this.pivot.relatedKey
  }

  getPivotAccessor(): string {
    return this.accessor
  }

  getPivotColumns(): readonly string[] {
    return this.pivotColumns
  }

  getPivotClass(): AnyModelClass {
    return this.pivotClass ?? defaultPivotClass()
  }
}

/** What all pivots of a relation have. */
interface CommonOfPivots {
  readonly own: Partial<ModelOptions>
  readonly place: PivotPlace
}

function placed(pivot: object, { own, place }: CommonOfPivots): AnyModel {
  const state = stateOf(pivot)
  state.own = state.own === undefined ? own : { ...state.own, ...own }
  state.pivotPlace = place
  return pivot as AnyModel
}

/** What a column of a pivot row is called in the result. */
function aliasOf(column: string): string {
  return `pivot_${column}`
}
