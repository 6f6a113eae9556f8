/** Where a connection writes messages for people: the functions of its option `log`, else standard error. */
import type { LogConfig } from './config'

type Level = 'debug' | 'warn' | 'error' | 'deprecate'

const COLORS: Readonly<Record<Level, number>> = { debug: 36, warn: 33, error: 31, deprecate: 35 }

export class ConnectionLogger {
  readonly #config: LogConfig

  constructor(config: LogConfig = {}) {
    this.#config = config
  }

  debug(message: string): void {
    this.#write('debug', message)
  }

  warn(message: string): void {
    this.#write('warn', message)
  }

  error(message: string): void {
    this.#write('error', message)
  }

  deprecate(message: string): void {
    this.#write('deprecate', message)
  }

  #write(level: Level, message: string): void {
    const own = this.#config[level]
    if (typeof own === 'function') {
      own(message)
      return
    }
    const label = this.#config.enableColors === true ? `\u001b[${COLORS[level]}m${level}\u001b[0m` : level
    process.stderr.write(`guruorm ${label}: ${message}\n`)
  }
}
