/** What a private PostgreSQL and a private MariaDB have in common: a folder, a port, a process of another user. */
import { spawn } from 'node:child_process'
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { answerOf, exitCode } from './command.mjs'
import { freePort } from './network.mjs'
import { Stop, tail } from './terminal.mjs'

const STARTS_WITHIN_MS = 60_000

/**
 * The full path of an installed program, or undefined.
 *
 * @param folders - Where systems keep it outside of PATH; `*` stands for one version folder.
 */
export function findProgram(name, folders = []) {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...folders.flatMap(versionsOf)]
  return places.map((folder) => join(folder, name)).find(existsSync)
}

/** The folders that a pattern with one `*` stands for, the newest version first. */
function versionsOf(pattern) {
  const [before, after] = pattern.split('*')
  if (after === undefined) return [pattern]
  const [parent, prefix] = [dirname(`${before}x`), basename(`${before}x`).slice(0, -1)]
  if (!existsSync(parent)) return []
  const version = (name) => Number.parseFloat(name.slice(prefix.length))
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix))
  return names.sort((a, b) => version(b) - version(a)).map((name) => join(parent, name, after))
}

/** One server in a temporary folder on a free port. Subclasses say how it is made and started. */
export class PrivateServer {
  /** Its folder; everything it writes is there. */
  folder
  /** Its port on 127.0.0.1. */
  port
  #process
  #ended

  /** @param account - The system user that the server runs as when we are root: servers refuse root. */
  constructor(name, account) {
    this.name = name
    this.folder = mkdtempSync(join(tmpdir(), `guruorm-${name.toLowerCase()}-`))
    this.owner = process.getuid?.() === 0 ? ownerNamed(account) : {}
    if (this.owner.uid !== undefined) chownSync(this.folder, this.owner.uid, this.owner.gid)
    // A test run that ends early must not leave servers behind.
    this.#killAtExit = () => {
      this.#process?.kill('SIGKILL')
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
    }
    process.once('exit', this.#killAtExit)
  }
  #killAtExit

  get logPath() {
    return join(this.folder, 'server.log')
  }

  /** Runs one of the server's tools to its end, as the server's user. */
  async tool(command, args) {
    const log = openSync(this.logPath, 'a')
    const code = await exitCode(command, args, { ...this.owner, cwd: this.folder, stdio: ['ignore', log, log] })
    closeSync(log)
    if (code !== 0) throw new Stop(`${command} ended with ${code}:\n${tail(this.logPath, 20)}`)
  }

  /** Starts the server and waits until it answers. */
  async start() {
    this.port ??= await freePort()
    const { command, args, env = {} } = this.commandLine()
    const log = openSync(this.logPath, 'a')
    const server = spawn(command, args, {
      ...this.owner,
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    this.#process = server
    this.#ended = new Promise((resolve) => {
      server.once('error', resolve)
      server.once('exit', resolve)
    }).then(() => {
      if (this.#process === server) this.#process = undefined
    })
    const deadline = Date.now() + STARTS_WITHIN_MS
    while (!(await this.answers())) {
      if (this.#process !== server || Date.now() > deadline) {
        throw new Stop(`${this.name} did not start:\n${tail(this.logPath, 20)}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Ends the server with a signal and waits until it is gone. */
  async end(signal) {
    this.#process?.kill(signal)
    await this.#ended
  }

  /** Ends the server as in a crash: no connection is told, nothing is written. */
  async kill() {
    await this.end('SIGKILL')
  }

  /** Stops the server in an orderly way (open connections are closed) and starts it again on the same port. */
  async restart() {
    await this.stop()
    await this.start()
  }

  /** Stops the server and removes its folder. */
  async destroy() {
    await this.kill()
    process.off('exit', this.#killAtExit)
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The ids of a system user, or of `nobody`. */
function ownerNamed(account) {
  const user = [account, 'nobody'].find((name) => answerOf('id', ['-u', name]) !== undefined)
  if (user === undefined)
    throw new Stop(`Neither the user ${account} nor nobody exists: no server can run here as root.`)
  return { uid: Number(answerOf('id', ['-u', user])), gid: Number(answerOf('id', ['-g', user])) }
}
