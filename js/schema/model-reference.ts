import type { Target } from './foreign-column-definition.js'

/** What a blueprint asks a model. */
export interface ReferredModel {
  getTable(): string
  getKeyName(): string
  /** `int`, `uuid` or `ulid`. */
  getKeyType(): string
  /** The column that refers to it: `user_id`. */
  getForeignKey(): string
}

/** A model, or its class. */
export type ModelReference = ReferredModel | (new () => ReferredModel)

/** The model itself. */
export function modelOf(model: ModelReference): ReferredModel {
  return typeof model === 'function' ? new model() : model
}

/** The column that refers to a model, unless it has another name. */
export function modelColumn(model: ModelReference, column?: string | null): string {
  return column ?? modelOf(model).getForeignKey()
}

/** What a reference to a model refers to. */
export function targetOf(model: ModelReference): Target {
  const referred = modelOf(model)
  return { table: referred.getTable(), column: referred.getKeyName() }
}
