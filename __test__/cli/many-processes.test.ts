/** Many runners at once, and runners that are killed at any point: real processes, real servers. */
import { describe, expect, test } from 'vitest'
import { onEveryDatabase } from '../support/databases'
import { processes } from './processes'

/** After which part of a whole run a runner is killed: while it starts, connects, waits for the lock, runs, records. */
const KILLED_AFTER = [0.2, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]

const NAMES = ['1_a', '2_b', '3_c', '4_d']

/** A table with a row, which takes a moment: so that a kill finds it half done. */
const half = (table: string) => `export default class {
  async up(context) {
    await context.statement('create table ${table} (id integer primary key)')
    await new Promise((resolve) => setTimeout(resolve, 15))
    await context.table('${table}').insert({ id: 1 })
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}`

const FILES = Object.fromEntries(NAMES.map((name) => [`${name}.mjs`, half(name.slice(2))]))

onEveryDatabase('many processes', (db) => {
  const names = async () =>
    (await db.connection().select('select migration from migrations order by id')).map((row) => row.migration)
  const counts = async () => {
    const found = []
    for (const name of NAMES) found.push(await db.connection().table(name.slice(2)).count())
    return found
  }

  describe.each([2, 4, 16])('%i runners', (runners) => {
    test('that start together run each migration once, and all succeed', async () => {
      await db.connection().schema().dropAllTables()
      const { start } = processes(db, FILES)
      const ended = await Promise.all(Array.from({ length: runners }, () => start('migrate').ended))
      expect(ended.map(({ code }) => code)).toEqual(Array.from({ length: runners }, () => 0))
      expect(ended.filter(({ stdout }) => stdout === '✅ Nothing to migrate\n')).toHaveLength(runners - 1)
      expect(await names()).toEqual(NAMES)
      expect(await counts()).toEqual([1, 1, 1, 1])
    }, 120_000)
  })

  test('scenarios 35 to 37: a runner that is killed at any point leaves nothing that the next one cannot go on from', async () => {
    const seen = new Set<string>()
    await db.connection().schema().dropAllTables()
    const whole = (await processes(db, FILES).start('migrate').ended).time
    for (const part of KILLED_AFTER) {
      await db.connection().schema().dropAllTables()
      const { start } = processes(db, FILES)
      const first = start('migrate')
      await new Promise((resolve) => setTimeout(resolve, whole * part))
      first.kill('SIGKILL')
      const { stdout } = await first.ended
      seen.add(String(stdout.match(/Migrated: /g)?.length ?? 0))
      let next = await start('migrate').ended
      // MySQL keeps what an interrupted migration made; the next run says so, and goes on when it is told to.
      if (db.dialect === 'mysql' && next.code === 1) {
        expect(next.stderr).toContain('State: PARTIAL')
        next = await start('migrate --resume').ended
      }
      expect([part, next.code, next.code === 0 ? '' : next.stderr]).toEqual([part, 0, ''])
      expect(await names()).toEqual(NAMES)
      expect(await counts()).toEqual([1, 1, 1, 1])
    }
    // The sweep is worth something only if it met runs at different points.
    expect(seen.size).toBeGreaterThan(1)
  }, 120_000)
})
