import { JSONSeeder } from 'guruorm'

export default class OrdersSeeder extends JSONSeeder {
  constructor() {
    super('orders', 'orders')
  }
}
