import type { Command, DatabaseOptions } from '../command'
import { CommandError } from '../command-error'
import { withDatabase } from '../database'
import { loadDotenv } from '../dotenv'
import { MODELS_PATH } from '../make-files'
import { DATABASE, names, wholeNumber } from '../options'
import { type PrunableClass, prunableModels } from '../prunable-models'
import { counted } from '../reporter'

interface PruneOptions extends DatabaseOptions {
  model?: string[]
  except?: string[]
  path?: string
  chunk?: number
  pretend?: boolean
}

export const modelPrune: Command<PruneOptions> = {
  name: 'model:prune',
  summary: 'Remove models that are old: those with prunable()',
  options: [
    { flags: '--model <names>', description: 'the models to prune, separated by commas (default all)', parse: names },
    { flags: '--except <names>', description: 'models to leave out, separated by commas', parse: names },
    { flags: '--path <folder>', description: `the folder of models instead of ${MODELS_PATH}` },
    {
      flags: '--chunk <rows>',
      description: 'how many models are read at a time (default 1000)',
      parse: (value) => wholeNumber(value, 1),
    },
    { flags: '--pretend', description: 'say how many there are, and remove none' },
    ...DATABASE,
  ],
  examples: ['guruorm model:prune', 'guruorm model:prune --model=Visit,Session', 'guruorm model:prune --pretend'],
  async run(invocation) {
    const { host, options, output } = invocation
    loadDotenv(host)
    return withDatabase(invocation, async ({ name }) => {
      const models = chosen(await prunableModels(host.cwd, options.path ?? MODELS_PATH), options)
      const pruned: { model: string; count: number }[] = []
      for (const model of models) {
        const count = options.pretend ? await model.countPrunable() : await model.prune(options.chunk)
        pruned.push({ model: model.name, count })
        const records = counted(count, 'record')
        output.line(
          options.pretend ? `  ${model.name}: ${records} would be pruned` : `✅ ${model.name}: ${records} pruned`,
        )
      }
      if (models.length === 0) output.line('✅ No prunable models')
      output.document({ ok: true, command: 'model:prune', connection: name, pretend: options.pretend === true, pruned })
      return undefined
    })
  },
}

function chosen(models: readonly PrunableClass[], { model, except }: PruneOptions): readonly PrunableClass[] {
  if (model !== undefined && except !== undefined) {
    throw new CommandError('usage', 'Give --model or --except, not both.')
  }
  const known = new Set(models.map((each) => each.name))
  const unknown = [...(model ?? []), ...(except ?? [])].filter((each) => !known.has(each))
  if (unknown.length > 0) throw new CommandError('usage', `There is no prunable model ${unknown.join(', ')}.`)
  return models.filter((each) => (model?.includes(each.name) ?? true) && !except?.includes(each.name))
}
