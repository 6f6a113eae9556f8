/** Everything between a clean clone and a package that runs. Each part does nothing when it has nothing to do. */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerOf, quietly } from './command.mjs'
import { addonPath, inRoot, libraryName } from './paths.mjs'
import { Stop, step } from './terminal.mjs'

const NODE_AT_LEAST = [20, 0]
const RUST_AT_LEAST = [1, 94]

/** The package, ready to be imported: tools checked, modules installed, addon and JavaScript built. */
export async function setUp({ release = false } = {}) {
  await step('Node and Rust', checkTools)
  await step('npm modules', installModules)
  await step(`engine (cargo build${release ? ' --release' : ''})`, () => buildAddon({ release }))
  await step('JavaScript (tsc)', buildTypeScript)
}

/** @throws Stop naming what to install. */
export function checkTools() {
  requireVersion('Node.js', process.versions.node, NODE_AT_LEAST, 'Install it from https://nodejs.org.')
  const rust = answerOf('rustc', ['--version'], { cwd: inRoot() })
  const install = 'Install Rust from https://rustup.rs (then open a new terminal), or update it with `rustup update`.'
  if (rust === undefined) throw new Stop(`No Rust compiler was found. ${install}`)
  const version = rust.split(' ')[1]
  requireVersion('Rust', version, RUST_AT_LEAST, install)
  return `Node ${process.versions.node}, Rust ${version}`
}

function requireVersion(name, found, [major, minor], advice) {
  const [foundMajor, foundMinor] = found.split('.').map(Number)
  if (foundMajor > major || (foundMajor === major && foundMinor >= minor)) return
  throw new Stop(`${name} ${major}.${minor} or newer is needed, ${found} was found. ${advice}`)
}

/** `npm ci`, unless `node_modules` was installed from this very lock file. */
export async function installModules(folder = inRoot()) {
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  const stamp = join(folder, 'node_modules', '.installed-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return 'up to date'
  await quietly('npm-ci', 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder })
  writeFileSync(stamp, lock)
  return 'installed'
}

/** Builds the engine and puts it where `js/native` looks for it. Cargo knows whether there is something to do. */
export async function buildAddon({ release = false } = {}) {
  const profile = release ? ['--release'] : []
  await quietly('cargo-build', 'cargo', ['build', '--lib', ...profile])
  const target = process.env.CARGO_TARGET_DIR ?? inRoot('target')
  copyIfChanged(join(target, release ? 'release' : 'debug', libraryName()), addonPath())
}

/** Copies beside the old file and renames, so that a process that has the old one loaded keeps it. */
function copyIfChanged(from, to) {
  const source = statSync(from)
  const copy = existsSync(to) ? statSync(to) : undefined
  if (copy?.size === source.size && Math.abs(copy.mtimeMs - source.mtimeMs) < 2) return
  const beside = `${to}.${process.pid}`
  copyFileSync(from, beside)
  utimesSync(beside, source.atime, source.mtime)
  renameSync(beside, to)
}

/** Compiles `js/` and bundles it to `dist/`, unless nothing there is newer than the last time. */
export async function buildTypeScript() {
  const stamp = inRoot('target', 'dist.built')
  const sources = [...walk(inRoot('js')), inRoot('tsconfig.json'), inRoot('tsconfig.build.json')]
  const builders = [fileURLToPath(import.meta.url), inRoot('scripts', 'lib', 'bundle.mjs')]
  const isBuilt = existsSync(stamp) && existsSync(inRoot('dist', 'index.js'))
  const isOlder = (path) => statSync(path).mtimeMs <= statSync(stamp).mtimeMs
  if (isBuilt && [...sources, ...builders].every(isOlder)) return 'up to date'
  const started = new Date()
  const compiled = await compileTypeScript()
  // Loaded late: it needs the modules that may just have been installed.
  const { bundle } = await import('./bundle.mjs')
  await bundle(compiled, inRoot('dist'))
  writeFileSync(stamp, '')
  utimesSync(stamp, started, started)
  return 'compiled'
}

/** Checks `js/` and writes it as ES modules, or what the options of `tsc` say; answers the folder. */
export async function compileTypeScript(...options) {
  const folder = inRoot('target', 'js')
  rmSync(folder, { recursive: true, force: true })
  const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc')
  await quietly('tsc', process.execPath, [compiler, '-p', 'tsconfig.build.json', ...options])
  return folder
}

/** Every folder and file below a folder, the folder itself first: a folder changes when a file leaves it. */
function walk(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return [folder, ...entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name))]
}
