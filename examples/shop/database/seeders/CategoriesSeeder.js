import { JSONSeeder } from 'guruorm'
import { categories } from '../../scripts/categories.js'

/** 819 categories of three levels: made, not stored, because a file of them would be most of the project. */
export default class CategoriesSeeder extends JSONSeeder {
  constructor() {
    super('categories', 'categories')
  }

  async loadSeedData() {
    return categories().map((document) => this.transform(document))
  }
}
