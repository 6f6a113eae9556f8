import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../js/cli/registry'
import { project } from '../migrations/project'
import { guruorm } from './run'

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0

const scriptFor = async (shell: string) => (await guruorm('/', ['completion', shell])).stdout

/** What bash offers for a line with the cursor at its end, as readline asks for it. */
async function offered(line: string): Promise<string[]> {
  const { path } = project({ 'completion.bash': await scriptFor('bash') })
  const program = `source ./completion.bash
    COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
    COMP_LINE="$1"; COMP_POINT=\${#COMP_LINE}
    _guruorm_complete
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['-uc', program, 'bash', line], { cwd: path, encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout.split('\n').filter((word) => word !== '')
}

test.runIf(has('bash'))('bash completes commands, their aliases and their options', async () => {
  const all = COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  expect((await offered('guruorm ')).sort()).toEqual(all.sort())
  expect((await offered('guruorm db')).sort()).toEqual(all.filter((name) => name.startsWith('db')))
  expect(await offered('guruorm migrate --pre')).toEqual(['--pretend'])
  expect(await offered('guruorm migration:up --st')).toEqual(['--step'])
  expect(await offered('guruorm migrate:squash --pru')).toEqual(['--prune'])
  expect(await offered('guruorm db:show --pru')).toEqual([])
  expect(await offered('guruorm db:show --pretty --js')).toEqual(['--json'])
  expect(await offered('guruorm nonsense --')).toEqual([])
})

test.runIf(has('bash'))('bash replaces what stands behind the last colon only', async () => {
  expect(await offered('guruorm migrate:st')).toEqual(['status'])
  expect(await offered('guruorm db:seed:')).toEqual(['refresh'])
})

test.runIf(has('bash'))('bash registers it for guruorm', async () => {
  const { path } = project({ 'completion.bash': await scriptFor('bash') })
  const { stdout } = spawnSync('bash', ['-c', 'source ./completion.bash; complete -p guruorm'], {
    cwd: path,
    encoding: 'utf8',
  })
  expect(stdout).toContain('-F _guruorm_complete guruorm')
})

test('zsh and fish know every command and every option', async () => {
  const [zsh, fish] = [await scriptFor('zsh'), await scriptFor('fish')]
  for (const { name, options } of COMMANDS) {
    expect(zsh).toContain(`'${name.replaceAll(':', '\\:')}:`)
    expect(fish).toContain(`-a '${name}' -d '`)
    for (const { flags } of options) {
      const long = /--([\w-]+)/.exec(flags)?.[1]
      expect(zsh).toContain(`'--${long}:`)
      expect(fish).toContain(` -l ${long} `)
    }
  }
  if (has('zsh')) expect(spawnSync('zsh', ['-n'], { input: zsh, encoding: 'utf8' })).toMatchObject({ status: 0 })
  if (has('fish')) expect(spawnSync('fish', ['-n'], { input: fish, encoding: 'utf8' })).toMatchObject({ status: 0 })
})

test('another shell is refused by name', async () => {
  const { code, stdout, stderr } = await guruorm('/', ['completion', 'tcsh'])
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: '❌ There is no completion for tcsh. There is for: bash, zsh, fish.\n',
  })
})
