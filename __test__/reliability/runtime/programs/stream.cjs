/** Reads a cursor to its end, or slowly, and says what memory it took. Arguments: options, SQL, how. */
const { connect, environment, given, pause, tell } = require('./package.cjs')

const [options, sql, how] = given
const memory = () => {
  global.gc()
  return process.memoryUsage().rss / 1024 / 1024
}

async function main() {
  const connection = connect(options)
  // What every program needs once: buffers, compiled code.
  for await (const row of connection.cursor(sql)) if (row.i >= 20_000) break
  const before = memory()
  let rows = 0
  let most = before
  const began = performance.now()
  for await (const row of connection.cursor(sql)) {
    rows += 1
    if (rows % 50_000 === 0) most = Math.max(most, process.memoryUsage().rss / 1024 / 1024)
    if (how === 'slowly' && row.i === 1000) {
      await pause(500)
      most = Math.max(most, process.memoryUsage().rss / 1024 / 1024)
      break
    }
  }
  const ms = performance.now() - began
  await connection.disconnect()
  await tell({ mode: environment().mode, rows, ms, growth: most - before })
}

main()
