import { Schema } from 'guruorm'

export default class CreateWishlistsTable {
  async up() {
    await Schema.create('wishlists', (table) => {
      table.uuid('id').primary()
      table.uuid('user_id')
      table.uuid('product_id')
      table.timestamps()
      table.unique(['user_id', 'product_id'])
      table.foreign('user_id').references('id').on('users').onDelete('CASCADE')
      table.foreign('product_id').references('id').on('products').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('wishlists')
  }
}
