import { JSONSeeder } from 'guruorm'

export default class ReviewsSeeder extends JSONSeeder {
  constructor() {
    super('reviews', 'reviews')
  }
}
