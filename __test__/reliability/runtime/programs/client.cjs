/**
 * Does what the test says and counts what would have ended it: a program without handlers of its own would be gone.
 * Arguments: the connection's options.
 */
const { connect, environment, given, pause } = require('./package.cjs')

const uncaught = []
process.on('uncaughtException', (error) => uncaught.push(`uncaught: ${error.stack}`))
process.on('unhandledRejection', (error) => uncaught.push(`unhandled: ${error}`))
process.on('warning', (warning) => warnings.push(warning.message.split('\n')[0]))
const warnings = []

const connection = connect(given[0])

const acts = {
  /** Runs a statement some times at once; the codes of the errors, `null` where there was none. */
  async query({ sql, times = 1, options }) {
    const code = (error) => error.code ?? String(error)
    const all = Array.from({ length: times }, () =>
      connection.select(sql, [], options).then(
        () => null,
        (error) => code(error),
      ),
    )
    return Promise.all(all)
  },
  /** A statement that nobody waits for: its error is lost with it. */
  async command({ command }) {
    return connection.native(command).then(
      () => null,
      (error) => `${error.code}: ${error.message}`,
    )
  },
  async listenBadly() {
    connection.listen(() => {
      throw new Error('of a listener')
    })
    connection.listen(async () => {
      throw new Error('of an async listener')
    })
    connection.onTransaction(() => {
      throw new Error('of a transaction listener')
    })
    await connection.transaction((open) => open.select('select 1'))
    return null
  },
  /** A transaction whose connection is killed meanwhile. */
  async holdTransaction({ milliseconds }) {
    return connection
      .transaction(async (open) => {
        await open.select('select 1')
        await pause(milliseconds)
        await open.select('select 1')
      })
      .then(
        () => null,
        (error) => error.code,
      )
  },
  /** A cursor that waits while something happens to its connection. */
  async holdCursor({ sql, milliseconds }) {
    try {
      let rows = 0
      for await (const _ of connection.cursor(sql)) if (rows++ % 512 === 0) await pause(milliseconds)
      return null
    } catch (error) {
      return error.code
    }
  },
  async disconnect() {
    await connection.disconnect({ deadline: 100 })
    return null
  },
  async report() {
    await pause(20)
    return { uncaught, warnings, mode: environment().mode, pool: connection.pool.stats() }
  },
}

process.on('message', async (message) => process.send(await acts[message.do](message)))
