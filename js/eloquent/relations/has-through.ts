import type { Operand } from '../../query/ast'
import type { AnyRow } from '../../query/columns'
import { aliasOf } from '../../query/state'
import type { EloquentBuilder } from '../builder/eloquent-builder'
import { tableOf } from '../concerns/keys'
import type { Model } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { plainColumn } from './keys'
import { RankedRelation } from './ranked-relation'

/** The name of the column that tells which parent a row belongs to; Laravel's name. */
const THROUGH_KEY = 'laravel_through_key'

/** The columns that lead from the parent over another table to the related rows. */
export interface ThroughKeys {
  /** The column between that refers to the parent. */
  readonly firstKey: string
  /** The related column that refers to the row between. */
  readonly secondKey: string
  /** The parent's column that is referred to. */
  readonly localKey: string
  /** The column between that is referred to. */
  readonly secondLocalKey: string
}

/** Models that refer to others, which refer to the parent. */
export abstract class HasOneOrManyThrough<Related = Model, Parent = Model, Found = unknown> extends RankedRelation<
  Related,
  Parent,
  Found
> {
  protected readonly parentColumn: string
  protected readonly through: AnyModelClass
  protected readonly throughKeys: ThroughKeys
  /** What the table between is called: another name where the query around has the same table. */
  private between: string
  /** Soft deleted rows between count as well. */
  private withTrashedBetween = false
  /** Which parent each row belongs to. */
  private readonly parentKeys = new WeakMap<object, unknown>()

  constructor(parent: object, related: AnyModelClass, through: AnyModelClass, keys: ThroughKeys) {
    super(parent, related)
    this.through = through
    this.throughKeys = keys
    this.parentColumn = keys.localKey
    this.between = tableOf(metaOf(through))
    if (this.between === tableOf(this.meta)) this.between += ' as laravel_reserved_1'
  }

  protected matchedColumn(): string {
    return this.ofBetween(this.throughKeys.firstKey)
  }

  protected override addConstraints(query: this): void {
    const { secondKey, secondLocalKey } = this.throughKeys
    query.join(this.between, this.ofBetween(secondLocalKey), '=', query.qualifyColumn(secondKey))
    const { softDeletes, DELETED_AT } = metaOf(this.through).options
    if (softDeletes && !this.withTrashedBetween) query.whereNull(this.ofBetween(DELETED_AT) as never)
  }

  /** Soft deleted rows between count as well. */
  withTrashedParents(): this {
    this.withTrashedBetween = true
    return this
  }

  override ofQuery(parents: EloquentBuilder): this {
    const query = super.ofQuery(parents)
    const table = tableOf(metaOf(this.through))
    if (aliasOf(parents.query.from) === aliasOf(query.between)) query.between = `${table} as laravel_reserved_2`
    return query
  }

  /** Both tables may have columns of one name: only those of the related one are read. */
  protected override columnsToRead(columns: readonly Operand[] | undefined): readonly Operand[] {
    const all = columns ?? [`${this.tableAlias()}.*`]
    if (this.extent === undefined || this.extent.kind === 'query') return all
    if (this.ranking !== undefined) return columns === undefined ? all : [...all, this.rankedColumn()]
    return [...all, `${this.matchedColumn()} as ${THROUGH_KEY}`]
  }

  protected override rankedColumn(): string {
    return `${this.tableAlias()}.${THROUGH_KEY}`
  }

  /** The chosen rows tell their parent as well. */
  protected override columnsToRank(): Operand[] {
    return [`${this.tableAlias()}.*`, `${this.matchedColumn()} as ${THROUGH_KEY}`]
  }

  protected override selectedColumn(name: string): string {
    return this.qualifyColumn(name)
  }

  protected override ownMatchedColumn(): readonly string[] {
    return []
  }

  protected override async received(rows: AnyRow[]): Promise<Related[]> {
    const keys = rows.map((row) => row[THROUGH_KEY])
    for (const row of rows) delete row[THROUGH_KEY]
    const related = await super.received(rows)
    for (const [at, model] of related.entries()) this.parentKeys.set(model as object, keys[at])
    return related
  }

  protected override async streamed(row: AnyRow): Promise<Related[]> {
    delete row[THROUGH_KEY]
    return await super.streamed(row)
  }

  protected override matchKeys(): (related: object) => unknown {
    return (related) => this.parentKeys.get(related)
  }

  private ofBetween(column: string): string {
    return column.includes('.') ? column : `${aliasOf(this.between)}.${plainColumn(column)}`
  }

  getFirstKeyName(): string {
    return this.throughKeys.firstKey
  }

  getSecondKeyName(): string {
    return this.throughKeys.secondKey
  }

  getLocalKeyName(): string {
    return this.throughKeys.localKey
  }

  getSecondLocalKeyName(): string {
    return this.throughKeys.secondLocalKey
  }
}
