import { Schema } from 'guruorm'

export default class CreateProductsTable {
  async up() {
    await Schema.create('products', (table) => {
      table.uuid('id').primary()
      table.uuid('category_id')
      table.uuid('brand_id').nullable()
      table.string('name')
      table.string('slug').unique()
      table.text('description').nullable()
      table.decimal('price', 10, 2)
      table.jsonb('attributes').nullable()
      table.timestamps()
      table.softDeletes()
      table.foreign('category_id').references('id').on('categories').onDelete('RESTRICT')
      table.foreign('brand_id').references('id').on('brands').onDelete('SET NULL')
      table.index(['category_id', 'price'])
    })
  }

  async down() {
    await Schema.drop('products')
  }
}
