import { Schema } from 'guruorm'

export default class CreateBrandsTable {
  async up() {
    await Schema.create('brands', (table) => {
      table.uuid('id').primary()
      table.string('name')
      table.string('slug').unique()
      table.string('logo_url').nullable()
      table.timestamps()
      table.softDeletes()
    })
  }

  async down() {
    await Schema.drop('brands')
  }
}
