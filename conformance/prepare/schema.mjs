/** The tables that a statement needs: those that it names, each with the columns that it uses of it. */
import { kindOf, marksOf, useOf } from './kinds.mjs'
import { scopesOf } from './scopes.mjs'
import { tokensOf } from './tokens.mjs'

/** A table to make. */
export class Table {
  /** Columns by name: `{ name, uses, marks, kind }`. */
  columns = new Map()
  /** Columns that are unique together. */
  keys = []
  /** Columns that a query groups by. */
  groups = new Set()
  /** Columns that are searched as text together. */
  texts = []
  /** Names of indexes that must be there. */
  indexes = new Set()

  constructor(path) {
    this.path = path
  }

  /** Sees that it has a column; `mention` is a place where the statement names it. */
  column(name, mention) {
    if (name === '' || name.length > LONGEST) return
    let column = this.columns.get(name)
    if (column === undefined) {
      column = { name, uses: new Set(), marks: new Set(), kind: undefined }
      this.columns.set(name, column)
    }
    if (mention === undefined) return
    const use = useOf(mention)
    if (use !== undefined) column.uses.add(use)
    for (const mark of marksOf(mention)) column.marks.add(mark)
  }

  /** What a column is: the kind it was given, or the one its uses and name suggest. */
  kind(name) {
    const { uses, kind } = this.columns.get(name)
    return kind ?? kindOf(name, uses)
  }
}

/**
 * The tables of a statement, and the columns that none of them can have (`t.a`, `a`).
 *
 * @returns {{ tables: Table[], homeless: Set<string>, outputs: Set<string> }}
 */
export function needsOf(sql, dialect) {
  const scopes = scopesOf(tokensOf(sql, dialect))
  for (const scope of scopes) fold(scope, dialect)
  const resolver = new Resolver(dialect)
  for (const scope of scopes) resolver.tables(scope)
  for (const scope of scopes) resolver.qualified(scope)
  for (const scope of scopes) resolver.unqualified(scope)
  for (const scope of scopes) resolver.demands(scope)
  const tables = [...resolver.found.values()].filter(({ path }) => canBe(path))
  for (const table of tables) if (table.columns.size === 0) table.column('id')
  return { tables, homeless: resolver.homeless, outputs: new Set(scopes.flatMap((scope) => [...scope.outputs])) }
}

/** Whether there can be a table of that name: of what cannot be, the server shall complain. */
const canBe = (path) => path.length <= 2 && path.every((name) => name !== '' && name.length <= LONGEST)

/** Longest name on MariaDB; PostgreSQL cuts longer ones off, in the statement and in the table. */
const LONGEST = 64

/** Spells columns as the database compares them: PostgreSQL folds bare names, the others all. */
function fold(scope, dialect) {
  const isExact = dialect === 'pgsql'
  for (const column of scope.columns) if (column.isBare || !isExact) column.name = column.name.toLowerCase()
  if (isExact) return
  scope.outputs = new Set([...scope.outputs].map((name) => name.toLowerCase()))
  scope.keys = scope.keys.map((names) => names.map((name) => name.toLowerCase()))
}

/** Columns that a database has by itself. */
const OWN = {
  pgsql: new Set(['ctid', 'xmin', 'xmax', 'tableoid']),
  sqlite: new Set(['rowid', 'oid', '_rowid_']),
  mysql: new Set(),
  mariadb: new Set(),
}

class Resolver {
  found = new Map()
  homeless = new Set()
  /** Queries that are being asked for a column. */
  #asked = new Set()

  constructor(dialect) {
    this.dialect = dialect
    this.isExact = dialect === 'mysql' || dialect === 'mariadb'
  }

  tables(scope) {
    for (const source of scope.sources) {
      if (source.path === undefined) continue
      const named = source.path.length === 1 ? query(scope, source.path[0]) : undefined
      // The same table stands for itself inside of `from (… ) as t`.
      if (named !== undefined && named.scope !== scope) {
        source.scope = named.scope
        source.path = undefined
        continue
      }
      const path =
        source.isBare && this.dialect === 'pgsql' ? source.path.map((name) => name.toLowerCase()) : source.path
      const key = this.#key(path)
      if (!this.found.has(key)) this.found.set(key, new Table(path))
      source.table = this.found.get(key)
    }
    for (const { name, source } of scope.indexes) source?.table?.indexes.add(name)
  }

