/** The scenarios that tests name in their titles: of what programs are promised, and of migrations. */
import { readdirSync, readFileSync } from 'node:fs'
import { inRoot } from './paths.mjs'

/** Titles in these folders name the scenarios of `docs/migrations-proof.md`, all others those of `docs/scenarios.md`. */
export const MIGRATIONS = ['__test__/cli', '__test__/migrations', '__test__/examples']

/** As suites call the databases that they run on. */
export const DATABASES = ['PostgreSQL', 'MariaDB', 'SQLite']

/** The numbers that a title names, `scenario 8: …` or `scenarios 3 and 7: …`; those of all titles in a file's text. */
export function scenariosIn(text) {
  const named = [...text.matchAll(/\bscenarios? (\d[\d, and]*?)(?: and row \d+)?:/g)]
  return named.flatMap(([, numbers]) => numbers.match(/\d+/g).map(Number))
}

/** What programs are promised: `{ number, about, what }` in the order of the numbers. */
export function promises() {
  const lines = readFileSync(inRoot('docs', 'scenarios.md'), 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, number, about, what] = /^\| (\d+) \| (.+?) \| (.+) \|$/.exec(line) ?? []
    return number === undefined ? [] : [{ number: Number(number), about, what }]
  })
}

/** The files whose tests name promises, from the root. */
export function filesOfPromises() {
  return readdirSync(inRoot('__test__'), { recursive: true, encoding: 'utf8' })
    .map((name) => `__test__/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && !MIGRATIONS.some((folder) => file.startsWith(`${folder}/`)))
    .filter((file) => scenariosIn(readFileSync(inRoot(file), 'utf8')).length > 0)
    .sort()
}

/**
 * How each promise stands on each database, by the JSON report of vitest: `failed` when a test that names it failed,
 * `passed` when one passed and none failed, else `missing`. A suite `… on MariaDB` is of that database, any other of all.
 *
 * @returns A Map from number to `{ PostgreSQL, MariaDB, SQLite }`.
 */
export function standing(report) {
  const stands = new Map(promises().map(({ number }) => [number, {}]))
  for (const test of report.testResults.flatMap((file) => file.assertionResults)) {
    if (test.status !== 'passed' && test.status !== 'failed') continue
    const suites = test.ancestorTitles.join(' ')
    const own = DATABASES.filter((database) => new RegExp(`\\bon ${database}\\b`).test(suites))
    for (const number of scenariosIn(`${suites} ${test.title}`)) {
      const stand = stands.get(number)
      if (stand === undefined) continue
      for (const database of own.length > 0 ? own : DATABASES)
        if (stand[database] !== 'failed') stand[database] = test.status
    }
  }
  for (const stand of stands.values()) for (const database of DATABASES) stand[database] ??= 'missing'
  return stands
}
