/**
 * What connections make of layers above them. `js/index.ts` hands it in, so that this layer imports
 * nothing of theirs but types.
 */
import { GuruORMError } from '../errors'
import type { Query } from '../query/ast'
import type { QueryBuilder } from '../query/builder'
import type { CompiledQuery, QueryExecutor } from '../query/executor'
import type { Expression } from '../query/expression'
import type { Grammar } from '../query/grammar'
import type { SchemaBuilder } from '../schema/builder'
import type { Change } from '../schema/change'
import type { Database, Inspection } from '../schema/database'
import type { Answers, EvolutionAnswers, EvolutionCommand, Question, SchemaExecutor } from '../schema/executor'

export type {
  Answers,
  Change,
  CompiledQuery,
  Database,
  EvolutionAnswers,
  EvolutionCommand,
  Expression,
  Grammar,
  Inspection,
  Query,
  QueryBuilder,
  Question,
  SchemaBuilder,
}

/** How the upper layers' objects are made. */
export interface Builders {
  /** An empty query. */
  query(executor: QueryExecutor): QueryBuilder
  /** A query as text without values, and the values. */
  shapeOf(query: Query): { readonly text: string; readonly values: readonly unknown[] }
  /** How a database spells names, values and some statements. */
  grammar(executor: Pick<QueryExecutor, 'compileQuery' | 'driverName'>): Grammar
  raw(value: string | number | bigint, bindings?: readonly unknown[]): Expression
  schema(executor: SchemaExecutor): SchemaBuilder
}

let known: Builders | undefined

/** Hands the upper layers in. */
export function setBuilders(builders: Builders): void {
  known = builders
}

/** The upper layers. */
export function builders(): Builders {
  if (known === undefined) throw new GuruORMError('Import connections from "guruorm", which ties the layers together.')
  return known
}
