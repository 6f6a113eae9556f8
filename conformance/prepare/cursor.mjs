/** A place in a list of tokens. */
import { TYPE_WORDS } from './words.mjs'

/** Words that begin a query. */
const OF_QUERIES = new Set(['select', 'with', 'values', 'insert', 'update', 'delete'])

export class Cursor {
  at = 0

  /** @param {import('./tokens.mjs').Token[]} tokens */
  constructor(tokens) {
    this.tokens = tokens
  }

  peek(ahead = 0) {
    return this.tokens[this.at + ahead]
  }

  isWord(word, ahead = 0) {
    return this.peek(ahead)?.word === word
  }

  isMark(text, ahead = 0) {
    const token = this.peek(ahead)
    return token?.kind === 'mark' && token.text === text
  }

  take(word) {
    if (!this.isWord(word)) return false
    this.at += 1
    return true
  }

  startsQuery(ahead = 0) {
    let from = ahead
    while (this.isMark('(', from)) from += 1
    if (!OF_QUERIES.has(this.peek(from)?.word)) return false
    // `((select …) > 1)` compares what a query finds; `((select …) union …)` is a query.
    return from === ahead || this.#isAfterwards(ahead, [')', 'union', 'intersect', 'except'])
  }

  /** Whether the parenthesis that opens there is followed by one of these, or by nothing. */
  #isAfterwards(ahead, texts) {
    let depth = 0
    for (let at = this.at + ahead; at < this.tokens.length; at += 1) {
      if (this.tokens[at].kind !== 'mark') continue
      if (this.tokens[at].text === '(') depth += 1
      else if (this.tokens[at].text === ')') depth -= 1
      if (depth === 0) return texts.includes(this.tokens[at + 1]?.text.toLowerCase() ?? ')')
    }
    return true
  }

  /** Reads `(a, b)`: the names. */
  names() {
    const names = []
    for (this.at += 1; this.peek() !== undefined && !this.isMark(')'); this.at += 1) {
      const { kind, text } = this.peek()
      if (kind === 'name' || kind === 'word') names.push(text)
    }
    this.at += 1
    return names
  }

  /** Reads `::timestamp without time zone`, from its mark on. */
  type() {
    this.at += 2
    while (TYPE_WORDS.has(this.peek()?.word)) this.at += 1
  }

  /** Where a query ends that feeds an insert: at what belongs to the insert again. */
  endOfFeeding() {
    let depth = 0
    for (let at = this.at; at < this.tokens.length; at += 1) {
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
}
