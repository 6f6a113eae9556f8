import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Blueprint } from '../../js/schema/blueprint.js'
import { corpusCases } from './corpus-cases.js'

const FOLDER = join(__dirname, '../../corpus/schemas')

describe('what a blueprint collects is what the corpus compiles', () => {
  test.each(Object.entries(corpusCases))('%s', (name, { table, isNew, describe }) => {
    const blueprint = new Blueprint(table, isNew)
    describe(blueprint)
    const { changes } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))
    expect(JSON.parse(JSON.stringify(blueprint.toChanges()))).toEqual(changes)
  })

  test('every case of the corpus is written by a blueprint', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
    expect(Object.keys(corpusCases).sort()).toEqual(files.map((file) => file.replace('.json', '')).sort())
  })
})
