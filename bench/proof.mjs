/** What was written is read by the database's usual driver, not by the peer that wrote it. */
import { checksum } from './check.mjs'
import { openDriver } from './migrators/driver.mjs'

/** Only for workloads that write: `workload.writes`. */
export async function openProof(database, url, workload) {
  if (!workload.writes) return undefined
  const { query, close } = await openDriver(database, url)
  return {
    emptyInserts: () => query('delete from inserts'),
    inserted: async () =>
      checksum(await query('select id, name, email, age from inserts where id < 1000000 order by id')),
    coins: async () => checksum(await query('select count(*) as accounts, sum(coins) as coins from accounts')),
    close,
  }
}
