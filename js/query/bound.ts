/**
 * Values inside of a query. `shape.ts` writes the number of their place instead of them, and `toJSON`
 * is what somebody sees who prints a query.
 */

/** One value. */
export class Bound {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }

  /** The value. */
  toJSON(): unknown {
    return typeof this.value === 'bigint' ? String(this.value) : this.value
  }
}

/** Values that follow each other: the list of a `whereIn`. */
export class BoundList {
  readonly values: readonly unknown[]

  constructor(values: readonly unknown[]) {
    this.values = values
  }
}

/** Rows of values alone, cell after cell: those of an insert. */
export class BoundRows {
  readonly kind = 'values' as const
  readonly cells: readonly unknown[]
  readonly count: number

  constructor(cells: readonly unknown[], count: number) {
    this.cells = cells
    this.count = count
  }
}
