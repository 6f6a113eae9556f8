import { Schema } from 'guruorm'

export default class CreateRolesTable {
  async up() {
    await Schema.create('roles', (table) => {
      table.uuid('id').primary()
      table.string('name', 50).unique()
      table.text('description').nullable()
      table.timestamps()
    })
  }

  async down() {
    await Schema.drop('roles')
  }
}
