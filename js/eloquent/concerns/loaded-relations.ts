import { RelationNotFoundException } from '../../errors'
import { stateOf } from '../model-proxy'
import { SoftDeletion } from './soft-deletion'

/** Loaded relations of a model. */
export abstract class LoadedRelations extends SoftDeletion {
  /** Loaded relations, by name. */
  get relations(): Record<string, unknown> {
    return this.getRelations()
  }

  getRelations(): Record<string, unknown> {
    return Object.fromEntries(stateOf(this).relations ?? [])
  }

  /**
   * A loaded relation.
   *
   * @throws RelationNotFoundException when it is not loaded.
   */
  getRelation<Found = unknown>(name: string): Found {
    const { relations, meta } = stateOf(this)
    if (relations?.has(name)) return relations.get(name) as Found
    throw new RelationNotFoundException(meta.model.name, name)
  }

  relationLoaded(name: string): boolean {
    return stateOf(this).relations?.has(name) === true
  }

  setRelation(name: string, related: unknown): this {
    stateOf(this).setRelation(name, related)
    return this
  }

  setRelations(relations: Readonly<Record<string, unknown>>): this {
    stateOf(this).relations = new Map(Object.entries(relations))
    return this
  }

  unsetRelation(name: string): this {
    stateOf(this).relations?.delete(name)
    return this
  }

  /** Forgets all loaded relations. */
  unsetRelations(): this {
    stateOf(this).relations = undefined
    return this
  }

  /** A copy of the model without its loaded relations. */
  withoutRelations(): this {
    const copy = this.newInstance()
    const [state, own] = [stateOf(copy), stateOf(this)]
    state.attributes = own.attributes
    state.original = own.original
    state.exists = own.exists
    return copy
  }
}
