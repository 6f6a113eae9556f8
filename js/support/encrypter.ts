import type { KeyObject } from 'node:crypto'
import { EncryptionException } from '../errors'
import { crypto } from './crypto'

/** How texts are encrypted. Another way would get another prefix, so that both can be read. */
const PREFIX = 'v1.'
const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const SHORTEST_PASSPHRASE = 16
const SALT = 'guruorm-encrypted-cast'

/** A key: 32 bytes, those as `base64:…` or as 64 hexadecimal digits, or a passphrase of at least 16 characters. */
export type EncryptionKey = string | Uint8Array

/**
 * Encrypts texts with AES-256-GCM: what was changed outside cannot be decrypted.
 *
 * What it writes is `v1.` and, in base64url, a nonce (12 bytes), the tag (16 bytes) and the encrypted text.
 */
export class Encrypter {
  readonly #keys: readonly KeyObject[]

  /**
   * @param key - What is encrypted with from now on.
   * @param previous - Keys of before, with which old texts can still be read.
   */
  constructor(key: EncryptionKey, previous: readonly EncryptionKey[] = []) {
    this.#keys = [key, ...previous].map(keyOf)
  }

  encrypt(text: string): string {
    const nonce = crypto().randomBytes(NONCE_BYTES)
    const cipher = crypto().createCipheriv(ALGORITHM, this.#keys[0] as KeyObject, nonce)
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url')
  }

  /** @throws EncryptionException for a text that none of the keys has encrypted, and one that was changed. */
  decrypt(text: string): string {
    const bytes = Buffer.from(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '', 'base64url')
    if (bytes.length < NONCE_BYTES + TAG_BYTES) {
      throw new EncryptionException('What is stored is not encrypted, or in a way that is not known.')
    }
    for (const key of this.#keys) {
      const decipher = crypto().createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      try {
        return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        // Encrypted with another key.
      }
    }
    throw new EncryptionException('What is stored was encrypted with another key, or was changed since.')
  }
}

let given: Encrypter | undefined
let ofEnvironment: { readonly texts: string; readonly encrypter: Encrypter } | undefined

/** Sets the keys; `undefined`: those of the environment again. */
export function encryptUsing(key: EncryptionKey | undefined, previous: readonly EncryptionKey[] = []): void {
  given = key === undefined ? undefined : new Encrypter(key, previous)
}

/** What encrypts here: with the keys that were set, else those in `APP_KEY` and `APP_PREVIOUS_KEYS`. */
export function encrypter(): Encrypter {
  if (given !== undefined) return given
  const { APP_KEY: key = '', APP_PREVIOUS_KEYS: previous = '' } = process.env
  if (key === '') {
    throw new EncryptionException('There is no key to encrypt with: call Model.encryptUsing(key), or set APP_KEY.')
  }
  const texts = `${key}\n${previous}`
  if (ofEnvironment?.texts !== texts) {
    const list = previous.split(',').map((each) => each.trim())
    const keys = list.filter((each) => each !== '')
    ofEnvironment = { texts, encrypter: new Encrypter(key, keys) }
  }
  return ofEnvironment.encrypter
}

function keyOf(key: EncryptionKey): KeyObject {
  if (typeof key !== 'string') return secret(key)
  if (key.startsWith('base64:')) return secret(Buffer.from(key.slice('base64:'.length), 'base64'))
  if (/^[0-9a-f]{64}$/i.test(key)) return secret(Buffer.from(key, 'hex'))
  if (key.length >= SHORTEST_PASSPHRASE) return secret(crypto().scryptSync(key, SALT, KEY_BYTES))
  throw new EncryptionException(`A passphrase to encrypt with has at least ${SHORTEST_PASSPHRASE} characters.`)
}

function secret(bytes: Uint8Array): KeyObject {
  if (bytes.length === KEY_BYTES) return crypto().createSecretKey(bytes)
  throw new EncryptionException(`A key to encrypt with has ${KEY_BYTES} bytes; this one has ${bytes.length}.`)
}
