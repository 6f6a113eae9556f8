/** Reads expressions: which columns they mention, and inside of which calls. */
import { Cursor } from './cursor.mjs'
import { KEYWORDS, NOT_FUNCTIONS } from './words.mjs'

export class Expressions extends Cursor {
  /** What is in parentheses. */
  expressions(scope, clause, calls = []) {
    this.at += 1
    while (this.peek() !== undefined && !this.isMark(')')) {
      if (this.isWord('as') && calls.includes('cast')) {
        while (this.peek() !== undefined && !this.isMark(')')) {
          if (this.isMark('(')) this.expressions(scope, 'type')
          else this.at += 1
        }
      } else if (this.isMark('(') && this.startsQuery(1)) {
        this.at += 1
        this.query(scope)
        this.at += 1
      } else if (['select', 'with'].includes(this.peek().word) && this.isMark('(', -1)) {
        this.query(scope)
      } else this.expression(scope, clause, calls)
    }
    this.at += 1
    return clause
  }

  /** One token of an expression: a column, a call, a parenthesis, or something else. */
  expression(scope, clause, calls) {
    const token = this.peek()
    if (this.isMark('(')) return this.expressions(scope, clause, calls)
    if (this.isMark('::')) return this.type()
    if (token.word === 'as' || token.word === 'collate') {
      const name = this.peek(1)
      if (token.word === 'as' && clause === 'select' && calls.length === 0 && name !== undefined) {
        scope.outputs.add(name.text)
      }
      this.at += 2
      return
    }
    if (this.isMark('*') && clause === 'select' && calls.length === 0 && this.#isStar()) {
      scope.stars.push(undefined)
      this.at += 1
      return
    }
    const isName = token.kind === 'name' || token.kind === 'word'
    if (token.kind === 'word' && this.isMark('(', 1)) {
      this.at += 1
      if (NOT_FUNCTIONS.has(token.word)) this.expressions(scope, clause, calls)
      else this.expressions(scope, clause, [...calls, token.word])
      return
    }
    if (!isName || (token.kind === 'word' && KEYWORDS.has(token.word) && !this.isMark('.', 1))) {
      this.at += 1
      return
    }
    this.#column(scope, clause, calls)
  }

  /** Whether an asterisk stands for every column, and does not multiply. */
  #isStar() {
    const before = this.peek(-1)
    return before?.word === 'select' || before?.word === 'distinct' || before?.word === 'all' || this.isMark(',', -1)
  }

  #column(scope, clause, calls) {
    const before = this.peek(-1)
    const path = [this.peek().text]
    let isBare = this.peek().kind === 'word'
    this.at += 1
    while (this.isMark('.') && this.peek(1) !== undefined) {
      path.push(this.peek(1).text)
      isBare = this.peek(1).kind === 'word'
      this.at += 2
    }
    const name = path.at(-1)
    const qualifier = path.length > 1 ? path.slice(0, -1) : undefined
    if (name === '*') {
      if (clause === 'select' && calls.length === 0) scope.stars.push(qualifier?.at(-1))
      return
    }
    const after = this.peek()
    scope.columns.push({ qualifier, name, isBare, clause, calls, before, after, afterThat: this.peek(1) })
    if (clause === 'select' && calls.length === 0) scope.outputs.add(name)
  }
}
