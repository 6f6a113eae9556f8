/**
 * From a clean clone to a working example: builds the package, makes a small shop in a temporary folder, and takes it
 * through migrations, seeders, queries, a transaction and a rollback with the real command line and API.
 *
 *   --database URL   on this server (in a database of its own, dropped afterwards) instead of a SQLite file
 *   --keep           leaves the folder and the database there
 */
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCode } from './lib/command.mjs'
import { inRoot } from './lib/paths.mjs'
import { setUp } from './lib/setup.mjs'
import { dim, duration, green, main, Stop } from './lib/terminal.mjs'

const { values: options } = parseArgs({
  options: { database: { type: 'string' }, keep: { type: 'boolean', default: false } },
})

await main(async () => {
  const started = performance.now()
  console.log('\nBuilding guruorm. The first time takes some minutes.\n')
  await setUp()
  const project = makeProject()
  const database = options.database === undefined ? undefined : await makeDatabase(options.database)
  try {
    await tour(project, database?.url)
  } finally {
    if (options.keep) console.log(`\nKept: ${project.folder}${database ? ` and ${database.name}` : ''}`)
    else {
      await database?.drop()
      rmSync(project.folder, { recursive: true, force: true })
    }
  }
  console.log(
    `\n${green('Done')} in ${duration(performance.now() - started)}. The shop is in scripts/quickstart; README.md goes on from here.`,
  )
})

/** A project like a user's, with `guruorm` in its node_modules. The second migration waits outside. */
function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'guruorm-shop-'))
  cpSync(inRoot('scripts', 'quickstart'), folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(inRoot(), join(folder, 'node_modules', 'guruorm'), 'junction')
  const name = '2026_01_02_000000_create_orders_table.js'
  const place = join(folder, 'database', 'migrations', name)
  renameSync(place, join(folder, name))
  return { folder, addSecondMigration: () => renameSync(join(folder, name), place) }
}

/** A database of the tour's own on the server that a URL names. */
async function makeDatabase(server) {
  const { Capsule } = createRequire(import.meta.url)(inRoot('dist', 'index.js'))
  const name = `guruorm_quickstart_${process.pid}`
  const run = async (sql) => {
    const capsule = new Capsule()
    capsule.addConnection({ url: server })
    try {
      await capsule.connection().statement(sql)
    } finally {
      await capsule.disconnect()
    }
  }
  await run(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { name, url: url.href, drop: () => run(`drop database ${name}`) }
}

async function tour(project, url) {
  const env = { ...process.env, ...(url && { DATABASE_URL: url }) }
  if (!url) delete env.DATABASE_URL
  const run = async (title, shown, script, args) => {
    const started = performance.now()
    console.log(`\n${green('▸')} ${title}  ${dim(`$ ${[shown, ...args].join(' ')}`)}`)
    const code = await exitCode(process.execPath, [script, ...args], { cwd: project.folder, env, shell: false })
    if (code !== 0) throw new Stop(`\`${[shown, ...args].join(' ')}\` ended with ${code}.`)
    console.log(dim(`  ${duration(performance.now() - started)}`))
  }
  const guruorm = (title, ...args) => run(title, 'npx guruorm', inRoot('bin', 'guruorm.js'), args)

  await guruorm('The first migration makes a table of customers', 'migrate')
  project.addSecondMigration()
  await guruorm('A second one has come: orders, with a foreign key', 'migrate')
  await guruorm('Both have run, in two batches', 'migrate:status')
  await guruorm('Two seeders insert 1,000 rows', 'db:seed', '--class=CustomerSeeder,OrderSeeder')
  await run('A program asks questions, and takes a transaction back', 'node shop.js', 'shop.js', [])
  await guruorm('Both batches are rolled back', 'migrate:rollback', '--step=2')
  await guruorm('Nothing is left', 'migrate:status')
}
