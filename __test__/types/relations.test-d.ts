/** What relations answer, by type. `npm run lint` compiles this file; nothing runs it. */
import { type BelongsTo, type EloquentCollection, type HasMany, type HasOne, Model } from '../../js/index'

class User extends Model<{ id: number; name: string }> {
  posts(): HasMany<Post, this> {
    return this.hasMany(Post)
  }
  phone() {
    return this.hasOne(Phone)
  }
  titles() {
    return this.hasManyThrough(Comment, Post)
  }
}
class Phone extends Model<{ id: number; number: string }> {}
class Post extends Model<{ id: number; title: string; stars: number }> {
  user(): BelongsTo<User, this> {
    return this.belongsTo(User)
  }
}
class Comment extends Model<{ id: number; text: string }> {}

/** Whether two types are the same, not only assignable. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
declare function answers<Wanted>(): <Given>(given: PromiseLike<Given>, same: Same<Given, Wanted>) => void

declare const user: User
declare const post: Post

answers<EloquentCollection<Post>>()(user.posts(), true)
answers<EloquentCollection<Post>>()(user.posts().where('stars', '>', 3).orderBy('title'), true)
answers<EloquentCollection<Post>>()(user.posts().with('user').get(), true)
answers<EloquentCollection<Post>>()(user.relation('posts'), true)
answers<EloquentCollection<Comment>>()(user.titles(), true)
answers<Phone | null>()(user.phone(), true)
answers<User | null>()(post.user(), true)
answers<Post | null>()(user.posts().first(), true)
answers<Post>()(user.posts().create({ title: 'Hello' }), true)
answers<number>()(user.posts().count(), true)
answers<EloquentCollection<User>>()(User.with('posts').withCount('posts').orderBy('posts_count', 'desc').get(), true)
answers<EloquentCollection<User>>()(
  User.whereHas('posts', (posts: HasMany<Post>) => posts.where('stars', 1)).get(),
  true,
)
answers<EloquentCollection<User>>()(User.with({ posts: (posts) => posts.latest().limit(3), phone: null }).get(), true)
answers<EloquentCollection<User>>()(User.with({ posts: (posts: HasMany<Post>) => posts.where('stars', 1) }).get(), true)

const phone: HasOne<Phone, User> = user.phone()
const parent: User = user.posts().getParent()
const child: Post = post.user().associate(user)
for (const title of user.getRelation<EloquentCollection<Post>>('posts').map((each) => each.title)) title.trim()

// Classes with declared fields refer to each other without annotations.
class Author extends Model {
  declare id: number
  declare name: string
  books() {
    return this.hasMany(Book).where('title', '<>', '')
  }
}
class Book extends Model {
  declare id: number
  declare title: string
  author() {
    return this.belongsTo(Author)
  }
}
declare const author: Author
declare const book: Book
answers<EloquentCollection<Book>>()(author.books(), true)
answers<Author | null>()(book.author(), true)

// @ts-expect-error: no such column.
user.posts().where('votes', 1)
// @ts-expect-error: a class of no models.
user.hasMany(Date)

export { child, parent, phone }
