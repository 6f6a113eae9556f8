import { Schema } from 'guruorm'

export default class CreatePermissionsTable {
  async up() {
    await Schema.create('permissions', (table) => {
      table.uuid('id').primary()
      table.string('name', 100).unique()
      table.string('resource', 50)
      table.string('action', 50)
      table.timestamps()
      table.unique(['resource', 'action'])
    })
  }

  async down() {
    await Schema.drop('permissions')
  }
}
