import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { CHAINS } from './chains'
import { Recorder } from './recorder'

const FOLDER = join(__dirname, '../../corpus/queries')

/** The cases on disk, by their path without ending. Rust compiles the same files: `tests/corpus.rs`. */
const cases = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replaceAll('\\', '/').replace(/\.json$/, ''))
  .sort()

/**
 * Writes the queries of all chains into their cases, to be read in the diff: `ACCEPT_CORPUS=1 npm test -- __test__/query/corpus`.
 * Then `cargo test --test corpus -- --ignored accept` writes the SQL.
 */
async function accept(): Promise<void> {
  for (const [name, chain] of Object.entries(CHAINS)) {
    const path = join(FOLDER, `${name}.json`)
    const known = cases.includes(name) ? JSON.parse(readFileSync(path, 'utf8')) : { sql: {} }
    const db = new Recorder()
    await chain(db)
    const { values } = db.shapes[0] ?? {}
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${JSON.stringify({ ...known, query: db.queries[0], values }, null, 2)}\n`)
  }
}

describe('the query corpus', () => {
  beforeAll(() => (process.env.ACCEPT_CORPUS === undefined ? undefined : accept()))

  test('has a chain for every case, and a case for every chain', () => {
    expect(Object.keys(CHAINS).sort()).toEqual(cases)
  })

  test.each(cases)('%s is made by its chain', async (name) => {
    const { query, values } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))
    const db = new Recorder()
    await CHAINS[name]?.(db)
    expect(db.queries).toEqual([query])
    expect(db.shapes[0]?.values).toEqual(values)
  })
})
