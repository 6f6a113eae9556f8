import { JSONSeeder } from 'guruorm'

export default class UsersSeeder extends JSONSeeder {
  constructor() {
    super('users', 'users')
  }
}
