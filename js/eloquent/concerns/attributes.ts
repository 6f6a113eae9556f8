import { InvalidArgumentException, MissingAttributeException } from '../../errors'
import type { AnyRow } from '../../query/columns'
import type { Cast, CastArgument, CastContext } from '../casts/cast'
import { DATETIME } from '../casts/date-casts'
import { PARSED } from '../casts/json-casts'
import { castsOf } from '../model-meta'
import { newProxy, readWith, stateOf } from '../model-proxy'
import { type ModelState, STATE } from '../model-state'
import { strictness } from '../strictness'

/** Attributes of a model: what is stored, and what casts, accessors and mutators make of it. */
export abstract class Attributes {
  /** @internal */
  declare readonly [STATE]: ModelState

  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: a model is a proxy, so that columns are its properties.
    return newProxy(new.target as never) as this
  }

  /**
   * The value of an attribute as programs see it; `undefined` when there is none.
   *
   * @throws MissingAttributeException when it was not read, where that is prevented.
   * @example
   * user.getAttribute('email')
   */
  getAttribute(key: string): unknown {
    const state = stateOf(this)
    const { accessors } = state.meta
    const accessor = accessors.size === 0 ? undefined : accessors.get(key)
    const value = state.attributes[key]
    if (accessor !== undefined) return accessor.call(this, this.castAttribute(key, value))
    if (value === undefined && strictness.missing) refuseMissing(state, key)
    return this.castAttribute(key, value)
  }

  /**
   * Sets an attribute: by its mutator, by its cast, or as it is. A path such as `meta->theme` sets a member of JSON.
   *
   * @throws InvalidArgumentException for `undefined`, and for a value that the cast cannot take.
   * @example
   * user.setAttribute('email', 'ada@example.com')
   */
  setAttribute(key: string, value: unknown): this {
    if (value === undefined) {
      throw new InvalidArgumentException(`The attribute "${key}" was set to undefined: give a value, or null.`)
    }
    const state = stateOf(this)
    const mutator = state.meta.mutators.get(key)
    if (mutator !== undefined) {
      state.forgetSeen(key)
      mutator.call(this, value)
      return this
    }
    const [column, ...path] = key.split('->')
    if (path.length > 0 && column !== undefined) return this.setJsonMember(column, path, value)
    const stored = this.castAttributeForSet(key, value)
    state.forgetSeen(key)
    const attributes = state.writable()
    const isSpread = state.casts.get(key)?.takesNull === true && isColumns(stored)
    if (isSpread) Object.assign(attributes, stored)
    else define(attributes, key, stored)
    return this
  }

  /** Its casts, by attribute. */
  getCasts(): Readonly<Record<string, CastArgument>> {
    return stateOf(this).option('casts')
  }

  hasCast(key: string): boolean {
    return stateOf(this).casts.has(key)
  }

  /**
   * Gives this model alone more casts, or other ones.
   *
   * @example
   * user.mergeCasts({ settings: 'json' })
   */
  mergeCasts(casts: Readonly<Record<string, CastArgument>>): this {
    const state = stateOf(this)
    state.setOption('casts', { ...state.option('casts'), ...casts })
    state.casts = new Map([...state.casts, ...castsOf(casts)])
    for (const key of Object.keys(casts)) state.forgetSeen(key)
    return this
  }

  /** What programs see of a stored value. */
  protected castAttribute(key: string, value: unknown): unknown {
    if (value === undefined) return undefined
    const state = stateOf(this)
    const cast = castFor(state, key, value)
    if (cast === undefined || (value === null && cast.takesNull !== true)) return value
    if (!cast.isMutable) return cast.get(value, contextOf(state, this, key))
    const kept = state.casted?.get(key)
    if (kept !== undefined) return kept
    const seen = cast.get(value, contextOf(state, this, key))
    if (typeof seen === 'object' && seen !== null) {
      state.casted ??= new Map()
      state.casted.set(key, seen)
    }
    return seen
  }

  /** What is stored of a value that programs give. */
  protected castAttributeForSet(key: string, value: unknown): unknown {
    const state = stateOf(this)
    const cast = state.casts.get(key) ?? (state.meta.isDate(key) ? DATETIME : undefined)
    if (cast === undefined || (value === null && cast.takesNull !== true)) return value
    return cast.set(value, contextOf(state, this, key))
  }

  /** The stored values, in place: what is written here is an attribute, without cast or mutator. */
  get attributes(): AnyRow {
    return stateOf(this).writable()
  }

  /**
   * The stored values, with what was changed in place.
   *
   * @example
   * user.getAttributes() // { id: 1, name: 'Ada' }
   */
  getAttributes(): AnyRow {
    this.storeCasted()
    return stateOf(this).writable()
  }

  /**
   * Takes stored values as they are, without casts and mutators.
   *
   * @param sync - Whether they are what the database has.
   */
  setRawAttributes(attributes: AnyRow, sync = false): this {
    const state = stateOf(this)
    state.attributes = { ...attributes }
    state.forgetSeen()
    if (sync) state.original = state.attributes
    return this
  }

  /** Whether it has such an attribute, an accessor's among them. */
  hasAttribute(key: string): boolean {
    const { attributes, meta, casts } = stateOf(this)
    return Object.hasOwn(attributes, key) || meta.accessors.has(key) || casts.has(key)
  }

  /**
   * Some attributes, as programs see them.
   *
   * @example
   * user.only(['id', 'name']) // { id: 1, name: 'Ada' }
   */
  only(...keys: readonly (string | readonly string[])[]): AnyRow {
    return Object.fromEntries(keys.flat().map((key) => [key, (this as unknown as AnyRow)[key]]))
  }

  /**
   * All attributes but some.
   *
   * @example
   * user.except('password')
   */
  except(...keys: readonly (string | readonly string[])[]): AnyRow {
    const without = new Set(keys.flat())
    return this.only(Object.keys(stateOf(this).attributes).filter((key) => !without.has(key)))
  }

  /** Stores what programs changed in place: members of JSON, objects of their own casts. */
  protected storeCasted(): void {
    const state = stateOf(this)
    for (const [key, seen] of state.computed ?? []) if (typeof seen === 'object') this.storeWith(key, seen)
    for (const [key, seen] of state.casted ?? []) {
      const cast = castFor(state, key, state.attributes[key])
      if (cast === undefined) continue
      const stored = cast.set(seen, contextOf(state, this, key))
      const columns = cast.takesNull === true && isColumns(stored) ? stored : { [key]: stored }
      for (const [column, value] of Object.entries(columns)) {
        if (!same(cast, state.attributes[column], value)) define(state.writable(), column, value)
      }
    }
  }

  /** Lets a mutator store an object that was changed in place. Values that stay the same are not written. */
  private storeWith(key: string, seen: unknown): void {
    const state = stateOf(this)
    const before = state.attributes
    const copy = { ...before }
    state.attributes = copy
    try {
      state.meta.mutators.get(key)?.call(this, seen)
    } finally {
      state.attributes = before
    }
    for (const [column, value] of Object.entries(copy)) {
      if (value === before[column] || (column === key && value === seen)) continue
      if (!same(castFor(state, column, before[column]), before[column], value)) define(state.writable(), column, value)
    }
  }

  private setJsonMember(column: string, path: readonly string[], value: unknown): this {
    const whole = (this.castAttribute(column, stateOf(this).attributes[column]) ?? {}) as AnyRow
    let member = whole
    for (const name of path.slice(0, -1)) {
      const next = Object.hasOwn(member, name) ? member[name] : undefined
      if (typeof next !== 'object' || next === null) define(member, name, {})
      member = member[name] as AnyRow
    }
    define(member, path.at(-1) ?? '', value)
    return this.setAttribute(column, whole)
  }
}

