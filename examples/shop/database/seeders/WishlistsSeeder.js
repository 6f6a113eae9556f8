import { JSONSeeder } from 'guruorm'

export default class WishlistsSeeder extends JSONSeeder {
  constructor() {
    super('wishlists', 'wishlists')
  }
}
