import { Schema } from 'guruorm'

export default class CreateReviewsTable {
  async up() {
    await Schema.create('reviews', (table) => {
      table.uuid('id').primary()
      table.uuid('product_id')
      table.uuid('user_id')
      table.smallInteger('rating')
      table.text('body').nullable()
      table.timestamps()
      table.softDeletes()
      table.unique(['product_id', 'user_id'])
      table.foreign('product_id').references('id').on('products').onDelete('CASCADE')
      table.foreign('user_id').references('id').on('users').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('reviews')
  }
}
