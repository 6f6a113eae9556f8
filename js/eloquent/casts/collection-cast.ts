import { Collection } from '../../support/collection'
import type { Cast } from './cast'
import { JSON_CAST } from './json-casts'

/** JSON as a collection. What programs change in it is stored with the next save. */
export const COLLECTION: Cast = {
  ...JSON_CAST,
  get: (value, context) => Collection.make(JSON_CAST.get(value, context) as unknown[]),
  serialize: (value) => (value as Collection).toArray(),
}
