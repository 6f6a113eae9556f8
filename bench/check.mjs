/** Peers give the same value in different types; this brings them together, so that answers can be compared. */
import { createHash } from 'node:crypto'

const asJson = (value) => (typeof value === 'string' ? JSON.parse(value) : value)
const sorted = (value) => JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))))

/** Text without a zone is UTC in the tables of the benchmark. */
function instant(value) {
  if (value instanceof Date) return value.toISOString()
  return new Date(/(Z|[+-]\d\d)/.test(value.slice(10)) ? value : `${value.replace(' ', 'T')}Z`).toISOString()
}

const NORMAL = {
  balance: (value) => Number(value).toFixed(2),
  active: (value) => String(Number(value)),
  meta: (value) => sorted(asJson(value)),
  created_at: instant,
}

/**
 * The number of rows, and a hash over all values; the order of columns is the peer's own.
 *
 * @param columns - Those that count, for rows that are models and have more, or have them elsewhere.
 */
export function checksum(rows, columns) {
  const hash = createHash('sha1')
  for (const row of rows) {
    for (const column of [...(columns ?? Object.keys(row))].sort()) {
      const value = row[column]
      hash.update(`${column}=${value === null ? 'null' : (NORMAL[column] ?? String)(value)};`)
    }
  }
  return `${rows.length} rows ${hash.digest('hex').slice(0, 12)}`
}
