import { ulid, uuid7 } from '../support/unique-ids'
import { Model, type ModelBase } from './model'

type Extendable = new (...args: never[]) => ModelBase

/** A class whose models make ids themselves, of the key unless `uniqueIds()` names other columns. */
function makingIds<Base extends object>(base: Base, make: () => string): Base {
  const WithIds = class extends (base as unknown as Extendable) {
    override uniqueIds(): readonly string[] {
      return this.getKeyNames()
    }

    override newUniqueId(): string | null {
      return make()
    }
  }
  return WithIds as unknown as Base
}

/**
 * Gives a class keys that are UUIDs of version 7: made here, sorted by time.
 *
 * @example
 * class Article extends HasUuids(Model) {}
 * const article = await Article.create({ title: 'a' })
 * article.id // '019812d5-3a6b-7c1e-9d6a-0e2b8f4a6c1d'
 */
export function HasUuids<Base extends object>(base: Base): Base {
  return makingIds(base, uuid7)
}

/**
 * Gives a class keys that are ULIDs: 26 letters and digits, made here, sorted by time.
 *
 * @example
 * class Article extends HasUlids(Model) {}
 */
export function HasUlids<Base extends object>(base: Base): Base {
  return makingIds(base, ulid)
}

/** A model whose key is a UUID: see {@link HasUuids}. */
export const UuidModel = HasUuids(Model)
export type UuidModel = Model

/** A model whose key is a ULID: see {@link HasUlids}. */
export const UlidModel = HasUlids(Model)
export type UlidModel = Model
