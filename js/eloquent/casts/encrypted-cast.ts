import { encrypter } from '../../support/encrypter'
import type { Cast } from './cast'

/** Encrypted text of what another cast stores: see {@link encrypter}. A text that did not change is not encrypted again. */
export function encrypted(inner: Cast): Cast {
  return {
    get: (value, context) => inner.get(encrypter().decrypt(String(value)), context),
    set: (value, context) => encrypter().encrypt(String(inner.set(value, context))),
    isMutable: inner.isMutable === true,
    isSame(one, other) {
      try {
        const [text, its] = [one, other].map((each) => encrypter().decrypt(String(each)))
        return inner.isSame === undefined ? text === its : inner.isSame(text, its)
      } catch {
        // Written with a key that is gone: whatever is set now takes its place.
        return false
      }
    },
    ...(inner.serialize !== undefined && { serialize: inner.serialize }),
  }
}