  #key(path) {
    return path.map((name) => (this.isExact ? name : name.toLowerCase())).join('\u0000')
  }

  qualified(scope) {
    for (const star of scope.stars) {
      if (star !== undefined && this.#source(scope, [star]) === undefined) this.homeless.add(`${star}.*`)
    }
    for (const column of scope.columns) {
      if (column.qualifier === undefined) continue
      const source = this.#source(scope, column.qualifier)
      if (source === undefined || !this.#give(source, column)) {
        this.homeless.add(`${column.qualifier.at(-1)}.${column.name}`)
      }
    }
  }

  unqualified(scope) {
    for (const column of scope.columns) {
      if (column.qualifier !== undefined) continue
      if (['order', 'group', 'having'].includes(column.clause) && scope.outputs.has(column.name)) {
        if (!scope.columns.some((other) => other !== column && other.name === column.name && other.clause === 'select'))
          continue
      }
      // What is set is a column of the table that is changed.
      if (column.clause === 'set' && scope.sources[0]?.table !== undefined) this.#give(scope.sources[0], column)
      else this.#find(scope, column)
    }
  }

  /** Gives a column without qualifier to a table: one that has it, or the first of the innermost query. */
  #find(scope, column) {
    for (let at = scope; at !== undefined; at = at.parent) {
      const holders = at.sources.filter((source) => this.#has(source, column.name))
      if (holders.length > 0) return this.#give(holders[0], column)
      if (at.isFeeding) break
      if (at === scope && at.sources.some(({ table }) => table !== undefined)) break
    }
    for (let at = scope; at !== undefined; at = at.parent) {
      if (this.#giveFirst(at, column)) return
      if (at.isFeeding) break
    }
    this.homeless.add(column.name)
  }

  #giveFirst(scope, column) {
    for (const source of scope.sources) if (this.#give(source, column)) return true
    let isGiven = false
    for (const arm of scope.arms) if (this.#giveFirst(arm, column)) isGiven = true
    return isGiven
  }

  #has(source, name) {
    if (source.table !== undefined) return source.table.columns.has(name)
    return source.scope?.outputs.has(name) ?? false
  }

  #source(scope, qualifier) {
    const alias = qualifier.at(-1)
    const isSame = (one) =>
      one !== undefined && (one === alias || (!this.isExact && one.toLowerCase() === alias.toLowerCase()))
    for (let at = scope; at !== undefined; at = at.parent) {
      const source = at.sources.find((each) => isSame(each.alias))
      if (source !== undefined) return source
    }
    // `excluded` and the like stand for the row that was to be inserted.
    for (let at = scope; at !== undefined; at = at.parent) {
      if (at.columns.some(({ clause }) => clause === 'into') && ['excluded', 'laravel_upsert_alias'].includes(alias)) {
        return at.sources[0]
      }
    }
    return undefined
  }

  /** Sees that a source has a column; false when it cannot have it. */
  #give(source, column) {
    const { table, scope } = source
    if (table !== undefined) {
      if (OWN[this.dialect].has(column.name)) return true
      const name = column.name
      table.column(name, column)
      if (column.clause === 'group' && column.calls.length === 0) table.groups.add(name)
      if (column.calls.at(-1) === 'match') this.#searched(table, column)
      return true
    }
    // A query may seem to hand on what it has of itself: `with recursive`.
    if (scope === undefined || this.#asked.has(scope)) return false
    this.#asked.add(scope)
    const isGiven = this.#handOn(scope, column)
    this.#asked.delete(scope)
    return isGiven
  }

  /** Sees that a query hands on a column; false when it cannot. */
  #handOn(scope, column) {
    if (scope.outputs.has(column.name)) {
      // What is done with it outside says what it is inside.
      const inside = scope.columns.find(({ name, clause }) => name === column.name && clause === 'select')
      if (inside !== undefined && inside !== column) this.#refer(scope, inside, column)
      return true
    }
    if (scope.stars.length === 0) return this.#armsGive(scope, column)
    const star = scope.stars.find((qualifier) => qualifier !== undefined)
    const inner = star === undefined ? undefined : this.#source(scope, [star])
    if (inner !== undefined) return this.#give(inner, column)
    return this.#giveFirst(scope, column)
  }

  #armsGive(scope, column) {
    let isGiven = false
    for (const arm of scope.arms) if (this.#give({ scope: arm }, column)) isGiven = true
    return isGiven
  }

  #refer(scope, inside, column) {
    const source = inside.qualifier === undefined ? scope.sources[0] : this.#source(scope, inside.qualifier)
    if (source?.table !== undefined) source.table.column(inside.name, column)
  }

  #searched(table, column) {
    const last = table.texts.at(-1)
    if (last?.call === column.calls) last.names.push(column.name)
    else table.texts.push({ call: column.calls, names: [column.name] })
  }

  demands(scope) {
    for (const key of scope.keys) scope.sources[0]?.table?.keys.push(key)
    this.#sameWidth([...scope.arms, ...(scope.following === undefined ? [] : [scope, ...scope.following])])
  }

  /** Queries of a union that hand on every column have as many: their tables have the same ones. */
  #sameWidth(arms) {
    const tables = [...new Set(arms.filter(({ stars }) => stars.length > 0).flatMap(({ sources }) => sources))]
      .map(({ table, scope }) => table ?? scope?.sources[0]?.table)
      .filter((table) => table !== undefined)
    const names = new Set(tables.flatMap((table) => [...table.columns.keys()]))
    for (const table of tables) for (const name of names) table.column(name)
  }
}

/** The `with` query of a name, if it is one. */
function query(scope, name) {
  for (let at = scope; at !== undefined; at = at.parent) if (at.named.has(name)) return at.named.get(name)
  return undefined
}
