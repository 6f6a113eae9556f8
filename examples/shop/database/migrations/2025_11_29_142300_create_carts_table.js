import { Schema } from 'guruorm'

export default class CreateCartsTable {
  async up() {
    await Schema.create('carts', (table) => {
      table.uuid('id').primary()
      table.uuid('user_id').unique()
      table.timestamps()
      table.foreign('user_id').references('id').on('users').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('carts')
  }
}
