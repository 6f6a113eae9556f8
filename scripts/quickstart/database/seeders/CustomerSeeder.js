import { DB, Seeder } from 'guruorm'

export default class CustomerSeeder extends Seeder {
  async run() {
    const now = new Date()
    const customers = Array.from({ length: 200 }, (_, index) => ({
      name: `Customer ${index + 1}`,
      email: `customer${index + 1}@example.com`,
      created_at: now,
      updated_at: now,
    }))
    await DB.table('customers').insert(customers)
  }
}
