import { Model, type ModelBase } from './model'

/** A class that a mixin can extend. */
type Extendable = new (...args: never[]) => ModelBase

/**
 * Gives a class `softDeletes`: its deleted rows stay, with the time of their end in `deleted_at`. The same as
 * `static softDeletes = true`.
 *
 * @example
 * class Flight extends SoftDeletes(Model) {}
 * await flight.delete() // update "flights" set "deleted_at" = $1, "updated_at" = $2 where "id" = $3
 */
export function SoftDeletes<Base extends object>(base: Base): Base {
  const SoftDeleting = class extends (base as unknown as Extendable) {
    static softDeletes = true
  }
  return SoftDeleting as unknown as Base
}

/**
 * A model whose deleted rows stay.
 *
 * @example
 * class Flight extends SoftDeleteModel {}
 */
export const SoftDeleteModel = SoftDeletes(Model)
export type SoftDeleteModel = Model
