import { JSONSeeder } from 'guruorm'

export default class RolesSeeder extends JSONSeeder {
  constructor() {
    super('roles', 'roles')
  }
}
