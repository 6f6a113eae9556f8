/**
 * Prepares what the recorded chains send on real servers, against tables made for each statement: that proves that it is
 * SQL there. `npm run conformance -- --prepare` runs it.
 */
import { createRequire } from 'node:module'
import { inRoot } from '../scripts/lib/paths.mjs'
import { Connections } from './connection.mjs'
import { contradiction } from './contradictions.mjs'
import { factsOf } from './facts.mjs'
import { placeFor } from './prepare/places.mjs'
import { prepared } from './prepare/repair.mjs'
import { needsOf } from './prepare/schema.mjs'
import { rawsOf } from './raws.mjs'
import { Replay } from './replay.mjs'
import { explanation } from './unprepared.mjs'

/** Where the facts of each dialect are prepared. There is no MySQL on the machines that test. */
export const SERVERS = { pgsql: 'pgsql', mysql: 'mariadb', mariadb: 'mariadb', sqlite: 'sqlite' }

/**
 * What came of it: by dialect how many of how many were prepared; every statement that was not, with the rule that explains
 * it; the facts whose chain failed before it sent everything; the dialects whose server is not here.
 *
 * @typedef {{ dialect: string, prepared: number, explained: number, total: number }} Count
 * @typedef {{ file: string, fact: object & { id: string }, sql: string, code: string, reason: string, rule?: object }} Failure
 * @typedef {{ counts: Count[], failures: Failure[], unsent: object[], absent: Set<string> }} Preparation
 */

/**
 * Prepares the statements of the `query` facts of a folder, on all servers at once.
 *
 * @param filter `files`, `dialects` and `wants`, as for the replay.
 * @returns {Promise<Preparation>}
 */
export async function prepareAll(folder, filter = {}) {
  const guruorm = createRequire(import.meta.url)(inRoot('dist', 'index.js'))
  const { lanes, unsent } = await statementsOf(folder, filter, new Replay(guruorm, new Connections(guruorm)))
  /** @type {Failure[]} */
  const failures = []
  const result = { counts: new Map(), failures, unsent, absent: new Set() }
  await Promise.all([...lanes].map(([server, lane]) => prepareLane(guruorm, server, lane, result)))
  return { ...result, counts: [...result.counts.values()] }
}

/** Everything that the chains send, by server. It is compiled before anything is prepared: facts stop the clock. */
async function statementsOf(folder, { files, dialects, wants }, replay) {
  const lanes = new Map()
  const unsent = []
  for (const { file, fact } of factsOf(folder, { files, kinds: ['query'] })) {
    const server = SERVERS[fact.dialect]
    if (server === undefined || contradiction(fact) !== undefined) continue
    if (!(dialects?.includes(fact.dialect) ?? true) || !(wants?.(fact) ?? true)) continue
    const { sent, error } = await replay.statements(fact)
    if (error !== undefined) unsent.push({ file, fact, error })
    if (!lanes.has(server)) lanes.set(server, [])
    for (const statement of sent) lanes.get(server).push({ file, fact, statement })
  }
  return { lanes, unsent }
}

async function prepareLane(guruorm, server, lane, { counts, failures, absent }) {
  const place = await placeFor(server, guruorm)
  if (place === undefined) {
    for (const { fact } of lane) absent.add(fact.dialect)
    return
  }
  try {
    for (const { file, fact, statement } of lane) {
      const count = counts.get(fact.dialect) ?? { dialect: fact.dialect, prepared: 0, explained: 0, total: 0 }
      counts.set(fact.dialect, count)
      count.total += 1
      const failure = await failureOf(place, fact, statement)
      if (failure === undefined) {
        count.prepared += 1
        continue
      }
      if (failure.rule !== undefined) count.explained += 1
      failures.push({ file, fact, sql: statement.sql, ...failure })
    }
  } finally {
    await place.close()
  }
}

async function failureOf(place, fact, statement) {
  const { sql } = statement
  let needs
  try {
    needs = needsOf(sql, fact.dialect)
  } catch (error) {
    // One that the reader of statements trips over must not end the run.
    return { code: error.name, reason: `it cannot be read: ${error.message}` }
  }
  const { tables, homeless, outputs } = needs
  const complaint = await prepared(place, statement, tables)
  if (complaint === undefined) return undefined
  // Tables that cannot be made are our fault, whatever the server says.
  if (complaint.isSchema) return { ...complaint, reason: `its tables cannot be made: ${complaint.reason}` }
  return { ...complaint, rule: explanation({ fact, sql, ...complaint, homeless, outputs, raws: rawsOf(fact) }) }
}

/** Prints what came of it; with `showsFailures` each statement that was not prepared. */
export function printPreparation({ counts, failures, unsent, absent }, showsFailures) {
  if (showsFailures) {
    for (const { file, fact, sql, code, reason, rule } of failures) {
      console.log(`${fact.id} ${file} ${fact.dialect} ${fact.test}${rule === undefined ? ' UNEXPLAINED' : ''}`)
      console.log(`  ${code}: ${reason}\n  ${sql}`)
    }
  }
  for (const { dialect, prepared, explained, total } of counts) {
    const open = total - prepared - explained
    const where = dialect === 'mysql' ? ' (on MariaDB: there is no MySQL here)' : ''
    console.log(
      `${dialect.padEnd(8)} ${prepared}/${total} prepared, ${explained} explained, ${open} unexplained${where}`,
    )
  }
  for (const dialect of absent) console.log(`${dialect.padEnd(8)} not prepared: its server is not here`)
  const byRule = new Map()
  for (const { rule } of failures) if (rule !== undefined) byRule.set(rule, (byRule.get(rule) ?? 0) + 1)
  for (const [{ decision, reason }, count] of [...byRule].sort(([, one], [, other]) => other - one)) {
    console.log(`${String(count).padStart(6)} ${decision}: ${reason}`)
  }
  if (unsent.length > 0) {
    console.log(
      `${String(unsent.length).padStart(6)} chains failed before they sent all; the replay says why (without --prepare)`,
    )
  }
  if (failures.some(({ rule }) => rule === undefined)) process.exitCode = 1
}
