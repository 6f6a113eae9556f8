import { refusePromise } from '../../query/arguments'
import { copySelect, type Predicate, type SelectQuery, type Source } from '../../query/ast'
import { QueryBuilder } from '../../query/builder'
import type { AnyRow } from '../../query/columns'
import { Conditionals } from '../../query/conditionals'
import type { QueryExecutor } from '../../query/executor'
import { JoinClause } from '../../query/join-clause'
import { aliasOf } from '../../query/state'
import type { CastArgument } from '../casts/cast'
import { type ScopeFunction, type ScopeName, scopeName, scopesOf } from '../global-scopes'
import type { ModelMeta } from '../model-meta'
import { stateOf } from '../model-proxy'

/** A query of a model's table, which has the conditions of its class. */
export abstract class ScopedQuery<Row = AnyRow, Result = Row> extends Conditionals<Row, Result> {
  readonly meta: ModelMeta
  /** The name of the connection that models of this query belong to; `undefined` for the default one. */
  connectionName: string | undefined = undefined
  /** Scopes that are left out; `all`: every one. */
  protected withoutScopes: ReadonlySet<ScopeName> | 'all' = new Set()
  /** Scopes of this query alone. */
  protected ownScopes: ReadonlyMap<ScopeName, ScopeFunction> | undefined = undefined
  /** Casts of this query's models besides those of their class. */
  protected ownCasts: Readonly<Record<string, CastArgument>> | undefined = undefined
  private blank: Result | undefined

  constructor(executor: QueryExecutor, meta: ModelMeta, from?: Source) {
    super(executor, from)
    this.meta = meta
  }

  /** An empty query of no table, for a query inside of this one. */
  newQuery(): QueryBuilder {
    return new QueryBuilder(this.executor)
  }

  newGroup(): this {
    const Builder = this.constructor as new (executor: QueryExecutor, meta: ModelMeta, from?: Source) => this
    const group = new Builder(this.executor, this.meta, this.query.from)
    group.connectionName = this.connectionName
    return group
  }

  protected override newJoinClause(): JoinClause {
    return new JoinClause(this)
  }

  protected override copyInto(copy: this): this {
    super.copyInto(copy)
    copy.connectionName = this.connectionName
    copy.withoutScopes = this.withoutScopes
    copy.ownScopes = this.ownScopes
    copy.ownCasts = this.ownCasts
    return copy
  }

  /** A copy with clauses of its own. */
  clone(): this {
    return this.copyInto(this.newGroup())
  }

  protected override keyColumn(): string {
    return this.meta.singleKey
  }

  /** A model of the class, without attributes: what scopes and relations are asked of. */
  getModel(): Result {
    if (this.blank === undefined) {
      this.blank = Reflect.construct(this.meta.model as new () => object, []) as Result
      this.connected(this.blank as object)
    }
    return this.blank
  }

  /** Lets a model belong to the connection of this query. */
  protected connected(model: object): object {
    const { connectionName, meta } = this
    if (connectionName !== meta.options.connection) stateOf(model).setOption('connection', connectionName)
    return model
  }

  /** The query itself. */
  getQuery(): this {
    return this
  }

  /**
   * Leaves a scope of the class out, by its name, its class or itself.
   *
   * @example
   * User.query().withoutGlobalScope('active')
   */
  withoutGlobalScope(scope: ScopeName): this {
    if (this.withoutScopes !== 'all') this.withoutScopes = new Set([...this.withoutScopes, scopeName(scope)])
    return this
  }

  /** Leaves some scopes of the class out; without names, all of them. */
  withoutGlobalScopes(scopes?: readonly ScopeName[]): this {
    if (scopes === undefined) this.withoutScopes = 'all'
    else for (const scope of scopes) this.withoutGlobalScope(scope)
    return this
  }

  /** Gives this query alone a scope. */
  withGlobalScope(name: ScopeName, scope: ScopeFunction): this {
    this.ownScopes = new Map([...(this.ownScopes ?? []), [name, scope]])
    return this
  }

  /** The query with the conditions of its scopes, as it will run. */
  override toSelect(): SelectQuery {
    const query = this.constrained(super.toSelect())
    const scopes = this.activeScopes()
    if (scopes.length === 0) return query
    const scoped = this.settled(query)
    for (const scope of scopes) scoped.callScope((builder) => scope(builder as never))
    return scoped.query
  }

  /** A copy with the conditions of its scopes among its own. */
  applyScopes(): this {
    return this.settled(this.toSelect())
  }

  /** The query with the conditions that come before those of the program: a relation's. */
  protected constrained(query: SelectQuery): SelectQuery {
    return query
  }

  /** A copy that is this query, to which nothing is added when it runs. */
  protected settled(query: SelectQuery): this {
    const copy = this.clone().withoutGlobalScopes()
    copy.query = copySelect(query)
    copy.ownScopes = undefined
    copy.beforeCallbacks = undefined
    return copy
  }

  protected override tableAlias(): string | undefined {
    // Scopes ask for it: they cannot be part of the answer.
    return this.beforeCallbacks === undefined ? aliasOf(this.query.from) : super.tableAlias()
  }

  /**
   * Adds the conditions of a scope. They, and those before them, stand in parentheses where one of them says `or`: a
   * scope holds for every row.
   */
  callScope(scope: (query: this) => unknown): this {
    const before = this.query.wheres?.length ?? 0
    refusePromise(scope(this))
    const all = this.query.wheres
    if (all !== undefined && all.length > before) {
      this.query.wheres = [...together(all.slice(0, before)), ...together(all.slice(before))]
    }
    return this
  }

  /**
   * Calls scopes of the class by name.
   *
   * @example
   * User.query().scopes(['popular', ['ofType', 'admin']])
   */
  scopes(scopes: string | readonly (string | readonly [string, ...unknown[]])[]): this {
    for (const scope of typeof scopes === 'string' ? [scopes] : scopes) {
      const [name, ...args] = typeof scope === 'string' ? [scope] : scope
      const local = this.meta.scopes.get(name)
      if (local === undefined) throw new TypeError(`${this.meta.model.name} has no scope "${name}".`)
      this.callScope((query) => local.call(this.getModel() as object, query as never, ...(args as never[])))
    }
    return this
  }

  private activeScopes(): ScopeFunction[] {
    if (this.withoutScopes === 'all') return [...(this.ownScopes?.values() ?? [])]
    const without = this.withoutScopes
    const ofClass = scopesOf(this.meta.model)
    if (ofClass.size === 0 && this.ownScopes === undefined) return []
    const named = [...ofClass, ...(this.ownScopes ?? [])]
    return named.filter(([name]) => !without.has(name)).map(([, scope]) => scope)
  }
}

/** Conditions as one, where one of them says `or`. */
export function together(items: readonly Predicate[]): readonly Predicate[] {
  const [first] = items
  const hasAlternatives = items.length > 1 && items.some(({ join }) => join.startsWith('or'))
  return first !== undefined && hasAlternatives ? [{ kind: 'group', join: 'and', items: [...items] }] : items
}
