import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CHAINS } from './chains'
import { Recorder } from './recorder'

const FOLDER = join(__dirname, '../../corpus/queries')

/** The cases on disk, by their path without ending. Rust compiles the same files: `tests/corpus.rs`. */
const cases = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replaceAll('\\', '/').replace(/\.json$/, ''))
  .sort()

describe('the query corpus', () => {
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
