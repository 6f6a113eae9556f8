import { Schema } from 'guruorm'

export default class CreateUsersTable {
  async up() {
    await Schema.create('users', (table) => {
      table.uuid('id').primary()
      table.string('name')
      table.string('email').unique()
      table.string('phone', 20).nullable()
      table.jsonb('preferences').nullable()
      table.boolean('is_active').default(true)
      table.timestamps()
      table.softDeletes()
    })
  }

  async down() {
    await Schema.drop('users')
  }
}
