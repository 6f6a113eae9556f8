/** The engine and the package several times in one process. Arguments: the connection's options. */
const { fork } = require('node:child_process')
const { copyFileSync, mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { createRequire } = require('node:module')
const { tmpdir } = require('node:os')
const { dirname, join } = require('node:path')
const vm = require('node:vm')
const { DIST, given, tell } = require('./package.cjs')

const [options, role] = given

/** The package again, as a test runner with a fresh module registry for every file has it. */
function fresh() {
  for (const path of Object.keys(require.cache)) if (path.startsWith(DIST)) delete require.cache[path]
  return require(join(DIST, 'index.js'))
}

/** The package in a context of its own, with its own `Array`, `Error` and `Date`. */
function inContext() {
  const context = vm.createContext({
    process,
    Buffer,
    console,
    performance,
    queueMicrotask,
    setTimeout,
    clearTimeout,
    AbortSignal,
    URL,
    ArrayBuffer,
    Uint8Array,
  })
  const modules = new Map()
  const load = (path) => {
    const known = modules.get(path)
    if (known) return known.exports
    const module = { exports: {} }
    modules.set(path, module)
    const outer = createRequire(path)
    const require = (name) => (name.startsWith('.') ? load(outer.resolve(name)) : outer(name))
    const code = `(function (require, module, exports, __dirname, __filename) {${readFileSync(path, 'utf8')}\n})`
    vm.runInContext(code, context, { filename: path })(require, module, module.exports, dirname(path), path)
    return module.exports
  }
  return { ...load(join(DIST, 'index.js')), context }
}

function connect({ Capsule }) {
  const capsule = new Capsule()
  capsule.addConnection(options)
  return capsule.connection()
}

/** Works the way a program does; answers what came out wrong. */
async function use(connection, name) {
  const wrong = []
  const numbers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => connection.select(`select ${n} as n, ? as name`, [name])),
  )
  numbers.forEach(([row], n) => {
    if (Number(row.n) !== n || row.name !== name) wrong.push(`${name}: ${JSON.stringify(row)} is not row ${n}`)
  })
  const failed = await connection.select('select * from no_such_table').then(
    () => 'nothing',
    (error) => error.constructor.name,
  )
  if (failed !== 'QueryException') wrong.push(`${name}: ${failed} was thrown`)
  let rows = 0
  for await (const _ of connection.cursor('select 1 union all select 2')) rows += 1
  if (rows !== 2) wrong.push(`${name}: the cursor had ${rows} rows`)
  await connection.transaction((open) => open.select('select 1'))
  return wrong
}

async function main() {
  if (role === 'child') return tell({ wrong: await use(connect(fresh()), 'child') })
  const { addonPath } = await import('../../../../scripts/lib/paths.mjs')
  const addon = process.env.GURUORM_NATIVE || addonPath()
  const wrong = []
  const folder = mkdtempSync(join(tmpdir(), 'guruorm-copies-'))
  const connections = [connect(fresh())]
  // The same file in a second module registry: a second environment of one engine.
  connections.push(connect(fresh()))
  for (const copy of ['a', 'b']) {
    const path = join(folder, `${copy}.node`)
    copyFileSync(addon, path)
    process.env.GURUORM_NATIVE = path
    connections.push(connect(fresh()))
  }
  process.env.GURUORM_NATIVE = addon
  const strange = inContext()
  connections.push(connect(strange))
  const all = await Promise.all(connections.map((connection, number) => use(connection, `copy ${number}`)))
  wrong.push(...all.flat())

  // Values of that context: its dates and arrays are not ours.
  const value = vm.runInContext('new Date(86_400_000)', strange.context)
  const [{ day }] = await connections[4].select(`select ${given[2]} as day`, [value])
  if (!String(day.toISOString?.() ?? day).startsWith('1970-01-02'))
    wrong.push(`a date of a context came back as ${day}`)

  // A forked child inherits nothing of all this.
  const child = fork(__filename, [JSON.stringify(options), JSON.stringify('child')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const message = await new Promise((resolve) => child.once('message', resolve))
  const code = await new Promise((resolve) => child.once('exit', resolve))
  wrong.push(...message.wrong)
  if (code !== 0) wrong.push(`the child ended with ${code}`)
  wrong.push(...(await use(connections[0], 'after the fork')))
  rmSync(folder, { recursive: true })
  await tell({ wrong, environments: connections.length })
}

main()
