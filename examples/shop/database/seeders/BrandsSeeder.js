import { JSONSeeder } from 'guruorm'

export default class BrandsSeeder extends JSONSeeder {
  constructor() {
    super('brands', 'brands')
  }
}
