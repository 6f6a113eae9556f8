import type { AnyModelClass } from '../model-meta'

/** Which row of a pivot table a pivot is. */
export interface PivotPlace {
  /** The columns that have the keys of both sides. */
  readonly foreignKey: string
  readonly relatedKey: string
  /** The column that has the class of a polymorphic side, and its value. */
  readonly morph: readonly [column: string, value: string] | undefined
  readonly parent: object
}

let pivotClass: AnyModelClass | undefined

/** Set by the class of pivots, which is a model and so stands above all relations. */
export function pivotsAre(model: AnyModelClass): void {
  pivotClass = model
}

/** The class of pivots that have none of their own. */
export function defaultPivotClass(): AnyModelClass {
  if (pivotClass === undefined) throw new TypeError('The class of pivots is not loaded.')
  return pivotClass
}
