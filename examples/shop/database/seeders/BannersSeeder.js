import { JSONSeeder } from 'guruorm'

export default class BannersSeeder extends JSONSeeder {
  constructor() {
    super('banners', 'banners')
  }
}
