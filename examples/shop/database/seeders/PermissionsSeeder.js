import { JSONSeeder } from 'guruorm'

export default class PermissionsSeeder extends JSONSeeder {
  constructor() {
    super('permissions', 'permissions')
  }
}
