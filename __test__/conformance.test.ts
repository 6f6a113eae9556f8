/** What Laravel's own tests and random chains were recorded to do: guruorm does the same, and servers take its SQL. */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { factsFolder, QUERY_KINDS, SCHEMA_KINDS } from '../conformance/facts.mjs'
import { prepareAll } from '../conformance/prepare.mjs'
import { replayAll } from '../conformance/run.mjs'

const FOLDER = factsFolder()
/** All facts on a busy machine. */
const PATIENCE_MS = 300_000
/** Enough to see what is wrong; `npm run conformance` shows the rest. */
const SHOWN = 10

/** What the schema builder lacks still. */
const MISSING = /^threw (UnsupportedException: SQLite has no|TypeError: there is no getCurrentSchemaListing)/

/** Databases that must be there for the statements of these dialects. */
const DIALECTS = [
  { title: 'PostgreSQL', dialects: ['pgsql'], isHere: process.env.GURUORM_TEST_POSTGRES_URL !== undefined },
  { title: 'MariaDB', dialects: ['mysql', 'mariadb'], isHere: process.env.GURUORM_TEST_MARIADB_URL !== undefined },
  { title: 'SQLite', dialects: ['sqlite'], isHere: true },
]

if (existsSync(FOLDER)) {
  describe('recorded facts', () => {
    test(
      'the query builder does what was recorded',
      async () => {
        const { failures } = await replayAll(FOLDER, { kinds: QUERY_KINDS })
        const shown = failures.slice(0, SHOWN).map(({ file, fact, difference }) => `${fact.id} ${file}: ${difference}`)
        expect(shown.join('\n'), `${failures.length} facts differ; npm run conformance -- --failures`).toBe('')
      },
      PATIENCE_MS,
    )

    test(
      'the schema builder does what was recorded, but for what it is known to lack',
      async () => {
        const { failures } = await replayAll(FOLDER, { kinds: SCHEMA_KINDS })
        const open = failures.filter(({ difference }) => !MISSING.test(difference))
        const shown = open.slice(0, SHOWN).map(({ file, fact, difference }) => `${fact.id} ${file}: ${difference}`)
        expect(shown.join('\n'), `${open.length} facts differ; npm run conformance -- --failures`).toBe('')
      },
      PATIENCE_MS,
    )

    for (const { title, dialects, isHere } of DIALECTS) {
      test.skipIf(!isHere)(
        `${title} prepares what the chains send, or the reason is known`,
        async () => {
          const { counts, failures } = await prepareAll(FOLDER, { dialects })
          const open = failures.filter(({ rule }) => rule === undefined)
          const shown = open.slice(0, SHOWN).map(({ fact, reason, sql }) => `${fact.id} ${reason}\n  ${sql}`)
          expect(shown.join('\n'), `${open.length} statements; npm run conformance -- --prepare --failures`).toBe('')
          expect(counts.map(({ dialect }) => dialect).sort()).toEqual([...dialects].sort())
        },
        PATIENCE_MS,
      )
    }
  })
} else {
  test.skip(`recorded facts are not at ${FOLDER}`, () => {})
}
