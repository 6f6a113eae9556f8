import { Schema } from 'guruorm'

export default class CreateOrdersTable {
  async up() {
    await Schema.create('orders', (table) => {
      table.uuid('id').primary()
      table.uuid('user_id')
      table.uuid('address_id').nullable()
      table.string('number', 20).unique()
      table.enum('status', ['pending', 'paid', 'shipped', 'cancelled']).default('pending')
      table.decimal('total', 12, 2)
      table.timestamps()
      table.softDeletes()
      table.foreign('user_id').references('id').on('users').onDelete('RESTRICT')
      table.foreign('address_id').references('id').on('addresses').onDelete('SET NULL')
      table.index(['user_id', 'status'])
    })
  }

  async down() {
    await Schema.drop('orders')
  }
}
