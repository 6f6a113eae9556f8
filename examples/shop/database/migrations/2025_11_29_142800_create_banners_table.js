import { Schema } from 'guruorm'

export default class CreateBannersTable {
  async up() {
    await Schema.create('banners', (table) => {
      table.uuid('id').primary()
      table.string('title')
      table.string('image_url')
      table.string('link_url').nullable()
      table.integer('sort_order').default(0)
      table.boolean('is_active').default(true)
      table.timestamps()
    })
  }

  async down() {
    await Schema.drop('banners')
  }
}
