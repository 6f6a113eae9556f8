/** A PostgreSQL server of our own, to be stopped, killed and misconfigured at will. */
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeCertificates } from './certificates.mjs'
import { postgresAccepts } from './network.mjs'
import { findProgram, PrivateServer } from './private-server.mjs'

const FOLDERS = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/pgsql/bin',
]

const program = (name) => findProgram(name, FOLDERS)

export class PrivatePostgres extends PrivateServer {
  /** Are the server's programs installed? */
  static isInstalled() {
    return program('initdb') !== undefined
  }

  /**
   * Makes a cluster and starts it. The superuser is `postgres`.
   *
   * @param {object} [options]
   * @param {Record<string, string | number | boolean>} [options.settings] - Lines of postgresql.conf.
   * @param {boolean} [options.ssl] - Offers TLS; `caPath` is the authority to trust.
   * @param {'trust' | 'password' | 'md5' | 'scram-sha-256'} [options.auth] - How TCP connections prove who they are.
   * @param {string} [options.password] - Of the superuser, for the last three.
   */
  static async create({ settings = {}, ssl = false, auth = 'trust', password = 'secret' } = {}) {
    const server = new PrivatePostgres('PostgreSQL', 'postgres')
    server.auth = auth
    const passwordPath = join(server.folder, 'password')
    writeFileSync(passwordPath, password, { mode: 0o644 })
    // The password is stored as the server's first md5 or scram hash: initdb derives the method from --auth-host.
    await server.tool(program('initdb'), [
      ...['-D', server.dataFolder, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'],
      ...['--auth-local=trust', `--auth-host=${auth}`, `--pwfile=${passwordPath}`],
    ])
    if (ssl) await makeCertificates(server)
    server.configure({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: server.folder,
      fsync: false,
      ...(ssl && {
        ssl: true,
        ssl_cert_file: join(server.folder, 'server.crt'),
        ssl_key_file: join(server.folder, 'server.key'),
      }),
      ...settings,
    })
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

  /** Adds settings; they hold after the next start. */
  configure(settings) {
    const lines = Object.entries(settings).map(
      ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
    )
    appendFileSync(join(this.dataFolder, 'postgresql.conf'), lines.join(''))
  }

  commandLine() {
    return { command: program('postgres'), args: ['-D', this.dataFolder, '-p', String(this.port)] }
  }

  /** With passwords a server that asks for one is up; it is known by refusing us in its own words. */
  async answers() {
    return postgresAccepts({
      host: '127.0.0.1',
      port: this.port,
      user: 'postgres',
      passwordMayBeAsked: this.auth !== 'trust',
    })
  }

  /** @param {'fast' | 'smart' | 'immediate'} mode - As in `pg_ctl stop -m`. */
  async stop(mode = 'fast') {
    await this.end({ fast: 'SIGINT', smart: 'SIGTERM', immediate: 'SIGQUIT' }[mode])
  }

  url(database = 'postgres') {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`
  }
}
