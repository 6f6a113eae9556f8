/** How queries of models begin. */
import type { AnyRow } from '../../query/columns'
import { connectionNamed, tableOf } from '../concerns/keys'
import { type AnyModelClass, type ModelMeta, metaOf } from '../model-meta'
import { stateOf } from '../model-proxy'
import { EloquentBuilder } from './eloquent-builder'
import { macroChanges, macrosOf } from './model-macros'

/** A class of builders, whatever its constructor takes. */
type AnyBuilderClass = abstract new (...args: never[]) => object

/** By the class of builders, and by that of the models. */
const classes = new WeakMap<AnyBuilderClass, WeakMap<AnyModelClass, { builder: AnyBuilderClass; changes: number }>>()

/** A query of a model's table, with the scopes of its class. */
export function newQuery<M extends object>(model: M): EloquentBuilder<AnyRow, M> {
  const state = stateOf(model)
  return begin(
    state.meta,
    (model as unknown as { getTable(): string }).getTable(),
    state.option('connection'),
  ) as unknown as EloquentBuilder<AnyRow, M>
}

/** The same without scopes and without what is always loaded with it. */
export function newModelQuery<M extends object>(model: M): EloquentBuilder<AnyRow, M> {
  return newQuery(model).withoutGlobalScopes().without('*')
}

/** A query of a class's table. */
export function queryOf<M extends object>(model: AnyModelClass, connection?: string): EloquentBuilder<AnyRow, M> {
  const meta = metaOf(model)
  return begin(meta, tableOf(meta), connection ?? meta.options.connection) as unknown as EloquentBuilder<AnyRow, M>
}

function begin(meta: ModelMeta, table: string, connection: string | undefined): EloquentBuilder {
  const Builder = builderOf(meta, EloquentBuilder)
  const query = new Builder(connectionNamed(connection), meta, table)
  query.connectionName = connection
  return query
}

/** A class of builders with the local scopes and the macros of a class of models as methods. */
export function builderOf<Builder extends AnyBuilderClass>(meta: ModelMeta, base: Builder): Builder {
  let known = classes.get(base)
  if (known === undefined) {
    known = new WeakMap()
    classes.set(base, known)
  }
  const before = known.get(meta.model)
  const changes = macroChanges()
  if (before?.changes === changes) return before.builder as Builder
  const Builder = class extends (base as unknown as new (...args: unknown[]) => EloquentBuilder) {}
  for (const [name, scope] of meta.scopes) {
    if (name in Builder.prototype) continue
    Object.defineProperty(Builder.prototype, name, {
      value(this: EloquentBuilder, ...args: never[]) {
        return this.callScope((query) => scope.call(this.getModel(), query as never, ...args))
      },
    })
  }
  for (const [name, value] of macrosOf(meta.model)) Object.defineProperty(Builder.prototype, name, { value })
  known.set(meta.model, { builder: Builder, changes })
  return Builder as unknown as Builder
}
