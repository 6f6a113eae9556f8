/**
 * Values inside of a query.
 *
 * `JSON.stringify` asks each for its place, so that one pass gives a text that is equal for queries of
 * the same shape, which Rust compiles once, and the values beside it.
 */
import type { Query } from './ast'

/** The values met by the pass that is running; nothing outside of one, when somebody prints a query. */
let collected: unknown[] | undefined

/** One value. In the JSON of a shape, the number of its place. */
export class Bound {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }

  /** Adds the value to the list and answers its place; the value itself outside of a pass. */
  toJSON(): unknown {
    return collected === undefined ? this.value : collected.push(this.value) - 1
  }
}

/** Values that follow each other: the list of a `whereIn`. */
export class BoundList {
  readonly values: readonly unknown[]

  constructor(values: readonly unknown[]) {
    this.values = values
  }

  /** Adds the values and answers where they are; the values themselves outside of a pass. */
  toJSON(): unknown {
    if (collected === undefined) return this.values
    const first = collected.length
    for (const value of this.values) collected.push(value)
    return { first, count: this.values.length }
  }
}

/** Rows of values alone, cell after cell: those of an insert. */
export class BoundRows {
  readonly cells: readonly unknown[]
  readonly count: number

  constructor(cells: readonly unknown[], count: number) {
    this.cells = cells
    this.count = count
  }

  /** Adds the cells and answers where they are; the cells themselves outside of a pass. */
  toJSON(): unknown {
    if (collected === undefined) return this.cells
    const first = collected.length
    for (const cell of this.cells) collected.push(cell)
    return { kind: 'values', first, rows: this.count }
  }
}

/** A query as it goes to Rust. */
export interface Shape {
  /** JSON of the AST. Equal for queries that differ in their values alone. */
  readonly text: string
  /** The values, by place. */
  readonly values: unknown[]
}

/** Takes a query apart into its shape and its values. */
export function shapeOf(query: Query): Shape {
  const values: unknown[] = []
  const outer = collected
  collected = values
  try {
    return { text: JSON.stringify(query), values }
  } finally {
    collected = outer
  }
}
