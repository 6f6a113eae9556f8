import { relative, resolve } from 'node:path'
import { readStub } from '../../migrations/stub'
import type { Command, CommonOptions } from '../command'
import { LANGUAGE, type LanguageOptions, languageFor } from '../language'
import { FACTORIES_PATH, importOf, MODELS_PATH, newFile, writeNew } from '../make-files'
import { className, factoryAttributes } from '../model-template'

interface MakeFactoryOptions extends CommonOptions, LanguageOptions {
  model?: string
  path?: string
}

export const makeFactory: Command<MakeFactoryOptions> = {
  name: 'make:factory',
  summary: 'Write a new factory file',
  argument: { name: 'name', description: 'the factory: OrderFactory' },
  options: [
    { flags: '--model <name>', description: 'the model that it makes (default: the name without Factory)' },
    ...LANGUAGE,
    { flags: '--path <folder>', description: `the folder to write into instead of ${FACTORIES_PATH}` },
  ],
  examples: ['guruorm make:factory OrderFactory', 'guruorm make:factory BigOrderFactory --model=Order --ts'],
  async run({ host, options, output, argument }) {
    const base = className(argument, 'factory').replace(/Factory$/, '')
    const model = className(options.model ?? base, 'model')
    const language = languageFor(host.cwd, options)
    const path = newFile(resolve(host.cwd, options.path ?? FACTORIES_PATH), `${base || model}Factory`, language)
    const importModel = importOf(model, path, resolve(host.cwd, MODELS_PATH, `${model}.js`), language)
    writeNew(path, readStub('factory', language, { class: model, importModel, attributes: factoryAttributes() }))
    const file = relative(host.cwd, path)
    output.line(`✅ Created factory: ${file}`)
    output.document({ ok: true, command: 'make:factory', file })
    return undefined
  },
}
