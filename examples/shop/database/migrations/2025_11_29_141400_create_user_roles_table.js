import { Schema } from 'guruorm'

export default class CreateUserRolesTable {
  async up() {
    await Schema.create('user_roles', (table) => {
      table.uuid('user_id')
      table.uuid('role_id')
      table.primary(['user_id', 'role_id'])
      table.foreign('user_id').references('id').on('users').onDelete('CASCADE')
      table.foreign('role_id').references('id').on('roles').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('user_roles')
  }
}
