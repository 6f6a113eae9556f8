/** The table that the tests of transactions write to, and what they do with it. */
import { beforeEach } from 'vitest'
import type { Connection } from '../../js/index'
import type { TestDatabase } from '../support/databases'

/** Makes the table anew before each test. */
export function withNotes(db: TestDatabase) {
  beforeEach(async () => {
    await db.connection().statement('drop table if exists notes')
    await db.connection().statement('create table notes (id integer primary key, body varchar(50) not null)')
  })
  return {
    add: (on: { insert: Connection['insert'] }, id: number) =>
      on.insert('insert into notes (id, body) values (?, ?)', [id, `note ${id}`]),
    ids: async () =>
      (await db.connection().select<{ id: number }>('select id from notes order by id')).map((row) => row.id),
  }
}

/** Makes the first `count` who call it wait for each other, and nobody after them. */
export function meeting(count: number): () => Promise<void> {
  let here = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return async () => {
    here += 1
    if (here >= count) open()
    await opened
  }
}
