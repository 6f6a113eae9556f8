import { InvalidArgumentException } from '../../errors'
import { emptySelect, type Operand, type SelectQuery } from '../../query/ast'
import type { AnyRow } from '../../query/columns'
import { aliasOf } from '../../query/state'
import { EloquentBuilder } from '../builder/eloquent-builder'
import { builderOf } from '../builder/new-query'
import { together } from '../builder/scoped-query'
import { connectionNamed, tableOf } from '../concerns/keys'
import { RELATION } from '../dynamic-relations'
import type { AttributesOf, Model } from '../model'
import { type AnyModelClass, metaOf } from '../model-meta'
import { stateOf } from '../model-proxy'
import { areIntegers, type ComparableKey, comparableKey, keysOf, piecesOf, plainColumn, storedKey } from './keys'

/** Which rows of its table a relation holds: those of its parent, of many parents, or of the rows of another query. */
export type Extent =
  | { readonly kind: 'parent' }
  | { readonly kind: 'keys'; readonly keys: readonly unknown[] }
  | { readonly kind: 'query'; readonly parents: EloquentBuilder }

/** What a table is called inside of a query of itself; Laravel's name. */
const INNER = 'laravel_reserved_0'

/**
 * What a model has to do with others: a query of those that belong to it, which can be awaited.
 *
 * The program's conditions stand apart from those that tie the rows to the parent. These are added when the query runs,
 * so that one relation can be asked for one parent, for many (eager loading) and inside of other queries (`whereHas`).
 *
 * A kind of relation says
 * - `parentColumn`: whose value in the parent tells the related rows, and `matchedColumn()`: where that value is in them;
 * - `addConstraints()`: joins and further conditions, if it has any;
 * - `columnsToRead()` and `matchKeys()`: where a related row keeps the value, if that is no column of its own;
 * - `isMany` and `hold()`: what the property of the parent is.
 *
 * @example
 * const drafts = await user.posts().where('draft', true).get()
 * // select * from "posts" where "posts"."user_id" = $1 and "draft" = $2
 */
