/** The tables that the scenarios of the documentation ask questions of. */
import { beforeEach } from 'vitest'
import { DB, Schema } from '../../js/index'
import { onEveryDatabase, type TestDatabase } from '../support/databases'

const USERS = [
  {
    name: 'Ada',
    email: 'ada@example.com',
    votes: 100,
    active: true,
    city: 'London',
    created_at: '2026-01-15 08:30:00',
    prefs: { dining: { meal: 'salad' }, lang: ['en', 'fr'], beta: true, note: null },
  },
  {
    name: 'Grace',
    email: 'grace@example.com',
    votes: 250,
    active: true,
    city: 'New York',
    created_at: '2026-02-20 12:00:00',
    prefs: { dining: { meal: 'soup' }, lang: ['en'], beta: false, level: 3 },
  },
  {
    name: 'Linus',
    email: 'linus@example.com',
    votes: 75,
    active: false,
    city: 'Helsinki',
    created_at: '2026-02-20 23:59:59',
    prefs: { lang: [], items: [{ sku: 'a', n: 1 }, { sku: 'b' }] },
  },
  {
    name: 'Barbara',
    email: 'barbara@example.com',
    votes: 250,
    active: true,
    city: null,
    created_at: '2025-12-31 10:00:00',
    prefs: null,
  },
  {
    name: 'Alan',
    email: 'alan@example.com',
    votes: 10,
    active: false,
    city: 'London',
    created_at: '2026-03-01 00:00:00',
    prefs: { lang: ['fr', 'de'] },
  },
] as const

const ORDERS = [
  { user_id: 1, kind: 'book', price: '10.00' },
  { user_id: 1, kind: 'pen', price: '20.50' },
  { user_id: 2, kind: 'book', price: '5.25' },
  { user_id: 3, kind: 'desk', price: '100.00' },
] as const

/** Makes `users` and `orders` anew: Ada is 1, Grace 2, Linus 3, Barbara 4, Alan 5; orders are 1 to 4. */
export async function createShop(): Promise<void> {
  await Schema.dropIfExists('users')
  await Schema.dropIfExists('orders')
  await Schema.create('users', (table) => {
    table.id()
    table.string('name')
    table.string('email').unique()
    table.integer('votes').default(0)
    table.boolean('active').default(true)
    table.string('city').nullable()
    table.timestamp('created_at').nullable()
    table.json('prefs').nullable()
  })
  await Schema.create('orders', (table) => {
    table.id()
    table.integer('user_id')
    table.string('kind')
    table.decimal('price', 8, 2)
  })
  await DB.table('users').insert(USERS as never)
  await DB.table('orders').insert([...ORDERS])
}

/** Defines scenarios for every database. Each begins with the shop as it was. */
export function scenarios(name: string, tests: (db: TestDatabase) => void): void {
  onEveryDatabase(name, (db) => {
    beforeEach(createShop)
    tests(db)
  })
}

/** The names in the rows of users. */
export const namesOf = (rows: readonly object[]): unknown[] => rows.map((row) => (row as { name: unknown }).name)
