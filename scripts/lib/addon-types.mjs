/**
 * The TypeScript declarations of the addon, from what `#[napi]` writes down while the crate is compiled
 * (one JSON object a line, in the file that NAPI_TYPE_DEF_TMP_FOLDER names).
 */
import { existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { quietly } from './command.mjs'
import { inRoot } from './paths.mjs'

const FOLDER = inRoot('target', 'napi-types')
const WRITTEN = join(FOLDER, 'guruorm')

/** Compiles the engine with its declarations written down; answers them as the text of a `.d.ts`. */
export async function addonDeclarations() {
  mkdirSync(FOLDER, { recursive: true })
  if (!existsSync(WRITTEN)) utimesSync(inRoot('src', 'lib.rs'), new Date(), new Date())
  await quietly('cargo-build-types', 'cargo', ['build', '--lib'], {
    env: { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: FOLDER },
  })
  const items = readFileSync(WRITTEN, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return items
    .filter(({ kind }) => kind !== 'impl')
    .map((item) => declaration(item, items))
    .join('\n')
}

function declaration({ kind, name, def, js_doc: comment = '' }, items) {
  const doc = trimmed(comment)
  if (kind === 'fn' || kind === 'const') return `${doc}export declare ${def}\n`
  if (kind === 'interface') return `${doc}export interface ${name} ${block(def)}\n`
  if (kind === 'struct') {
    const members = items.filter((item) => item.kind === 'impl' && item.name === name).map((item) => item.def)
    return `${doc}export declare class ${name} ${block([def, ...members].join('\n'))}\n`
  }
  throw new Error(`scripts/lib/addon-types.mjs does not know how to declare a \`${kind}\` (${name})`)
}

/** napi writes a space before some members and after some comments. */
const trimmed = (text) => text.replace(/ +$/gm, '').replace(/^ (?![ *])/gm, '')

const block = (members) =>
  `{\n${trimmed(members)
    .trim()
    .replace(/^(?=.)/gm, '  ')}\n}`