export abstract class Relation<Related = Model, Parent = Model, Found = unknown>
  extends EloquentBuilder<AttributesOf<Related>, Related>
  implements PromiseLike<Found>
{
  readonly [RELATION] = true as const
  protected readonly parent: Parent & object
  protected extent: Extent | undefined = { kind: 'parent' }
  /** The name of the method that made it. */
  relationName: string | undefined = undefined
  /** The column of the parent whose value tells the related rows. */
  protected abstract readonly parentColumn: string
  /** Whether it holds a list. */
  abstract readonly isMany: boolean

  constructor(parent: object, related: AnyModelClass) {
    const meta = metaOf(related)
    const connection = meta.options.connection ?? stateOf(parent).option('connection')
    super(connectionNamed(connection), meta, tableOf(meta))
    this.connectionName = connection
    this.parent = parent as Parent & object
  }

  /** The column of the related rows, or of a joined table, that has the parent's value, with its table. */
  protected abstract matchedColumn(): string

  /** What the property of a parent is, given its related models. */
  protected abstract hold(parent: object, related: Related[]): Found

  /** Adds joins, and conditions besides that on {@link matchedColumn}, to an empty query. */
  protected addConstraints(_query: this): void {}

  /** The columns to read, given those that the program names. */
  protected columnsToRead(columns: readonly Operand[] | undefined): readonly Operand[] | undefined {
    return columns
  }

  /** Answers of related models the value that tells their parent. */
  protected matchKeys(): (related: object) => unknown {
    const column = plainColumn(this.matchedColumn())
    return (related) => storedKey(related, column)
  }

  /** The parent's value; `null` where it has none, and no related row either. */
  protected parentKey(): unknown {
    return storedKey(this.parent, this.parentColumn)
  }

  /** Whether the parent has a value for related rows to have. */
  hasParentKey(): boolean {
    return this.parentKey() !== null
  }

  /** What it holds. Asks nothing where the parent has no key. */
  async getResults(): Promise<Found> {
    if (this.parentKey() === null) return this.hold(this.parent, [])
    if (this.isMany) return this.hold(this.parent, await this.get())
    const first = await this.first()
    return this.hold(this.parent, first === null ? [] : [first])
  }

  /** Makes relations awaitable: `await user.posts()`. */
  then<Done = Found, Failed = never>(
    onDone?: ((found: Found) => Done | PromiseLike<Done>) | null,
    onFailed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    return this.getResults().then(onDone, onFailed)
  }

  catch<Failed = never>(
    onFailed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Found | Failed> {
    return this.getResults().catch(onFailed)
  }

  finally(onEnd?: (() => void) | null): Promise<Found> {
    return this.getResults().finally(onEnd)
  }

  getParent(): Parent {
    return this.parent
  }

  /** A model of the related class, without attributes. */
  getRelated(): Related {
    return this.getModel()
  }

  /**
   * Loads what it holds for many parents, in one query; in none, where they have no keys.
   *
   * @internal
   */
  async eagerLoad(parents: readonly object[], name: string): Promise<void> {
    const groups = new Map<ComparableKey, Related[]>()
    const matchKey = this.matchKeys()
    for (const keys of piecesOf(keysOf(parents, this.parentColumn))) {
      const query = this.clone()
      query.extent = { kind: 'keys', keys }
      for (const related of await query.get()) {
        const key = comparableKey(matchKey(related as object))
        if (key === undefined) continue
        const group = groups.get(key)
        if (group === undefined) groups.set(key, [related])
        else group.push(related)
      }
    }
    for (const parent of parents) {
      const key = comparableKey(storedKey(parent, this.parentColumn))
      const related = key === undefined ? undefined : groups.get(key)
      stateOf(parent).setRelation(name, this.hold(parent, related ?? []))
    }
  }

  /**
   * The related rows of the rows of another query: for `whereHas`, `withCount` and their like.
   *
   * @internal
   */
  ofQuery(parents: EloquentBuilder): this {
    const query = this.clone()
    query.extent = { kind: 'query', parents }
    query.query.columns = undefined
    const { from } = query.query
    // A table inside of itself needs another name.
    if (typeof from === 'string' && aliasOf(from) === aliasOf(parents.query.from)) {
      query.query.from = `${from.split(/\s+as\s+/i)[0]} as ${INNER}`
    }
    return query
  }

  /**
   * Reads these columns alone, and the one by which rows find their parents.
   *
   * @internal
   */
  selectOnly(columns: readonly string[]): this {
    const names = columns.includes('*') ? columns : [...new Set([...columns, ...this.ownMatchedColumn()])]
    this.query.columns = names.map((name) => this.selectedColumn(name))
    return this
  }

  /** The column by which rows find their parents, if it is one of the related table. */
  protected ownMatchedColumn(): readonly string[] {
    return [plainColumn(this.matchedColumn())]
  }

  protected selectedColumn(name: string): string {
    return name
  }

  protected override constrained(query: SelectQuery): SelectQuery {
    const { extent } = this
    if (extent === undefined) return query
    const own = this.newGroup()
    own.extent = undefined
    own.addConstraints(own)
    const column = own.matchedColumn() as never
    if (extent.kind === 'keys') own.whereKeys(column, extent.keys)
    else if (extent.kind === 'parent')
      own.whereKeys(
        column,
        [this.parentKey()].filter((key) => key !== null),
      )
    else own.whereColumn(extent.parents.qualifyColumn(this.parentColumn) as never, '=', column)
    const { joins, wheres } = own.query
    const constrained: SelectQuery = {
      ...query,
      joins: joins === undefined ? query.joins : [...joins, ...(query.joins ?? [])],
      wheres: [...(wheres ?? []), ...together(query.wheres ?? [])],
    }
    if (extent.kind !== 'keys' || query.limit === undefined) return constrained
    // So many of each parent, not of all together.
    return { ...constrained, limit: undefined, groupLimit: { rows: query.limit, column } }
  }

  private whereKeys(column: never, keys: readonly unknown[]): void {
    if (keys.length === 1) this.where(column, '=', keys[0] as never)
    else if (areIntegers(keys)) this.whereIntegerInRaw(column, keys)
    else this.whereIn(column, keys as never)
  }

  protected override settled(query: SelectQuery): this {
    const copy = super.settled(query)
    copy.extent = undefined
    return copy
  }

  protected override reading(columns: readonly unknown[]): SelectQuery {
    const query = super.reading(columns)
    const read = this.columnsToRead(query.columns)
    return read === query.columns ? query : { ...query, columns: read as Operand[] }
  }

  protected override async received(rows: AnyRow[]): Promise<Related[]> {
    if (this.query.limit !== undefined && this.extent?.kind === 'keys') for (const row of rows) delete row.laravel_row
    return await super.received(rows)
  }

  /** A relation like this one, without the program's clauses. */
  override newGroup(): this {
    // `Object.assign` would make a dictionary of it: V8 takes thirty times as long for that.
    const group = { __proto__: Object.getPrototypeOf(this) as object, ...this } as this
    group.query = emptySelect(this.query.from)
    group.beforeCallbacks = undefined
    group.afterCallbacks = undefined
    return group
  }
}

/**
 * A relation of a kind, with the local scopes of the related class.
 *
 * @example
 * newRelation(HasMany, user, Post, 'user_id', 'id')
 */
export function newRelation<R, Args extends unknown[]>(
  kind: new (parent: object, related: AnyModelClass, ...args: Args) => R,
  parent: object,
  related: AnyModelClass,
  ...args: Args
): R {
  if (typeof related !== 'function' || typeof (related.prototype as { getKey?: unknown }).getKey !== 'function') {
    throw new InvalidArgumentException('A relation needs a class of models, or the name of a registered one.')
  }
  const Kind = builderOf(metaOf(related), kind as unknown as new () => object) as unknown as typeof kind
  return new Kind(parent, related, ...args)
}
