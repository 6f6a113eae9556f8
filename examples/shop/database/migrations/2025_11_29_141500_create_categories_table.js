import { Schema } from 'guruorm'

export default class CreateCategoriesTable {
  async up() {
    await Schema.create('categories', (table) => {
      table.uuid('id').primary()
      table.uuid('parent_id').nullable()
      table.string('name')
      table.string('slug').unique()
      table.integer('sort_order').default(0)
      table.jsonb('meta').nullable()
      table.timestamps()
      table.softDeletes()
      table.foreign('parent_id').references('id').on('categories').onDelete('CASCADE')
      table.index(['parent_id', 'sort_order'])
    })
  }

  async down() {
    await Schema.drop('categories')
  }
}
