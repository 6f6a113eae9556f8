import { JSONSeeder } from 'guruorm'

export default class ProductVariantsSeeder extends JSONSeeder {
  constructor() {
    super('product_variants', 'product_variants')
  }
}
