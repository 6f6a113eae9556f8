/** The layers of `js/` point one way (ARCHITECTURE.md), and files stay short. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(__dirname, '..')
const LONGEST_FILE = 400

/** Layers from the lowest to the highest; those on one line may not use each other. `errors` and below serve all. */
const ORDER = [
  ['errors'],
  ['native'],
  ['support'],
  ['connection'],
  ['query', 'schema'],
  ['eloquent'],
  ['migrations'],
  ['seeding'],
  ['safe', 'sync', 'context', 'testing'],
  ['cli'],
  ['index'],
]

const heightOf = (layer: string) => ORDER.findIndex((layers) => layers.includes(layer))

function filesIn(folder: string, ending: RegExp): string[] {
  if (!existsSync(join(ROOT, folder))) return []
  const entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return entries
    .map((entry) => posix.join(folder, entry.split(sep).join('/')))
    .filter((path) => ending.test(path) && !path.includes('node_modules'))
}

/** `js/query/builder.ts` is in `query`, `js/errors.ts` in `errors`. */
const layerOf = (path: string) => (path.split('/')[1] ?? '').replace(/\.ts$/, '').toLowerCase()

/** The files below `js/` that a file imports at run time: types are erased, so they may point anywhere. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const statements = text.matchAll(/^(?:import|export)\s(?!type\s)(?:[^'";]*?\sfrom\s)?['"](\.[^'"]+)['"]/gms)
  return [...statements].map(([, target = '']) =>
    relative(ROOT, join(ROOT, dirname(path), target))
      .split(sep)
      .join('/'),
  )
}

const sources = filesIn('js', /\.ts$/).filter((path) => !path.endsWith('.d.ts'))

describe('the layers of js/', () => {
  test('are all known', () => {
    expect(sources.filter((path) => heightOf(layerOf(path)) < 0)).toEqual([])
  })

  test('use only what lies below them', () => {
    const upward = sources.flatMap((path) => {
      const own = layerOf(path)
      const wrong = importsOf(path).filter((target) => {
        const other = layerOf(target)
        return other !== own && heightOf(other) >= heightOf(own)
      })
      return wrong.map((target) => `${path} imports ${target}`)
    })
    expect(upward).toEqual([])
  })
})

describe('files', () => {
  test('are no longer than 400 lines', () => {
    const files = [
      ...sources,
      ...['__test__', 'scripts', 'bench', 'bin'].flatMap((folder) => filesIn(folder, /\.m?[jt]s$/)),
    ]
    const lengths = files.map((path) => ({
      path,
      lines: readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').length,
    }))
    expect(lengths.filter(({ lines }) => lines > LONGEST_FILE)).toEqual([])
  })
})
