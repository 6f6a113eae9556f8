import { JSONSeeder } from 'guruorm'

export default class OrderItemsSeeder extends JSONSeeder {
  constructor() {
    super('order_items', 'order_items')
  }
}
