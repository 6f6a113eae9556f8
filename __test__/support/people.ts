/** A small table that many tests ask questions of. */
import type { TestDatabase } from './databases'

const PEOPLE = [
  ['Ada', 'Lovelace', 'ada@example.com', 36, 100],
  ['Grace', 'Hopper', 'grace@example.com', 85, 250],
  ['Linus', 'Torvalds', 'linus@example.com', 55, 75],
] as const

/**
 * Makes `people` anew: id, first_name, last_name, email (unique), age, votes, city (null for all).
 * Ada Lovelace is 1, Grace Hopper 2, Linus Torvalds 3.
 */
export async function createPeople(db: TestDatabase): Promise<void> {
  const connection = db.connection()
  const id = { postgres: 'serial', mysql: 'integer auto_increment', sqlite: 'integer' }[db.dialect]
  await connection.statement('drop table if exists people')
  await connection.statement(
    `create table people (id ${id} primary key, first_name varchar(50) not null, last_name varchar(50) not null,
       email varchar(100) not null unique, age integer not null, votes integer not null, city varchar(50))`,
  )
  for (const person of PEOPLE) {
    await connection.insert('insert into people (first_name, last_name, email, age, votes) values (?, ?, ?, ?, ?)', [
      ...person,
    ])
  }
}
