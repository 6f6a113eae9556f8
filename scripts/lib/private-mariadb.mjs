/** A MariaDB server of our own, to be stopped, killed and misconfigured at will. */
import { join } from 'node:path'
import { makeCertificates } from './certificates.mjs'
import { mysqlAccepts } from './network.mjs'
import { findProgram, PrivateServer } from './private-server.mjs'

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin']

const program = (name) => findProgram(name, FOLDERS)

export class PrivateMariaDb extends PrivateServer {
  /** Are the server's programs installed? */
  static isInstalled() {
    return program('mariadb-install-db') !== undefined && program('mariadbd') !== undefined
  }

  /**
   * Makes a data folder and starts the server. The superuser is `root`, without a password.
   *
   * @param {object} [options]
   * @param {Record<string, string | number | boolean>} [options.settings] - Options of mariadbd, `name: value`.
   * @param {boolean} [options.ssl] - Offers TLS; `caPath` is the authority to trust.
   */
  static async create({ settings = {}, ssl = false } = {}) {
    const server = new PrivateMariaDb('MariaDB', 'mysql')
    server.settings = settings
    await server.tool(program('mariadb-install-db'), [
      ...[
        '--no-defaults',
        `--datadir=${server.dataFolder}`,
        // A server that starts removes all temporary tables in this folder, other servers' too.
        `--tmpdir=${server.folder}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
    ])
    if (ssl) {
      await makeCertificates(server)
      const at = (name) => join(server.folder, name)
      server.settings = {
        'ssl-ca': server.caPath,
        'ssl-cert': at('server.crt'),
        'ssl-key': at('server.key'),
        ...settings,
      }
    }
    await server.start()
    return server
  }

  get dataFolder() {
    return join(this.folder, 'data')
  }

  /** The authority that signed the server's certificate. */
  get caPath() {
    return join(this.folder, 'ca.crt')
  }

  commandLine() {
    const own = {
      datadir: this.dataFolder,
      tmpdir: this.folder,
      socket: join(this.folder, 'mysql.sock'),
      'pid-file': join(this.folder, 'mysql.pid'),
      port: this.port,
      'bind-address': '127.0.0.1',
      'skip-name-resolve': true,
      'innodb-flush-log-at-trx-commit': 0,
      ...this.settings,
    }
    const options = Object.entries(own).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`))
    return { command: program('mariadbd'), args: ['--no-defaults', ...options] }
  }

  async answers() {
    return mysqlAccepts({ host: '127.0.0.1', port: this.port, user: 'root' })
  }

  async stop() {
    await this.end('SIGTERM')
  }

  url(database = 'mysql') {
    return `mysql://root@127.0.0.1:${this.port}/${database}`
  }
}
