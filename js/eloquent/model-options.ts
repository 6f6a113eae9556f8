import type { CastArgument } from './casts/cast'

/** What a model class says about itself: as statics, as fields, or in its constructor. */
export interface ModelOptions {
  /** Default: the plural of the class's name, in snake case. */
  table: string
  /** `null`: the table has none. A list: it has several columns; what needs a single one refuses such a class. */
  primaryKey: string | readonly string[] | null
  /** `int` keys are numbers, all others text. */
  keyType: string
  /** Whether the database makes the key. */
  incrementing: boolean
  /** Whether `created_at` and `updated_at` are kept. */
  timestamps: boolean
  /** How dates are written to the database, where that is not the database's own way. */
  dateFormat: string | undefined
  /** The name of the connection; the default one without. */
  connection: string | undefined
  /** Attributes that may be assigned in bulk. */
  fillable: readonly string[]
  /** Attributes that may not; `['*']`: none may but {@link fillable}. */
  guarded: readonly string[]
  /** Attributes and relations that are left out of `toArray()`. */
  hidden: readonly string[]
  /** The only ones that are in it. */
  visible: readonly string[]
  /** Accessors that are added to it. */
  appends: readonly string[]
  /** What programs see of stored values. */
  casts: Readonly<Record<string, CastArgument>>
  /** Relations whose `updated_at` changes with this model. */
  touches: readonly string[]
  /** What is called, or made, when something happens to a model. */
  dispatchesEvents: Readonly<Record<string, unknown>>
  /** Relations that are always loaded with it. */
  with: readonly string[]
  /** Relations that are always counted with it. */
  withCount: readonly string[]
  /** Rows of a page. */
  perPage: number
  /** Attributes of a new model. */
  attributes: Readonly<Record<string, unknown>>
  /** Whether deleted rows stay, with the time of their end. */
  softDeletes: boolean
  CREATED_AT: string | null
  UPDATED_AT: string | null
  DELETED_AT: string
}

/** Options where a class says nothing. `table` follows from its name. */
export const DEFAULT_OPTIONS: Omit<ModelOptions, 'table'> = {
  primaryKey: 'id',
  keyType: 'int',
  incrementing: true,
  timestamps: true,
  dateFormat: undefined,
  connection: undefined,
  fillable: [],
  guarded: ['*'],
  hidden: [],
  visible: [],
  appends: [],
  casts: {},
  touches: [],
  dispatchesEvents: {},
  with: [],
  withCount: [],
  perPage: 15,
  attributes: {},
  softDeletes: false,
  CREATED_AT: 'created_at',
  UPDATED_AT: 'updated_at',
  DELETED_AT: 'deleted_at',
}

const NAMES: ReadonlySet<string> = new Set(['table', ...Object.keys(DEFAULT_OPTIONS)])

export function isOption(name: PropertyKey): name is keyof ModelOptions {
  return typeof name === 'string' && NAMES.has(name)
}

/** Every option, by name. */
export const OPTION_NAMES = [...NAMES] as (keyof ModelOptions)[]

/** Options of a subclass that add to those of its parents; others take their place. */
const MERGED: ReadonlySet<string> = new Set<keyof ModelOptions>(['casts', 'dispatchesEvents', 'attributes'])

/** An option along a line of classes: what was said before, and what the next class says. */
export function mergedOption(name: keyof ModelOptions, before: unknown, value: unknown): unknown {
  const isObject = (each: unknown): each is object => typeof each === 'object' && each !== null
  return MERGED.has(name) && isObject(before) && isObject(value) ? { ...before, ...value } : value
}
