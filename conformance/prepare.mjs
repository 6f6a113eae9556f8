/**
 * Prepares what the recorded chains send on real servers, against tables made for each statement: that proves that it is
 * SQL there. `npm run conformance -- --prepare` runs it.
 */
import { createRequire } from 'node:module'
import { inRoot } from '../scripts/lib/paths.mjs'
import { Connections } from './connection.mjs'
import { contradiction } from './contradictions.mjs'
import { factsOf } from './facts.mjs'
import { prepared } from './prepare/repair.mjs'
import { needsOf } from './prepare/schema.mjs'
import { placeFor } from './prepare/places.mjs'
import { rawsOf } from './raws.mjs'
import { Replay } from './replay.mjs'
import { explanation } from './unprepared.mjs'

/** Where the facts of each dialect are prepared. There is no MySQL on the machines that test. */
export const SERVERS = { pgsql: 'pgsql', mysql: 'mariadb', mariadb: 'mariadb', sqlite: 'sqlite' }

/**
 * Prepares the statements of the `query` facts of a folder.
 *
 * @param filter `files`, `dialects` and `wants`, as for the replay.
 * @returns By dialect how many of how many were prepared; every statement that was not, with the rule that explains it;
 *   the facts whose chain failed before it sent anything; the dialects whose server is not here.
 */
export async function prepareAll(folder, filter = {}) {
  const guruorm = createRequire(import.meta.url)(inRoot('dist', 'index.js'))
  const run = new Preparation(guruorm)
  try {
    for (const { file, fact } of factsOf(folder, { files: filter.files, kinds: ['query'] })) {
      if (SERVERS[fact.dialect] === undefined || !(filter.dialects?.includes(fact.dialect) ?? true)) continue
      if (contradiction(fact) !== undefined || !(filter.wants?.(fact) ?? true)) continue
      await run.fact(file, fact)
    }
  } finally {
    await run.close()
  }
  return run.result()
}

class Preparation {
  #counts = new Map()
  #failures = []
  #unsent = []
  #absent = new Set()
  #places = new Map()

  constructor(guruorm) {
    this.guruorm = guruorm
    this.replay = new Replay(guruorm, new Connections(guruorm))
  }

  result() {
    return { counts: [...this.#counts.values()], failures: this.#failures, unsent: this.#unsent, absent: this.#absent }
  }

  async fact(file, fact) {
    const place = await this.#place(fact.dialect)
    if (place === undefined) return
    const { sent, error } = await this.replay.statements(fact)
    if (error !== undefined) this.#unsent.push({ file, fact, error })
    for (const statement of sent) {
      const count = this.#counts.get(fact.dialect) ?? { dialect: fact.dialect, prepared: 0, explained: 0, total: 0 }
      this.#counts.set(fact.dialect, count)
      count.total += 1
      const failure = await this.#failure(place, fact, statement)
      if (failure === undefined) count.prepared += 1
      else {
        if (failure.rule !== undefined) count.explained += 1
        this.#failures.push({ file, fact, sql: statement.sql, ...failure })
      }
    }
  }

  async #failure(place, fact, statement) {
    const { sql } = statement
    const { tables, homeless, outputs } = needsOf(sql, fact.dialect)
    const complaint = await prepared(place, statement, tables)
    if (complaint === undefined) return undefined
    const rule = explanation({ fact, sql, ...complaint, homeless, outputs, raws: rawsOf(fact) })
    return { ...complaint, tables, rule }
  }

  /** One place for each server, opened when it is needed. */
  async #place(dialect) {
    const server = SERVERS[dialect]
    if (!this.#places.has(server)) this.#places.set(server, await placeFor(server, this.guruorm))
    const place = this.#places.get(server)
    if (place === undefined) this.#absent.add(dialect)
    return place
  }

  async close() {
    for (const place of this.#places.values()) await place?.close()
  }
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
    console.log(`${dialect.padEnd(8)} ${prepared}/${total} prepared, ${explained} explained, ${open} unexplained${where}`)
  }
  for (const dialect of absent) console.log(`${dialect.padEnd(8)} not prepared: its server is not here`)
  const byRule = new Map()
  for (const { rule } of failures) if (rule !== undefined) byRule.set(rule, (byRule.get(rule) ?? 0) + 1)
  for (const [{ decision, reason }, count] of [...byRule].sort(([, one], [, other]) => other - one)) {
    console.log(`${String(count).padStart(6)} ${decision}: ${reason}`)
  }
  if (unsent.length > 0) {
    console.log(`${String(unsent.length).padStart(6)} chains failed before they sent all; the replay says why (without --prepare)`)
  }
  if (failures.some(({ rule }) => rule === undefined)) process.exitCode = 1
}
