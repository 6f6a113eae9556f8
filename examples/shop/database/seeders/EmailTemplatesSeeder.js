import { JSONSeeder } from 'guruorm'

export default class EmailTemplatesSeeder extends JSONSeeder {
  constructor() {
    super('email_templates', 'email_templates')
  }
}
