import { Schema } from 'guruorm'

export default class CreatePaymentsTable {
  async up() {
    await Schema.create('payments', (table) => {
      table.uuid('id').primary()
      table.uuid('order_id')
      table.string('razorpay_order_id').unique()
      table.decimal('amount', 12, 2)
      table.string('currency', 3)
      table.string('status', 20)
      table.jsonb('payload').nullable()
      table.timestamps()
      table.foreign('order_id').references('id').on('orders').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('payments')
  }
}
