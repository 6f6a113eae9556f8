import type { TestDatabase } from '../support/databases'

/** The statements that `work` sends. */
export async function sent(db: TestDatabase, work: () => Promise<unknown>): Promise<string[]> {
  db.connection().flushQueryLog()
  db.connection().enableQueryLog()
  await work()
  db.connection().disableQueryLog()
  return db
    .connection()
    .getQueryLog()
    .map(({ query }) => query)
}
