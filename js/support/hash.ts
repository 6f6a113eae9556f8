import type { ScryptOptions } from 'node:crypto'
import { UnsupportedException } from '../errors'
import { crypto } from './crypto'

/** One of the settings that OWASP names as equal in strength; of them, the one that takes the least memory. */
const COST = { ln: 14, r: 8, p: 5 }
const SALT_BYTES = 16
const HASH_BYTES = 32

/** Beyond these a stored hash is refused: to check it would take minutes or gigabytes. */
const MOST = { ln: 20, r: 32, p: 16 }

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]+)\$([\w+/-]+)$/

interface Parsed {
  readonly cost: typeof COST
  readonly salt: Buffer
  readonly hash: Buffer
}

/**
 * Hashes of passwords, with scrypt: `$scrypt$ln=14,r=8,p=5$salt$hash`. They cannot be read back, only checked.
 */
export const Hash = {
  /**
   * The hash of a password. Takes about 0.1 s and 16 MB, off the main thread.
   *
   * @example
   * user.password = await Hash.make('secret')
   */
  async make(password: string): Promise<string> {
    const salt = crypto().randomBytes(SALT_BYTES)
    return written(salt, await derived(password, salt, COST, HASH_BYTES))
  },

  /** The same, while the program waits. */
  makeSync(password: string): string {
    const salt = crypto().randomBytes(SALT_BYTES)
    return written(salt, crypto().scryptSync(password, salt, HASH_BYTES, optionsOf(COST)))
  },

  /**
   * Whether a password has this hash.
   *
   * @throws UnsupportedException for a hash of bcrypt or Argon2.
   * @example
   * if (await Hash.check(password, user.password)) …
   */
  async check(password: string, hash: string | null | undefined): Promise<boolean> {
    if (typeof hash === 'string' && isForeign(hash)) {
      throw new UnsupportedException('This hash is one of bcrypt or Argon2: check it with the library that made it.')
    }
    const parsed = parse(hash)
    if (parsed === undefined) return false
    const { salt, cost } = parsed
    return crypto().timingSafeEqual(await derived(password, salt, cost, parsed.hash.length), parsed.hash)
  },

  /** Whether a text is a hash already, of whichever kind. */
  isHashed(text: string): boolean {
    return parse(text) !== undefined || isForeign(text)
  },

  /** Whether a hash was made with other settings than those of today. */
  needsRehash(hash: string): boolean {
    const cost = parse(hash)?.cost
    return cost === undefined || cost.ln !== COST.ln || cost.r !== COST.r || cost.p !== COST.p
  },
}

function parse(text: string | null | undefined): Parsed | undefined {
  const [, ln, r, p, salt = '', hash = ''] = FORM.exec(text ?? '') ?? []
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const isBounded = [cost.ln, cost.r, cost.p].every((each) => each >= 1)
  if (!isBounded || cost.ln > MOST.ln || cost.r > MOST.r || cost.p > MOST.p) return undefined
  const bytes = Buffer.from(hash, 'base64')
  return bytes.length < HASH_BYTES / 2 ? undefined : { cost, salt: Buffer.from(salt, 'base64'), hash: bytes }
}

function isForeign(text: string): boolean {
  return /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/.test(text) || /^\$argon2(?:id?|d)\$/.test(text)
}

function written(salt: Buffer, hash: Buffer): string {
  const texts = [salt, hash].map((bytes) => bytes.toString('base64').replace(/=+$/, ''))
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${texts.join('$')}`
}

function optionsOf({ ln, r, p }: typeof COST): ScryptOptions {
  const N = 2 ** ln
  return { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 }
}

function derived(password: string, salt: Buffer, cost: typeof COST, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    crypto().scrypt(password, salt, length, optionsOf(cost), (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    )
  })
}
