import { Seeder } from 'guruorm'

/** In the order of the foreign keys. */
export default class DatabaseSeeder extends Seeder {
  async run() {
    await this.call([
      'UsersSeeder',
      'RolesSeeder',
      'PermissionsSeeder',
      'RolePermissionsSeeder',
      'UserRolesSeeder',
      'CategoriesSeeder',
      'BrandsSeeder',
      'ProductsSeeder',
      'ProductVariantsSeeder',
      'AddressesSeeder',
      'OrdersSeeder',
      'OrderItemsSeeder',
      'PaymentsSeeder',
      'CartsSeeder',
      'CartItemsSeeder',
      'ReviewsSeeder',
      'WishlistsSeeder',
      'CouponsSeeder',
      'BannersSeeder',
      'NotificationsSeeder',
      'SystemConfigsSeeder',
      'EmailTemplatesSeeder',
    ])
  }
}
