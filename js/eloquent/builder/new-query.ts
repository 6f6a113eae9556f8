/** How queries of models begin. */
import type { AnyRow } from '../../query/columns'
import { connectionNamed } from '../concerns/keys'
import { type AnyModelClass, type ModelMeta, metaOf } from '../model-meta'
import { stateOf } from '../model-proxy'
import { EloquentBuilder } from './eloquent-builder'

type BuilderClass = typeof EloquentBuilder

const classes = new WeakMap<AnyModelClass, BuilderClass>()

/** A query of a model's table, with the scopes of its class. */
export function newQuery<M extends object>(model: M): EloquentBuilder<AnyRow, M> {
  const state = stateOf(model)
  return begin(state.meta, state.option('table'), state.option('connection')) as unknown as EloquentBuilder<AnyRow, M>
}

/** The same without scopes and without what is always loaded with it. */
export function newModelQuery<M extends object>(model: M): EloquentBuilder<AnyRow, M> {
  return newQuery(model).withoutGlobalScopes().without('*')
}

/** A query of a class's table. */
export function queryOf<M extends object>(model: AnyModelClass, connection?: string): EloquentBuilder<AnyRow, M> {
  const meta = metaOf(model)
  const { table, connection: own } = meta.options
  return begin(meta, table, connection ?? own) as unknown as EloquentBuilder<AnyRow, M>
}

function begin(meta: ModelMeta, table: string, connection: string | undefined): EloquentBuilder {
  const Builder = builderOf(meta)
  return new Builder(connectionNamed(connection), meta, table)
}

/** Builders of a class have its local scopes as methods. */
function builderOf(meta: ModelMeta): BuilderClass {
  const known = classes.get(meta.model)
  if (known !== undefined) return known
  const Builder = class extends EloquentBuilder {} as BuilderClass
  for (const [name, scope] of meta.scopes) {
    if (name in Builder.prototype) continue
    Object.defineProperty(Builder.prototype, name, {
      value(this: EloquentBuilder, ...args: never[]) {
        return this.callScope((query) => scope.call(this.getModel(), query as never, ...args))
      },
    })
  }
  classes.set(meta.model, Builder)
  return Builder
}
