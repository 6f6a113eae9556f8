import { JSONSeeder } from 'guruorm'

export default class SystemConfigsSeeder extends JSONSeeder {
  constructor() {
    super('system_configs', 'system_configs')
  }
}
