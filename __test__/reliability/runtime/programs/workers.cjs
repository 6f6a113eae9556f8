/**
 * Starts workers that query, and ends them in the middle of it. Arguments: how, the connection's options, SQL, rounds.
 */
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
const { connect, environment, given, pause, tell } = require('./package.cjs')

/** In the middle of statements, of a result, of connecting. */
const AT_ONCE = 3

if (isMainThread) main()
else work(workerData)

async function main() {
  const [how, options, sql, rounds] = given
  const codes = { ended: 0, others: [] }
  const one = (round) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(__filename, { workerData: { how, options, sql } })
      worker.once('error', reject)
      worker.once('exit', (code) => {
        // A worker that is terminated ends with 1, before it has begun with 0.
        if (code === 0 || (how !== 'byItself' && code === 1)) codes.ended += 1
        else codes.others.push(code)
        resolve()
      })
      if (how === 'byItself') return
      // The first ones before they have done anything, the others a little later each.
      if (round % 5 === 0) setTimeout(() => worker.terminate(), 5 * round)
      else worker.once('message', () => setTimeout(() => worker.terminate(), (round * 7) % 40))
    })
  const began = performance.now()
  for (let round = 0; round < rounds; round += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, rounds - round) }, (_, index) => one(round + index)))
  }
  // The main thread has an engine of its own, which goes on.
  const connection = connect(options)
  const [row] = await connection.select('select 5 as five')
  await tell({ ...codes, ms: performance.now() - began, five: row.five, mode: environment().mode })
}

async function work({ how, options, sql }) {
  const connection = connect({ ...options, pool: { max: 3 } })
  if (how === 'byItself') {
    const [row] = await connection.select('select 1 as one')
    if (row.one !== 1) process.exit(9)
    // Nobody closes the connection.
    return
  }
  for (let number = 0; number < 3; number++) connection.select(sql).catch(() => {})
  await pause(1)
  parentPort.postMessage('running')
}
