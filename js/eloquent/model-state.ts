import { inspect } from 'node:util'
import type { AnyRow } from '../query/columns'
import type { Cast } from './casts/cast'
import type { ModelMeta } from './model-meta'
import type { ModelOptions } from './model-options'
import type { PivotPlace } from './relations/pivot-class'

/** Leads from a model to its state. A symbol, so that every name is free for a column. */
export const STATE: unique symbol = Symbol('guruorm.state')

/**
 * Everything that one model knows. The model that programs hold is a proxy of it, see `model-proxy.ts`.
 *
 * A model that was read shares one object between `attributes` and `original`: the row as it was decoded. The first
 * write copies it ({@link writable}).
 */
export class ModelState {
  readonly meta: ModelMeta
  /** The values as they are stored, by column. */
  attributes: AnyRow
  /** The values when the model was read or saved last. */
  original: AnyRow
  /** Loaded relations, by name. */
  relations: Map<string, unknown> | undefined = undefined
  /** Models that were read together with this one, where that matters: see `strictness.ts`. */
  siblings: readonly object[] | undefined = undefined
  /** What the last save wrote. */
  changes: AnyRow | undefined = undefined
  /** What stood there before. */
  previous: AnyRow | undefined = undefined
  /** What casts made of attributes and programs may change in place, by column. */
  casted: Map<string, unknown> | undefined = undefined
  /** What `Attribute` objects made and is kept, by attribute. */
  computed: Map<string, unknown> | undefined = undefined
  /** Its casts: those of its class, and what the query or the program added. */
  casts: ReadonlyMap<string, Cast>
  /** Fields of the class that are no attributes. */
  fields: Record<PropertyKey, unknown> | undefined = undefined
  /** Options of this model alone, or of several that have the same: never changed in place. */
  own: Readonly<Partial<ModelOptions>> | undefined = undefined
  /** Of a pivot: which row of its table it is. */
  pivotPlace: PivotPlace | undefined = undefined
  exists = false
  wasRecentlyCreated = false

  constructor(meta: ModelMeta, attributes: AnyRow) {
    this.meta = meta
    this.casts = meta.casts
    this.attributes = attributes
    this.original = attributes
  }

  /** Forgets what casts and `Attribute` objects made, of one attribute or of all. */
  forgetSeen(key?: string): void {
    if (key === undefined) {
      this.casted = undefined
      this.computed = undefined
    } else {
      this.casted?.delete(key)
      this.computed?.delete(key)
    }
  }

  /** The attributes, for one to be changed. */
  writable(): AnyRow {
    if (this.attributes === this.original) this.attributes = { ...this.original }
    return this.attributes
  }

  /** Keeps what a relation holds. */
  setRelation(name: string, related: unknown): void {
    this.relations ??= new Map()
    this.relations.set(name, related)
  }

  /** An option, as it is for this model. */
  option<Name extends keyof ModelOptions>(name: Name): ModelOptions[Name] {
    const own = this.own
    return own !== undefined && name in own ? (own[name] as ModelOptions[Name]) : this.meta.options[name]
  }

  /** Sets an option for this model alone. */
  setOption<Name extends keyof ModelOptions>(name: Name, value: ModelOptions[Name]): void {
    this.own = { ...this.own, [name]: value }
  }

  /** What `console.log` shows: Node.js looks at the target of a proxy, not at its traps. */
  [inspect.custom](_depth: number, options: object): string {
    // Here `this` is the proxy.
    const state = (this as unknown as { [STATE]: ModelState })[STATE]
    const shown = { ...state.attributes, ...(state.relations && Object.fromEntries(state.relations)) }
    return `${state.meta.model.name} ${inspect(shown, options)}`
  }
}
