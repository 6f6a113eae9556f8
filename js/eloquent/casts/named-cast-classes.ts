/** Casts as classes, as programs of guruorm 2 name them: `casts = { secret: EncryptedCast }`. */
import { encrypter } from '../../support/encrypter'
import type { CastsAttributes } from './cast'
import { castOf } from './registry'

type Attributes = Readonly<Record<string, unknown>>

/** Does what the cast of a name does. */
abstract class NamedCast implements CastsAttributes {
  protected abstract readonly cast: string

  get(model: object, key: string, value: unknown, attributes: Attributes): unknown {
    if (value === null || value === undefined) return value
    return castOf(this.cast, key).get(value, { model, key, attributes, dateFormat: undefined })
  }

  set(model: object, key: string, value: unknown, attributes: Attributes): unknown {
    if (value === null || value === undefined) return value
    return castOf(this.cast, key).set(value, { model, key, attributes, dateFormat: undefined })
  }
}

/** The cast `json`. */
export class JsonCast extends NamedCast {
  protected readonly cast = 'json'

  static castUsing(): string {
    return 'json'
  }
}

/** The cast `array`. */
export class ArrayCast extends NamedCast {
  protected readonly cast = 'array'

  static castUsing(): string {
    return 'array'
  }
}

/** The cast `encrypted`. */
export class EncryptedCast extends NamedCast {
  protected readonly cast = 'encrypted'

  static castUsing(): string {
    return 'encrypted'
  }
}

/** The cast `collection`. */
export class AsCollectionCast extends NamedCast {
  protected readonly cast = 'collection'

  static castUsing(): string {
    return 'collection'
  }
}

/** The cast `string`. */
export class AsStringableCast extends NamedCast {
  protected readonly cast = 'string'

  static castUsing(): string {
    return 'string'
  }
}

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
