/**
 * Runs the examples of a page from the first to the last, as one program: what one of them declares, the next ones use.
 *
 * A comment behind a statement that begins with a literal or the name of a class is what the statement answers;
 * `// one statement` is how many it sends. A block of SQL is what the first statement of the block before sends.
 */
import ts from 'typescript'
import { type Block, type Page, partsOf } from './pages'

/** What happened in one statement of an example. */
export interface Ran {
  readonly where: string
  readonly code: string
  readonly comment: string
  readonly answer: unknown
  readonly sent: readonly string[]
  /** The SQL that the page shows for it. */
  readonly sql: string | undefined
}

/** What examples know by name; their declarations are added to it. */
export type Scope = Record<string, unknown>

/**
 * @param queriesOf - Runs work and tells what it asked of the database.
 * @param settle - Called after the first block of the page, whose classes are known then.
 */
export async function runPage(
  page: Page,
  scope: Scope,
  queriesOf: (work: () => Promise<unknown>) => Promise<string[]>,
  settle: () => Promise<void>,
): Promise<Ran[]> {
  const ran: Ran[] = []
  let isSettled = false
  const { blocks } = partsOf(page)
  for (const [at, block] of blocks.entries()) {
    if (block.language !== 'ts' && block.language !== 'js') continue
    const next = blocks[at + 1]
    const sql = next?.language === 'sql' ? next.lines.map((line) => line.trim()).join(' ') : undefined
    for (const statement of statementsOf(block)) {
      let answer: unknown
      const sent = await queriesOf(async () => {
        answer = await run(statement.code, scope)
      })
      const isFirst = ran.at(-1)?.where !== `${page.path}:${block.line}`
      ran.push({ where: `${page.path}:${block.line}`, ...statement, answer, sent, sql: isFirst ? sql : undefined })
    }
    if (!isSettled) await settle()
    isSettled = true
  }
  return ran
}

/** What a comment says that its statement answers: a literal, or the name of something known. */
export function promisedIn(comment: string, scope: Scope): { readonly value: unknown } | undefined {
  const [, text] = /^(-?[\d.]+|'[^']*'|\[[^\]]*\]|null|true|false|[A-Z]\w*)(?=$|[:;,] )/.exec(comment) ?? []
  if (text === undefined) return undefined
  if (/^[A-Z]/.test(text)) return text in scope ? { value: scope[text] } : undefined
  return { value: JSON.parse(text.replaceAll("'", '"')) as unknown }
}

/** The statements of a block with the comments behind them; without imports. */
function statementsOf({ lines }: Block): { code: string; comment: string }[] {
  const source = ts.createSourceFile('example.ts', lines.join('\n'), ts.ScriptTarget.Latest, true)
  return source.statements
    .filter((statement) => !ts.isImportDeclaration(statement))
    .map((statement) => {
      const behind = source.text.slice(statement.end).split('\n')[0] ?? ''
      return { code: toScope(statement), comment: /\/\/ (.*)$/.exec(behind)?.[1] ?? '' }
    })
}

/** A statement that answers its value, and keeps what it declares in the scope. */
function toScope(statement: ts.Statement): string {
  const text = statement.getText()
  if (ts.isClassDeclaration(statement)) return `return scope.${statement.name?.text} = ${text}`
  if (ts.isReturnStatement(statement)) return text
  if (ts.isExpressionStatement(statement)) return `return ${statement.expression.getText()}`
  const [declared] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : []
  if (declared?.initializer === undefined) throw new Error(`An example cannot be run: ${text}`)
  return `return scope.${declared.name.getText()} = ${declared.initializer.getText()}`
}

/** `this` is the user of the page: for what stands inside of a method. */
async function run(code: string, scope: Scope): Promise<unknown> {
  const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, alwaysStrict: false }
  const text = ts.transpileModule(`async function run() { ${code} }`, { compilerOptions: options }).outputText
  const make = new Function('scope', `with (scope) { ${text}; return run }`) as (scope: Scope) => () => Promise<unknown>
  return await make(scope).call(scope.user)
}
