import { Schema } from 'guruorm'

/** Fails half-way on purpose: there is no table `loyalty_tiers`. */
export default class AddLoyaltyPoints {
  async up() {
    await Schema.create('loyalty_programs', (table) => {
      table.uuid('id').primary()
      table.string('name')
    })
    await Schema.create('loyalty_points', (table) => {
      table.uuid('id').primary()
      table.uuid('program_id')
      table.integer('points')
    })
    await Schema.table('loyalty_tiers', (table) => {
      table.integer('minimum_points').default(0)
    })
  }

  async down() {
    await Schema.drop('loyalty_points')
    await Schema.drop('loyalty_programs')
  }
}
