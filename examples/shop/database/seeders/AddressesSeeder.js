import { JSONSeeder } from 'guruorm'

export default class AddressesSeeder extends JSONSeeder {
  constructor() {
    super('addresses', 'addresses')
  }
}
