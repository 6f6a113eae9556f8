import { Schema } from 'guruorm'

export default class CreateEmailTemplatesTable {
  async up() {
    await Schema.create('email_templates', (table) => {
      table.uuid('id').primary()
      table.string('name', 100).unique()
      table.string('subject')
      table.text('text_body')
      table.text('html_body').nullable()
      table.timestamps()
      table.softDeletes()
    })
  }

  async down() {
    await Schema.drop('email_templates')
  }
}
