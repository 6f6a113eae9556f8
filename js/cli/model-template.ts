import type { Column, Table } from '../schema/change'
import { guessTable } from '../schema/guess-table'
import { snakeCase, studlyCase } from '../support/text'
import { CommandError } from './command-error'

/** What may name a model: it becomes a file name and a class name. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/
const IDENTIFIER = /^[a-z][A-Za-z0-9]*$/

/** Columns that the model itself fills. */
const KEPT = new Set(['created_at', 'updated_at', 'deleted_at'])

/** What every model has: a relation of such a name would take its place. */
const TAKEN = new Set(
  'constructor attributes casts delete exists fill fillable fresh get hidden is load original refresh relation relations save table toJSON touch update'.split(
    ' ',
  ),
)

/** The parts of a model's stub. */
export interface ModelParts {
  class: string
  /** Its name as code. */
  name: string
  table: string
  fillable: string
  members: string
}

/** @throws CommandError for a name that could leave the folder or become code. */
export function className(name: string, what: string): string {
  if (!NAME.test(name)) {
    throw new CommandError(
      'usage',
      `${JSON.stringify(name)} cannot name a ${what}: letters, digits, _ and - only, beginning with a letter (Order).`,
    )
  }
  return studlyCase(snakeCase(name))
}

/** The table that a model of this name has by convention. */
export function tableOf(model: string): string {
  return guessTable(`${snakeCase(model)}_id`, 'id')
}

/** A model without anything but its table, or one with what a table that is there says. */
export function modelParts(model: string, tableName: string, table?: Table): ModelParts {
  const lines: string[] = []
  const casts = table?.columns.flatMap((column) => castOf(column)) ?? []
  if (casts.length > 0) lines.push(`  static casts = { ${casts.join(', ')} }`)
  if (table !== undefined && !table.columns.some(({ name }) => name === 'updated_at'))
    lines.push('  static timestamps = false')
  for (const key of table?.foreignKeys ?? []) {
    const [column = ''] = key.columns
    if (key.columns.length !== 1) continue
    const singular = column.replace(/_id$/, '')
    const related = studlyCase(snakeCase(singular))
    const method = related.charAt(0).toLowerCase() + related.slice(1)
    if (!IDENTIFIER.test(method)) continue
    const name = TAKEN.has(method) ? `${method}Relation` : method
    lines.push('', `  ${name}() {`, `    return this.belongsTo(${literal(related)}, ${literal(column)})`, '  }')
  }
  return {
    class: model,
    name: literal(model),
    table: literal(tableName),
    fillable: `[${(table?.columns ?? [])
      .filter(isFillable)
      .map(({ name }) => literal(name))
      .join(', ')}]`,
    members: lines.map((line) => `${line}\n`).join(''),
  }
}

/** The attributes of a factory: each fillable column that must have a value. */
export function factoryAttributes(table?: Table): string {
  const columns = (table?.columns ?? []).filter((column) => isFillable(column) && !column.nullable && !column.default)
  if (columns.length === 0) return "  // name: 'Ada',\n"
  return columns.map((column) => `  ${literal(column.name)}: ${sampleOf(column)},\n`).join('')
}

function isFillable(column: Column): boolean {
  return !column.autoIncrement && !column.identity && !column.generated && !KEPT.has(column.name)
}

function castOf({ name, type }: Column): string[] {
  const cast: Partial<Record<typeof type.kind, string>> = {
    boolean: 'boolean',
    json: 'json',
    jsonb: 'json',
    date: 'date',
    dateTime: 'datetime',
    dateTimeTz: 'datetime',
    timestamp: 'datetime',
    timestampTz: 'datetime',
  }
  const text = type.kind === 'decimal' ? `decimal:${type.scale}` : cast[type.kind]
  return text === undefined || KEPT.has(name) ? [] : [`${literal(name)}: ${literal(text)}`]
}

function sampleOf({ name, type }: Column): string {
  if (/integer$/i.test(type.kind) || type.kind === 'decimal' || type.kind === 'double' || type.kind === 'float')
    return '1'
  if (type.kind === 'boolean') return 'false'
  if (type.kind === 'json' || type.kind === 'jsonb') return '{}'
  if (/^(?:date|dateTime|timestamp)/.test(type.kind)) return 'new Date()'
  if (type.kind === 'enum') return literal(type.values[0] ?? '')
  return literal(name)
}

/** Text as code: a column's name never becomes more than a text. */
function literal(text: string): string {
  return /^[\w .:-]*$/.test(text) ? `'${text}'` : JSON.stringify(text)
}
