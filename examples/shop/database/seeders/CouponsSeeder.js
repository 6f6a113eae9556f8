import { JSONSeeder } from 'guruorm'

export default class CouponsSeeder extends JSONSeeder {
  constructor() {
    super('coupons', 'coupons')
  }
}
