import type { Cast, CastsAttributes } from './cast'

/** A cast of a program's own. What its `set` answers as an object of columns is stored in all of them. */
export class CustomCast implements Cast {
  readonly isMutable = true
  readonly takesNull = true
  private readonly own: CastsAttributes<unknown>

  constructor(own: CastsAttributes<unknown>) {
    this.own = own
  }

  get(value: unknown, { model, key, attributes }: Parameters<Cast['get']>[1]): unknown {
    return this.own.get(model, key, value, attributes)
  }

  set(value: unknown, { model, key, attributes }: Parameters<Cast['set']>[1]): unknown {
    return this.own.set(model, key, value, attributes)
  }

  serialize(value: unknown, { model, key, attributes }: Parameters<Cast['get']>[1]): unknown {
    return this.own.serialize === undefined ? value : this.own.serialize(model, key, value, attributes)
  }
}

/** Whether something in `casts` is a cast: an object with `get`, or a class of such objects. */
export function isCustomCast(value: unknown): value is CastsAttributes<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { get?: unknown }).get === 'function'
}
