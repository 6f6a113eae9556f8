import { Schema } from 'guruorm'

export default class CreateCouponsTable {
  async up() {
    await Schema.create('coupons', (table) => {
      table.uuid('id').primary()
      table.string('code', 40).unique()
      table.decimal('discount', 5, 2)
      table.timestamp('expires_at').nullable()
      table.timestamps()
      table.softDeletes()
    })
  }

  async down() {
    await Schema.drop('coupons')
  }
}
