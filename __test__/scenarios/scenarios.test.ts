/** Every promise to programs is named by a test, and no test names one that is not listed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesOfPromises, promises, scenariosIn, standing } from '../../scripts/lib/scenarios.mjs'
import { ROOT } from '../support/pages'

const numbers: number[] = promises().map(({ number }: { number: number }) => number)
const named = filesOfPromises().flatMap((file: string) =>
  scenariosIn(readFileSync(join(ROOT, file), 'utf8')).map((number: number) => ({ file, number })),
)

test('the list has every number once', () => {
  expect(numbers).toEqual(Array.from({ length: 246 }, (_, at) => at + 1))
})

test('every promise is named by the title of a test', () => {
  const proved = new Set(named.map(({ number }) => number))
  expect(numbers.filter((number) => !proved.has(number))).toEqual([])
})

test('titles name promises that are listed', () => {
  expect(named.filter(({ number }) => !numbers.includes(number))).toEqual([])
})

test('a promise fails with one of its tests, and is missing where none ran', () => {
  const result = (suite: string, numbers: string, status: string) => ({
    ...{ ancestorTitles: [suite], title: `E5, scenario${numbers}: all of it`, status },
  })
  const stands = standing({
    testResults: [
      {
        assertionResults: [
          result('models on PostgreSQL', 's 1, 2 and 3', 'passed'),
          result('models on PostgreSQL', ' 2', 'failed'),
          result('models on PostgreSQL', ' 2', 'passed'),
          result('models on MariaDB (there is no server)', ' 1', 'skipped'),
          result('the package', ' 4', 'passed'),
        ],
      },
    ],
  })
  expect([1, 2, 4].map((number) => stands.get(number))).toEqual([
    { PostgreSQL: 'passed', MariaDB: 'missing', SQLite: 'missing' },
    { PostgreSQL: 'failed', MariaDB: 'missing', SQLite: 'missing' },
    { PostgreSQL: 'passed', MariaDB: 'passed', SQLite: 'passed' },
  ])
})
