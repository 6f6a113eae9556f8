/** Queries until something would have piled up. Arguments: the connection's options, queries, failures. */
const { readdirSync } = require('node:fs')
const { connect, environment, given, pause, tell } = require('./package.cjs')

const [options, queries, failures] = given
const AT_ONCE = 10

async function measure() {
  for (let round = 0; round < 3; round++) {
    await pause(20)
    global.gc()
  }
  const { heapUsed, rss, external } = process.memoryUsage()
  return {
    heap: heapUsed / 1024 / 1024,
    rss: rss / 1024 / 1024,
    external: external / 1024 / 1024,
    descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0,
    resources: process.getActiveResourcesInfo().length,
  }
}

async function work(connection, count) {
  let next = 0
  const one = async () => {
    while (next < count) {
      next += 1
      const [row] = await connection.select('select ? as n, ? as text', [next, `text ${next % 100}`])
      if (row.text === undefined) throw new Error('no row')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}

async function fail(connection, count) {
  const { signal } = new AbortController()
  for (let number = 0; number < count; number++) {
    // A new text each time, so that none of them is remembered as known.
    await connection.select(`select * from no_such_table_${number}`, [], { signal }).catch(() => {})
    if (number % 10 === 0) await connection.transaction(() => Promise.reject(new Error('rolled back'))).catch(() => {})
  }
}

/** Reads by so many connections at once: one that the pool opens only later would look like a leak. */
async function openAll(connection, count) {
  const rows = Array.from({ length: count }, () => connection.cursor('select 1 as n')[Symbol.asyncIterator]())
  await Promise.all(rows.map((each) => each.next()))
  await Promise.all(rows.map((each) => each.return()))
}

async function openAndClose(times) {
  for (let number = 0; number < times; number++) {
    const other = connect(options)
    await other.select('select 1')
    await other.disconnect()
  }
}

async function main() {
  const connection = connect(options)
  // On SQLite one of them is the writer's.
  await openAll(connection, options.pool.max - 1)
  await work(connection, queries / 5)
  await fail(connection, failures / 2)
  await openAndClose(10)
  const before = await measure()
  const began = performance.now()
  await work(connection, queries)
  await fail(connection, failures)
  await openAndClose(50)
  const ms = performance.now() - began
  const after = await measure()
  const growth = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name]]))
  await tell({ ...growth, ms, mode: environment().mode, pending: environment().pendingRequests })
}

main()
