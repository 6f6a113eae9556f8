/**
 * What a program holds as a model: a proxy of its {@link ModelState}. Columns are properties of it, whatever they are
 * called; what no column has is looked for in loaded relations, fields, and the methods of the class.
 */
import type { AnyRow } from '../query/columns'
import { isRelationMethod, resolverOf, thenable } from './dynamic-relations'
import { type AnyModelClass, type ModelMeta, metaOf, type Probed, probeWith } from './model-meta'
import { isOption, type ModelOptions, mergedOption } from './model-options'
import { ModelState, STATE } from './model-state'

/** The traps call these: they are methods of models, which programs may override. */
interface Attributed {
  getAttribute(key: string): unknown
  setAttribute(key: string, value: unknown): unknown
}

/** The class whose constructor runs to tell its options, and what it has told. */
let probing: { model: AnyModelClass; seen: Probed } | undefined

/** Set while the constructor of a class runs for a row that was read. */
let hydrating: AnyRow | undefined

const handlers = new WeakMap<AnyModelClass, ProxyHandler<ModelState>>()

probeWith((model) => {
  const before = probing
  const seen: Probed = { options: {}, hasFields: false }
  probing = { model, seen }
  try {
    Reflect.construct(model as new () => object, [])
  } catch {
    // A constructor that needs arguments tells what it told before it failed.
  } finally {
    probing = before
  }
  return seen
})

/** What `new User()` answers: the constructor of `Model` calls this. */
export function newProxy(model: AnyModelClass): object {
  if (probing?.model === model) return new Proxy(new ModelState(NO_META, {}), probeHandler(probing.seen, model))
  const meta = metaOf(model)
  if (hydrating !== undefined) {
    const state = new ModelState(meta, hydrating)
    state.exists = true
    hydrating = undefined
    return new Proxy(state, handlerOf(model))
  }
  const state = new ModelState(meta, {})
  if (Object.keys(meta.options.attributes).length > 0)
    state.attributes = structuredClone({ ...meta.options.attributes })
  return new Proxy(state, handlerOf(model))
}

/** The model of a row. The row is the model's from now on. */
export function hydrated(meta: ModelMeta, row: AnyRow): object {
  if (meta.needsConstructor) {
    hydrating = row
    try {
      const model: object = Reflect.construct(meta.model as new () => object, [])
      // What the constructor assigned is for new models.
      const state = stateOf(model)
      state.attributes = state.original
      return model
    } finally {
      hydrating = undefined
    }
  }
  const state = new ModelState(meta, row)
  state.exists = true
  return new Proxy(state, handlerOf(meta.model))
}

/** The state of a model. */
export function stateOf(model: object): ModelState {
  return (model as { readonly [STATE]: ModelState })[STATE]
}

/** Whether something is a model. */
export function isModel(value: unknown): value is object {
  return typeof value === 'object' && value !== null && (value as { [STATE]?: unknown })[STATE] instanceof ModelState
}

function handlerOf(model: AnyModelClass): ProxyHandler<ModelState> {
  let handler = handlers.get(model)
  if (handler === undefined) {
    handler = makeHandler(model.prototype as object)
    handlers.set(model, handler)
  }
  return handler
}

function makeHandler(prototype: object): ProxyHandler<ModelState> {
  return {
    getPrototypeOf: () => prototype,
    get: (state, key, receiver) => read(state, key, receiver, prototype),
    set: (state, key, value, receiver) => write(state, key, value, receiver, prototype),
    has: (state, key) =>
      Object.hasOwn(state.attributes, key) || state.relations?.has(key as string) === true || key in prototype,
    ownKeys: (state) => [...new Set([...Reflect.ownKeys(state.attributes), ...(state.relations?.keys() ?? [])])],
    getOwnPropertyDescriptor(state, key) {
      if (!Object.hasOwn(state.attributes, key) && state.relations?.has(key as string) !== true) return undefined
      const receiver = modelOf(state, prototype)
      return { configurable: true, enumerable: true, writable: true, value: read(state, key, receiver, prototype) }
    },
    deleteProperty(state, key) {
      if (Object.hasOwn(state.attributes, key)) delete state.writable()[key as string]
      state.relations?.delete(key as string)
      state.forgetSeen(key as string)
      return true
    },
    // Fields of a class are defined, not set.
    defineProperty(state, key, descriptor) {
      if (descriptor.value === undefined && !descriptor.get) return true
      if (isOption(key) && state.meta.instanceOptions.has(key)) setOption(state, key, descriptor.value)
      else Object.defineProperty(fieldsOf(state), key, { ...descriptor, configurable: true })
      return true
    },
  }
}

