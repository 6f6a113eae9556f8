/** Casts as classes, as programs of guruorm 2 name them: `casts = { secret: EncryptedCast }`. */
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
