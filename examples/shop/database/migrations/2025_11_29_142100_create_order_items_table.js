import { Schema } from 'guruorm'

export default class CreateOrderItemsTable {
  async up() {
    await Schema.create('order_items', (table) => {
      table.uuid('id').primary()
      table.uuid('order_id')
      table.uuid('variant_id')
      table.integer('quantity')
      table.decimal('price', 10, 2)
      table.foreign('order_id').references('id').on('orders').onDelete('CASCADE')
      table.foreign('variant_id').references('id').on('product_variants').onDelete('RESTRICT')
    })
  }

  async down() {
    await Schema.drop('order_items')
  }
}
