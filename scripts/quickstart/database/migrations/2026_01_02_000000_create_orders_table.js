import { Schema } from 'guruorm'

export default class CreateOrdersTable {
  async up() {
    await Schema.create('orders', (table) => {
      table.id()
      table.unsignedBigInteger('customer_id')
      table.string('status', 20)
      table.decimal('total', 10, 2)
      table.timestamps()
      table.foreign('customer_id').references('id').on('customers').onDelete('cascade')
      table.index('status')
    })
  }

  async down() {
    await Schema.dropIfExists('orders')
  }
}
