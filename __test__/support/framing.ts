/** Where messages begin in the bytes of a PostgreSQL or MySQL connection. */

export type Protocol = 'postgres' | 'mysql'
export type Direction = 'toServer' | 'toClient'

/** PostgreSQL 55.7: codes of SSLRequest and GSSENCRequest, which the server answers with a single byte. */
const ENCRYPTION_REQUESTS = [80877103, 80877104]
/** MySQL: a handshake response of this length with this flag asks for TLS. */
const MYSQL_SSL_REQUEST_LENGTH = 32
const MYSQL_CLIENT_SSL = 0x800

/** What both directions of one connection know together. */
export class Conversation {
  readonly protocol: Protocol
  /** PostgreSQL: the client has not sent its StartupMessage yet. */
  starting = true
  /** PostgreSQL: the server's next byte answers an encryption request. */
  encryptionAsked = false
  /** Encrypted from here on: nothing can be counted. */
  opaque = false

  constructor(protocol: Protocol) {
    this.protocol = protocol
  }
}

/** Follows the messages of one direction of one connection. */
export class Framer {
  readonly #conversation: Conversation
  readonly #direction: Direction
  #header: number[] = []
  /** Bytes of the present message that are still to come. */
  #rest = 0

  constructor(conversation: Conversation, direction: Direction) {
    this.#conversation = conversation
    this.#direction = direction
  }

  /** The offsets in this piece at which messages begin. */
  starts(piece: Buffer): number[] {
    const starts: number[] = []
    let at = 0
    while (at < piece.length && !this.#conversation.opaque) {
      if (this.#rest > 0) {
        const skipped = Math.min(this.#rest, piece.length - at)
        this.#rest -= skipped
        at += skipped
        continue
      }
      if (this.#header.length === 0) starts.push(at)
      this.#header.push(piece[at] ?? 0)
      at += 1
      if (this.#header.length === this.#headerLength()) this.#readHeader()
    }
    return starts
  }

  #headerLength(): number {
    const { protocol, starting, encryptionAsked } = this.#conversation
    if (protocol === 'mysql') return this.#direction === 'toServer' && starting ? 8 : 4
    if (this.#direction === 'toClient') return encryptionAsked ? 1 : 5
    return starting ? 8 : 5
  }

  #readHeader(): void {
    const header = Buffer.from(this.#header)
    this.#header = []
    const conversation = this.#conversation
    if (conversation.protocol === 'mysql') this.#readMysql(header, conversation)
    else if (header.length === 1) {
      conversation.encryptionAsked = false
      conversation.opaque = header[0] !== 0x4e // 'N': not encrypted
    } else if (header.length === 8) {
      this.#rest = header.readInt32BE(0) - 8
      conversation.encryptionAsked = ENCRYPTION_REQUESTS.includes(header.readInt32BE(4))
      conversation.starting = conversation.encryptionAsked
    } else this.#rest = header.readInt32BE(1) - 4
  }

  #readMysql(header: Buffer, conversation: Conversation): void {
    const length = header.readUIntLE(0, 3)
    this.#rest = length
    if (header.length === 4) return
    this.#rest -= 4 // the capability flags are part of the message
    conversation.starting = false
    conversation.opaque = length === MYSQL_SSL_REQUEST_LENGTH && (header.readUInt32LE(4) & MYSQL_CLIENT_SSL) !== 0
  }
}
