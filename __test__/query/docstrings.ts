/** The docstrings of the query builder, as data: every public method, and its examples with the SQL that they promise. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const FOLDER = join(__dirname, '../../js/query')

/** One piece of an example: code, and what is said of it. */
export interface Snippet {
  readonly code: string
  /** SQL by database; `any` where the example does not name one. */
  readonly sql: ReadonlyMap<string, string>
}

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
  const lines = example
    .replace(/\*\/\s*$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .filter((line) => line.trim() !== '')
  const snippets: { code: string; sql: Map<string, string> }[] = []
  let current: { code: string; sql: Map<string, string> } | undefined
  let last = 'any'
  for (const line of lines) {
    const comment = /^\/\/ ?(.*)$/.exec(line)?.[1]
    if (comment === undefined) {
      if (current === undefined || current.sql.size > 0) {
        current = { code: '', sql: new Map() }
        snippets.push(current)
      }
      current.code += `${line}\n`
      continue
    }
    if (current === undefined) continue
    const [, database, sql] = /^(postgres|mysql|mariadb|sqlite|sqlserver):\s+(.*)$/.exec(comment) ?? []
    const continues = database === undefined && comment.startsWith('  ')
    if (!continues) last = database ?? 'any'
    const text = sql ?? comment.trim()
    // What goes on is indented; a line of its own is another statement.
    const before = current.sql.get(last)
    current.sql.set(last, before === undefined ? text : `${before}${continues ? ' ' : '; '}${text}`)
  }
  return snippets
}
