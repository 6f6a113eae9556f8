/**
 * What a statement names: its queries, one inside of another, each with its tables and the columns it mentions. A reader
 * of shapes, not a parser: what it misreads, the server complains of.
 */
import { AFTER_TABLES, KEYWORDS, NOT_FUNCTIONS, TYPE_WORDS } from './words.mjs'

/** One query: a `select` or a statement that writes. */
export class Scope {
  /** Tables, and queries that stand for tables: `{ path }` or `{ scope }` or neither, and `alias`. */
  sources = []
  /** Columns it mentions: `{ qualifier, name, clause, calls, after }`. */
  columns = []
  /** Names of its own columns. */
  outputs = new Set()
  /** Whether it hands on every column: `*`, or those of the qualifiers `t.*`. */
  stars = []
  /** The queries of a union, when it is made of queries in parentheses. */
  arms = []
  /** Queries by name: `with`. */
  named = new Map()
  /** Columns that must be unique together: `on conflict (…)`. */
  keys = []
  /** Indexes by name: `force index (…)`. */
  indexes = []

  constructor(parent) {
    this.parent = parent
  }
}

/** Reads a statement: every query of it, the outermost first. */
export function scopesOf(tokens) {
  const reader = new Reader(tokens)
  reader.query(undefined)
  return reader.scopes
}

const IS_SOURCE = new Set(['from', 'join', 'into', 'using', 'update', 'straight_join'])

class Reader {
  scopes = []
  #at = 0

  constructor(tokens) {
    this.tokens = tokens
  }

  /** Reads until the parenthesis closes that holds the query. */
  query(parent) {
    const scope = this.#scope(parent)
    this.#statement(scope)
    return scope
  }

