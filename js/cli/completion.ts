/** Scripts that let shells complete command lines. They are made from the commands, and start no process. */
import type { Command, CommandOption } from './command'
import { COMMON } from './options'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof SHELLS)[number]

/** One option as shells know it. */
interface Flag {
  long: string
  short: string | undefined
  takesValue: boolean
  description: string
}

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return { bash, zsh, fish }[shell](commands)
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const flags = flagsOf(command).flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]))
    return `      ${namesOf(command).join('|')}) candidates=${quoted(flags.join(' '))} ;;`
  })
  return `# guruorm completion for bash. Add to ~/.bashrc: eval "$(npx guruorm completion bash)"
_guruorm_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" current="" candidates="" prefix="" index
  local -a words
  read -ra words <<< "$line"
  if [[ $line != *[[:space:]] ]]; then current="\${words[\${#words[@]}-1]}"; fi
  if (( \${#words[@]} < 2 )) || { (( \${#words[@]} == 2 )) && [[ -n $current ]]; }; then
    candidates=${quoted(commands.flatMap(namesOf).join(' '))}
  else
    case "\${words[1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
  # Readline ends words at colons: what stands before the last one is on the line already.
  if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    prefix="\${current%"\${current##*:}"}"
    for index in "\${!COMPREPLY[@]}"; do COMPREPLY[index]="\${COMPREPLY[index]#"$prefix"}"; done
  fi
}
complete -o default -F _guruorm_complete guruorm
`
}

function zsh(commands: readonly Command[]): string {
  const described = (name: string, text: string) => quoted(`${name.replaceAll(':', '\\:')}:${text}`)
  const list = commands.flatMap((command) => namesOf(command).map((name) => described(name, command.summary)))
  const cases = commands.map((command) => {
    const flags = flagsOf(command).map(({ long, description }) => described(long, description))
    return `    ${namesOf(command).join('|')}) options=(${flags.join(' ')}) ;;`
  })
  return `#compdef guruorm
# guruorm completion for zsh. Add to ~/.zshrc: eval "$(npx guruorm completion zsh)"
_guruorm() {
  local -a commands options
  commands=(
    ${list.join('\n    ')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
  if [[ $words[CURRENT] == -* ]]; then _describe option options; else _files; fi
}
compdef _guruorm guruorm
`
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const names = namesOf(command)
    const isChosen = quoted(`__fish_seen_subcommand_from ${names.join(' ')}`)
    return [
      ...names.map(
        (name) => `complete -c guruorm -n __fish_use_subcommand -f -a ${quoted(name)} -d ${quoted(command.summary)}`,
      ),
      ...flagsOf(command).map(({ long, short, takesValue, description }) =>
        [
          `complete -c guruorm -n ${isChosen} -l ${long.slice(2)}`,
          ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
          ...(takesValue ? ['-r'] : []),
          `-d ${quoted(description)}`,
        ].join(' '),
      ),
    ]
  })
  return `# guruorm completion for fish. Save as ~/.config/fish/completions/guruorm.fish\n${lines.join('\n')}\n`
}

function namesOf({ name, aliases = [] }: Command): string[] {
  return [name, ...aliases]
}

function flagsOf({ options }: Command): Flag[] {
  return [...options, ...COMMON].flatMap(flagOf)
}

/** `-d, --database <name>`. */
function flagOf({ flags, description }: CommandOption): Flag[] {
  const long = /--[\w-]+/.exec(flags)?.[0]
  if (long === undefined) return []
  return [{ long, short: /(?:^|\s)-\w\b/.exec(flags)?.[0].trim(), takesValue: flags.includes('<'), description }]
}

/** Text between single quotes, for all three shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`
}
