import type { Cast, CastsAttributes } from './cast'

/** A cast of a program's own. What its `set` answers as an object of columns is stored in all of them. */
export class CustomCast implements Cast {
  readonly isMutable = true
  readonly takesNull = true
  private readonly own: Partial<CastsAttributes<unknown>>

  constructor(own: Partial<CastsAttributes<unknown>>) {
    this.own = own
  }

  get(value: unknown, { model, key, attributes }: Parameters<Cast['get']>[1]): unknown {
    return this.own.get === undefined ? value : this.own.get(model, key, value, attributes)
  }

  set(value: unknown, { model, key, attributes }: Parameters<Cast['set']>[1]): unknown {
    return this.own.set === undefined ? value : this.own.set(model, key, value, attributes)
  }

  serialize(value: unknown, { model, key, attributes }: Parameters<Cast['get']>[1]): unknown {
    return this.own.serialize === undefined ? value : this.own.serialize(model, key, value, attributes)
  }
}

/** Whether something in `casts` is a cast: an object with `get`, `set` or both. */
export function isCustomCast(value: unknown): value is Partial<CastsAttributes<unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const { get, set } = value as { get?: unknown; set?: unknown }
  return typeof get === 'function' || typeof set === 'function'
}
