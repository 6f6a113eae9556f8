/** Memory, descriptors and handles stay where they are, however much is done. */
import { expect, test } from 'vitest'
import { onEveryDatabase } from '../../support/databases'
import { HOSTS, report } from '../network/hosts'
import { run } from './program'

interface Growth {
  heap: number
  rss: number
  external: number
  descriptors: number
  resources: number
  ms: number
  pending: number
  mode: string
}

onEveryDatabase('what is left behind', (db) => {
  for (const mode of HOSTS) {
    const queries = mode === 'inline' ? Number(process.env.GURUORM_TEST_QUERIES ?? 15_000) : 5_000
    test(`by ${queries} queries, 1,000 failures and 50 closed pools is nothing, with the engine ${mode}`, {
      timeout: 60_000,
    }, async () => {
      const args = [db.config({ pool: { max: 5 } }), queries, 1000]
      const growth = await run<Growth>('leaks.cjs', { args, flags: ['--expose-gc'], env: { GURUORM_MODE: mode } })
      report(`${queries} queries, ${db.driver} ${mode}`, {
        'heap MB': growth.heap,
        'rss MB': growth.rss,
        descriptors: growth.descriptors,
        ms: growth.ms,
      })
      expect(growth).toMatchObject({ mode, descriptors: 0, resources: 0, pending: 0 })
      expect(growth.heap).toBeLessThan(2)
      expect(growth.external).toBeLessThan(1)
      expect(growth.rss).toBeLessThan(25)
    })
  }
})
