/**
 * What a statement names: its queries, one inside of another, each with its tables and the columns it mentions. A reader
 * of shapes, not a parser: what it misreads, the server complains of.
 */
import { Expressions } from './expressions.mjs'
import { Scope } from './scope.mjs'
import { AFTER_TABLES, KEYWORDS } from './words.mjs'

/** Reads a statement: every query of it, the outermost first. */
export function scopesOf(tokens) {
  const reader = new Reader(tokens)
  reader.query(undefined)
  return reader.scopes
}

const IS_SOURCE = new Set(['from', 'join', 'into', 'using', 'update', 'straight_join'])

class Reader extends Expressions {
  scopes = []

  /** Reads until the parenthesis closes that holds the query. */
  query(parent) {
    const scope = this.newScope(parent)
    this.#statement(scope)
    return scope
  }

  newScope(parent) {
    const scope = new Scope(parent)
    this.scopes.push(scope)
    return scope
  }

  #statement(scope) {
    let current = scope
    let clause = ''
    while (this.peek() !== undefined && !this.isMark(')')) {
      const token = this.peek()
      const word = token.word
      if (word === 'with' && clause === '') this.#named(scope)
      else if (['union', 'intersect', 'except'].includes(word)) {
        this.at += 1
        if (!this.take('all')) this.take('distinct')
        // What follows without parentheses is a query beside this one.
        if (this.isWord('select')) {
          if (current === scope && scope.arms.length === 0) scope.following = []
          current = this.newScope(scope.parent)
          current.named = scope.named
          scope.following?.push(current)
          clause = ''
        } else clause = 'union'
      } else if (word === 'select' && clause === 'into') this.#fed(scope)
      else if (word === 'select') {
        this.at += 1
        clause = 'select'
      } else if (word === 'truncate' && clause === '' && this.peek(1)?.kind !== 'mark') {
        this.at += 1
        this.take('table')
        clause = this.#sources(current, word)
      } else if (word === 'update' && clause !== '') this.at += 1
      else if (IS_SOURCE.has(word) && !this.#isComparison()) {
        this.at += 1
        const isColumnList = word === 'using' && this.isMark('(') && !this.startsQuery()
        if (isColumnList) clause = this.expressions(current, 'using')
        else clause = this.#sources(current, word)
      } else clause = this.#step(current, clause)
    }
  }

  /** `is distinct from` is no clause. */
  #isComparison() {
    return this.isWord('from') && this.isWord('distinct', -1) && !this.isWord('select', -2)
  }

  /** One token, or one parenthesis, of a clause that is no list of tables; answers the clause that is read then. */
  #step(scope, clause) {
    const token = this.peek()
    const word = token.word
    if (word === 'delete' || word === 'insert' || word === 'replace') {
      if (!this.isMark('(', 1)) {
        this.at += 1
        return word === 'replace' ? clause : word
      }
    }
    if (clause === 'delete') {
      // MySQL names what it deletes from before it says where that is.
      this.at += 1
      return clause
    }
    if (word === 'conflict') return this.#conflict(scope)
    if (['use', 'force', 'ignore'].includes(word) && this.isWord('index', 1)) return this.#hint(scope, clause)
    if (word === 'indexed' && this.isWord('by', 1)) {
      scope.indexes.push({ name: this.peek(2)?.text ?? '', source: scope.sources.at(-1) })
      this.at += 3
      return clause
    }
    if (['where', 'group', 'having', 'order', 'on', 'set', 'returning', 'values', 'window', 'limit'].includes(word)) {
      this.at += 1
      return word
    }
    if (this.isMark('(') && this.startsQuery(1)) {
      this.at += 1
      const inner = this.query(scope)
      this.at += 1
      if ((clause === '' || clause === 'union') && scope.sources.length === 0) scope.arms.push(inner)
      return clause
    }
    this.expression(scope, clause, [])
    return clause
  }

  #conflict(scope) {
    this.at += 1
    if (this.isMark('(')) {
      const before = scope.columns.length
      this.expressions(scope, 'conflict')
      scope.keys.push(scope.columns.slice(before).map(({ name }) => name))
    }
    return 'conflict'
  }

  #hint(scope, clause) {
    this.at += 2
    if (this.isMark('(')) {
      for (const name of this.names()) scope.indexes.push({ name, source: scope.sources.at(-1) })
    }
    return clause
  }

  #named(scope) {
    this.at += 1
    this.take('recursive')
    for (;;) {
      const name = this.peek()?.text
      this.at += 1
      const outputs = this.isMark('(') ? this.names() : []
      while (this.take('as') || this.take('not') || this.take('materialized'));
      if (!this.isMark('(')) return
      this.at += 1
      // Known before it is read: it may name itself.
      const source = { outputs }
      scope.named.set(name, source)
      source.scope = this.query(scope)
      for (const output of outputs) source.scope.outputs.add(output)
      this.at += 1
      if (!this.isMark(',')) return
      this.at += 1
    }
  }

  /** The query that feeds an insert, up to what belongs to the insert again. */
  #fed(scope) {
    const end = this.endOfFeeding()
    const rest = this.tokens.splice(end)
    this.query(scope).isFeeding = true
    this.tokens.push(...rest)
  }

  /** Tables from here to the next clause. */
  #sources(scope, word) {
    const clause = word === 'into' ? 'into' : word === 'update' ? 'update' : 'from'
    for (;;) {
      while (this.take('only') || this.take('lateral'));
      if (this.isMark('(') && this.startsQuery(1)) {
        this.at += 1
        const source = { scope: this.query(scope) }
        this.at += 1
        scope.sources.push(this.#aliased(source))
      } else if (this.isMark('(')) {
        this.at += 1
        this.#sources(scope, word)
        while (this.peek() !== undefined && !this.isMark(')')) {
          if (IS_SOURCE.has(this.peek().word)) {
            this.at += 1
            this.#sources(scope, word)
          } else this.expression(scope, 'on', [])
        }
        this.at += 1
      } else if (!this.#table(scope)) return clause
      if (word === 'into' && this.isMark('(') && !this.startsQuery(1)) this.expressions(scope, 'into')
      if (!this.isMark(',')) return clause
      this.at += 1
    }
  }

  #table(scope) {
    const token = this.peek()
    if (token === undefined || (token.kind !== 'name' && token.kind !== 'word')) return false
    if (token.kind === 'word' && AFTER_TABLES.has(token.word)) return false
    const path = [token.text]
    this.at += 1
    while (this.isMark('.')) {
      path.push(this.peek(1)?.text ?? '')
      this.at += 2
    }
    const isCall = this.isMark('(') && token.kind === 'word' && !this.isWord('into', -2) && !this.isWord('into', -1)
    if (isCall && !this.isWord('into', -path.length * 2)) {
      this.expressions(scope, 'from', [token.word])
      scope.sources.push(this.#aliased({ alias: token.text }))
      return true
    }
    const source = { path, alias: path.at(-1), isBare: token.kind === 'word' }
    scope.sources.push(this.#aliased(source))
    return true
  }

  #aliased(source) {
    const isSaid = this.take('as')
    const token = this.peek()
    const isAlias = token?.kind === 'name' || (token?.kind === 'word' && (isSaid || !KEYWORDS.has(token.word)))
    if (!isAlias) return source
    source.alias = token.text
    this.at += 1
    // Names for the columns: `as t (a, b)`. The columns of an insert stand there too.
    if (this.isMark('(') && source.path === undefined) {
      for (const name of this.names()) source.scope?.outputs.add(name)
    }
    return source
  }
}
