/** What models, their classes and their queries are, by type. `npm run lint` compiles this file; nothing runs it. */
import {
  Attribute,
  type EloquentBuilder,
  type EloquentCollection,
  HasUuids,
  MassPrunable,
  Model,
  Prunable,
  SoftDeleteModel,
  SoftDeletes,
  UuidModel,
} from '../../js/index'

/** Whether two types are the same, not only assignable. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false

declare function answers<Wanted>(): <Given>(given: Promise<Given>, same: Same<Given, Wanted>) => void
declare function is<Wanted>(): <Given>(given: Given, same: Same<Given, Wanted>) => void

// E24: attributes by a type argument
interface UserAttributes {
  id: number
  name: string
  email: string | null
  votes: number
}

class User extends Model<UserAttributes> {
  static fillable = ['name', 'email']
  get shout(): string {
    return this.name.toUpperCase()
  }
  scopePopular(query: EloquentBuilder<UserAttributes, User>, votes: number): void {
    query.where('votes', '>', votes)
  }
}

/** Scopes are added to the class by merging. */
declare namespace User {
  export function popular(votes: number): EloquentBuilder<UserAttributes, User>
}

declare const user: User
is<string>()(user.name, true)
is<string | null>()(user.email, true)
is<string>()(user.shout, true)
// @ts-expect-error there is no such attribute
user.nothing
// @ts-expect-error the key is a number
user.id = 'one'

answers<User | null>()(User.find(1), true)
answers<EloquentCollection<User>>()(User.find([1, 2]), true)
answers<User>()(User.findOrFail(1), true)
answers<User | null>()(User.first(), true)
answers<User>()(User.create({ name: 'Ada' }), true)
answers<EloquentCollection<User>>()(User.where('name', 'Ada').get(), true)
answers<EloquentCollection<User>>()(User.where('votes', '>', 1).orWhere('name', 'Ada').orderBy('name').get(), true)
answers<EloquentCollection<User>>()(User.all(), true)
answers<number>()(User.count(), true)
answers<boolean>()(user.save(), true)
answers<User | null>()(user.fresh(), true)
answers<boolean>()(user.update({ name: 'Ada' }), true)
answers<boolean | null>()(user.delete(), true)
answers<EloquentCollection<User>>()(User.popular(3).get(), true)
// @ts-expect-error there is no such column
User.where('nothing', 1)
// @ts-expect-error there is no such attribute
void User.create({ nothing: 1 })
User.creating((creating) => is<string>()(creating.name, true))
is<User>()(user.replicate(), true)
is<User>()(User.make({ name: 'Ada' }), true)

// Declared fields
class Post extends Model {
  declare id: number
  declare title: string
  subject() {
    return Attribute.get((value: unknown) => String(value))
  }
}
declare const post: Post
is<string>()(post.title, true)
answers<Post | null>()(Post.find(1), true)
answers<Post | null>()(Post.where('title', 'a').first(), true)

// Undescribed models take and have anything
class Anything extends Model {}
declare const anything: Anything
anything.whatever = 1
answers<EloquentCollection<Anything>>()(Anything.where('whatever', 1).get(), true)

// Mixins keep what the class is
class Flight extends SoftDeletes(HasUuids(Model))<{ id: string; number: string }> {}
class Visit extends MassPrunable(Model)<{ id: number }> {
  prunable() {
    return Visit.where('id', '<', 10)
  }
}
class Session extends SoftDeletes(Prunable(Model)) {}
class Ready extends SoftDeleteModel<{ id: number }> {}
class Word extends UuidModel<{ id: string }> {}
declare const flight: Flight
is<string>()(flight.number, true)
is<boolean>()(flight.trashed(), true)
answers<boolean>()(flight.restore(), true)
answers<EloquentCollection<Flight>>()(Flight.onlyTrashed().where('number', 'a').get(), true)
answers<number>()(Visit.prune(100), true)
answers<number>()(Session.prune(), true)
answers<Ready | null>()(Ready.withTrashed().find(1), true)
answers<Word | null>()(Word.find('a'), true)
answers<Flight>()(Flight.restoreOrCreate({ number: 'a' }), true)
