import { Schema } from 'guruorm'

export default class CreateCartItemsTable {
  async up() {
    await Schema.create('cart_items', (table) => {
      table.uuid('id').primary()
      table.uuid('cart_id')
      table.uuid('variant_id')
      table.integer('quantity').default(1)
      table.unique(['cart_id', 'variant_id'])
      table.foreign('cart_id').references('id').on('carts').onDelete('CASCADE')
      table.foreign('variant_id').references('id').on('product_variants').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('cart_items')
  }
}
