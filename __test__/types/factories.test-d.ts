/** What factories make, by type. `npm run lint` compiles this file; nothing runs it. */
import { defineFactory, type EloquentCollection, Factory, factory, Model } from '../../js/index'

interface UserColumns {
  id: number
  name: string
  born: Date | null
}

class User extends Model<UserColumns> {
  static newFactory() {
    return UserFactory.new()
  }
}

class Post extends Model<{ id: number; title: string; user_id: number }> {}

class UserFactory extends Factory<User> {
  override model = User
  override definition() {
    return { name: this.faker.person.fullName() }
  }
  named(name: string) {
    return this.state({ name })
  }
}

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
declare function answers<Wanted>(): <Given>(given: Promise<Given>, same: Same<Given, Wanted>) => void

// One model, or a collection after count
answers<User>()(new UserFactory().create(), true)
answers<User>()(UserFactory.new({ name: 'Ada' }).named('Ada').make(), true)
answers<EloquentCollection<User>>()(UserFactory.times(3).named('Ada').create(), true)
answers<EloquentCollection<User>>()(UserFactory.new().count(3).named('Ada').make(), true)
answers<User>()(UserFactory.new().count(3).createOne(), true)
answers<EloquentCollection<User>>()(UserFactory.new().createMany(3), true)

// By class of models: newFactory() says which factory
answers<User>()(User.factory().named('Ada').create(), true)
answers<EloquentCollection<User>>()(User.factory(3).named('Ada').create(), true)
answers<Post>()(Post.factory({ title: 'Hello' }).create({ user_id: User.factory() }), true)
answers<EloquentCollection<Post>>()(Post.factory(2, { title: 'Hello' }).for(User.factory()).create(), true)
answers<Post>()(factory(Post).create(), true)
answers<Post>()(factory(Post, 1).create(), true)
answers<EloquentCollection<Post>>()(factory(Post, 2).has(User).recycle(new User()).create(), true)
answers<Post>()(defineFactory(Post, ({ faker }) => ({ title: faker.lorem.word(), user_id: User })).create(), true)

// What is no attribute
// @ts-expect-error
User.factory().state({ nam: 'Ada' })
// @ts-expect-error
User.factory().create({ name: 1 })
// @ts-expect-error
defineFactory(Post, () => ({ title: 1 }))
