import type { FailureKind } from './command-error'
import type { Host } from './host'
import type { Output } from './output'

/** Options that every command takes. */
export interface CommonOptions {
  json?: boolean
  color?: boolean
  verbose?: boolean
  quiet?: boolean
  env?: string
  detailedExitCodes?: boolean
}

/** Options of commands that use a database. */
export interface DatabaseOptions extends CommonOptions {
  config?: string
  database?: string
  force?: boolean
  /** The schema to work in, and the options of a connection that is in it. */
  place?: { schema: string; settings: Record<string, unknown> }
}

export interface CommandOption {
  /** As commander reads it: `--step <batches>`. */
  flags: string
  description: string
  /** Reads the text that was given; throws commander's InvalidArgumentError. */
  parse?: (value: string, previous: unknown) => unknown
  choices?: string[]
}

/** What a command is run with. */
export interface Invocation<Options extends CommonOptions> {
  host: Host
  output: Output
  options: Options
  /** The one argument, or the first; empty where there is none. */
  argument: string
  /** Every command. */
  commands: readonly Command[]
  /** All arguments. */
  list: readonly string[]
}

export interface Command<Options extends CommonOptions = CommonOptions> {
  name: string
  aliases?: string[]
  summary: string
  argument?: { name: string; description: string; isOptional?: boolean; isVariadic?: boolean }
  options: readonly CommandOption[]
  /** Complete command lines, without `npx`. */
  examples: readonly string[]
  /** Resolves to the kind of failure, when the failure was already printed. */
  run(invocation: Invocation<Options>): Promise<FailureOutcome>
}

/** Nothing, or the kind of a failure that has been reported. */
export type FailureOutcome = FailureKind | undefined
