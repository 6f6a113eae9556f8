/** Looks for types of the columns by which a statement prepares, when the guessed ones do not fit. */
import { TYPES } from './kinds.mjs'

/** PostgreSQL's codes for types that do not fit: no such function or operator, wrong type, no common type, no cast. */
const OF_TYPES = new Set(['42883', '42804', '42846', '42P18', '42P08', '42725', '22P02', '42704', '42809'])

/** Most attempts for one statement. */
const ATTEMPTS = 30

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

/** Prepares a statement, if need be with other types; answers what the server says at the end. */
export async function prepared(place, statement, tables) {
  const first = await place.attempt(statement, tables)
  if (first === undefined || !OF_TYPES.has(first.code)) return first
  const seen = new Set([first.reason])
  let complaint = first
  let left = ATTEMPTS
  while (left > 0) {
    let next
    for (const { column, kind } of changes(tables, complaint.reason, place.server)) {
      if (left === 0) break
      left -= 1
      const before = column.kind
      column.kind = kind
      const answer = await place.attempt(statement, tables)
      if (answer === undefined) return undefined
      // Another complaint than any before: this one is answered.
      if (!seen.has(answer.reason)) {
        seen.add(answer.reason)
        next = answer
        if (!OF_TYPES.has(answer.code)) return answer
        break
      }
      column.kind = before
    }
    if (next === undefined) break
    complaint = next
  }
  return first
}

/** What may be changed: first the columns whose type the message names, to another that it names. */
function changes(tables, message, server) {
  const named = Object.keys(SPELT).filter((kind) => SPELT[kind].test(message))
  const all = []
  for (const table of tables) {
    for (const [name, column] of table.columns) {
      const now = table.kind(name)
      for (const kind of Object.keys(TYPES[server])) {
        if (kind === now) continue
        const rank = (named.includes(now) ? 0 : 2) + (named.includes(kind) ? 0 : 1)
        all.push({ column, kind, rank })
      }
    }
  }
  const meant = all.filter(({ rank }) => rank < 2)
  return (meant.length > 0 ? meant : all).sort((one, other) => one.rank - other.rank)
}
