/**
 * Measures guruorm beside other drivers, builders and object mappers: the same questions, the same data, the same pool;
 * every workload by every peer in a fresh process, peers in turn, several rounds. Use the ratios of one run: absolute
 * figures move with the machine.
 *
 * The last columns are the limit: drivers of Rust by a Rust program (bench/limit/), which does the same workloads and makes
 * owned structs of the rows. A figure there says how fast a program without JavaScript is, and the ratio beside it how much
 * of that guruorm reaches. The program is built by cargo when one of its peers is asked for.
 *
 *   --database postgres,mariadb,sqlite   --peers guruorm,pg   --workloads W1,W4   --rounds 5
 *   build          building SQL alone (W10) beside other query builders; needs no database
 *   inspect        reading the structure of a whole database (W12) beside other inspectors
 *   migrations     running a hundred migrations (W13) beside other migrators
 *   models         models with their relations (W8), and what a model costs, beside other object mappers, on PostgreSQL
 *   scale          the cost of one row, cell or query when there are many, the event loop and memory meanwhile, beside drivers
 *   report         docs/benchmarks.md from the figures that are kept in bench/results; names of runs after it must be there
 *   --show         the SQL that each of them builds, instead of figures
 *   --as-built     the package as it is now, instead of a release build of it first
 *   --small        little data, little effort: tries the harness
 *   --save NAME    bench/results/NAME.json (otherwise latest.local.json, which git ignores)
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { bringUpDatabases } from '../scripts/lib/databases.mjs'
import { installModules, setUp } from '../scripts/lib/setup.mjs'
import { dim, main, Stop, step } from '../scripts/lib/terminal.mjs'
import { CHAINS, valuesOf } from './builds.mjs'
import { INSPECTED } from './inspections.mjs'
import { buildLimit, isLimit, LIMIT_PROGRAM, limitTakesPart, limitVersions, shareOfLimit } from './limits.mjs'
import { MIGRATED } from './migrations.mjs'
import { serverVersion } from './migrators/driver.mjs'
import { MODELLED } from './models.mjs'
import { BUILD, openPeer, PEERS } from './peers.mjs'
import { openProof } from './proof.mjs'
import { circumstances } from './report/circumstances.mjs'
import { summarise } from './report/figures.mjs'
import { generate } from './report/generate.mjs'
import { save } from './report/results.mjs'
import { COSTS, costsTable, figuresTable } from './report/tables.mjs'
import { SCALED } from './scale.mjs'
import { seriesOf, seriesTables } from './series.mjs'
import { SIZES } from './sizes.mjs'
import { WORKLOADS } from './workloads.mjs'

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url))
const PATIENCE_MS = 1_800_000

/** Sections that are one of each named database, and the kind of database that each of those is. */
const SECTIONS = { inspect: INSPECTED, migrations: MIGRATED, scale: SCALED }
const KINDS = { ...INSPECTED, ...MIGRATED, ...SCALED, [MODELLED]: 'postgres' }

/** Sections that read a database of their own, and the module in `data/` that makes it. */
const OWN_DATA = [
  [INSPECTED, 'structure'],
  [MIGRATED, 'migrations'],
  [SCALED, 'scale'],
]

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string', default: 'postgres,mariadb,sqlite' },
    peers: { type: 'string' },
    workloads: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    'as-built': { type: 'boolean', default: false },
    show: { type: 'boolean', default: false },
    small: { type: 'boolean', default: false },
    save: { type: 'string', default: 'latest.local' },
  },
})

