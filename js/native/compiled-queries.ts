/** The SQL of shapes that a connection has compiled: a shape that is known costs no call of the engine. */
import type { CompiledQuery } from './environment'
import { Fault } from './fault'

/** How much one generation holds: characters of shapes and SQL, and what surrounds them. */
const GENERATION_WEIGHT = 1024 * 1024
const ENTRY_WEIGHT = 128

/** The longest shape that is held for the next question: others may be megabytes. */
const LONGEST_HELD = 16 * 1024

/** A compiled query. Nobody changes it: everybody who builds this shape gets the same one. */
export class KnownQuery {
  readonly sql: string
  /** For each placeholder, which value it takes; `undefined` where each takes the one at its own place. */
  readonly #order: readonly number[] | undefined
  readonly #placeholders: number
  /** The statements that run after it, where the query takes several. */
  readonly rest: readonly KnownQuery[] | undefined

  constructor({ sql, order, rest }: CompiledQuery) {
    this.sql = sql
    this.rest = rest?.map((compiled) => new KnownQuery(compiled))
    this.#placeholders = typeof order === 'number' ? order : order.length
    this.#order = typeof order === 'number' ? undefined : order
  }

  /** The values in the order of their placeholders, in a list that is the caller's own. */
  bindingsOf(values: readonly unknown[]): unknown[] {
    const order = this.#order
    return order === undefined ? values.slice(0, this.#placeholders) : order.map((place) => values[place])
  }

  /** What it takes to keep it. */
  get weight(): number {
    return this.sql.length + (this.#order?.length ?? 0) * 8 + ENTRY_WEIGHT
  }
}

/**
 * Keeps what was compiled a second time, up to a weight. In two generations: when the young one is full it becomes the
 * old one, and what the old one held goes, but for what was met again since. Shapes of every day survive any number that
 * come once.
 */
export class CompiledQueries {
  readonly #compile: (shape: string) => CompiledQuery | Fault
  #young = new Map<string, KnownQuery>()
  #old = new Map<string, KnownQuery>()
  #weight = 0
  /** One query is asked about several times in a row: by `toSql()` and `getBindings()`, by a log and a listener. */
  #latest: { readonly shape: string; readonly query: KnownQuery } | undefined

  /** @param compile - Asks the engine. */
  constructor(compile: (shape: string) => CompiledQuery | Fault) {
    this.#compile = compile
  }

  /** How many are kept. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  /** The SQL of a shape. A fault is not kept: it is rare, and what it says may change. */
  of(shape: string): KnownQuery | Fault {
    const young = this.#young.get(shape)
    if (young !== undefined) return young
    const old = this.#old.get(shape)
    if (old !== undefined) {
      this.#old.delete(shape)
      this.#keep(shape, old)
      return old
    }
    if (this.#latest?.shape === shape) return this.#latest.query
    const compiled = this.#compile(shape)
    if (compiled instanceof Fault) return compiled
    const made = new KnownQuery(compiled)
    if (compiled.isMetAgain) this.#keep(shape, made)
    else if (shape.length <= LONGEST_HELD) this.#latest = { shape, query: made }
    return made
  }

  #keep(shape: string, query: KnownQuery): void {
    this.#weight += shape.length + query.weight
    if (this.#weight > GENERATION_WEIGHT) {
      this.#old = this.#young
      this.#young = new Map()
      this.#weight = shape.length + query.weight
    }
    this.#young.set(shape, query)
  }
}
