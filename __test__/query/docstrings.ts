/** The docstrings of the query builder, as data: every public method, and its examples with the SQL that they promise. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { type Snippet, snippetsIn } from '../support/examples'

const FOLDER = join(__dirname, '../../js/query')

/** One public method. */
export interface Method {
  readonly name: string
  /** The text of its docstring; undefined without one. */
  readonly docs: string | undefined
  readonly snippets: readonly Snippet[]
}

/** The public methods of all classes that builders are made of. */
export function methods(): Method[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => methodsOf(name))
}

function methodsOf(file: string): Method[] {
  const source = ts.createSourceFile(file, readFileSync(join(FOLDER, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found = new Map<string, Method>()
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement)) continue
    for (const member of statement.members) {
      if (!ts.isMethodDeclaration(member) || !ts.isIdentifier(member.name) || isInner(member)) continue
      const name = `${statement.name?.text}.${member.name.text}`
      const docs = ts.getJSDocCommentsAndTags(member)[0]?.getText()
      // Overloads: the first one has the words.
      if (!found.has(name)) found.set(name, { name, docs, snippets: snippetsOf(docs ?? '') })
    }
  }
  return [...found.values()]
}

function isInner(member: ts.MethodDeclaration): boolean {
  const flags = ts.getCombinedModifierFlags(member)
  return (
    (flags &
      (ts.ModifierFlags.Private |
        ts.ModifierFlags.Protected |
        ts.ModifierFlags.Override |
        ts.ModifierFlags.Abstract)) !==
    0
  )
}

function snippetsOf(docs: string): Snippet[] {
  const example = docs.split('@example')[1]
  if (example === undefined) return []
  return snippetsIn(
    example
      .replace(/\*\/\s*$/, '')
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, '')),
  )
}
