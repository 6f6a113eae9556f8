import { JSONSeeder } from 'guruorm'

export default class UserRolesSeeder extends JSONSeeder {
  constructor() {
    super('user_roles', 'user_roles')
  }
}
