import { JSONSeeder } from 'guruorm'

export default class PaymentsSeeder extends JSONSeeder {
  constructor() {
    super('payments', 'payments')
  }
}
