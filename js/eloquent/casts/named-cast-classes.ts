/** Casts as classes, as programs of guruorm 2 name them: `casts = { secret: EncryptedCast }`. */
import { encrypter } from '../../support/encrypter'
import type { CastsAttributes } from './cast'
import { castOf } from './registry'

type Attributes = Readonly<Record<string, unknown>>

/** A class that does what the cast of a name does. */
function castNamed(name: string): { new (): Required<Pick<CastsAttributes, 'get' | 'set'>>; castUsing(): string } {
  return class implements CastsAttributes {
    static castUsing(): string {
      return name
    }

    get(model: object, key: string, value: unknown, attributes: Attributes): unknown {
      if (value === null || value === undefined) return value
      return castOf(name, key).get(value, { model, key, attributes, dateFormat: undefined })
    }

    set(model: object, key: string, value: unknown, attributes: Attributes): unknown {
      if (value === null || value === undefined) return value
      return castOf(name, key).set(value, { model, key, attributes, dateFormat: undefined })
    }
  }
}

/** The cast `json`. */
export class JsonCast extends castNamed('json') {}

/** The cast `array`. */
export class ArrayCast extends castNamed('array') {}

/** The cast `encrypted`. */
export class EncryptedCast extends castNamed('encrypted') {}

/** The cast `collection`. */
export class AsCollectionCast extends castNamed('collection') {}

/** The cast `string`. */
export class AsStringableCast extends castNamed('string') {}

/** Reads what guruorm 2 stored with its cast `encrypted`, which was base64; what is set is encrypted. */
export class LegacyEncryptedCast implements CastsAttributes {
  get(_model: object, _key: string, value: unknown): unknown {
    if (value === null || value === undefined) return value
    const text = String(value)
    return text.startsWith('v1.') ? encrypter().decrypt(text) : Buffer.from(text, 'base64').toString()
  }

  set(_model: object, _key: string, value: unknown): unknown {
    return value === null || value === undefined ? value : encrypter().encrypt(String(value))
  }
}
