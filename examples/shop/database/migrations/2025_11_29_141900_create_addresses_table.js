import { Schema } from 'guruorm'

export default class CreateAddressesTable {
  async up() {
    await Schema.create('addresses', (table) => {
      table.uuid('id').primary()
      table.uuid('user_id')
      table.string('line1')
      table.string('city', 100)
      table.string('postal_code', 20)
      table.string('country', 2)
      table.boolean('is_default').default(false)
      table.timestamps()
      table.foreign('user_id').references('id').on('users').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('addresses')
  }
}
