/** One query: a `select` or a statement that writes. */
export class Scope {
  /** Tables, and queries that stand for tables: `{ path }` or `{ scope }` or neither, and `alias`. */
  sources = []
  /** Columns it mentions: `{ qualifier, name, isBare, clause, calls, before, after, afterThat }`. */
  columns = []
  /** Names of its own columns. */
  outputs = new Set()
  /** Whether it hands on every column: `*`, or those of the qualifiers `t.*`. */
  stars = []
  /** The queries of a union, when it is made of queries in parentheses. */
  arms = []
  /** Queries by name: `with`. */
  named = new Map()
  /** Columns that must be unique together: `on conflict (…)`. */
  keys = []
  /** Indexes by name: `force index (…)`. */
  indexes = []

  constructor(parent) {
    this.parent = parent
  }
}
