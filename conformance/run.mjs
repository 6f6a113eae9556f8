/**
 * Replays recorded facts (`FORMAT.md` beside them) through the builders and says how many hold.
 *
 *   npm run conformance -- [folder]    default $GURUORM_CONFORMANCE, else ../shared/conformance
 *     --prepare          instead: prepares what they send on the real servers (`prepare.mjs`)
 *     --failures         what differs, fact by fact
 *     --contradictions   what is left out on purpose, by decision
 *     --file query,fuzz  --dialect pgsql,mysql  --kind query,schema  --id q-1,q-2  --test name
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bringUpDatabases } from '../scripts/lib/databases.mjs'
import { inRoot } from '../scripts/lib/paths.mjs'
import { Connections } from './connection.mjs'
import { contradiction } from './contradictions.mjs'
import { factsFolder, factsOf, QUERY_KINDS, SCHEMA_KINDS } from './facts.mjs'
import { prepareAll, printPreparation } from './prepare.mjs'
import { Replay } from './replay.mjs'
import { SchemaBuilderReplay } from './schema-builder-replay.mjs'
import { SchemaReplay } from './schema-replay.mjs'

const DIALECTS = ['pgsql', 'mysql', 'mariadb', 'sqlite', 'sqlsrv', 'ansi']

/**
 * Replays the facts of a folder.
 *
 * @returns By file and dialect how many passed of how many; the failures; how many each contradiction took out.
 */
export async function replayAll(folder, filter = {}) {
  const guruorm = createRequire(import.meta.url)(inRoot('dist', 'index.js'))
  const connections = new Connections(guruorm)
  const queries = new Replay(guruorm, connections)
  const schemas = new SchemaReplay(guruorm, connections)
  const schemaBuilders = new SchemaBuilderReplay(guruorm, connections)
  const counts = new Map()
  const failures = []
  const leftOut = new Map()
  for (const { file, fact } of factsOf(folder, filter)) {
    if (filter.wants !== undefined && !filter.wants(fact)) continue
    const replay = fact.kind.startsWith('schema-builder')
      ? schemaBuilders
      : SCHEMA_KINDS.includes(fact.kind)
        ? schemas
        : queries
    const difference = await replay.differences(fact)
    // A rule takes a fact out only when it fails: it never hides one that holds.
    const rule = difference === undefined ? undefined : contradiction(fact)
    if (rule !== undefined) {
      leftOut.set(rule, (leftOut.get(rule) ?? 0) + 1)
      continue
    }
    const key = `${file} ${fact.dialect}`
    const count = counts.get(key) ?? { file, dialect: fact.dialect, passed: 0, total: 0 }
    counts.set(key, count)
    count.total += 1
    if (difference === undefined) count.passed += 1
    else failures.push({ file, fact, difference })
  }
  return { counts: [...counts.values()], failures, leftOut }
}

function table(counts) {
  const files = [...new Set(counts.map(({ file }) => file))]
  const dialects = DIALECTS.filter((dialect) => counts.some((count) => count.dialect === dialect))
  const cell = (selected) => {
    const [passed, total] = selected.reduce(([p, t], count) => [p + count.passed, t + count.total], [0, 0])
    return total === 0 ? '' : `${passed}/${total}`
  }
  const row = (name, among) => [
    name,
    ...dialects.map((dialect) => cell(among.filter((count) => count.dialect === dialect))),
    cell(among),
  ]
  const rows = [
    ['', ...dialects, 'all'],
    ...files.map((file) =>
      row(
        file,
        counts.filter((count) => count.file === file),
      ),
    ),
    row('all', counts),
  ]
  return rows
    .map((cells) => cells.map((text, at) => (at === 0 ? text.padEnd(15) : text.padStart(12))).join(''))
    .join('\n')
}

async function main() {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      prepare: { type: 'boolean', default: false },
      failures: { type: 'boolean', default: false },
      contradictions: { type: 'boolean', default: false },
      file: { type: 'string' },
      dialect: { type: 'string' },
      kind: { type: 'string' },
      id: { type: 'string' },
      test: { type: 'string' },
    },
  })
  const folder = resolve(positionals[0] ?? factsFolder())
  if (!existsSync(folder)) {
    console.log(`There are no recorded facts at ${folder}. Name their folder: npm run conformance -- <folder>`)
    return
  }
  const wants = (fact) =>
    (options.dialect?.split(',').includes(fact.dialect) ?? true) &&
    (options.id?.split(',').includes(fact.id) ?? true) &&
    (options.test === undefined || fact.test.includes(options.test))
  if (options.prepare) {
    const tearDown = await bringUpDatabases()
    try {
      const dialects = options.dialect?.split(',')
      printPreparation(await prepareAll(folder, { files: options.file?.split(','), dialects, wants }), options.failures)
    } finally {
      await tearDown()
    }
    return
  }
  const { counts, failures, leftOut } = await replayAll(folder, {
    files: options.file?.split(','),
    kinds: options.kind?.split(',') ?? [...QUERY_KINDS, ...SCHEMA_KINDS],
    wants,
  })
  if (options.failures)
    for (const { file, fact, difference } of failures)
      console.log(`${fact.id} ${file} ${fact.dialect} ${fact.test}\n  ${difference}`)
  console.log(table(counts))
  for (const [{ follows, reason }, count] of leftOut)
    console.log(`${String(count).padStart(6)} left out, ${follows}: ${reason}`)
  if (failures.length > 0) process.exitCode = 1
}

if (process.argv[1] === import.meta.filename) await main()
