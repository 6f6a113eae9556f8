import { InvalidArgumentException } from '../../errors'
import { Hash } from '../../support/hash'
import type { Cast } from './cast'

/** A password, stored as its hash. A hash is stored as it is: `user.password = await Hash.make('secret')`. */
export const HASHED: Cast = {
  get: (value) => value,
  set: (value, { key }) => {
    if (typeof value !== 'string') throw new InvalidArgumentException(`The attribute "${key}" takes a text to hash.`)
    return Hash.isHashed(value) ? value : Hash.makeSync(value)
  },
}
