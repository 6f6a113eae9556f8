import { JSONSeeder } from 'guruorm'

export default class NotificationsSeeder extends JSONSeeder {
  constructor() {
    super('notifications', 'notifications')
  }
}
