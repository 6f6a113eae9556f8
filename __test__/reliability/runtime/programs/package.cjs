/** The package as it is built, for programs in a process of their own. */
const { join } = require('node:path')

const DIST = join(__dirname, '..', '..', '..', '..', 'dist')
const guruorm = require(join(DIST, 'index.js'))

/** The program's arguments. */
const [, , ...args] = process.argv
const given = args.map((argument) => JSON.parse(argument))

/** A connection with options. */
function connect(options) {
  const capsule = new guruorm.Capsule()
  capsule.addConnection(options)
  return capsule.connection()
}

/** The engine of this program: a connection that opens nothing leads to it. */
const environment = () => connect({ driver: 'sqlite', database: ':memory:' }).source.environment

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Sends a message to the test, and waits until it is on its way. */
const tell = (message) => new Promise((resolve) => process.send(message, resolve))

module.exports = { ...guruorm, connect, DIST, environment, given, pause, tell }
