import { Schema } from 'guruorm'

export default class CreateRolePermissionsTable {
  async up() {
    await Schema.create('role_permissions', (table) => {
      table.uuid('role_id')
      table.uuid('permission_id')
      table.primary(['role_id', 'permission_id'])
      table.foreign('role_id').references('id').on('roles').onDelete('CASCADE')
      table.foreign('permission_id').references('id').on('permissions').onDelete('CASCADE')
    })
  }

  async down() {
    await Schema.drop('role_permissions')
  }
}
