import { idOf, slugOf } from './ids.js'

const DEPARTMENTS = ['Electronics', 'Fashion', 'Home', 'Garden', 'Sports', 'Toys', 'Books', 'Grocery', 'Beauty']
const SHELVES = ['New', 'Classic', 'Premium', 'Budget', 'Outdoor', 'Travel', 'Kids', 'Office', 'Gifts', 'Repairs']
const KINDS = ['Starter', 'Basic', 'Plus', 'Pro', 'Mini', 'Max', 'Sets', 'Parts']

/** As MongoDB would export them: 9 departments, 90 shelves in those, 720 kinds in those. */
export function categories() {
  return DEPARTMENTS.flatMap((department, at) => [
    category([department], at),
    ...SHELVES.flatMap((shelf, place) => [
      category([department, shelf], place),
      ...KINDS.map((kind, order) => category([department, shelf, kind], order)),
    ]),
  ])
}

/** The id of a category by its path: `['Books', 'New']`. */
export function categoryId(path) {
  return idOf('categories', path.join('/'))
}

function category(path, sortOrder) {
  return {
    id: categoryId(path),
    parentId: path.length === 1 ? null : categoryId(path.slice(0, -1)),
    name: path.toReversed().join(' · '),
    slug: path.map(slugOf).join('-'),
    sortOrder,
    meta: { level: path.length, path },
    createdAt: '2025-11-30 08:00:00',
    updatedAt: '2025-11-30 08:00:00',
  }
}
