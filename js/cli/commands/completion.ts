import type { Command } from '../command'
import { CommandError } from '../command-error'
import { completionScript, SHELLS } from '../completion'

export const completion: Command = {
  name: 'completion',
  summary: 'Print a script that lets a shell complete command lines: bash, zsh or fish',
  argument: { name: 'shell', description: SHELLS.join(', ') },
  options: [],
  examples: ['guruorm completion bash', 'guruorm completion zsh', 'guruorm completion fish'],
  async run({ argument, output, commands }) {
    const shell = SHELLS.find((known) => known === argument)
    if (shell === undefined) {
      throw new CommandError('usage', `There is no completion for ${argument}. There is for: ${SHELLS.join(', ')}.`)
    }
    const script = completionScript(shell, commands)
    output.line(script.trimEnd())
    output.document({ ok: true, command: 'completion', shell, script })
    return undefined
  },
}
