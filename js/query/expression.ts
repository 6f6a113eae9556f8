import type { Operand, RawNode } from './ast'
import { Bound } from './bound'

/** SQL as the user wrote it. Made by {@link raw}; it is its own AST node. */
export class Expression implements RawNode {
  readonly kind = 'raw' as const
  readonly sql: string
  readonly values: readonly Bound[] | undefined

  constructor(sql: string | number | bigint, bindings?: readonly unknown[]) {
    this.sql = String(sql)
    this.values =
      bindings === undefined || bindings.length === 0 ? undefined : bindings.map((value) => new Bound(value))
  }

  /** The text. */
  getValue(): string {
    return this.sql
  }

  /** The text. */
  toString(): string {
    return this.sql
  }
}

/**
 * SQL that is written as it is, wherever a column or a value may stand.
 *
 * @param sql - The text. Never put anything in it that comes from outside: that is what `?` is for. `??` is a literal `?`.
 * @param bindings - One value for each `?`.
 * @example
 * DB.table('users').select(raw('count(*) as total'))
 * // select count(*) as total from "users"
 */
export function raw(sql: string | number | bigint, bindings?: readonly unknown[]): Expression {
  return new Expression(sql, bindings)
}

/** Whether an operand is raw SQL. */
export function isExpression(value: unknown): value is Expression {
  return value instanceof Expression
}

/** Any operand that is no column's name. */
export type Computed = Exclude<Operand, string>
