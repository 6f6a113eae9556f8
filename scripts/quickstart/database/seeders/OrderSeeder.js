import { DB, Seeder } from 'guruorm'

const STATUSES = ['paid', 'sent', 'returned', 'open']

export default class OrderSeeder extends Seeder {
  async run() {
    const now = new Date()
    const customers = await DB.table('customers').orderBy('id').pluck('id')
    const orders = Array.from({ length: 800 }, (_, index) => ({
      customer_id: customers[index % customers.length],
      status: STATUSES[index % STATUSES.length],
      total: `${10 + (index % 90)}.50`,
      created_at: now,
      updated_at: now,
    }))
    await DB.table('orders').insert(orders)
  }
}
