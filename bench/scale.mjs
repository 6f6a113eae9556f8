/**
 * Whether the cost of one stays the same when there are many: of a row, of a cell, of a query. What the event loop waits while
 * many rows arrive, and what a long stream keeps. Every point is a workload of its own, so a process of its own.
 */
import { setTimeout } from 'node:timers/promises'
import { checksum } from './check.mjs'
import { everyLatency, inFlight, median, percentile, processorMilliseconds, threadMilliseconds } from './measure.mjs'

/** In the place of a database: its large tables are read, and nothing else. */
export const SCALED = { 'scale-postgres': 'postgres', 'scale-mariadb': 'mariadb', 'scale-sqlite': 'sqlite' }

const ROWS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
const IN_FLIGHT = [1, 4, 16, 64, 256, 1000]
const COLUMNS = [1, 10, 50, 100, 250, 500]

/** So many rows, and not more cells, are read in all for a point, but no result of rows less than twice. */
const ROWS_READ = 200_000
const CELLS_READ = 10_000_000
const DELAY_ROWS = 100_000
const FETCHES = 5
const PERCENTILES = [50, 90, 99, 100]

/** So often the memory is looked at in a stream, and so many points are drawn of it. */
const LOOK_EVERY_ROWS = 5_000
const POINTS = 20

/** A row of every thousandth, with the number of all: a hash over a million rows takes longer than reading them. */
function sampled(rows) {
  const step = Math.ceil(rows.length / 1000)
  return `${rows.length} rows, of them ${checksum(rows.filter((_, index) => index % step === 0))}`
}

/** Begins to count processor time; what it answers tells the microseconds since, of the whole process and of this thread. */
function processorClock() {
  const [process, thread] = [processorMilliseconds(), threadMilliseconds()]
  return () => ({
    cpu: (processorMilliseconds() - process) * 1000,
    ...(thread !== undefined && { thread: (threadMilliseconds() - thread) * 1000 }),
  })
}

/** Reads a result over and over; answers what `share` of it (a row, a cell) takes. */
async function costOf(select, repeats, share) {
  let result
  const work = async () => {
    result = await select()
  }
  await everyLatency(0, Math.ceil(repeats / 4), work)
  const spent = processorClock()
  const latencies = await everyLatency(0, repeats, work)
  const cost = { spent: spent(), shares: repeats * share }
  return { value: median(latencies) / share, ...cost, operations: latencies.length, check: sampled(result) }
}

const repeatsOf = (rows, { effort }) => Math.max(2, Math.min(3000, Math.round((ROWS_READ * effort) / rows)))

/** One point of three lines: the time of a share, the processor time of the process for it, and that of this thread. */
function pointOf(id, x, { value, spent, shares, ...rest }) {
  const lines = Object.entries(spent).map(([clock, microseconds]) => [`${id}-${clock}`, [[x, microseconds / shares]]])
  return { value, ...rest, lines: { [id]: [[x, value]], ...Object.fromEntries(lines) } }
}

async function rowsAt(count, { peer, sizes }) {
  const rows = Math.min(count, sizes.scale.users)
  return pointOf('rows', rows, await costOf(() => peer.firstUsers(rows), repeatsOf(rows, sizes), rows))
}

async function columnsAt(count, { peer, sizes }) {
  const rows = sizes.scale.wide
  const repeats = Math.min(repeatsOf(rows, sizes), Math.ceil((CELLS_READ * sizes.effort) / (rows * count)))
  const cost = await costOf(() => peer.wideRows(count, rows), repeats, rows * count)
  return pointOf('columns', count, cost)
}

async function inFlightAt(width, { peer, sizes, times }) {
  const find = (index) => peer.findUser(((index * 7919) % sizes.scale.users) + 1)
  const total = times(width === 1 ? 5_000 : 20_000)
  await inFlight(times(3_000), width, find)
  const spent = processorClock()
  const started = performance.now()
  await inFlight(total, width, find)
  const value = ((performance.now() - started) * 1000) / total
  const cost = { spent: spent(), shares: total }
  return pointOf('in-flight', width, { value, ...cost, operations: total, check: checksum([await find(47)]) })
}