const listed = (text, known) => {
  const names = text?.split(',') ?? known
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Stop(`Unknown: ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  return names
}

await main(async () => {
  const [section, ...names] = positionals
  if (section === 'report') return report(names)
  const databases = listed(positionals.length > 0 ? sections().join() : options.database, Object.keys(PEERS))
  const needsServers = databases.some((database) => database !== BUILD)
  const workloads = listed(
    options.workloads,
    WORKLOADS.map(({ id }) => id),
  )
  const allPeers = [...new Set(Object.values(PEERS).flat())]
  const peers = listed(options.peers, allPeers)
  const size = options.small ? 'small' : 'full'
  if (!options['as-built'] && peers.some((peer) => peer.startsWith('guruorm'))) await setUp({ release: true })
  await installOwnModules()
  if (options.show) return showBuilds(PEERS[BUILD].filter((peer) => peers.includes(peer)))
  if (peers.some((peer) => isLimit(peer) && databases.some((database) => PEERS[database].includes(peer))))
    await step('limit (cargo build --release)', buildLimit)
  const tearDown = needsServers ? await bringUpDatabases() : () => {}
  try {
    await measure({ databases, workloads, peers, size, rounds: Number(options.rounds) })
  } finally {
    await tearDown()
  }
})

function installOwnModules() {
  return step('npm modules of the benchmark', () => installModules(fileURLToPath(new URL('.', import.meta.url))))
}

/** Writes the documentation anew. */
async function report(names) {
  await installOwnModules()
  for (const line of await generate(names)) console.log(`  ${line}`)
}

/** The named sections, those of {@link SECTIONS} for each named database. */
function sections() {
  const named = options.database.split(',')
  return positionals.flatMap((section) => {
    const kinds = SECTIONS[section]
    return kinds === undefined ? [section] : Object.keys(kinds).filter((name) => named.includes(kinds[name]))
  })
}

async function measure({ databases, workloads, peers, size, rounds }) {
  const measured = {}
  const servers = {}
  for (const database of databases) {
    const context = {
      database,
      url: database === BUILD ? undefined : await prepared(database, size, servers),
      sizes: SIZES[size],
      rounds,
      peers: PEERS[database].filter((peer) => peers.includes(peer)),
      workloads: WORKLOADS.filter(({ id, databases }) => workloads.includes(id) && databases.includes(database)),
    }
    const results = await allRounds(context)
    measured[database] = results
    console.log(
      `\n${database}: median of ${rounds} rounds (least–most), × = ${context.peers[0]} is that many times faster\n`,
    )
    if (database in SCALED) for (const text of seriesTables(seriesOf({ [database]: results }))) console.log(`${text}\n`)
    else showFigures(results, context.peers)
  }
  const series = seriesOf(measured)
  const content = { size, rounds, ...circumstances(databases, servers), limits: limitVersions(), measured }
  const path = save(options.save, series.length > 0 ? { ...content, series } : content)
  console.log(dim(`\nAll figures: ${path}`))
}

function showFigures(results, peers) {
  console.log(figuresTable(results, peers))
  console.log(`\n${COSTS}\n\n${costsTable(results, peers)}`)
  const shares = shareOfLimit(results, peers)
  if (shares.length > 0) console.log(`\nShare of the limit, by the clock and by processor time: ${shares.join(', ')}`)
}

/** Fills the tables and answers where they are; `servers` gets the version of the server. */
async function prepared(database, size, servers) {
  const kind = KINDS[database] ?? database
  const server = { postgres: process.env.GURUORM_TEST_POSTGRES_URL, mariadb: process.env.GURUORM_TEST_MARIADB_URL }[
    kind
  ]
  const name = `guruorm_bench_${size}`
  let url
  await step(`data on ${database} (${size})`, async () => {
    const own = OWN_DATA.find(([section]) => database in section)
    if (own !== undefined) {
      const { prepare } = await import(`./data/${own[1]}.mjs`)
      url = await prepare(kind, server, name, SIZES[size])
    } else {
      if (kind === 'postgres') (await import('./adapters/prisma/generate.mjs')).generate()
      const { prepare } = await import(`./data/${kind}.mjs`)
      url = await prepare(server, name, SIZES[size])
    }
  })
  if (server !== undefined) servers[kind] ??= await serverVersion(kind, url)
  return url
}

/** What each query builder makes of each chain, to be read and compared. */
async function showBuilds(peers) {
  for (const { title, chain } of CHAINS) {
    console.log(`\n${title}`)
    for (const name of peers) {
      const { [chain]: build } = await openPeer(name, BUILD)
      const { sql, values } = build('key', valuesOf(1))
      console.log(`\n  ${name}\n  ${sql}\n  ${dim(JSON.stringify(values))}`)
    }
  }
}

async function allRounds(context) {
  const { database, workloads, peers, rounds } = context
  const runs = Object.fromEntries(workloads.map(({ id }) => [id, Object.fromEntries(peers.map((peer) => [peer, []]))]))
  const checks = new Map()
  for (let round = 0; round < rounds; round += 1) {
    await step(`${database}, round ${round + 1} of ${rounds}`, async () => {
      for (const workload of workloads) {
        for (let turn = 0; turn < peers.length; turn += 1) {
          const peer = peers[(turn + round) % peers.length]
          if (!takesPart(peer, workload)) continue
          const run = await oneRun(context, workload, peer)
          sameAnswer(checks, workload, peer, run.check)
          runs[workload.id][peer].push(run)
        }
      }
    })
  }
  return workloads.map(({ id, title, unit }) => ({
    workload: { id, title, unit },
    check: checks.get(id),
    byPeer: Object.fromEntries(
      Object.entries(runs[id])
        .filter(([, values]) => values.length > 0)
        .map(([peer, values]) => [peer, summarise(values)]),
    ),
  }))
}

function takesPart(peer, workload) {
  return isLimit(peer) ? limitTakesPart(peer, workload) : !workload.without?.includes(peer)
}

async function oneRun({ database, url, sizes }, workload, peer) {
  const effort = sizes.effort * (workload.oftener?.[database] ?? 1)
  const job = JSON.stringify({ database, peer, workload: workload.id, url, sizes: { ...sizes, effort } })
  const [program, args] = isLimit(peer) ? [LIMIT_PROGRAM, [job]] : [process.execPath, [WORKER, job]]
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: PATIENCE_MS })
    const proof = await openProof(database, url, workload)
    const check = await proof?.read()
    await proof?.close()
    return { check, ...JSON.parse(stdout) }
  } catch (error) {
    throw new Stop(`${workload.id} by ${peer} on ${database} failed:\n${error.stderr || error.message}`)
  }
}

/** A fast wrong answer is no result: everybody must read and write the same, in every round. */
function sameAnswer(checks, workload, peer, check) {
  const expected = checks.get(workload.id) ?? check
  checks.set(workload.id, expected)
  if (check !== expected) throw new Stop(`${workload.id}: ${peer} answered ${check}, the first peer ${expected}.`)
}
