import { InvalidArgumentException } from '../errors'
import { plural, snakeCase } from '../support/text'
import { boot } from './boot'
import type { Cast } from './casts/cast'
import { castOf } from './casts/registry'
import { addScope } from './global-scopes'
import { type Accessor, type LocalScope, methodsOf } from './model-methods'
import { DEFAULT_OPTIONS, type ModelOptions, mergedOption, OPTION_NAMES } from './model-options'
import { noteModel } from './model-registry'
import { SoftDeletingScope } from './soft-deleting-scope'

/** A model class, as this layer sees it. */
export type AnyModelClass = abstract new (...args: never[]) => object

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
    this.casts = castsOf(this.options.casts)
    const { accessors, mutators, scopes } = methodsOf(lineage(model))
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

  /**
   * The column of the key.
   *
   * @throws InvalidArgumentException where the key has several columns, or there is none.
   */
  get singleKey(): string {
    const { primaryKey } = this.options
    if (typeof primaryKey === 'string') return primaryKey
    const reason = primaryKey === null ? 'no primary key' : `a primary key of ${primaryKey.length} columns`
    throw new InvalidArgumentException(`${this.model.name} has ${reason}, and a single one is needed here.`)
  }

  /** The column that refers to a model of this class: `user_id`. */
  get foreignKey(): string {
    return `${snakeCase(this.model.name)}_${this.singleKey}`
  }

  /** Attributes that are dates without any cast. */
  isDate(key: string): boolean {
    const { createdAt, updatedAt, options } = this
    return key === createdAt || key === updatedAt || (options.softDeletes && key === options.DELETED_AT)
  }
}

/** Casts by attribute, ready to work. */
export function castsOf(casts: ModelOptions['casts']): ReadonlyMap<string, Cast> {
  return new Map(Object.entries(casts).map(([key, cast]) => [key, castOf(cast, key)]))
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
    if (meta.options.softDeletes) addScope(model, new SoftDeletingScope())
    boot(model)
  }
  return meta
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
    if (value !== undefined) settled[name] = mergedOption(name, settled[name], value)
  }
  for (const each of lineage(model)) {
    for (const name of OPTION_NAMES)
      if (Object.hasOwn(each, name) && !isMethod(each, name)) take(name, Reflect.get(each, name))
    take('casts', castsMethodOf(each))
  }
  for (const name of OPTION_NAMES) take(name, own[name])
  return settled as unknown as ModelOptions
}

/** What `casts()` answers, as a static or as a method; a method is called without a model, as in Laravel's classes. */
function castsMethodOf(model: AnyModelClass): unknown {
  for (const owner of [model, model.prototype as object | undefined]) {
    const method = owner === undefined ? undefined : Object.getOwnPropertyDescriptor(owner, 'casts')?.value
    if (typeof method === 'function') return (method as () => unknown).call(owner)
  }
  return undefined
}

/** Statics such as `with` are methods of `Model` itself. */
function isMethod(model: AnyModelClass, name: string): boolean {
  return typeof Reflect.get(model, name) === 'function'
}

function hasPrivateNames(model: AnyModelClass): boolean {
  return lineage(model).some((each) => /[^\w$]#[A-Za-z_$]/.test(Function.prototype.toString.call(each)))
}
