/** A table of many rows for tests that read it bit by bit. */
import type { TestDatabase } from '../support/databases'

/** One row of `visits`. */
export interface Visit {
  id: number
  page: string
  score: number | null
  seen: boolean
  at: Date
}

/**
 * Makes `visits` anew. Of so many rows, ids from 1: pages repeat after 3, scores after 4 (the fourth is null), and
 * moments after 5 rows, 1.2 milliseconds apart from one group to the next where the database keeps so much.
 */
export async function createVisits(db: TestDatabase, count: number): Promise<void> {
  const moment = { postgres: 'timestamptz', mysql: 'datetime(6)', sqlite: 'datetime' }[db.dialect]
  await db.connection().statement('drop table if exists visits')
  await db
    .connection()
    .statement(
      `create table visits (id integer primary key, page varchar(20) not null, score integer, seen boolean, at ${moment})`,
    )
  const rows = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    page: `page ${index % 3}`,
    score: index % 4 === 3 ? null : index % 4,
    seen: false,
    at: momentOf(db, Math.floor(index / 5)),
  }))
  await db.connection().table('visits').insert(rows)
}

function momentOf(db: TestDatabase, group: number): Date | string {
  if (db.dialect === 'sqlite') return new Date(Date.UTC(2024, 0, 1) + group)
  const microseconds = String(group * 1200).padStart(6, '0')
  return `2024-01-01 00:00:00.${microseconds}${db.dialect === 'postgres' ? '+00' : ''}`
}
