import pc from 'picocolors'
import type { Host, OutputStream } from './host'

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim'

/** Lines are coloured by the sign they begin with. */
const COLOUR_OF_SIGN: Record<string, Colour> = {
  '❌': 'red',
  '✅': 'green',
  '✨': 'green',
  '⚠️': 'yellow',
  '⏳': 'yellow',
  '↻': 'yellow',
  '⏭️': 'dim',
  ℹ️: 'cyan',
  '🔄': 'cyan',
  '🌱': 'cyan',
  '  ': 'dim',
}

/** Prints: results to stdout, everything else to stderr. Under `--json` stdout gets one document and nothing else. */
export class Output {
  readonly isJson: boolean
  readonly isVerbose: boolean
  /** Columns of the terminal; none when stdout is a file or a pipe. */
  readonly width: number | undefined
  private readonly host: Host
  private readonly isPlain: boolean
  private readonly isQuiet: boolean

  constructor(host: Host, options: { json?: boolean; color?: boolean; verbose?: boolean; quiet?: boolean } = {}) {
    this.host = host
    this.isJson = options.json ?? false
    this.isVerbose = options.verbose ?? false
    this.isQuiet = options.quiet ?? false
    // https://no-color.org: any value but an empty one.
    this.isPlain = options.color === false || Boolean(host.env.NO_COLOR)
    this.width = host.stdout.isTTY ? host.stdout.columns : undefined
  }

  /** A line of the result. */
  line(text: string): void {
    if (!this.isJson && !this.isQuiet) this.write(this.host.stdout, text)
  }

  /** A line about the work: warnings, waiting. */
  note(text: string): void {
    if (!this.isJson && !this.isQuiet) this.write(this.host.stderr, text)
  }

  /** A failure; the first line is red. */
  error(lines: string[]): void {
    if (!this.isJson) for (const line of lines) this.write(this.host.stderr, line)
  }

  /** The one document of `--json`. */
  document(document: object): void {
    if (this.isJson) this.host.stdout.write(`${JSON.stringify(document)}\n`)
  }

  private write(stream: OutputStream, text: string): void {
    const colours = pc.createColors(!this.isPlain && stream.isTTY === true)
    const sign = Object.keys(COLOUR_OF_SIGN).find((start) => text.startsWith(start))
    const colour = sign === undefined ? undefined : COLOUR_OF_SIGN[sign]
    stream.write(`${colour === undefined ? text : colours[colour](text)}\n`)
  }
}
