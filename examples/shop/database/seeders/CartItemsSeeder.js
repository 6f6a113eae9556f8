import { JSONSeeder } from 'guruorm'

export default class CartItemsSeeder extends JSONSeeder {
  constructor() {
    super('cart_items', 'cart_items')
  }
}