function read(state: ModelState, key: PropertyKey, receiver: unknown, prototype: object): unknown {
  if (typeof key !== 'string')
    return key === STATE ? state : (state.fields?.[key] ?? Reflect.get(prototype, key, receiver))
  if (Object.hasOwn(state.attributes, key)) {
    const value = state.attributes[key]
    // Most columns of most models: what is stored is what programs see, and there is nothing to ask the class.
    if (typeof value !== 'object' && isAsStored(state, key) && readsAsAll(prototype)) return value
    return (receiver as Attributed).getAttribute(key)
  }
  const related = state.relations?.get(key)
  if (related !== undefined || state.relations?.has(key)) return related
  if (state.fields !== undefined && Object.hasOwn(state.fields, key)) return state.fields[key]
  if (state.meta.accessors.has(key)) return (receiver as Attributed).getAttribute(key)
  const member: unknown = Reflect.get(prototype, key, receiver)
  if (member === undefined) {
    const resolver = resolverOf(state.meta.model, key)
    if (resolver !== undefined) return thenable(resolver, receiver as object, key)
    if (isOption(key) && (state.meta.instanceOptions.has(key) || key === 'timestamps')) return state.option(key)
    return (receiver as Attributed).getAttribute(key)
  }
  return typeof member === 'function' && isRelationMethod(member, prototype)
    ? thenable(member, receiver as object, key)
    : member
}

/** Whether no cast and no accessor makes anything of an attribute. */
function isAsStored({ meta, casts }: ModelState, key: string): boolean {
  return !casts.has(key) && !meta.accessors.has(key) && !meta.isDate(key)
}

/** The methods that read an attribute. Programs may override them. */
interface Reading {
  getAttribute(key: string): unknown
  castAttribute(key: string, value: unknown): unknown
}

let reading: Reading | undefined

/** Set by the class of all models. */
export function readWith(methods: object): void {
  reading = methods as Reading
}

/** Whether a class reads attributes as all do. */
function readsAsAll(prototype: object): boolean {
  const { getAttribute, castAttribute } = prototype as Reading
  return getAttribute === reading?.getAttribute && castAttribute === reading.castAttribute
}

function write(state: ModelState, key: PropertyKey, value: unknown, receiver: unknown, prototype: object): boolean {
  if (typeof key !== 'string') {
    fieldsOf(state)[key] = value
    return true
  }
  if (!Object.hasOwn(state.attributes, key)) {
    if (
      isOption(key) &&
      (state.meta.instanceOptions.has(key) || (key === 'timestamps' && typeof value === 'boolean'))
    ) {
      setOption(state, key, value)
      return true
    }
    if (hasSetter(prototype, key)) return Reflect.set(prototype, key, value, receiver)
    if (typeof value === 'function' || (state.fields !== undefined && Object.hasOwn(state.fields, key))) {
      fieldsOf(state)[key] = value
      return true
    }
  }
  ;(receiver as Attributed).setAttribute(key, value)
  return true
}

function setOption(state: ModelState, name: keyof ModelOptions, value: unknown): void {
  state.setOption(name, mergedOption(name, state.option(name), value) as never)
}

function fieldsOf(state: ModelState): Record<PropertyKey, unknown> {
  state.fields ??= Object.create(null) as Record<PropertyKey, unknown>
  return state.fields
}

function hasSetter(prototype: object, key: string): boolean {
  for (let each: object | null = prototype; each !== null; each = Object.getPrototypeOf(each)) {
    const found = Object.getOwnPropertyDescriptor(each, key)
    if (found !== undefined) return found.set !== undefined
  }
  return false
}

/** Another proxy of the same state, for traps that are not told which one they belong to. */
function modelOf(state: ModelState, prototype: object): object {
  return new Proxy(state, handlerOf((prototype as { constructor: AnyModelClass }).constructor))
}

/** Notes what a constructor says, and lets it do anything else without effect. */
function probeHandler(seen: Probed, model: AnyModelClass): ProxyHandler<ModelState> {
  const prototype = model.prototype as object
  const own: Record<PropertyKey, unknown> = {}
  const note = (key: PropertyKey, value: unknown) => {
    if (isOption(key)) seen.options[key] = mergedOption(key, seen.options[key], value)
    else {
      if (value !== undefined) seen.hasFields = true
      own[key] = value
    }
    return true
  }
  return {
    getPrototypeOf: () => prototype,
    get(state, key, receiver) {
      if (key === STATE) return state
      if (isOption(key) && key in seen.options) return seen.options[key]
      return key in own ? own[key] : Reflect.get(prototype, key, receiver)
    },
    set: (_, key, value) => note(key, value),
    defineProperty: (_, key, { value }) => note(key, value),
  }
}

const NO_META = Object.create(null) as ModelMeta
