/** What was written is read by the database's usual driver, in another process than the one that wrote it. */
import { checksum } from './check.mjs'
import { openDriver } from './migrators/driver.mjs'

/** What a workload leaves behind, by the table that it `writes`. */
const WRITTEN = {
  inserts: 'select id, name, email, age from inserts where id < 1000000 order by id',
  accounts: 'select count(*) as accounts, sum(coins) as coins from accounts',
}

/** Only for workloads that write: `workload.writes`. */
export async function openProof(database, url, { writes }) {
  if (writes === undefined) return undefined
  const { query, close } = await openDriver(database, url)
  return {
    emptyInserts: () => query('delete from inserts'),
    read: async () => checksum(await query(WRITTEN[writes])),
    close,
  }
}