  #scope(parent) {
    const scope = new Scope(parent)
    this.scopes.push(scope)
    return scope
  }

  #peek(ahead = 0) {
    return this.tokens[this.#at + ahead]
  }

  #isWord(word, ahead = 0) {
    return this.#peek(ahead)?.word === word
  }

  #isMark(text, ahead = 0) {
    const token = this.#peek(ahead)
    return token?.kind === 'mark' && token.text === text
  }

  #take(word) {
    if (!this.#isWord(word)) return false
    this.#at += 1
    return true
  }

  #startsQuery(ahead = 0) {
    let from = ahead
    while (this.#isMark('(', from)) from += 1
    return ['select', 'with', 'values', 'insert', 'update', 'delete'].includes(this.#peek(from)?.word)
  }

  #statement(scope) {
    let current = scope
    let clause = ''
    while (this.#peek() !== undefined && !this.#isMark(')')) {
      const token = this.#peek()
      const word = token.word
      if (word === 'with' && clause === '') this.#named(scope)
      else if (['union', 'intersect', 'except'].includes(word)) {
        this.#at += 1
        if (!this.#take('all')) this.#take('distinct')
        // What follows without parentheses is a query beside this one.
        if (this.#isWord('select')) {
          if (current === scope && scope.arms.length === 0) scope.following = []
          current = this.#scope(scope.parent)
          current.named = scope.named
          scope.following?.push(current)
          clause = ''
        } else clause = 'union'
      } else if (word === 'select' && clause === 'into') this.#fed(scope)
      else if (word === 'select') {
        this.#at += 1
        clause = 'select'
      } else if (word === 'truncate' && clause === '' && this.#peek(1)?.kind !== 'mark') {
        this.#at += 1
        this.#take('table')
        clause = this.#sources(current, word)
      } else if (word === 'update' && clause !== '') this.#at += 1
      else if (IS_SOURCE.has(word) && !this.#isComparison()) {
        this.#at += 1
        const isColumnList = word === 'using' && this.#isMark('(') && !this.#startsQuery()
        if (isColumnList) clause = this.#expressions(current, 'using')
        else clause = this.#sources(current, word)
      } else clause = this.#step(current, clause)
    }
  }

  /** `is distinct from` is no clause. */
  #isComparison() {
    return this.#isWord('from') && this.#isWord('distinct', -1) && !this.#isWord('select', -2)
  }

  /** One token, or one parenthesis, of a clause that is no list of tables; answers the clause that is read then. */
  #step(scope, clause) {
    const token = this.#peek()
    const word = token.word
    if (word === 'delete' || word === 'insert' || word === 'replace') {
      if (!this.#isMark('(', 1)) {
        this.#at += 1
        return word === 'replace' ? clause : word
      }
    }
    if (clause === 'delete') {
      // MySQL names what it deletes from before it says where that is.
      this.#at += 1
      return clause
    }
    if (word === 'conflict') return this.#conflict(scope)
    if (['use', 'force', 'ignore'].includes(word) && this.#isWord('index', 1)) return this.#hint(scope, clause)
    if (['where', 'group', 'having', 'order', 'on', 'set', 'returning', 'values', 'window', 'limit'].includes(word)) {
      this.#at += 1
      return word
    }
    if (this.#isMark('(') && this.#startsQuery(1)) {
      this.#at += 1
      const inner = this.query(scope)
      this.#at += 1
      if ((clause === '' || clause === 'union') && scope.sources.length === 0) scope.arms.push(inner)
      return clause
    }
    this.#expression(scope, clause, [])
    return clause
  }

  #conflict(scope) {
    this.#at += 1
    if (this.#isMark('(')) {
      const before = scope.columns.length
      this.#expressions(scope, 'conflict')
      scope.keys.push(scope.columns.slice(before).map(({ name }) => name))
    }
    return 'conflict'
  }

  #hint(scope, clause) {
    this.#at += 2
    if (this.#isMark('(')) {
      for (this.#at += 1; this.#peek() !== undefined && !this.#isMark(')'); this.#at += 1) {
        const { kind, text } = this.#peek()
        if (kind === 'name' || kind === 'word') scope.indexes.push({ name: text, source: scope.sources.at(-1) })
      }
      this.#at += 1
    }
    return clause
  }

  #named(scope) {
    this.#at += 1
    this.#take('recursive')
    for (;;) {
      const name = this.#peek()?.text
      this.#at += 1
      const outputs = []
      if (this.#isMark('(')) {
        for (this.#at += 1; this.#peek() !== undefined && !this.#isMark(')'); this.#at += 1) {
          if (!this.#isMark(',')) outputs.push(this.#peek().text)
        }
        this.#at += 1
      }
      while (this.#take('as') || this.#take('not') || this.#take('materialized'));
      if (!this.#isMark('(')) return
      this.#at += 1
      // Known before it is read: it may name itself.
      const source = { outputs }
      scope.named.set(name, source)
      source.scope = this.query(scope)
      for (const output of outputs) source.scope.outputs.add(output)
      this.#at += 1
      if (!this.#isMark(',')) return
      this.#at += 1
    }
  }

  /** The query that feeds an insert, up to what belongs to the insert again. */
  #fed(scope) {
    const end = this.#endOfFed()
    const rest = this.tokens.splice(end)
    this.query(scope).isFeeding = true
    this.tokens.push(...rest)
  }

  #endOfFed() {
    let depth = 0
    for (let at = this.#at; at < this.tokens.length; at += 1) {
      const { text, word } = this.tokens[at]
      if (text === '(') depth += 1
      else if (text === ')') depth -= 1
      if (depth < 0) return at
      const next = this.tokens[at + 1]?.word
      if (depth === 0 && (word === 'returning' || (word === 'on' && (next === 'conflict' || next === 'duplicate')))) {
        return at
      }
    }
    return this.tokens.length
  }

  /** Tables from here to the next clause. */
  #sources(scope, word) {
    const clause = word === 'into' ? 'into' : word === 'update' ? 'update' : 'from'
    for (;;) {
      while (this.#take('only') || this.#take('lateral'));
      if (this.#isMark('(') && this.#startsQuery(1)) {
        this.#at += 1
        const source = { scope: this.query(scope) }
        this.#at += 1
        scope.sources.push(this.#aliased(source))
      } else if (this.#isMark('(')) {
        this.#at += 1
        this.#sources(scope, word)
        while (this.#peek() !== undefined && !this.#isMark(')')) {
          if (IS_SOURCE.has(this.#peek().word)) {
            this.#at += 1
            this.#sources(scope, word)
          } else this.#expression(scope, 'on', [])
        }
        this.#at += 1
      } else if (!this.#table(scope)) return clause
      if (word === 'into' && this.#isMark('(') && !this.#startsQuery(1)) this.#expressions(scope, 'into')
      if (!this.#isMark(',')) return clause
      this.#at += 1
    }
  }

  #table(scope) {
    const token = this.#peek()
    if (token === undefined || (token.kind !== 'name' && token.kind !== 'word')) return false
    if (token.kind === 'word' && AFTER_TABLES.has(token.word)) return false
    const path = [token.text]
    this.#at += 1
    while (this.#isMark('.')) {
      path.push(this.#peek(1)?.text ?? '')
      this.#at += 2
    }
    const isCall = this.#isMark('(') && token.kind === 'word' && !this.#isWord('into', -2) && !this.#isWord('into', -1)
    if (isCall && !this.#isWord('into', -path.length * 2)) {
      this.#expressions(scope, 'from', [token.word])
      scope.sources.push(this.#aliased({ alias: token.text }))
      return true
    }
    const source = { path, alias: path.at(-1), isBare: token.kind === 'word' }
    scope.sources.push(this.#aliased(source))
    return true
  }

  #aliased(source) {
    const isSaid = this.#take('as')
    const token = this.#peek()
    const isAlias = token?.kind === 'name' || (token?.kind === 'word' && (isSaid || !KEYWORDS.has(token.word)))
    if (!isAlias) return source
    source.alias = token.text
    this.#at += 1
    // Names for the columns: `as t (a, b)`. The columns of an insert stand there too.
    if (this.#isMark('(') && source.path === undefined) {
      for (this.#at += 1; this.#peek() !== undefined && !this.#isMark(')'); this.#at += 1) {
        if (!this.#isMark(',')) source.scope?.outputs.add(this.#peek().text)
      }
      this.#at += 1
    }
    return source
  }

  /** What is in parentheses. */
  #expressions(scope, clause, calls = []) {
    this.#at += 1
    while (this.#peek() !== undefined && !this.#isMark(')')) {
      if (this.#isWord('as') && calls.includes('cast')) {
        while (this.#peek() !== undefined && !this.#isMark(')')) {
          if (this.#isMark('(')) this.#expressions(scope, 'type')
          else this.#at += 1
        }
      } else if (this.#isMark('(') && this.#startsQuery(1)) {
        this.#at += 1
        this.query(scope)
        this.#at += 1
      } else if (['select', 'with'].includes(this.#peek().word) && this.#isMark('(', -1)) {
        this.query(scope)
      } else this.#expression(scope, clause, calls)
    }
    this.#at += 1
    return clause
  }

  /** One token of an expression: a column, a call, a parenthesis, or something else. */
  #expression(scope, clause, calls) {
    const token = this.#peek()
    if (this.#isMark('(')) {
      this.#expressions(scope, clause, calls)
      return
    }
    if (this.#isMark('::')) {
      this.#at += 2
      while (TYPE_WORDS.has(this.#peek()?.word)) this.#at += 1
      return
    }
    if (token.word === 'as' || token.word === 'collate') {
      const name = this.#peek(1)
      if (token.word === 'as' && clause === 'select' && calls.length === 0 && name !== undefined) {
        scope.outputs.add(name.text)
      }
      this.#at += 2
      return
    }
    if (this.#isMark('*') && clause === 'select' && calls.length === 0 && this.#isStar()) {
      scope.stars.push(undefined)
      this.#at += 1
      return
    }
    const isName = token.kind === 'name' || token.kind === 'word'
    if (token.kind === 'word' && this.#isMark('(', 1)) {
      this.#at += 1
      if (NOT_FUNCTIONS.has(token.word)) this.#expressions(scope, clause, calls)
      else this.#expressions(scope, clause, [...calls, token.word])
      return
    }
    if (!isName || (token.kind === 'word' && KEYWORDS.has(token.word) && !this.#isMark('.', 1))) {
      this.#at += 1
      return
    }
    this.#column(scope, clause, calls)
  }

  /** Whether an asterisk stands for every column, and does not multiply. */
  #isStar() {
    const before = this.#peek(-1)
    return before?.word === 'select' || before?.word === 'distinct' || before?.word === 'all' || this.#isMark(',', -1)
  }

  #column(scope, clause, calls) {
    const before = this.#peek(-1)
    const path = [this.#peek().text]
    this.#at += 1
    while (this.#isMark('.') && this.#peek(1) !== undefined) {
      path.push(this.#peek(1).text)
      this.#at += 2
    }
    const name = path.at(-1)
    const qualifier = path.length > 1 ? path.slice(0, -1) : undefined
    if (name === '*') {
      if (clause === 'select' && calls.length === 0) scope.stars.push(qualifier.at(-1))
      return
    }
    const after = this.#peek()
    scope.columns.push({ qualifier, name, clause, calls, before, after, afterThat: this.#peek(1) })
    if (clause === 'select' && calls.length === 0) scope.outputs.add(name)
  }
}
