import { plural, snakeCase } from '../support/text'
import { Attribute } from './attribute'
import { boot } from './boot'
import type { Cast } from './casts/cast'
import { castOf } from './casts/registry'
import { DEFAULT_OPTIONS, MERGED, type ModelOptions, OPTION_NAMES } from './model-options'
import { noteModel } from './model-registry'

/** A model class, as this layer sees it. */
export type AnyModelClass = abstract new (...args: never[]) => object

/** Reads an attribute of a model, given what is stored. */
export type Accessor = (this: object, value: unknown) => unknown

/** A scope of a class: `scopePopular` is called as `popular`. */
export type LocalScope = (this: object, query: never, ...args: never[]) => unknown

/** What a class says about itself, read once. */
export class ModelMeta {
  readonly model: AnyModelClass
  readonly options: ModelOptions
  /** Options that its constructor or fields set: such names are options on its instances too. */
  readonly instanceOptions: ReadonlySet<string>
  /** Whether instances have fields or private names, so that rows need the constructor as well. */
  readonly needsConstructor: boolean
  readonly casts: ReadonlyMap<string, Cast>
  /** `getFullNameAttribute`, and `Attribute` objects, by the attributes that they make. */
  readonly accessors: ReadonlyMap<string, Accessor>
  readonly mutators: ReadonlyMap<string, Accessor>
  /** Methods `scopePopular(query)` by the names that they are called by. */
  readonly scopes: ReadonlyMap<string, LocalScope>

  constructor(model: AnyModelClass, seen: Probed) {
    this.model = model
    this.options = optionsOf(model, seen)
    this.instanceOptions = new Set(Object.keys(seen.options))
    this.needsConstructor = seen.hasFields || hasPrivateNames(model)
    this.casts = new Map(Object.entries(this.options.casts).map(([key, cast]) => [key, castOf(cast, key)]))
    const { accessors, mutators, scopes } = methodsOf(model)
    this.accessors = accessors
    this.mutators = mutators
    this.scopes = scopes
  }

  get createdAt(): string | null {
    return this.options.timestamps ? this.options.CREATED_AT : null
  }

  get updatedAt(): string | null {
    return this.options.timestamps ? this.options.UPDATED_AT : null
  }

  /** The column that refers to a model of this class: `user_id`. */
  get foreignKey(): string {
    return `${snakeCase(this.model.name)}_${this.options.primaryKey}`
  }

  /** Attributes that are dates without any cast. */
  isDate(key: string): boolean {
    const { createdAt, updatedAt, options } = this
    return key === createdAt || key === updatedAt || (options.softDeletes && key === options.DELETED_AT)
  }
}

/** What an instance set about itself while it was made. */
export interface Probed {
  options: Partial<Record<keyof ModelOptions, unknown>>
  hasFields: boolean
}

/** Makes an instance of a class that only tells its options. Set by `model-proxy.ts`, which knows how instances are made. */
export type Probe = (model: AnyModelClass) => Probed

let probe: Probe = () => ({ options: {}, hasFields: false })

export function probeWith(prober: Probe): void {
  probe = prober
}

const known = new WeakMap<AnyModelClass, ModelMeta>()

/** What a class says about itself. */
export function metaOf(model: AnyModelClass): ModelMeta {
  let meta = known.get(model)
  if (meta === undefined) {
    meta = new ModelMeta(model, probe(model))
    known.set(model, meta)
    noteModel(model)
    forwardScopes(meta)
    boot(model)
  }
  return meta
}

let forwardScope: (model: AnyModelClass, name: string) => void = () => {}

/** Set by the class of all models, which knows how a call becomes a query. */
export function forwardScopesWith(forward: (model: AnyModelClass, name: string) => void): void {
  forwardScope = forward
}

/** `User.popular()` is `User.query().popular()`. */
function forwardScopes({ model, scopes }: ModelMeta): void {
  for (const name of scopes.keys()) forwardScope(model, name)
}

