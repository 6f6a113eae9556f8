/** The table of what is proved about migrations says what the tests say. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MIGRATIONS, scenariosIn } from '../../scripts/lib/scenarios.mjs'
import { type Page, pagesIn, ROOT, tableOf } from '../support/pages'

const scenariosOf = (file: string): number[] => scenariosIn(readFileSync(join(ROOT, file), 'utf8'))

const page = pagesIn('docs').find(({ path }) => path.endsWith('migrations-proof.md')) as Page
const rows = tableOf(page, '# What is proved about migrations')
  .slice(1)
  .map(([scenario = '', , tests = '']) => ({
    number: Number.parseInt(scenario, 10),
    files: [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }))

test('the rows are in the order of their numbers, and there are many', () => {
  const numbers = rows.map(({ number }) => number)
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  expect(numbers.length).toBeGreaterThan(40)
})

test.each(rows)('scenario $number is named in $files', ({ number, files }) => {
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) expect(scenariosOf(file), file).toContain(number)
})

test('what a test names has a row with its file', () => {
  const found = MIGRATIONS.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .flatMap((name) =>
        scenariosOf(`${folder}/${name}`).map((number: number) => ({ number, file: `${folder}/${name}` })),
      ),
  )
  expect(found.length).toBeGreaterThan(50)
  const missing = found.filter(
    ({ number, file }) => !rows.some((row) => row.number === number && row.files.includes(file)),
  )
  expect(missing).toEqual([])
})
