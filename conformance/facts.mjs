/** The recorded facts, as they are kept: one folder, files of lines. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inRoot } from '../scripts/lib/paths.mjs'

/** Facts of the query builder, and of the schema builder. */
export const QUERY_KINDS = ['query', 'error', 'grammar']
export const SCHEMA_KINDS = ['schema', 'schema-error', 'schema-builder', 'schema-builder-error']

/** Where the facts are unless somebody says otherwise. */
export const factsFolder = () => resolve(process.env.GURUORM_CONFORMANCE ?? inRoot('..', 'shared', 'conformance'))

/** The facts of a folder, with the name of their file. */
export function* factsOf(folder, { files, kinds = QUERY_KINDS } = {}) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
  for (const name of names) {
    const file = name.replace(/\.jsonl$/, '')
    if (files !== undefined && !files.includes(file)) continue
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (line === '') continue
      const fact = JSON.parse(line)
      if (kinds.includes(fact.kind)) yield { file, fact }
    }
  }
}
