import { Schema } from 'guruorm'

export default class CreateSystemConfigsTable {
  async up() {
    await Schema.create('system_configs', (table) => {
      table.uuid('id').primary()
      table.string('key', 100).unique()
      table.text('value')
      table.timestamps()
    })
  }

  async down() {
    await Schema.drop('system_configs')
  }
}
