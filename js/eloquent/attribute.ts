/** Reads or writes one attribute. */
export type AttributeFunction<From, To> = (value: From, attributes: Record<string, unknown>) => To

/**
 * How an attribute is read and written, in one method of the model.
 *
 * @example
 * class User extends Model {
 *   name() {
 *     return Attribute.make({ get: (value) => value.trim(), set: (value) => value.toLowerCase() })
 *   }
 * }
 */
export class Attribute<Stored = unknown, Seen = unknown> {
  /** What programs see of what is stored. */
  readonly get: AttributeFunction<Stored, Seen> | undefined
  /** What is stored of what programs give; an object of plain kind is stored in several columns. */
  readonly set: AttributeFunction<Seen, unknown> | undefined

  private keepsValues = false
  private keepsObjects = true

  constructor(get?: AttributeFunction<Stored, Seen>, set?: AttributeFunction<Seen, unknown>) {
    this.get = get
    this.set = set
  }

  static make<Stored = unknown, Seen = unknown>(functions: {
    get?: AttributeFunction<Stored, Seen>
    set?: AttributeFunction<Seen, unknown>
  }): Attribute<Stored, Seen> {
    return new Attribute(functions.get, functions.set)
  }

  static get<Stored = unknown, Seen = unknown>(get: AttributeFunction<Stored, Seen>): Attribute<Stored, Seen> {
    return new Attribute(get)
  }

  static set<Seen = unknown>(set: AttributeFunction<Seen, unknown>): Attribute<unknown, Seen> {
    return new Attribute<unknown, Seen>(undefined, set)
  }

  /** Computes it once for a model, until it is set or the model is read again. */
  shouldCache(): this {
    this.keepsValues = true
    return this
  }

  /** Makes objects of classes anew each time. Without it they are kept, so that what is changed in them is saved. */
  withoutObjectCaching(): this {
    this.keepsObjects = false
    return this
  }

  /** @internal Whether what programs see is kept with the model. */
  isKept(seen: unknown): boolean {
    return this.keepsValues || (this.keepsObjects && isInstance(seen))
  }

  /** Whether a method makes one. Its text tells: it cannot be called to find out, as it may do anything. */
  static isMadeBy(method: (...args: never[]) => unknown): boolean {
    return /\bAttribute\.(?:make|get|set)\(|\bnew (?:[\w$]+\.)?Attribute\(/.test(
      Function.prototype.toString.call(method),
    )
  }
}

/** An object of some class: what is made of several columns, and may be changed in place. */
function isInstance(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null
}
