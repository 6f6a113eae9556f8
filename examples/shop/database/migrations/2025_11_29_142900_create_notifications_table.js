import { Schema } from 'guruorm'

export default class CreateNotificationsTable {
  async up() {
    await Schema.create('notifications', (table) => {
      table.uuid('id').primary()
      table.uuid('user_id')
      table.string('type', 50)
      table.jsonb('data')
      table.timestamp('read_at').nullable()
      table.timestamps()
      table.foreign('user_id').references('id').on('users').onDelete('CASCADE')
      table.index(['user_id', 'read_at'])
    })
  }

  async down() {
    await Schema.drop('notifications')
  }
}
