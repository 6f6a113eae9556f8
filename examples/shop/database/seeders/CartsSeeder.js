import { JSONSeeder } from 'guruorm'

export default class CartsSeeder extends JSONSeeder {
  constructor() {
    super('carts', 'carts')
  }
}
