/** What collections and relations of many answer, by type. `npm run lint` compiles this file; nothing runs it. */
import {
  type BelongsToMany,
  type Collection,
  collect,
  type EloquentCollection,
  Model,
  type MorphTo,
} from '../../js/index'

/** Whether two types are the same, not only assignable. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false

/** Compiles when a value has exactly this type. */
declare function is<Wanted>(): <Given>(given: Given, same: Same<Given, Wanted>) => void

class Role extends Model<{ id: number; name: string }> {}
class User extends Model<{ id: number; name: string; votes: number }> {
  roles(): BelongsToMany<Role, this> {
    return this.belongsToMany(Role)
  }
  terms(): BelongsToMany<Role, this, 'term'> {
    return this.belongsToMany(Role).as('term')
  }
  owner(): MorphTo<User | Role, this> {
    return this.morphTo()
  }
}
declare const user: User

// Collections
is<Collection<number>>()(collect([1]), true)
is<Collection<string>>()(collect([1]).map(String), true)
is<Collection<number>>()(
  collect([1]).filter((n) => n > 1),
  true,
)
is<Collection<'a'>>()(
  collect(['a', 'b'] as const).filter((each): each is 'a' => each === 'a'),
  true,
)
is<Collection<string>>()(collect([{ name: 'a' }]).pluck('name'), true)
is<number | null>()(collect([1]).first(), true)
is<Record<string, Collection<{ name: string }>>>()(collect([{ name: 'a' }]).groupBy('name'), true)
const list: number[] = collect([1])

export async function ofModels(): Promise<User[]> {
  // Collections of models
  const users = await User.get()
  is<EloquentCollection<User>>()(users, true)
  is<EloquentCollection<User>>()(users.sortBy('name'), true)
  is<Collection<string>>()(
    users.map(({ name }) => name),
    true,
  )
  is<EloquentCollection<User>>()(
    users.map((each) => each),
    true,
  )
  is<User | null>()(users.find(1), true)
  is<EloquentCollection<User>>()(users.find([1, 2]), true)
  is<User | undefined>()(
    users.find((each) => each.votes > 1),
    true,
  )
  is<Collection<number>>()(users.pluck('votes'), true)

  // Many to many
  const roles = await user.roles()
  const [role] = roles
  is<string | undefined>()(role?.name, true)
  role?.pivot.getKey()
  const [term] = await user.terms()
  term?.term.getKey()
  // @ts-expect-error The pivot is called by another name.
  term?.pivot
  await user.roles().where('name', 'admin').wherePivot('active', true).first()
  // @ts-expect-error No such column.
  user.roles().where('nonsense', 1)
  await user.roles().attach([1, '2', role ?? 3])
  // @ts-expect-error Nothing is no key.
  await user.roles().attach(null)
  const owner = await user.owner()
  is<number | undefined>()(owner?.id, true)
  return users
}

export { list }
