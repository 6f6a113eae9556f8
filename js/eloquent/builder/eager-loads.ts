import type { AnyRow } from '../../query/columns'
import { loadName, loadRelations } from '../loading/eager-loader'
import { addLoads, copyLoads, type Loads, type RelationArguments } from '../loading/loads'
import { stateOf } from '../model-proxy'
import { strictness } from '../strictness'
import { SoftDeletingQueries } from './soft-deleting-queries'

/** Relations that are loaded with the models. */
export abstract class EagerLoads<Row = AnyRow, Result = Row> extends SoftDeletingQueries<Row, Result> {
  /** Never changed in place: copies of the builder share it. */
  private loads: Loads | undefined = undefined
  /** Relations that are left out. `all`: every one that the class names. */
  private unloaded: ReadonlySet<string> | 'all' | undefined = undefined

  /** Relations that are being loaded above this query. None of them is loaded again because a class always loads it. */
  loadedBelow: readonly string[] = []

  protected override copyInto(copy: this): this {
    super.copyInto(copy)
    copy.loads = this.loads
    copy.unloaded = this.unloaded
    copy.loadedBelow = this.loadedBelow
    return copy
  }

  /**
   * Loads relations with the models: one query for each relation of each level, whatever the number of rows.
   *
   * @param relations - Paths (`'posts.comments'`), with the only columns to read (`'author:id,name'`), objects with
   * conditions or with what is nested, lists of these; or one path and its condition.
   * @example
   * const users = await User.with('posts.comments', { roles: (query) => query.orderBy('name') }).get()
   * // select * from "users"
   * // select * from "posts" where "posts"."user_id" in (1, 2, 3)
   * // select * from "comments" where "comments"."post_id" in (1, 2, 3, 4)
   */
  with(...relations: RelationArguments): this {
    this.loads = addLoads(copyLoads(this.loads ?? new Map()), relations)
    return this
  }

  /**
   * Leaves relations out that the class always loads; `*`: all of them.
   *
   * @example
   * const users = await User.query().without('posts').get()
   */
  without(...relations: readonly (string | readonly string[])[]): this {
    const names = relations.flat()
    const loads = copyLoads(this.loads ?? new Map())
    for (const name of names.includes('*') ? [...loads.keys()] : names) loads.delete(name)
    this.loads = loads
    if (names.includes('*')) this.unloaded = 'all'
    else if (this.unloaded !== 'all') this.unloaded = new Set([...(this.unloaded ?? []), ...names])
    return this
  }

  /**
   * Loads these relations alone, and none that the class always loads.
   *
   * @example
   * const users = await User.query().withOnly('posts').get()
   */
  withOnly(...relations: RelationArguments): this {
    this.loads = undefined
    this.unloaded = 'all'
    return this.with(...relations)
  }

  /** Adds relations of what a relation finds. */
  addNestedLoads(nested: Loads): this {
    if (nested.size === 0) return this
    const loads = copyLoads(this.loads ?? new Map())
    for (const [name, load] of copyLoads(nested)) loads.set(name, load)
    this.loads = loads
    return this
  }

  protected override async received(rows: AnyRow[]): Promise<Result[]> {
    const models = await super.received(rows)
    const isWatched = strictness.lazyLoading || strictness.automaticLoading
    if (isWatched && models.length > 1) {
      for (const model of models as object[]) stateOf(model).siblings = models as object[]
    }
    const loads = this.activeLoads()
    if (loads !== undefined) await loadRelations(models as readonly object[], loads, { above: this.loadedBelow })
    return models
  }

  /** Whether nothing is loaded because the class always loads it. */
  protected loadsNothing(): boolean {
    return this.unloaded === 'all'
  }

  private activeLoads(): Loads | undefined {
    const named = this.meta.options.with
    if (named.length === 0 || this.unloaded === 'all') return this.loads
    const all = addLoads(new Map(), named)
    for (const name of [...all.keys()]) if (this.loadedBelow.includes(loadName(this.meta, name))) all.delete(name)
    for (const name of this.unloaded ?? []) all.delete(name)
    for (const [name, load] of this.loads ?? []) all.set(name, load)
    return all
  }
}
