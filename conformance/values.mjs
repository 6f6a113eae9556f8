/** Values of the facts (`FORMAT.md`): as the builder takes them, and in one spelling that two lists are compared by. */

/** Which of guruorm's classes the values need, and how to make a fresh query. */
export class Decoder {
  /**
   * @param guruorm The package's exports.
   * @param newQuery Makes an empty builder.
   * @param apply Applies calls to a builder and answers the last one.
   */
  constructor(guruorm, newQuery, apply) {
    this.guruorm = guruorm
    this.newQuery = newQuery
    this.apply = apply
  }

  /** A value of a fact as an argument. */
  value(fact) {
    if (Array.isArray(fact)) return fact.map((item) => this.value(item))
    if (fact === null || typeof fact !== 'object') return fact
    if ('$fn' in fact) return this.#closure(fact)
    if ('$query' in fact) return this.apply(this.newQuery(), fact.$query.ops)
    if ('$raw' in fact) return this.guruorm.raw(fact.$raw)
    if ('$cond' in fact) return this.guruorm.raw(fact.$cond)
    if ('$date' in fact) return new Date(fact.$date)
    if ('$period' in fact) return fact.$period.map((iso) => new Date(iso))
    if ('$int' in fact) return BigInt(fact.$int)
    if ('$bin' in fact) return Buffer.from(fact.$bin, 'base64')
    if ('$cursor' in fact)
      return new this.guruorm.Cursor(this.#record(fact.$cursor.parameters), fact.$cursor.pointsToNextItems)
    if ('$model' in fact) return modelLike(fact.$model)
    if ('$map' in fact) return this.#mixed(fact.$map)
    return this.#record(fact)
  }

  #record(fact) {
    return Object.fromEntries(Object.entries(fact).map(([key, value]) => [key, this.value(value)]))
  }

  /** A PHP array with keys of both kinds: a list whose named members are objects of one key. */
  #mixed(pairs) {
    return pairs.map(([key, value]) => (typeof key === 'number' ? this.value(value) : { [key]: this.value(value) }))
  }

  #closure(fact) {
    return (subject) => {
      if (fact.$fn !== null && subject !== null && typeof subject === 'object' && fact.$fn.length > 0) {
        this.apply(subject, fact.$fn)
      }
      return '$ret' in fact ? this.value(fact.$ret) : undefined
    }
  }
}

/** What the schema builder asks a model. */
function modelLike({ table, key, keyType, foreignKey }) {
  return {
    getTable: () => table,
    getKeyName: () => key,
    getKeyType: () => keyType,
    getForeignKey: () => foreignKey,
  }
}

/** Bindings in one spelling: lists and objects are sent as their JSON text. */
export function speltBindings(bindings) {
  return bindings.map((value) => {
    const isPlain =
      value !== null && typeof value === 'object' && !(value instanceof Date) && !(value instanceof Uint8Array)
    return isPlain && typeof value.$date !== 'string' && !('$int' in value) && !('$bin' in value)
      ? JSON.stringify(value)
      : spelt(value)
  })
}

/** A value in one spelling: what a fact and guruorm say of it is equal when it means the same. */
export function spelt(value) {
  if (value === undefined) return null
  if (typeof value === 'bigint') return { $int: String(value) }
  if (value instanceof Date) return { $date: value.toISOString() }
  if (value instanceof Uint8Array) return { $bin: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(spelt)
  if (value === null || typeof value !== 'object') return value
  if (typeof value.$date === 'string') return { $date: new Date(value.$date).toISOString() }
  // Keys of objects are text in JavaScript.
  if (Array.isArray(value.$map)) return spelt(Object.fromEntries(value.$map))
  const entries = Object.entries(value).map(([key, item]) => [key, spelt(item)])
  // An empty array of PHP is a list and an object at once.
  return entries.length === 0 ? [] : Object.fromEntries(entries)
}
