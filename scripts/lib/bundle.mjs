/** Bundles the compiled JavaScript: Node finds, reads and compiles three hundred files in the time of three of one. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rollup } from 'rollup'

/**
 * Writes the package (`index`), its command line (`cli`), and the files that they load. Every module goes into one file
 * only: there is one class of each name, however it was imported.
 *
 * @param compiled - The folder of ES modules, one for each file of `js/`.
 * @param folder - What else is in it goes.
 */
export async function bundle(compiled, folder) {
  const entries = { index: join(compiled, 'index.js'), cli: join(compiled, 'cli', 'main.js') }
  const bundled = await rollup({
    input: entries,
    external: (id) => !/^[./]|^[A-Za-z]:/.test(id),
    plugins: [resolveFiles, writeAscii],
    // Nearly all of it is used. What is written runs as it is written.
    treeshake: false,
    onwarn(warning) {
      if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(`${folder}: ${warning.message}`)
    },
  })
  const { output } = await bundled.write({
    dir: folder,
    format: 'cjs',
    exports: 'named',
    interop: 'auto',
    freeze: false,
    esModule: true,
    generatedCode: { preset: 'es2015', symbols: false },
    hoistTransitiveImports: false,
    chunkFileNames: '[name].js',
    manualChunks: fileOf({
      ...entries,
      commandLine: join(compiled, 'cli', 'command-line.js'),
      migrator: join(compiled, 'migrations', 'migrator-work.js'),
    }),
  })
  const written = output.map(({ fileName }) => fileName)
  const others = readdirSync(folder).filter((name) => !written.includes(name))
  for (const name of others) rmSync(join(folder, name), { recursive: true })
}

/**
 * Which file a module goes into, by who needs it at once: a program that imports the package (`core`), a command
 * (`commands`), or both (`shared`); `base` is what every start needs. The rest is loaded when migrations run; what
 * commands need of that at once is apart (`migrating`): a program that runs migrations needs no commands.
 */
function fileOf({ index, cli, commandLine, migrator }) {
  let needed
  return (module, { getModuleInfo }) => {
    needed ??= [index, commandLine, cli, migrator].map((entry) => importedFrom(entry, getModuleInfo))
    const [byProgram, byCommand, byCli, byMigrator] = needed.map((modules) => modules.has(module))
    if (byCli) return module === cli ? 'cli' : 'base'
    if (byProgram) return byCommand ? 'shared' : 'core'
    if (byCommand) return byMigrator ? 'migrating' : 'commands'
    return 'migrations'
  }
}

/** The modules that are loaded with one, itself included. */
function importedFrom(entry, getModuleInfo) {
  const modules = new Set([entry])
  for (const module of modules) for (const imported of getModuleInfo(module).importedIds) modules.add(imported)
  return modules
}

const resolveFiles = {
  name: 'files',
  resolveId(id, importer) {
    if (importer === undefined || !id.startsWith('.')) return null
    const path = join(dirname(importer), id)
    return [`${path}.js`, path].find((file) => existsSync(file)) ?? null
  },
}

/** Node reads and compiles text of one byte a character faster, and one emoji makes it two for a whole file. */
const writeAscii = {
  name: 'ascii',
  renderChunk: (code) =>
    code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
}