/** The classes from the oldest to this one, without those of guruorm and JavaScript. */
function lineage(model: AnyModelClass): AnyModelClass[] {
  const classes: AnyModelClass[] = []
  for (let each: unknown = model; typeof each === 'function' && each !== Function.prototype; ) {
    classes.unshift(each as AnyModelClass)
    each = Object.getPrototypeOf(each)
  }
  return classes
}

/** Defaults, statics from the oldest class on, then what an instance sets. */
function optionsOf(model: AnyModelClass, { options: own }: Probed): ModelOptions {
  const settled: Record<string, unknown> = { ...DEFAULT_OPTIONS, table: plural(snakeCase(model.name)) }
  const take = (name: keyof ModelOptions, value: unknown) => {
    if (value === undefined) return
    const isMerged = MERGED.has(name) && typeof value === 'object' && value !== null
    settled[name] = isMerged ? { ...(settled[name] as object), ...value } : value
  }
  for (const each of lineage(model)) {
    for (const name of OPTION_NAMES)
      if (Object.hasOwn(each, name) && !isMethod(each, name)) take(name, Reflect.get(each, name))
  }
  for (const name of OPTION_NAMES) take(name, own[name])
  return settled as unknown as ModelOptions
}

/** Statics such as `with` are methods of `Model` itself. */
function isMethod(model: AnyModelClass, name: string): boolean {
  return typeof Reflect.get(model, name) === 'function'
}

function hasPrivateNames(model: AnyModelClass): boolean {
  return lineage(model).some((each) => /[^\w$]#[A-Za-z_$]/.test(Function.prototype.toString.call(each)))
}

interface Methods {
  accessors: Map<string, Accessor>
  mutators: Map<string, Accessor>
  scopes: Map<string, LocalScope>
}

/** What the methods of a class are for, by their names. */
function methodsOf(model: AnyModelClass): Methods {
  const found: Methods = { accessors: new Map(), mutators: new Map(), scopes: new Map() }
  for (const each of lineage(model)) {
    const prototype: object = each.prototype
    if (prototype === undefined) continue
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown
      if (typeof method === 'function' && name !== 'constructor') note(found, name, method as Accessor)
    }
    for (const name of Object.getOwnPropertyNames(each)) {
      const method = Object.getOwnPropertyDescriptor(each, name)?.value as unknown
      const scope = /^scope([A-Z].*)$/.exec(name)?.[1]
      if (typeof method === 'function' && scope !== undefined) found.scopes.set(lower(scope), method as LocalScope)
    }
  }
  return found
}

function note({ accessors, mutators, scopes }: Methods, name: string, method: Accessor): void {
  const [, verb, attribute] = /^(get|set)([A-Z].*)Attribute$/.exec(name) ?? []
  if (attribute !== undefined) {
    const methods = verb === 'get' ? accessors : mutators
    methods.set(snakeCase(attribute), method)
    return
  }
  const scope = /^scope([A-Z].*)$/.exec(name)?.[1]
  if (scope !== undefined) scopes.set(lower(scope), method as LocalScope)
  if (method.length === 0 && Attribute.isMadeBy(method)) {
    accessors.set(snakeCase(name), function (value) {
      const { get } = method.call(this, undefined) as Attribute
      return get === undefined ? value : get.call(this, value, attributesOf(this))
    })
    mutators.set(snakeCase(name), function (value) {
      const { set } = method.call(this, undefined) as Attribute
      const attribute = snakeCase(name)
      const stored = set === undefined ? value : set.call(this, value, attributesOf(this))
      Object.assign(attributesOf(this), isColumns(stored) ? stored : { [attribute]: stored })
    })
  }
}

function attributesOf(model: object): Record<string, unknown> {
  return (model as { getAttributes(): Record<string, unknown> }).getAttributes()
}

function isColumns(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
