/** The table of what is proved about migrations says what the tests say. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Page, pagesIn, ROOT, tableOf } from '../support/pages'

const FOLDERS = ['__test__/cli', '__test__/migrations', '__test__/examples']

/** Numbers of the scenarios that the titles of a file's tests name: those before its colon, one or several. */
function scenariosIn(file: string): number[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const named = [...text.matchAll(/['"`]scenarios? ([\d, and]+):/g)]
  return named.flatMap(([, numbers = '']) => (numbers.match(/\d+/g) ?? []).map(Number))
}

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
  for (const file of files) expect(scenariosIn(file), file).toContain(number)
})

test('what a test names has a row with its file', () => {
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .flatMap((name) => scenariosIn(`${folder}/${name}`).map((number) => ({ number, file: `${folder}/${name}` }))),
  )
  expect(found.length).toBeGreaterThan(50)
  const missing = found.filter(
    ({ number, file }) => !rows.some((row) => row.number === number && row.files.includes(file)),
  )
  expect(missing).toEqual([])
})
