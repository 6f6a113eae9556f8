import { Schema } from 'guruorm'

export default class CreateProductVariantsTable {
  async up() {
    await Schema.create('product_variants', (table) => {
      table.uuid('id').primary()
      table.uuid('product_id')
      table.string('sku', 64).unique()
      table.decimal('price', 10, 2)
      table.integer('stock').default(0)
      table.jsonb('options').nullable()
      table.timestamps()
      table.foreign('product_id').references('id').on('products').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('product_variants')
  }
}
