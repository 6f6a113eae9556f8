import type { Persistence } from '../concerns/persistence'

/** What stands in for a model that is not there: attributes, or a function that is given the model and its parent. */
export type DefaultModel<Related = never> = boolean | object | ((model: Related, parent: never) => unknown)

/** The model that stands in for a missing one; `null` where none does. */
export function defaultFor<Related>(
  make: () => Related,
  parent: object,
  wanted: DefaultModel<Related> | undefined,
): Related | null {
  if (wanted === undefined || wanted === false) return null
  const model = make()
  if (typeof wanted === 'function') {
    const other = (wanted as (model: Related, parent: object) => unknown)(model, parent)
    return typeof other === 'object' && other !== null ? (other as Related) : model
  }
  if (typeof wanted === 'object') (model as Persistence).forceFill(wanted)
  return model
}
