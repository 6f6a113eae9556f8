/** PgBouncer in front of a PostgreSQL server: poolers that give every transaction another session. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quietly } from './command.mjs'
import { postgresAccepts } from './network.mjs'
import { inRoot } from './paths.mjs'
import { findProgram, PrivateServer } from './private-server.mjs'

/** Where the packages are unpacked when the program is not installed. Nothing of the system is changed. */
const UNPACKED = inRoot('target', 'pgbouncer')
const PACKAGES = ['pgbouncer', 'libc-ares2', 'libevent-2.1-7']

const program = () => findProgram('pgbouncer', ['/usr/sbin', '/usr/local/sbin', join(UNPACKED, 'usr', 'sbin')])

/** Libraries of the unpacked packages; those of the system come first for an installed program. */
const libraries = () =>
  ['usr/lib', 'lib']
    .map((folder) => join(UNPACKED, folder))
    .filter(existsSync)
    .flatMap((folder) => [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    .join(':')

export class PrivatePgBouncer extends PrivateServer {
  /** Is the program installed, or unpacked by {@link PrivatePgBouncer.unpack}? */
  static isInstalled() {
    return program() !== undefined
  }

  /** Downloads Debian's packages of it and unpacks them below `target/`. */
  static async unpack() {
    mkdirSync(UNPACKED, { recursive: true })
    const download = () => quietly('pgbouncer-download', 'apt-get', ['download', ...PACKAGES], { cwd: UNPACKED })
    // A fresh machine has no lists of packages yet.
    await download().catch(async () => {
      await quietly('pgbouncer-update', 'apt-get', ['update'])
      await download()
    })
    for (const name of readdirSync(UNPACKED).filter((file) => file.endsWith('.deb'))) {
      await quietly('pgbouncer-unpack', 'dpkg', ['-x', join(UNPACKED, name), UNPACKED])
    }
  }

  /**
   * Starts one in front of the server at `url`.
   *
   * @param {string} url - Of the server; clients of the pooler need no password.
   * @param {object} [options]
   * @param {'transaction' | 'session'} [options.mode] - How long a client keeps its server connection.
   * @param {number} [options.size] - Server connections for each user and database.
   */
  static async create(url, { mode = 'transaction', size = 5 } = {}) {
    const pooler = new PrivatePgBouncer('PgBouncer', 'postgres')
    const { hostname, port, username, password } = new URL(url)
    const user = decodeURIComponent(username) || 'postgres'
    const target = { host: hostname, port: port || 5432, user, password: decodeURIComponent(password) }
    Object.assign(pooler, { mode, size, target })
    await pooler.start()
    return pooler
  }

  commandLine() {
    const { host, port, user, password } = this.target
    const settings = join(this.folder, 'pgbouncer.ini')
    writeFileSync(join(this.folder, 'users.txt'), `"${user}" "${password}"\n`, { mode: 0o644 })
    const lines = [
      '[databases]',
      `* = host=${host} port=${port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${this.port}`,
      'unix_socket_dir =',
      'auth_type = trust',
      'auth_file = users.txt',
      `pool_mode = ${this.mode}`,
      `default_pool_size = ${this.size}`,
      // The server connection that was idle longest is next, so that a session is never kept by chance.
      'server_round_robin = 1',
    ]
    writeFileSync(settings, lines.map((line) => `${line}\n`).join(''), { mode: 0o644 })
    return { command: program(), args: [settings], env: { LD_LIBRARY_PATH: libraries() } }
  }

  async answers() {
    return postgresAccepts({ host: '127.0.0.1', port: this.port, user: this.target.user })
  }

  /** A connection through it, as `addConnection` takes it. */
  url(database) {
    return `postgres://${this.target.user}@127.0.0.1:${this.port}/${database}`
  }
}
