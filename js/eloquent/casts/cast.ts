/** What a cast knows of the attribute that it works on. */
export interface CastContext {
  /** The model, as programs see it. */
  readonly model: object
  readonly key: string
  /** All stored values. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** The `dateFormat` of the model. */
  readonly dateFormat: string | undefined
}

/** Stored values on one side, what programs see of them on the other. */
export interface Cast {
  /** What programs see. */
  get(value: unknown, context: CastContext): unknown
  /** What is stored. */
  set(value: unknown, context: CastContext): unknown
  /** Whether `get` answers something that programs may change in place: it is kept, and stored when it was changed. */
  readonly isMutable?: boolean
  /** Whether it is asked about `null` as well; else that passes by. */
  readonly takesNull?: boolean
  /** Whether two stored values are the same. Default: equal, or equal as texts of numbers. */
  isSame?(one: unknown, other: unknown): boolean
  /** What `toArray()` shows of what programs see. */
  serialize?(value: unknown, context: CastContext): unknown
}

/** A cast of a program's own, in the words of 2.1.24 and Laravel. */
export interface CastsAttributes<Value = unknown> {
  get(model: object, key: string, value: unknown, attributes: Readonly<Record<string, unknown>>): Value
  set(
    model: object,
    key: string,
    value: Value,
    attributes: Readonly<Record<string, unknown>>,
  ): unknown | Record<string, unknown>
  /** What `toArray()` shows. */
  serialize?(model: object, key: string, value: Value, attributes: Readonly<Record<string, unknown>>): unknown
}

/** A cast of one's own that only changes what is stored. */
export type CastsInboundAttributes<Value = unknown> = Pick<CastsAttributes<Value>, 'set'>

/** A class that says itself how it is cast. */
export interface Castable {
  castUsing(args: readonly string[]): CastArgument
}

/** A cast of one's own: an object, a class of such objects, a class that names its cast, or an enum. */
export type CustomCastArgument =
  | CastsAttributes<never>
  | CastsInboundAttributes<never>
  | (new (
      ...args: string[]
    ) => CastsAttributes<never> | CastsInboundAttributes<never>)
  | Castable
  | Readonly<Record<string, string | number>>

/** What an entry of `casts` may be: a name, or a cast of one's own. */
export type CastArgument = string | CustomCastArgument
