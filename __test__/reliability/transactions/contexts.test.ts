/** Promise 2: what runs in a transaction's async context uses its connection, and nothing else does. */
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { DB } from '../../../js/index'
import { onDatabase } from '../../support/databases'
import { withConnection } from '../pool/with-connection'

const CONTEXTS = 1_000
const OWN_SESSION = { postgres: 'select pg_backend_pid() as id', mysql: 'select connection_id() as id' }

for (const dialect of ['postgres', 'mysql'] as const) {
  onDatabase(dialect, 'async contexts', (db) => {
    const session = async (of: { scalar(sql: string): Promise<unknown> } = DB) =>
      Number(await of.scalar(OWN_SESSION[dialect]))

    test('a thousand at once: each sees its own session only, through helpers that know nothing of it', async () => {
      await DB.statement('create table tags (tag integer, session bigint)')
      /** Sessions with a transaction open at this moment. */
      const held = new Map<unknown, number>()
      const mixed: string[] = []

      async function helper(tag: number, own: number): Promise<void> {
        await turn()
        const sessions = await Promise.all([
          session(),
          turn().then(() => session()),
          Promise.resolve().then(() => session()),
        ])
        for (const seen of sessions) if (seen !== own) mixed.push(`${tag}: ${seen} instead of ${own}`)
        await DB.table('tags').insert({ tag, session: own as number })
      }
      await Promise.all(
        Array.from({ length: CONTEXTS }, (_, tag) =>
          DB.transaction(async (trx) => {
            const own = await session(trx)
            if (held.has(own)) mixed.push(`${tag}: shares ${own} with ${held.get(own)}`)
            held.set(own, tag)
            await helper(tag, own)
            held.delete(own)
          }),
        ),
      )
      expect(mixed).toEqual([])
      expect(await DB.scalar('select count(distinct tag) as n from tags')).toBe(CONTEXTS)
    })

    test('a task that was started before the transaction, or from outside of it, goes to the pool', async () => {
      await withConnection(db, { pool: { max: 2 } }, async (connection) => {
        let begun = () => {}
        const open = new Promise<void>((resolve) => {
          begun = resolve
        })
        const earlier = open.then(() => session(connection))
        const own = await connection.transaction(async (trx) => {
          const mine = await session(trx)
          begun()
          expect(await earlier).not.toBe(mine)
          expect(await session(connection)).toBe(mine)
          return mine
        })
        expect(own).toBeTypeOf('number')
      })
    })
  })
}
