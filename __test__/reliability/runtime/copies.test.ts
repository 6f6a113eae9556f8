/** Promise 31: several copies of the engine and of the package, and forked processes. */
import { expect, test } from 'vitest'
import { onEveryDatabase, type PerDialect } from '../../support/databases'
import { HOSTS } from '../network/hosts'
import { run } from './program'

/** A parameter that is a point in time. */
const TIME: PerDialect<string> = { postgres: '?::timestamptz', mysql: 'cast(? as datetime)', sqlite: '?' }

onEveryDatabase('copies', (db) => {
  for (const mode of HOSTS) {
    test(`of the engine and of the package work side by side, in contexts and in forks, with the engine ${mode}`, async () => {
      const args = [db.config({ pool: { max: 3 } }), 'parent', TIME[db.dialect]]
      const figures = await run<{ wrong: string[]; environments: number }>('copies.cjs', {
        args,
        env: { GURUORM_MODE: mode },
      })
      expect(figures).toEqual({ wrong: [], environments: 5 })
    })
  }
})