readWith(Attributes.prototype)

/** What casts are told. */
export function contextOf(state: ModelState, model: object, key: string): CastContext {
  return { model, key, attributes: state.attributes, dateFormat: state.option('dateFormat') }
}

/** The cast of an attribute: its own, that of dates, or a copy of what the database answered as an object. */
export function castFor({ meta, casts }: ModelState, key: string, value: unknown): Cast | undefined {
  const cast = casts.size === 0 ? undefined : casts.get(key)
  if (cast !== undefined) return cast
  if (typeof value !== 'object' || value === null) return meta.isDate(key) ? DATETIME : undefined
  if (value instanceof Date) return DATETIME
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || Array.isArray(value) ? PARSED : undefined
}

/** Whether two stored values are the same. */
export function same(cast: Cast | undefined, one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (one === undefined || other === undefined || one === null || other === null) return false
  if (cast?.isSame !== undefined) return cast.isSame(one, other)
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime()
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0
  return isNumeric(one) && isNumeric(other) && String(one) === String(other)
}

/** What JavaScript, its tools and testing libraries ask of any object: no program meant an attribute by it. */
const ASKED_OF_ANY_OBJECT: ReadonlySet<string> = new Set(
  ['then', 'catch', 'finally', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName', 'inspect'].concat([
    '@@__IMMUTABLE_ITERABLE__@@',
    '@@__IMMUTABLE_RECORD__@@',
  ]),
)

function refuseMissing({ attributes, exists, wasRecentlyCreated, meta }: ModelState, key: string): void {
  if (!exists || wasRecentlyCreated || Object.hasOwn(attributes, key) || ASKED_OF_ANY_OBJECT.has(key)) return
  throw new MissingAttributeException(meta.model.name, key)
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
  )
}

/** An ordinary assignment to `__proto__` would change the prototype. */
function define(target: AnyRow, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  } else target[key] = value
}

function isColumns(value: unknown): value is AnyRow {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
