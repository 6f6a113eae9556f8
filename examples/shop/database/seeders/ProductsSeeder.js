import { JSONSeeder } from 'guruorm'

export default class ProductsSeeder extends JSONSeeder {
  constructor() {
    super('products', 'products')
  }
}
