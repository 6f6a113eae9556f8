import { Schema } from 'guruorm'

export default class CreateCustomersTable {
  async up() {
    await Schema.create('customers', (table) => {
      table.id()
      table.string('name')
      table.string('email').unique()
      table.timestamps()
    })
  }

  async down() {
    await Schema.dropIfExists('customers')
  }
}
