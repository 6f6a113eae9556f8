import { JSONSeeder } from 'guruorm'

export default class RolePermissionsSeeder extends JSONSeeder {
  constructor() {
    super('role_permissions', 'role_permissions')
  }
}
