import { Command as CommanderCommand, Option } from 'commander'
import type { Command, CommandOption, CommonOptions, Invocation } from './command'
import type { Host } from './host'
import { COMMON } from './options'
import { Output } from './output'

/** Runs a command that was found on the command line. */
export type Action = (command: Command, invocation: Invocation<CommonOptions>) => Promise<void>

/** The commands as a commander program for `argv` that throws instead of exiting and prints through `host`. */
export function programOf(
  commands: readonly Command[],
  argv: readonly string[],
  version: string,
  host: Host,
  action: Action,
): CommanderCommand {
  const program = new CommanderCommand('guruorm')
    .description('Migrations, seeders and databases of a guruorm project')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', '\nEvery command explains itself: npx guruorm migrate --help')
  settle(program, host)
  for (const command of commandsFor(argv, commands)) add(program, commands, command, host, action)
  return program
}

/** The command that a command line begins with; all of them where it begins with none, to be listed or suggested. */
function commandsFor([name = '']: readonly string[], commands: readonly Command[]): readonly Command[] {
  const named = commands.filter((command) => command.name === name || command.aliases?.includes(name))
  return named.length === 0 ? commands : named
}

function add(
  program: CommanderCommand,
  commands: readonly Command[],
  command: Command,
  host: Host,
  action: Action,
): void {
  const sub = program.command(command.name).description(command.summary).helpOption('-h, --help', 'print help')
  if (command.aliases !== undefined) sub.aliases(command.aliases)
  if (command.argument !== undefined) {
    const { name, description, isOptional, isVariadic } = command.argument
    const shown = isVariadic ? `${name}...` : name
    sub.argument(isOptional ? `[${shown}]` : `<${shown}>`, description)
  }
  for (const option of [...command.options, ...COMMON]) sub.addOption(optionOf(option))
  sub.addHelpText(
    'after',
    ['', 'Examples:', ...command.examples.map((example) => `  $ ${withNpx(example)}`)].join('\n'),
  )
  settle(sub, host)
  sub.action(async () => {
    const options = sub.opts<CommonOptions>()
    await action(command, {
      host: inEnvironment(host, options.env),
      options,
      output: new Output(host, options),
      argument: sub.args[0] ?? '',
      commands,
      list: sub.args,
    })
  })
}

function optionOf({ flags, description, parse, choices }: CommandOption): Option {
  const option = new Option(flags, description)
  if (parse !== undefined) option.argParser(parse)
  if (choices !== undefined) option.choices(choices)
  return option
}

/** The host with what `--env` says; the project's own files read it as well. */
function inEnvironment(host: Host, environment: string | undefined): Host {
  if (environment === undefined) return host
  host.env.NODE_ENV = environment
  return { ...host, environment }
}

/** `NODE_ENV=production npx guruorm migrate`. */
function withNpx(example: string): string {
  return example.replace(/\bguruorm\b/, 'npx guruorm')
}

function settle(command: CommanderCommand, host: Host): void {
  command
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      // Errors are printed by main(), once and in our words.
      writeErr: () => {},
      outputError: () => {},
      getOutHasColors: () => false,
    })
}
