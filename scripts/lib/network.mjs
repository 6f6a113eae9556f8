/** Ports, and the shortest question that tells whether a database server lets us in. */
import { connect, createServer } from 'node:net'

const PATIENCE_MS = 3000

/** A TCP port that nobody uses now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/**
 * Does a PostgreSQL server there accept this user without a password?
 * Sends the StartupMessage of the protocol (53.7) and reads AuthenticationOk and the message after it:
 * an unknown user is told so only there.
 *
 * @param {object} server
 * @param {boolean} [server.passwordMayBeAsked] - Takes a request for a password as a yes.
 */
export function postgresAccepts({ host, port, user, passwordMayBeAsked = false }) {
  const words = Buffer.from(`user\0${user}\0database\0postgres\0\0`)
  const hello = Buffer.alloc(8)
  hello.writeInt32BE(8 + words.length, 0)
  hello.writeInt32BE(196608, 4)
  return talk({ host, port }, (socket, received) => {
    if (received.length === 0) socket.write(Buffer.concat([hello, words]))
    else if (received[0] !== 0x52) return false
    else if (received.length >= 9 && received.readInt32BE(5) !== 0) return passwordMayBeAsked
    else if (received.length > 9) return received[9] !== 0x45
  })
}

/**
 * Does a MySQL or MariaDB server there accept this user without a password?
 * Answers the server's greeting with an empty password and reads the OK packet.
 */
export function mysqlAccepts({ host, port, user }) {
  const PROTOCOL_41 = 0x200
  const SECURE_CONNECTION = 0x8000
  let answered = false
  return talk({ host, port }, (socket, received) => {
    if (received.length < 5) return
    const greetingEnds = 4 + received.readUIntLE(0, 3)
    if (received.length < greetingEnds) return
    if (!answered) {
      answered = true
      const fixed = Buffer.alloc(32)
      fixed.writeUInt32LE(PROTOCOL_41 | SECURE_CONNECTION, 0)
      fixed.writeUInt32LE(1 << 24, 4)
      fixed[8] = 45 // utf8mb4
      const payload = Buffer.concat([fixed, Buffer.from(`${user}\0\0`)])
      const head = Buffer.from([payload.length & 255, payload.length >> 8, 0, 1])
      socket.write(Buffer.concat([head, payload]))
    } else if (received.length >= greetingEnds + 5) return received[greetingEnds + 4] === 0
  })
}

/** Calls `converse` when connected and at each piece received, until it answers true or false. */
function talk({ host, port }, converse) {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0)
    const socket = connect({ host, port, timeout: PATIENCE_MS })
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    const go = () => {
      const answer = converse(socket, received)
      if (answer !== undefined) end(answer)
    }
    socket.on('connect', go)
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece])
      go()
    })
    for (const failure of ['error', 'timeout', 'close']) socket.on(failure, () => end(false))
  })
}
