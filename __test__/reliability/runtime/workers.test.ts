/** Promise 31: worker threads come and go, in the middle of whatever they do. */
import { expect, test } from 'vitest'
import { onEveryDatabase, type PerDialect, type TestDatabase } from '../../support/databases'
import { HOSTS, report } from '../network/hosts'
import { run } from './program'

const ROUNDS = { inline: 30, thread: 9 }

const LONG: PerDialect<string> = {
  postgres: 'select pg_sleep(30)',
  mysql: 'select sleep(30)',
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000000) select max(i) from n',
}

/** Connections of other programs to the test's database. */
async function strangers(db: TestDatabase): Promise<number> {
  if (db.dialect === 'sqlite') return 0
  const sql = {
    postgres: 'select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    mysql: 'select count(*) from information_schema.processlist where db = database() and id <> connection_id()',
  }[db.dialect]
  return Number(await db.connection().scalar(sql))
}

interface Workers {
  ended: number
  others: number[]
  ms: number
  five: number
  mode: string
}

onEveryDatabase('worker threads', (db) => {
  for (const mode of HOSTS) {
    const env = { GURUORM_MODE: mode }

    test(`that are terminated in mid-query take nothing along, with the engine ${mode}`, async () => {
      const args = ['terminate', db.config(), LONG[db.dialect], ROUNDS[mode]]
      const ended = await run<Workers>('workers.cjs', { args, env })
      expect(ended).toMatchObject({ ended: ROUNDS[mode], others: [], five: 5, mode })
      report(`workers terminated in mid-query, ${db.driver} ${mode}`, { workers: ROUNDS[mode], ms: ended.ms })
      await expect.poll(() => strangers(db), { timeout: 5000 }).toBe(0)
    })

    test(`that leave their pool open end by themselves, with the engine ${mode}`, async () => {
      const ended = await run<Workers>('workers.cjs', { args: ['byItself', db.config(), '', 3], env })
      expect(ended).toMatchObject({ ended: 3, others: [], five: 5, mode })
      // An idle connection would hold them for 30 s.
      expect(ended.ms).toBeLessThan(6000)
      await expect.poll(() => strangers(db), { timeout: 5000 }).toBe(0)
    })
  }
})
