/** Looks for types of the columns by which a statement prepares, when the guessed ones do not fit. */
import { TYPES } from './kinds.mjs'

/** PostgreSQL's codes for types that do not fit: no such function or operator, wrong type, no common type, no cast. */
const OF_TYPES = new Set(['42883', '42804', '42846', '42P18', '42P08', '42725', '22P02', '42809'])

/** Most attempts for one statement. */
const ATTEMPTS = 60

/** As PostgreSQL's messages name the types. */
const SPELT = {
  integer: /\b(bigint|integer)\b/,
  number: /\bnumeric\b/,
  text: /\b(text|character varying)\b/,
  boolean: /\bboolean\b/,
  timestamp: /\btimestamp\b/,
  date: /\bdate\b/,
  time: /\btime without\b/,
  json: /\bjsonb?\b/,
}

/**
 * Prepares a statement, if need be with other types: breadth first, from every set of types with a complaint that was not
 * heard before.
 *
 * @returns What the server says of the guessed types; `undefined` when some types do.
 */
export async function prepared(place, statement, tables) {
  const first = await place.attempt(statement, tables)
  if (first === undefined || !OF_TYPES.has(first.code)) return first
  const heard = new Set([first.reason])
  const tried = new Set()
  const open = [{ complaint: first, kinds: new Map() }]
  let left = ATTEMPTS
  for (let state = open.shift(); state !== undefined; state = open.shift()) {
    take(state.kinds, tables)
    for (const { column, kind } of changes(tables, state.complaint.reason, place.server)) {
      const kinds = new Map(state.kinds).set(column, kind)
      take(kinds, tables)
      const key = JSON.stringify(tables.map((table) => [...table.columns.keys()].map((name) => table.kind(name))))
      if (tried.has(key)) continue
      tried.add(key)
      const complaint = await place.attempt(statement, tables)
      if (complaint === undefined) return undefined
      left -= 1
      if (left === 0) return first
      if (heard.has(complaint.reason)) continue
      heard.add(complaint.reason)
      // All types fit, but there is more against it.
      if (!OF_TYPES.has(complaint.code)) return complaint
      open.push({ complaint, kinds })
    }
  }
  return first
}

function take(kinds, tables) {
  for (const table of tables) for (const column of table.columns.values()) column.kind = kinds.get(column)
}

/** What may be changed: first the columns at the operator or function of the message, and to another type that it names. */
function changes(tables, message, server) {
  const named = Object.keys(SPELT).filter((kind) => SPELT[kind].test(message))
  const mark =
    /operator does not exist: (?:.*? )?([^\w\s]+) /.exec(message)?.[1] ?? /function (\w+\()/.exec(message)?.[1]
  const all = []
  for (const table of tables) {
    for (const [name, column] of table.columns) {
      const now = table.kind(name)
      for (const kind of Object.keys(TYPES[server])) {
        if (kind === now) continue
        const rank = (column.marks.has(mark) ? 0 : 4) + (named.includes(now) ? 0 : 2) + (named.includes(kind) ? 0 : 1)
        all.push({ column, kind, rank })
      }
    }
  }
  // A column of another type elsewhere is not what the message is about.
  const meant = all.filter(({ rank }) => (rank & 2) === 0)
  return (meant.length > 0 ? meant : all).sort((one, other) => one.rank - other.rank)
}