/**
 * How late a timer of one millisecond is, each time that it fires while rows are fetched; and how much of that time this
 * thread was at work: the rest is other processes'.
 */
async function delay({ peer, sizes }) {
  const count = Math.min(DELAY_ROWS, sizes.scale.users)
  let rows = await peer.firstUsers(count)
  const fetches = []
  for (let fetch = 0; fetch < FETCHES; fetch += 1) {
    const stop = await watchTimers()
    rows = await peer.firstUsers(count)
    fetches.push(await stop())
  }
  const lines = {}
  for (const id of Object.keys(fetches[0])) {
    lines[id] = PERCENTILES.map((percent) => [percent, median(fetches.map((late) => percentile(late[id], percent)))])
  }
  return { value: lines.delay[PERCENTILES.indexOf(99)][1], operations: FETCHES, check: sampled(rows), lines }
}

/** Begins to watch; what it answers ends it, once a timer that is late has fired. */
async function watchTimers() {
  const late = { delay: [], 'delay-thread': [] }
  let [time, work] = [performance.now(), threadMilliseconds()]
  const timer = setInterval(() => {
    const worked = threadMilliseconds()
    late.delay.push(performance.now() - time)
    if (worked !== undefined) late['delay-thread'].push(worked - work)
    time = performance.now()
    work = threadMilliseconds()
  }, 1)
  await setTimeout(5)
  for (const values of Object.values(late)) values.length = 0
  return async () => {
    await setTimeout(2)
    clearInterval(timer)
    return Object.fromEntries(Object.entries(late).filter(([, values]) => values.length > 0))
  }
}

/** Reads all comments. The first query, of a thousand rows, is the warm-up. */
async function stream({ peer, sizes }) {
  await peer.firstUsers(1000)
  const atStart = process.memoryUsage.rss()
  const every = sizes.scale.comments / POINTS
  const lines = { stream: [], 'stream-memory': [] }
  const started = performance.now()
  let [rows, ids, letters, growth, begun, spent] = [0, 0, 0, 0, started, processorClock()]
  for await (const row of peer.comments()) {
    rows += 1
    ids += Number(row.id) * (Number(row.post_id) % 7)
    letters += row.body.length
    if (rows % LOOK_EVERY_ROWS === 0) growth = Math.max(growth, (process.memoryUsage.rss() - atStart) / 1e6)
    if (rows % every === 0) {
      const now = performance.now()
      lines.stream.push([rows, ((now - begun) * 1000) / every])
      for (const [clock, microseconds] of Object.entries(spent())) {
        lines[`stream-${clock}`] = [...(lines[`stream-${clock}`] ?? []), [rows, microseconds / every]]
      }
      lines['stream-memory'].push([rows, growth])
      begun = now
      spent = processorClock()
    }
  }
  const value = rows / ((performance.now() - started) / 1000)
  return { value, operations: 1, check: `${rows} rows ${ids} ${letters}`, lines }
}

const points = (id, list, unit, title, run) =>
  list.map((x) => ({ id: `scale-${id}-${x}`, title: title(x), unit, run: (context) => run(x, context) }))

export const SCALE_WORKLOADS = [
  ...points('rows', ROWS, 'µs a row', (x) => `a result of ${x} rows of 8 columns`, rowsAt),
  ...points(
    'in-flight',
    IN_FLIGHT,
    'µs a query',
    (x) => `one row by key, ${x} in flight on 10 connections`,
    inFlightAt,
  ),
  ...points('columns', COLUMNS, 'µs a cell', (x) => `1,000 rows of ${x} columns`, columnsAt),
  { id: 'scale-delay', title: 'p99 of the event loop’s delay, 100,000 rows', unit: 'ms', run: delay },
  { id: 'scale-stream', title: 'a stream of 5,000,000 rows', unit: 'rows/s', run: stream },
].map((workload) => ({ ...workload, databases: Object.keys(SCALED) }))
