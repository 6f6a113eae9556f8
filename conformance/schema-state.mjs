/** The table of a fact as Laravel's questions to the catalogue describe it, as guruorm's own data. */

/** The database that the statements of a fact were recorded on; a fact that describes none has an empty table. */
export function databaseBefore({ dialect, table, prefix = '', state, ops = [] }) {
  if (dialect !== 'sqlite' || table === undefined) return undefined
  const name = withPrefix(table, prefix)
  const { columns = [], indexes = [], foreignKeys = [] } = state ?? {}
  const described = {
    name,
    columns: columns.map(columnOf),
    indexes: indexes.map(indexOf),
    foreignKeys: [...foreignKeys.map(foreignKeyOf), ...droppedKeys(ops, foreignKeys)],
  }
  return { driver: 'sqlite', namespace: 'main', tables: [described] }
}

function withPrefix(table, prefix) {
  const [name, ...namespace] = table.split('.').reverse()
  return [...namespace.reverse(), prefix + name].join('.')
}

function columnOf({ name, type, nullable, default: sql, auto_increment, collation, generation }) {
  return {
    name,
    type: TYPES[type] ?? { kind: 'raw', sql: type },
    nullable,
    autoIncrement: auto_increment,
    collation,
    default: sql === null ? null : { kind: 'raw', sql: `(${sql})` },
    generated: generation && { expression: generation.expression, stored: generation.type === 'stored' },
  }
}

/** An integer numbers rows; everything else is written as it is spelled. */
const TYPES = { integer: { kind: 'integer' } }

function indexOf({ name, columns, unique, primary }) {
  if (primary) return { kind: 'primary', columns }
  return { kind: unique ? 'unique' : 'index', columns, name }
}

function foreignKeyOf({ columns, foreign_table: on, foreign_columns: references, on_delete, on_update }) {
  return { columns, on, references, onDelete: on_delete, onUpdate: on_update }
}

/** The recorder described tables without the foreign keys that the fact drops. */
function droppedKeys(ops, described) {
  const columnsOf = ({ m, a }) =>
    m === 'dropForeign' && Array.isArray(a[0]) ? a[0] : m === 'dropConstrainedForeignId' ? [a[0]] : undefined
  return ops
    .map(columnsOf)
    .filter((columns) => columns && !described.some((key) => key.columns.join() === columns.join()))
    .map((columns) => ({ columns, on: 'dropped', references: columns }))
}
